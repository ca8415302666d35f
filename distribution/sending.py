"""Sends what is due, copy by copy, and tells what surely went wrong from what may have arrived.

As long as the final dot of a mail has not gone out, no server may accept it: a broken connection is harmless and the copy
is tried again. After that only the server's answer tells: without one the copy is unsure.
"""

import logging
import re
import select
import smtplib
import socket
import time
import uuid

from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import access, links, queue
from .emails import Enclosure, Letter, compose
from .models import Delivery, Mailing, MailingStatus

log = logging.getLogger(__name__)

RUN_SECONDS = 5


class NotConnected(Exception):
    """No whole mail has gone out, and it is not this reader's fault."""


class Later(Exception):
    """The server answered 4xx: not now."""


class Refused(Exception):
    """The server answered 5xx: not at all."""


class Unsure(Exception):
    """The final dot had gone out, or may have, and no answer came."""


class Line:
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

    def send(self, letter: Letter) -> str:
        """Send one letter and return the server's answer, or raise one of the four exceptions above."""
        if not self.is_smtp:
            return self._deliver(letter)
        data, was_used = _dot_stuffed(*letter.wire_parts()), self.used
        try:
            return self._converse(letter, data)
        except NotConnected:
            if not was_used:
                raise
        # The server had closed a connection that it had accepted mails on: that is its right. Once more.
        self.hang_up()
        self.open()
        return self._converse(letter, data)

    def _deliver(self, letter: Letter) -> str:
        try:
            self.backend.send_messages([letter])
        except OSError as error:
            raise NotConnected(_reason(error)) from error
        return ""

    def _converse(self, letter: Letter, data: bytes) -> str:
        smtp = self.backend.connection
        try:
            smtp.ehlo_or_helo_if_needed()
            self._expect(smtp.mail(_sender(letter)), is_readers=False)
            self._expect(smtp.rcpt(letter.address))
            self._expect(smtp.docmd("DATA"), wanted=3)
            smtp.send(data)
            if _has_spoken(smtp.sock):  # it breaks off: a dot would only make the copy unsure
                answer = smtp.getreply()
                smtp.close()  # without QUIT, which would be part of the mail
                raise smtplib.SMTPResponseException(*answer)
        except (Later, Refused):
            _reset(smtp)
            raise
        except OSError as error:
            self.hang_up()
            raise NotConnected(_reason(error)) from error
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
        raise (Later if code // 100 == 4 else Refused)(words)


def _reset(smtp: smtplib.SMTP) -> None:
    try:
        smtp.rset()
    except OSError:
        log.debug("the mail server hung up after its refusal")


def _sender(letter: Letter) -> str:
    found = re.search(r"<([^<>]+)>\s*$", letter.from_email)
    return found[1] if found else letter.from_email


def _has_spoken(sock: socket.socket) -> bool:
    """Whether the server answers unasked, or has closed the connection."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


def _dot_stuffed(head: bytes, pdf: bytes, tail: bytes) -> bytes:
    """As RFC 5321 4.5.2 wants it, without the final dot. The PDF is base64, which has no dots, and big: it is left out."""
    head, tail = (re.sub(rb"(?m)^\.", b"..", part) for part in (head, tail))
    end = b"" if (tail or head).endswith(b"\r\n") else b"\r\n"
    return b"".join((head, pdf, tail, end))


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


def pump(seconds: float = RUN_SECONDS) -> int:
    """Send what is due, for some seconds; returns how many were sent. Any number of pumps may run at once."""
    until = time.monotonic() + seconds
    queue.sweep()
    count = 0
    worker = uuid.uuid4().hex
    with Line() as line:
        for mailing in Mailing.objects.filter(status=MailingStatus.SENDING).select_related(
            "issue__bulletin", "issue__frozen"
        ):
            try:
                count += _send_due(mailing, line, worker, until)
            finally:
                queue.release(worker)
            queue.finish(mailing)
            if time.monotonic() >= until:
                break
    return count


def _send_due(mailing: Mailing, line: Line, worker: str, until: float) -> int:
    count, enclosure = 0, None
    while time.monotonic() < until and (batch := queue.claim(mailing, worker)):
        if enclosure is None:
            try:
                enclosure = Enclosure(mailing.issue, access.official_pdf(mailing.issue))
            except access.PdfDamaged as error:
                log.error("%s", error)
                queue.stop(mailing, _("The official PDF on the disk is missing or was changed."))
                return count
        for delivery in batch:
            if time.monotonic() >= until:
                return count
            try:
                count += _send_one(delivery, enclosure, line, worker)
            except NotConnected as error:
                queue.later(delivery, worker, str(error))
                queue.count_connection_error(mailing, str(error))
                return count
    return count


def _send_one(delivery: Delivery, enclosure: Enclosure, line: Line, worker: str) -> bool:
    """Send one claimed copy and write down how it went. NotConnected is left to the caller."""
    letter = _letter(delivery, enclosure, worker)
    if letter is None:
        return False
    try:
        line.open()
    except NotConnected:
        delivery.attempts += 1
        raise
    if not queue.begin(delivery, worker, links.hash_of(links.token_of(delivery))):
        return False
    try:
        reply = line.send(letter)
    except Later as error:
        queue.later(delivery, worker, str(error))
    except Refused as error:
        queue.refused(delivery, worker, str(error))
        queue.count_refusal(delivery.mailing, str(error))
    except Unsure as error:
        queue.unsure(delivery, worker, str(error))
        queue.count_unsure(delivery.mailing, str(error))
    else:
        queue.reset_counts(delivery.mailing)
        return queue.sent(delivery, worker, reply)
    return False


def _letter(delivery: Delivery, enclosure: Enclosure, worker: str) -> Letter | None:
    """A copy that can't be written is set aside for a person, so that it doesn't hold up the others."""
    try:
        return compose(delivery, enclosure)
    except (ValidationError, UnicodeEncodeError):
        queue.refused(delivery, worker, _("This is no complete e-mail address."))
    except Exception:
        log.exception("the letter of delivery %s can't be written", delivery.pk)
        queue.refused(delivery, worker, _("The letter could not be written; the log says why."))
    return None
