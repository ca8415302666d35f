"""Writes a reader's letter with the official PDF, and the one that reminds."""

import re
import secrets
from base64 import b64encode, encodebytes
from dataclasses import dataclass
from datetime import date, datetime
from email.charset import BASE64, Charset
from email.header import Header
from email.mime.base import MIMEBase
from email.policy import compat32
from email.utils import formataddr
from hashlib import sha256
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, forbid_multi_line_headers
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from articles.dates import short
from issues.content import content_of
from issues.models import Issue, IssueKind

from ... import links
from ...models import Mailing, Outgoing, Reminder, TrialCopy

# Seven-bit on the wire: no server on the way can garble a Chinese letter, and no line can begin with a dot.
UTF8 = Charset("utf-8")
UTF8.body_encoding = BASE64
# Such a header goes out as it is; to know that of a message's number, Django takes as long as for a letter's text.
_IS_PLAIN, _SHORT = re.compile(r"<[\w.@-]+>", re.ASCII), 70
# Where each file is put, by its kind; random, so that no text can contain it.
_STAND_INS = {kind: secrets.token_bytes(24) for kind in ("pdf", "ofd")}


@dataclass(frozen=True)
class Enclosure:
    """A file of a mailing, encoded once for all its readers; `kind` is pdf or ofd."""

    issue: Issue
    content: bytes
    kind: str = "pdf"

    @cached_property
    def encoded(self) -> bytes:
        return encodebytes(self.content).replace(b"\n", b"\r\n").rstrip()

    def part(self, content: bytes) -> MIMEBase:
        """The attachment with `content` in it, named in each of the three ways that mail programs read.

        Without `name=` QQ Mail shows tcmime….bin. By hand, because `add_header` writes one of the two file names only.
        """
        name, series = file_name(self.issue, self.kind), "s" if self.issue.kind == IssueKind.SUPPLEMENT else ""
        part = MIMEBase("application", self.kind, name=f"=?utf-8?B?{b64encode(name.encode()).decode()}?=")
        part.set_payload(encodebytes(content).decode())
        part["Content-Transfer-Encoding"] = "base64"
        part["Content-Disposition"] = (
            f'attachment; filename="bulletin-{self.issue.year}-{series}{self.issue.number}.{self.kind}"; '
            f"filename*=UTF-8''{quote(name)}"
        )
        return part


