"""The letters of one mailing as bytes: each kind is built once by Django, with blanks, which are filled in for every reader.

What Django would send, to the byte, but for its random boundaries and the moment in the Date header; building each letter
with templates and MIME parts of its own takes some thirty times as long.
"""

import re
import secrets
from base64 import b64encode, encodebytes
from dataclasses import dataclass, replace
from email.utils import formatdate

from django.conf import settings
from django.utils import timezone
from django.utils.html import escape

from ...models import Outgoing
from .letter import Draft, Enclosure, Letter, Own, compose, draft, header, own

# What stands in the blanks; random, so that no text can contain it.
_READER, _LINK = (f"blank{secrets.token_hex(12)}" for _ in range(2))
_TEXT, _HTML = (secrets.token_hex(12) for _ in range(2))
_TO, _ID = (f"{secrets.token_hex(12)}@blank.invalid" for _ in range(2))
_BLANKS = {
    b64encode(_TEXT.encode()) + b"\r\n": "text",
    b64encode(_HTML.encode()) + b"\r\n": "html",
    f"To: {_TO}\r\n".encode(): "to",
    f"Message-ID: <{_ID}>\r\n".encode(): "id",
}
_SPLIT = re.compile(b"(" + b"|".join(map(re.escape, _BLANKS)) + b"|(?<=\r\n)Date: [^\r]*\r\n)")


@dataclass(frozen=True)
class Wire:
    """One reader's letter, ready to be sent, in parts as `Letter.wire_parts` has them."""

    address: str
    from_email: str
    parts: tuple[bytes, ...]

    def wire_parts(self) -> tuple[bytes, ...]:
        return self.parts


class Form:
    """A letter with blanks for the reader's name, the link, the address, the message's id and the date."""

    def __init__(self, example: Draft):
        blank = replace(example, own=replace(example.own, reader=_READER, url=_LINK, to=_TO, identifier=f"<{_ID}>"))
        self.text, self.html = blank.text("txt"), blank.text("html")
        letter = blank.letter(_TEXT, _HTML)
        self.from_email = letter.from_email
        parts = letter.wire_parts()
        self.texts, self.files = [_SPLIT.split(text) for text in parts[::2]], parts[1::2]

    def filled(self, own: Own) -> Wire:
        values = {
            "text": _encoded(self.text.replace(_READER, own.reader).replace(_LINK, own.url)),
            "html": _encoded(self.html.replace(_READER, escape(own.reader)).replace(_LINK, escape(own.url))),
            "to": header("To", own.to),
            "id": header("Message-ID", own.identifier),
            "date": f"Date: {formatdate(localtime=settings.EMAIL_USE_LOCALTIME)}\r\n".encode(),
        }
        parts = [_joined(pieces, values) for pieces in self.texts]
        for place, file in enumerate(self.files):
            parts.insert(2 * place + 1, file)
        return Wire(own.address, self.from_email, tuple(parts))


def _joined(pieces: list[bytes], values: dict[str, bytes]) -> bytes:
    """Every second piece is a blank."""
    blanks = (values[_BLANKS.get(piece, "date")] for piece in pieces[1::2])
    filled = [piece for pair in zip(pieces[::2], blanks, strict=False) for piece in pair]
    return b"".join([*filled, pieces[-1]])


def _encoded(text: str) -> bytes:
    return encodebytes(text.encode()).replace(b"\n", b"\r\n")


class Press:
    """Gives out the letters of a mailing, copies or reminders, as long as one run of a pump lasts."""

    def __init__(self, *enclosures: Enclosure):
        self.enclosures = enclosures
        self.forms: dict[tuple, Form] = {}

    def letter(self, row: Outgoing) -> Letter:
        """As Django's own backends want it."""
        return compose(row, *self.enclosures)

    def wire(self, row: Outgoing) -> Wire:
        """Raises ValidationError or UnicodeEncodeError where the row's address is none."""
        mine = own(row)
        # Everything else in a letter is the mailing's.
        key = (type(row), row.copy.enclosed, timezone.localdate(mine.valid_until))
        if key not in self.forms:
            self.forms[key] = Form(draft(row, *self.enclosures))
        return self.forms[key].filled(mine)
