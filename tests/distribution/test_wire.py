"""The letters that are built once with blanks are, to the byte, those that Django would build for each reader."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend

from distribution import reminders, sending
from distribution.channels.email import wire
from distribution.channels.email.letter import Enclosure, compose
from distribution.channels.email.smtp import SmtpConnection
from distribution.models import Delivery, DeliveryEvent, DeliveryStatus, Reader, Reminder
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

READERS = [
    ("青浦邮政管理局", "办公室"),
    ("后勤公司", "党群工作部" * 11),
    ("<b>&copy; 公司</b>", "“引号”'\"与{{ 花括号 }}%(name)s"),
    ("Plain Office", "A, B; <spy@example.net>"),
    ("=?utf-8?q?x=3Cspy=40example=2Enet=3E?=", "办公室"),
]


def plainly(letter):
    """Its bytes with boundaries numbered and the moment left out."""
    whole = b"".join(letter.wire_parts())
    for number, boundary in enumerate(dict.fromkeys(re.findall(rb'boundary="([^"]+)"', whole))):
        whole = whole.replace(boundary, b"boundary %d" % number)
    return re.sub(rb"\r\nDate: [^\r]+", b"\r\nDate: then", whole)


def row_of(sent_out, organisation="后勤公司", name="办公室", **fields):
    row = sent_out.deliveries.select_related("reader", "mailing__issue__bulletin", "mailing__issue__frozen").first()
    for field, value in fields.items():
        setattr(row, field, value)
    row.reader.organisation, row.reader.name = organisation, name
    return row


@pytest.mark.parametrize(("organisation", "name"), READERS)
@pytest.mark.parametrize("is_link_only", [False, True])
def test_a_copys_letter_is_djangos_to_the_byte(organisation, name, is_link_only, sent_out, issue):
    enclosure = Enclosure(issue, factories.PDF * 3000)
    row = row_of(sent_out, organisation, name, channel="link" if is_link_only else "pdf")

    wanted = plainly(compose(row, enclosure))

    assert plainly(wire.Press(enclosure).wire(row)) == wanted
    assert (b"application/pdf" in wanted) is not is_link_only


def test_a_reminders_letter_is_djangos_to_the_byte(sent_out, cast):
    Delivery.objects.update(status=DeliveryStatus.SENT, sent_at=sent_out.started_at)
    reminders.remind(sent_out, sent_out.deliveries.all(), by=cast.tang)
    row = Reminder.objects.select_related("delivery__reader", "mailing__issue__frozen").first()

    assert plainly(wire.Press().wire(row)) == plainly(compose(row))


def test_one_form_serves_readers_of_every_kind_one_after_the_other(sent_out, issue):
    press = wire.Press(Enclosure(issue, factories.PDF))
    rows = [
        row_of(sent_out, *who, channel=("pdf", "link")[n % 2], address=f"r{n}@example.cn")
        for n, who in enumerate(READERS)
    ]
    rows[3].link_expires_at += timedelta(days=400)  # another day until which the link is valid

    for row in [*rows, *rows]:
        letter = press.wire(row)
        assert plainly(letter) == plainly(compose(row, *press.enclosures))
        assert letter.address == row.address
    assert len(press.forms) == 3


def test_the_date_is_that_of_the_sending(sent_out, issue, monkeypatch):
    press = wire.Press(Enclosure(issue, factories.PDF))
    row = row_of(sent_out)
    press.wire(row)
    monkeypatch.setattr(wire, "formatdate", lambda **_options: "Wed, 08 Apr 2026 09:30:00 +0800")

    message = message_from_bytes(b"".join(press.wire(row).wire_parts()), policy=policy.default)

    assert [str(value) for value in message.get_all("Date")] == ["Wed, 08 Apr 2026 09:30:00 +0800"]


@pytest.mark.parametrize("address", ["a@example.cn\r\nBcc: b@example.cn", "a", "局@example.cn"])
def test_what_is_no_address_is_refused(address, sent_out, issue):
    with pytest.raises((ValidationError, UnicodeEncodeError)):
        wire.Press(Enclosure(issue, factories.PDF)).wire(row_of(sent_out, address=address))


def test_templates_are_filled_once_and_not_for_each_reader(sent_out, smtp, monkeypatch):
    filled = []
    render = wire.Draft.text
    monkeypatch.setattr(wire.Draft, "text", lambda self, kind: filled.append(kind) or render(self, kind))

    assert sending.pump() == 3
    assert filled == ["txt", "html"]


def test_the_last_one_of_a_batch_is_written_down_too(sent_out, smtp):
    assert sending.pump() == len(smtp.received) == 3
    assert set(sent_out.deliveries.values_list("status", flat=True)) == {DeliveryStatus.SENT}
    events = DeliveryEvent.objects.filter(delivery__mailing=sent_out).order_by("pk").values_list("delivery", "what")
    by_copy = {copy: [what for other, what in events if other == copy] for copy, _what in events}
    assert list(by_copy.values()) == [["sending", "sent"]] * 3


def test_other_backends_get_djangos_letter(sent_out, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", tmp_path
    assert not SmtpConnection().is_smtp
    assert issubclass(type(SmtpConnection().backend), BaseEmailBackend)

    assert sending.pump() == 3
    letters = b"".join(file.read_bytes() for file in tmp_path.glob("*.log"))
    assert letters.count(b"\nMessage-ID:") == 3
    assert Reader.objects.count() == 3
