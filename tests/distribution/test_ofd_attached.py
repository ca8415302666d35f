"""Mailings attach the PDF, the OFD or both, as each reader has it; an OFD that is not proven goes to nobody."""

from email import message_from_bytes, policy

import pytest

from distribution import mailing, sending
from distribution.channels.email import wire
from distribution.channels.email.letter import Enclosure, compose
from distribution.models import Delivery, MailingStatus
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

OFD = b"PK our own stand-in for an OFD" * 3000


@scene
def issued(bulletin, cast):
    issue = factories.issued_issue(bulletin, cast)
    for number, attached in enumerate(("pdf", "ofd", "both"), 1):
        factories.make_reader(f"第{number}局", email=f"r{number}@example.cn", attached=attached)
    return issue


def press_of(issue):
    return wire.Press(Enclosure(issue, factories.PDF * 3000), Enclosure(issue, OFD, "ofd"))


def test_each_reader_gets_the_files_chosen_for_them(issued, cast):
    factories.make_paper(issued, "ofd", OFD)
    mailing.start(issued, by=cast.tang)
    press = press_of(issued)

    got = {}
    for row in Delivery.objects.order_by("pk"):
        message = message_from_bytes(b"".join(press.wire(row).wire_parts()), policy=policy.default)
        files = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
        got[row.reader.organisation] = sorted(name.rpartition(".")[2] for name in files)
        assert all(data in (factories.PDF * 3000, OFD) for data in files.values())
        words = message.get_body(("plain",)).get_content()
        assert ("附件有 OFD（试验）" in words, "PDF" in words) == ("ofd" in got[row.reader.organisation], True)

    assert got == {"第1局": ["pdf"], "第2局": ["ofd"], "第3局": ["ofd", "pdf"]}


def test_the_prebuilt_letter_is_what_django_would_send(issued, cast):
    factories.make_paper(issued, "ofd", OFD)
    mailing.start(issued, by=cast.tang)
    row = Delivery.objects.get(reader__organisation="第3局")
    press = press_of(issued)

    built, django = (
        message_from_bytes(b"".join(letter.wire_parts()))
        for letter in (press.wire(row), compose(row, *press.enclosures))
    )

    parts = [[part.get_payload(decode=True) for part in message.walk()] for message in (built, django)]
    assert parts[0] == parts[1]
    assert built["Message-ID"] == django["Message-ID"]


@pytest.mark.parametrize(("state", "said"), [(None, "还在生成"), ("failed", "没能生成")])
def test_without_a_proven_ofd_the_mailing_does_not_start(state, said, issued, cast):
    if state:
        issued.papers.create(kind="ofd", state=state, error="少一页。")

    with pytest.raises(Refused, match=said):
        mailing.start(issued, by=cast.tang)


def test_whom_no_ofd_concerns_waits_for_none(issued, cast):
    issued.bulletin.issues.first()
    mailing.Reader.objects.exclude(attached="pdf").update(is_active=False)

    assert mailing.start(issued, by=cast.tang).deliveries.count() == 1


def test_a_changed_ofd_stops_the_mailing_and_is_sent_to_nobody(issued, cast, smtp):
    paper = factories.make_paper(issued, "ofd", OFD)
    sent = mailing.start(issued, by=cast.tang)
    with paper.file.open("ab") as file:
        file.write(b"x")

    sending.pump()

    sent.refresh_from_db()
    assert sent.status == MailingStatus.PAUSED
    assert "重新生成" in sent.paused_because
    assert smtp.received == []