class Letter(EmailMultiAlternatives):
    """One reader's mail. `wire_parts` is what Django would send, without encoding the files again for each reader."""

    encoding = UTF8

    def __init__(self, *args, enclosures: tuple[Enclosure, ...] = (), address: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.enclosures = enclosures
        self.address = address

    def message(self):
        return self._mime({each.kind: each.content for each in self.enclosures})

    def _mime(self, contents: dict[str, bytes]):
        self.attachments = [each.part(contents[each.kind]) for each in self.enclosures]
        mime = super().message()
        mime.replace_header("Subject", encoded_subject(str(self.subject)))
        return mime

    def wire_bytes(self) -> bytes:
        return b"".join(self.wire_parts())

    def wire_parts(self) -> tuple[bytes, ...]:
        """What stands before, between and behind the files, and every second part is an encoded file; one part without any."""
        parts = [self._mime(_STAND_INS).as_bytes(linesep="\r\n")]
        for each in self.enclosures:
            before, after = parts.pop().split(encodebytes(_STAND_INS[each.kind]).strip())  # exactly once
            parts += [before, each.encoded, after]
        return tuple(parts)


def header(name: str, value: str) -> bytes:
    """This header as Django writes it, which refuses line breaks in it and folds what is long."""
    if _IS_PLAIN.fullmatch(value) and len(name) + len(value) < _SHORT:
        return f"{name}: {value}\r\n".encode()
    name, value = forbid_multi_line_headers(name, value, UTF8)  # type: ignore[arg-type]  # it takes a Charset too
    return compat32.fold(name, value).replace("\n", "\r\n").encode()


def file_name(issue: Issue, kind: str = "pdf") -> str:
    """Short enough to stand in one piece of a header, whatever the bulletin is called."""
    return _("Bulletin") + f"{issue}.{kind}"


def message_id(mailing: Mailing, reader_id: int, day: date | None = None) -> str:
    """The same for every try of one mail, so that the mail server's log can be compared with ours.

    A reminder's has its day.
    """
    domain = urlsplit(settings.SITE_URL).hostname
    reminder = f".{day:%Y%m%d}" if day else ""
    text = f"{mailing.pk} {reader_id} {mailing.issue.pdf_sha256}{reminder}"
    return f"<{mailing.issue_id}.{reader_id}{reminder}.{sha256(text.encode()).hexdigest()[:16]}@{domain}>"


def mailbox(name: str, address: str) -> str:
    """One mailbox for the To header. The name is always encoded, so that nothing in it is read as syntax.

    Raises ValidationError for anything but one plain address.
    """
    validate_email(address)
    address.encode("ascii")
    words = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return formataddr((Header(words, "utf-8").encode().replace("\n", ""), address))


def encoded_subject(subject: str) -> str:
    """Always encoded, so that what looks like an encoded word is sent as the characters it consists of.

    The first piece leaves room for the header's name; otherwise the header would begin with an empty line.
    """
    return Header(subject, UTF8, header_name="Subject").encode().replace("\n", "")


@dataclass(frozen=True)
class Own:
    """What of a letter is its reader's own."""

    reader: str
    url: str
    valid_until: datetime
    address: str
    to: str  # the mailbox: name and address
    identifier: str


@dataclass(frozen=True)
class Draft:
    """What a letter is made of."""

    subject: str
    words: dict
    own: Own
    enclosures: tuple[Enclosure, ...] = ()

    def text(self, kind: str) -> str:
        """`kind` is txt or html."""
        own = {"reader": self.own.reader, "url": self.own.url, "valid_until": self.own.valid_until}
        return render_to_string(f"distribution/letter.{kind}", self.words | own)

    def letter(self, text: str | None = None, html: str | None = None) -> Letter:
        """With other texts than its own, if they are given."""
        letter = Letter(
            subject=" ".join(self.subject.split()),
            body=self.text("txt") if text is None else text,
            to=[self.own.to],
            headers={"Message-ID": self.own.identifier, "Auto-Submitted": "auto-generated"},
            enclosures=self.enclosures,
            address=self.own.address,
        )
        letter.attach_alternative(self.text("html") if html is None else html, "text/html")
        return letter


def own(row: Outgoing) -> Own:
    """Raises ValidationError or UnicodeEncodeError where the row's address is none."""
    copy = row.copy
    reader = str(copy.reader)
    return Own(
        reader=reader,
        url=links.url_of(links.token_of(copy)),
        valid_until=copy.link_expires_at,
        address=row.address,
        to=mailbox(reader, row.address),
        identifier=row.message_id,
    )


def draft(row: Outgoing, *enclosures: Enclosure) -> Draft:
    """A copy's letter: whose it is, number, date, one button, and of the files those that its reader gets, none where it goes
    as a link only. A reminder's is short, without a file: until when to confirm, and one button."""
    words = _words_of(row.mailing)
    if isinstance(row, Reminder):
        return Draft(reminder_subject(row.mailing), words | {"is_reminder": True}, own(row))
    chosen = tuple(each for each in enclosures if each.kind in row.copy.enclosed)
    has = {f"has_{each.kind}": True for each in chosen}
    return Draft(row.mailing.subject, words | has, own(row), chosen)


def compose(row: Outgoing, *enclosures: Enclosure) -> Letter:
    return draft(row, *enclosures).letter()


def compose_trial(trial: TrialCopy, subject: str, enclosure: Enclosure) -> Letter:
    """The letter of a copy, to the one who wants to see it. Its button leads to the archive: no reader's link is in it."""
    domain = urlsplit(settings.SITE_URL).hostname
    words = _words_of(Mailing(issue=trial.issue, subject=subject)) | {"has_pdf": True, "is_trial": True}
    to = Own(
        reader=str(trial.user),
        url=settings.SITE_URL + reverse("issues:detail", args=[trial.issue_id]),
        valid_until=links.expiry(),
        address=trial.address,
        to=mailbox(str(trial.user), trial.address),
        identifier=f"<trial.{trial.issue_id}.{trial.pk}.{secrets.token_hex(8)}@{domain}>",
    )
    return Draft(_("[Trial] %(subject)s") % {"subject": subject}, words, to, (enclosure,)).letter()


def reminder_subject(mailing: Mailing) -> str:
    words = {"bulletin": content_of(mailing.issue).name_lines[-1], "issue": mailing.issue}
    if mailing.confirm_by:
        words["day"] = short(mailing.confirm_by)
        return _("[Reminder] %(bulletin)s %(issue)s: please confirm by %(day)s") % words
    return _("[Reminder] %(bulletin)s %(issue)s: please confirm") % words


def _words_of(mailing: Mailing) -> dict:
    """The bulletin's name and publisher as they were signed, and the day by which to confirm."""
    said = content_of(mailing.issue)
    return {
        "issue": mailing.issue,
        "bulletin": "".join(said.name_lines),
        "publisher": said.publisher,
        "confirm_by": mailing.confirm_by,
    }


def sample(mailing: Mailing, *, is_reminder: bool = False) -> str:
    """The letter's text for people to look at: to nobody, with no link that opens anything."""
    context = _words_of(mailing) | {
        "reader": _("organisation and office"),
        "url": _("(each reader's own link)"),
        "valid_until": links.expiry(),
        "has_pdf": not is_reminder,
        "is_reminder": is_reminder,
    }
    return render_to_string("distribution/letter.txt", context).strip()
