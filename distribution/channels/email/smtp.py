"""One connection to the mail server: a letter out, the server's answer in, or the reason why it may not have arrived."""

import logging
import re
import select
import smtplib
import socket
from collections.abc import Callable, Sequence

from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..errors import NotConnected, Rejected, TryLater, Unsure
from .letter import Letter
from .wire import Wire

log = logging.getLogger(__name__)


class SmtpConnection:
    """One connection to wherever mails go, opened when first needed and used for many."""

    def __init__(self):
        self.backend = get_connection()
        self.is_smtp = isinstance(self.backend, SmtpBackend)
        self.used = 0

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.hang_up()

    def hang_up(self) -> None:
        self.used = 0
        try:
            self.backend.close()
        except OSError:  # also smtplib's: it was closed already
            log.debug("the mail server hung up first")

    def open(self) -> None:
        try:
            if self.backend.open() and self.is_smtp:
                # The final dot goes out by itself, and must not wait for what is under way.
                self.backend.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            self.hang_up()
            raise NotConnected(_reason(error)) from error

    def send(
        self, letter: Letter | Wire, sender: str | None = None, *, before_end: Callable[[], None] = lambda: None
    ) -> str:
        """Send one letter and return the server's answer, or raise one of the four exceptions above.

        A `Wire` only where the backend speaks SMTP. `sender` is the envelope's; without it that of the letter.
        `before_end` is called once, when the letter is out but for its final dot, without which no server may take it;
        what it raises keeps the dot back.
        """
        if isinstance(letter, Letter) and not self.is_smtp:
            before_end()
            return self._deliver(letter)
        parts, was_used = _dot_stuffed(*letter.wire_parts()), self.used
        sender = sender or _sender(letter)
        try:
            self._hand_over(letter.address, sender, parts)
        except NotConnected:
            if not was_used:
                raise
            # The server had closed a connection that it had accepted mails on: that is its right. Once more.
            self.hang_up()
            self.open()
            self._hand_over(letter.address, sender, parts)
        return self._end(before_end)

    def _deliver(self, letter: Letter) -> str:
        try:
            self.backend.send_messages([letter])
        except OSError as error:
            raise NotConnected(_reason(error)) from error
        return ""

    def _hand_over(self, address: str, sender: str, parts: Sequence[bytes]) -> None:
        """Everything but the final dot."""
        smtp = self.backend.connection
        try:
            smtp.ehlo_or_helo_if_needed()
            if smtp.has_extn("pipelining"):
                self._announce_in_one(smtp, address, sender)
            else:
                self._expect(smtp.mail(sender), is_readers=False)
                self._expect(smtp.rcpt(address))
                self._expect(smtp.docmd("DATA"), wanted=3)
            for part in parts:  # joined, the PDF would be copied for every reader
                smtp.send(part)
            if _has_spoken(smtp.sock):  # it breaks off: a dot would only make the copy unsure
                answer = smtp.getreply()
                smtp.close()  # without QUIT, which would be part of the mail
                raise smtplib.SMTPResponseException(*answer)
        except (TryLater, Rejected):
            _reset(smtp)
            raise
        except OSError as error:
            self.hang_up()
            raise NotConnected(_reason(error)) from error

    def _announce_in_one(self, smtp: smtplib.SMTP, address: str, sender: str) -> None:
        """MAIL, RCPT and DATA without waiting in between (RFC 2920): two ways there and back less for each mail."""
        lines = (f"MAIL FROM:{smtplib.quoteaddr(sender)}", f"RCPT TO:{smtplib.quoteaddr(address)}", "DATA", "")
        smtp.send("\r\n".join(lines))
        self._expect(smtp.getreply(), is_readers=False)
        recipient, data = smtp.getreply(), smtp.getreply()
        if recipient[0] // 100 != 2 and data[0] // 100 == 3:
            smtp.close()  # it waits for a mail to nobody, and would take all that comes now for it
        self._expect(recipient)
        self._expect(data, wanted=3)

    def _end(self, before_end: Callable[[], None]) -> str:
        smtp = self.backend.connection
        try:
            before_end()
        except BaseException:
            smtp.close()
            raise
        try:
            smtp.send(b".\r\n")
            answer = smtp.getreply()
        except OSError as error:
            self.hang_up()
            raise Unsure(_reason(error)) from error
        self.used += 1
        return self._expect(answer)

    def _expect(self, answer: tuple[int, bytes], *, wanted: int = 2, is_readers: bool = True) -> str:
        code, text = answer
        words = f"{code} {text.decode(errors='replace')}"
        if code // 100 == wanted:
            return words
        # 421: it is closing. And a sender that is refused would be refused for every reader.
        if code == 421 or not is_readers:
            self.hang_up()
            raise NotConnected(words)
        raise (TryLater if code // 100 == 4 else Rejected)(words)


def _reset(smtp: smtplib.SMTP) -> None:
    try:
        smtp.rset()
    except OSError:
        log.debug("the connection ended with the refusal")


def _sender(letter: Letter | Wire) -> str:
    found = re.search(r"<([^<>]+)>\s*$", letter.from_email)
    return found[1] if found else letter.from_email


def _has_spoken(sock: socket.socket) -> bool:
    """Whether the server answers unasked, or has closed the connection."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


def _dot_stuffed(*parts: bytes) -> tuple[bytes, ...]:
    """As RFC 5321 4.5.2 wants it, without the final dot. Every second part is a file in base64, which has no dots, and is
    big: it is left out."""
    stuffed = [part if at % 2 else (b"\n" + part).replace(b"\n.", b"\n..")[1:] for at, part in enumerate(parts)]
    last = next((part for part in reversed(stuffed) if part), b"")
    return (*stuffed, b"" if last.endswith(b"\r\n") else b"\r\n")


# The first that fits is told, and what the computer says of it.
_CAUSES = (
    (TimeoutError, gettext_lazy("the mail server does not answer")),
    ((ConnectionRefusedError, socket.gaierror), gettext_lazy("the mail server can't be reached")),
    ((smtplib.SMTPServerDisconnected, ConnectionError), gettext_lazy("the mail server broke off the connection")),
)


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    said = f"{type(error).__name__}: {error}"
    for kind, words in _CAUSES:
        # smtplib hides a time-out in an error of its own.
        if isinstance(error, kind) or isinstance(error.__context__, kind):
            return _("%(cause)s (%(said)s)") % {"cause": words, "said": said}
    return said
