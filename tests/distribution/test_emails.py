"""What goes into a mail's headers can't break out of them, and mails without a server are whole files."""

import re
from base64 import b64decode
from email import message_from_bytes, policy
from email.utils import collapse_rfc2231_value, getaddresses
from errno import ENOSPC
from urllib.parse import unquote

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from distribution import links, sending
from distribution.channels.email import letter as emails
from distribution.channels.email.smtp import SmtpConnection
from distribution.models import Delivery, Reader
from issues.models import Issue, IssueKind
from tests import factories
from tests.scenes import scene

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@scene
def enclosure(issue):
    return emails.Enclosure(issue, factories.PDF * 3000)


def compose(sent_out, enclosure=None, **reader):
    Reader.objects.filter(pk=sent_out.deliveries.first().reader_id).update(**reader)
    delivery = Delivery.objects.select_related("reader", "mailing__issue__bulletin").get(
        pk=sent_out.deliveries.first().pk
    )
    return delivery, emails.compose(delivery, *([enclosure] if enclosure else []))


def parse(letter):
    return message_from_bytes(letter.wire_bytes(), policy=policy.default)


NAMES = [
    "办公室\r\nBcc: spy@example.net",
    "办公室\nTo: spy@example.net",
    "=?utf-8?q?x=3Cspy=40example=2Enet=3E=2C?=",
    "=?utf-8?b?PHNweUBleGFtcGxlLm5ldD4s?= <spy@example.net>",
    '"a" <spy@example.net>, b',
    "党群工作部，宣传科" * 6,
    "plain office",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_readers_name_gives_exactly_one_to(name, sent_out, enclosure):
    delivery, letter = compose(sent_out, enclosure, name=name)
    message = parse(letter)
    assert len(message.get_all("To")) == 1
    assert [mailbox.addr_spec for mailbox in message["To"].addresses] == [delivery.address]
    assert message["Bcc"] is message["Cc"] is None
    assert [address for _name, address in getaddresses([str(message["To"])])][-1:] == [delivery.address]
    raw = letter.wire_bytes().split(b"\r\n\r\n")[0]
    assert raw.lower().count(b"\nto:") == 1


@pytest.mark.parametrize("name", NAMES[2:4])
def test_what_looks_like_an_encoded_word_is_shown_as_it_is(name, sent_out):
    _delivery, letter = compose(sent_out, name=name)
    # Python's parser leaves a space where one encoded word follows another.
    assert name.replace(" ", "") in parse(letter)["To"].addresses[0].display_name.replace(" ", "")


@pytest.mark.parametrize(
    "subject",
    ["简报\r\nBcc: spy@example.net", "=?utf-8?q?=0ABcc=3A_spy=40example=2Enet?=", "【请签收】" + "很长的题目" * 30],
)
def test_a_subject_stays_one_header(subject, sent_out):
    delivery, _letter = compose(sent_out)
    delivery.mailing.subject = subject[:200]
    letter = emails.compose(delivery)
    message = parse(letter)
    assert message["Bcc"] is None
    assert not letter.wire_bytes().split(b"Subject:")[1].startswith((b" \r\n", b"\r\n"))
    assert "".join(str(message["Subject"]).split()) == "".join(subject[:200].split())


@pytest.mark.parametrize(
    "address", ["a@example.cn\r\nBcc: b@example.cn", "a@example.cn, b@example.cn", "a", "局@example.cn"]
)
def test_an_address_that_is_not_one_plain_address_is_refused(address):
    with pytest.raises((ValidationError, UnicodeEncodeError)):
        emails.mailbox("办公室", address)


def test_the_prebuilt_mail_is_what_django_would_send(sent_out, enclosure):
    _delivery, letter = compose(sent_out, enclosure)
    ours, djangos = parse(letter), message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    assert [part.get_content_type() for part in ours.walk()] == [part.get_content_type() for part in djangos.walk()]
    for mine, other in zip(ours.walk(), djangos.walk(), strict=True):
        assert mine.get_payload(decode=True) == other.get_payload(decode=True)
    assert list(ours) == list(djangos)
    assert letter.wire_bytes().isascii()
    assert max(map(len, letter.wire_bytes().split(b"\r\n"))) <= 998


def test_the_letter_says_whose_what_and_has_one_link(sent_out, enclosure):
    delivery, letter = compose(sent_out, enclosure)
    message = parse(letter)
    for kind in ("plain", "html"):
        text = message.get_body((kind,)).get_content()
        assert str(delivery.reader) in text
        assert str(delivery.mailing.issue) in text
        assert text.count(links.url_of(links.token_of(delivery))) == 1
    (pdf,) = message.iter_attachments()
    assert pdf.get_content() == enclosure.content


NAMES_OF_PDFS = [
    (Issue(kind=IssueKind.REGULAR, year=2026, number=10), "简报2026年第10期.pdf", "bulletin-2026-10.pdf"),
    (Issue(kind=IssueKind.SUPPLEMENT, year=2026, number=1), "简报2026年增刊第1期.pdf", "bulletin-2026-s1.pdf"),
]


@pytest.mark.parametrize(("issue_sent", "name", "ascii_name"), NAMES_OF_PDFS)
def test_the_pdfs_name_arrives_in_each_of_the_ways_that_mail_programs_read(
    issue_sent, name, ascii_name, sent_out, smtp
):
    _delivery, letter = compose(sent_out, emails.Enclosure(issue_sent, factories.PDF))
    with SmtpConnection() as connection:
        connection.open()
        connection.send(letter)
    content = smtp.received[0].content

    # By hand, on the bytes; no parameter in pieces (name*0*=), which Outlook and QQ Mail show as .bin.
    head = re.search(rb"(?s)\r\n(Content-Type: application/pdf;.*?)\r\n\r\n", content)[1]
    fields = dict(line.split(": ", 1) for line in head.decode("ascii").replace("\r\n ", " ").split("\r\n"))
    encoded = re.fullmatch(r'application/pdf; name="=\?utf-8\?B\?([A-Za-z0-9+/=]{1,63})\?="', fields["Content-Type"])[1]
    assert b64decode(encoded).decode() == name
    plain, extended = re.fullmatch(
        r"""attachment; filename="([!#-~]+)"; filename\*=UTF-8''([\w.%-]+)""", fields["Content-Disposition"], re.ASCII
    ).groups()
    assert (plain, unquote(extended)) == (ascii_name, name)

    # By two parsers that did not write it.
    (part,) = (part for part in message_from_bytes(content).walk() if part.get_content_type() == "application/pdf")
    said = part.get_params(header="Content-Disposition")
    assert [(key, collapse_rfc2231_value(value)) for key, value in said[1:]] == [
        ("filename", ascii_name),
        ("filename", name),
    ]
    (pdf,) = message_from_bytes(content, policy=policy.default).iter_attachments()
    assert pdf["Content-Type"].params["name"] == name
    assert pdf.get_content() == factories.PDF


def test_a_readers_name_is_text_in_the_html(sent_out):
    _delivery, letter = compose(sent_out, name="<script>x</script>")
    assert "<script>" not in parse(letter).get_body(("html",)).get_content()


def test_mails_without_a_server_are_whole_files(sent_out, settings, tmp_path):
    settings.EMAIL_BACKEND = "distribution.channels.email.files.EmlFileBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    assert sending.pump() == 3
    files = sorted(settings.EMAIL_FILE_PATH.iterdir())
    assert len(files) == 3
    for file, delivery in zip(files, sent_out.deliveries.all(), strict=True):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert message["Message-ID"] == delivery.message_id
        assert delivery.message_id.strip("<>") in file.name
        (pdf,) = message.iter_attachments()
        assert pdf.get_content() == factories.PDF


def test_other_mails_of_the_site_go_the_same_way(settings, tmp_path):
    settings.EMAIL_BACKEND = "distribution.channels.email.files.EmlFileBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    send_mail("重设密码", "请打开链接", None, ["lin@example.cn"])
    (file,) = settings.EMAIL_FILE_PATH.iterdir()
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"] == "重设密码"


def test_a_folder_that_cannot_be_written_is_no_readers_fault(sent_out, settings, tmp_path):
    settings.EMAIL_BACKEND = "distribution.channels.email.files.EmlFileBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_FILE_PATH.write_text("a file where the folder should be")
    assert sending.pump() == 0
    sent_out.refresh_from_db()
    assert sent_out.connection_errors == 1


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_mail_that_cannot_be_written_leaves_no_part_behind(step, sent_out, settings, tmp_path, monkeypatch):
    settings.EMAIL_BACKEND = "distribution.channels.email.files.EmlFileBackend"
    settings.EMAIL_FILE_PATH = folder = tmp_path / "mail"

    def fail(*_args):
        raise OSError(ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync" if step == "fsync" else "pathlib.Path.rename", fail)
        assert sending.pump() == 0
    assert list(folder.iterdir()) == []
    sent_out.deliveries.update(next_try_at=timezone.now())
    assert sending.pump() == 3
    assert {file.suffix for file in folder.iterdir()} == {".eml"}


def test_the_text_letter_is_not_escaped(sent_out):
    delivery, _letter = compose(sent_out, name="A&B 办公室")
    assert "A&B 办公室" in render_to_string(
        "distribution/letter.txt", {"reader": delivery.reader, "issue": delivery.mailing.issue}
    )
