"""A mailbox of returned mail, read by IMAP: each message once, without marking it as read, unless it is to be moved."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from .reading import MOST_BYTES

TIMEOUT = 30
AT_ONCE = 200


class ImapError(Exception):
    """The mailbox can't be read; the text says why."""


@contextmanager
def mailbox(source: dict) -> Iterator["Mailbox"]:
    """`source` is the setting BOUNCES. Raises ImapError for whatever the server says or does not say."""
    try:
        connection = _connected(source)
        try:
            yield Mailbox(connection, source)
        finally:
            connection.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        # imaplib gives the server's words as bytes.
        said = b"".join(each for each in error.args if isinstance(each, bytes)).decode(errors="replace")
        raise ImapError(_("The mailbox for returned mail can't be read: %(why)s") % {"why": said or error}) from error


def _connected(source: dict) -> imaplib.IMAP4:
    where = {"host": source["host"], "port": source["port"], "timeout": TIMEOUT}
    if source["scheme"] == "imaps":
        connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(**where, ssl_context=ssl.create_default_context())
    else:
        connection = imaplib.IMAP4(**where)
        if source["scheme"] == "imap+tls":
            connection.starttls(ssl.create_default_context())
    connection.login(source["user"], source["password"])
    if "ID" in connection.capabilities:  # 163 and 126 open no mailbox for who does not say what it is
        connection.xatom("ID", '("name" "bulletin" "version" "1")')
    return connection


class Mailbox:
    def __init__(self, connection: imaplib.IMAP4, source: dict):
        self.connection, self.target = connection, source["move_to"]
        self._ask("select", _quoted(source["mailbox"]), readonly=not self.target)
        self.validity = int((connection.response("UIDVALIDITY")[1] or [b"0"])[0] or 0)

    def _ask(self, command: str, *args, **options) -> list:
        answer, data = getattr(self.connection, command)(*args, **options)
        if answer != "OK":
            said = b" ".join(each for each in data if isinstance(each, bytes))
            raise ImapError(_("The mail server refuses: %(why)s") % {"why": said.decode(errors="replace")})
        return data

    def after(self, uid: int) -> list[int]:
        """The numbers of messages that came after this one, the oldest first, so many that one look is soon over."""
        found = b" ".join(self._ask("uid", "SEARCH", None, f"UID {uid + 1}:*") or [b""])
        # A server answers with the last one, too, when there is none after it.
        return sorted(number for number in map(int, re.findall(rb"\d+", found)) if number > uid)[:AT_ONCE]

    def content(self, uid: int) -> bytes | None:
        """The beginning of a message; None when it is gone."""
        data = self._ask("uid", "FETCH", str(uid), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
        return next((part[1] for part in data if isinstance(part, tuple)), None)

    def move(self, uid: int) -> None:
        """Where the server can't move, a copy is made and the message marked as deleted."""
        if "MOVE" in self.connection.capabilities:
            self._ask("uid", "MOVE", str(uid), _quoted(self.target))
        else:
            self._ask("uid", "COPY", str(uid), _quoted(self.target))
            self._ask("uid", "STORE", str(uid), "+FLAGS", r"(\Deleted)")


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\") + '"'
