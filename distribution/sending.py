"""Sends what is due, copy by copy and reminder by reminder, and tells what surely went wrong from what may have arrived.

As long as the final dot of a mail has not gone out, no server may accept it: a broken connection is harmless and the copy
is tried again. After that only the server's answer tells: without one the copy is unsure.
"""

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.models import Issue

from . import access, holding, links, queue
from .bounces import verp
from .channels.email.letter import Enclosure, Letter
from .channels.email.smtp import SmtpConnection
from .channels.email.wire import Press, Wire
from .channels.errors import NotConnected, Rejected, TryLater, Unsure
from .models import Delivery, Mailing, MailingStatus, Outgoing, Reminder

log = logging.getLogger(__name__)

RUN_SECONDS = 5


@dataclass
class Run:
    """One pump's connection, its name on the rows that it claims, and the time that it has."""

    connection: SmtpConnection
    until: float
    worker: str = field(default_factory=lambda: uuid.uuid4().hex)
    count: int = 0  # of the mails that the server took
    arrived: queue.Arrived | None = None  # to be written down with the beginning of the next

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.until


def pump(seconds: float = RUN_SECONDS) -> int:
    """Send what is due, for some seconds; returns how many were sent. Any number of pumps may run at once."""
    queue.sweep()
    with SmtpConnection() as connection:
        run = Run(connection, time.monotonic() + seconds)
        for mailing in mailings().filter(status=MailingStatus.SENDING):
            try:
                _send_due(mailing, run)
            finally:
                queue.release(run.worker)
            queue.finish(mailing)
            if run.is_over:
                return run.count
        waiting = Reminder.objects.due(timezone.now()).values("mailing")
        for mailing in mailings().filter(pk__in=waiting, status__in=Reminder.SENT_WHILE):
            try:
                _remind_due(mailing, run)
            finally:
                queue.release(run.worker)
            if run.is_over:
                break
    return run.count


def mailings() -> QuerySet[Mailing]:
    return Mailing.objects.select_related("issue__bulletin", "issue__frozen")


def _send_due(mailing: Mailing, run: Run) -> None:
    press = None
    while not run.is_over and (batch := queue.claim(mailing, run.worker)):
        if stops_as_withdrawn(mailing):
            return
        if press is None:
            try:
                press = Press(Enclosure(mailing.issue, access.official_pdf(mailing.issue)))
            except access.PdfDamaged as error:
                log.error("%s", error)
                queue.stop(mailing, _("The official PDF on the disk is missing or was changed."))
                return
        if not _send(batch, press, run):
            return


def stops_as_withdrawn(mailing: Mailing) -> bool:
    if Issue.objects.withdrawn().filter(pk=mailing.issue_id).exists():
        queue.stop(mailing, _("the issue is withdrawn; what was not sent stays here"))
        return True
    return False


def _remind_due(mailing: Mailing, run: Run) -> None:
    queue.drop(mailing)
    if Issue.objects.withdrawn().filter(pk=mailing.issue_id).exists():
        return
    press = Press()
    while not run.is_over and (batch := queue.claim(mailing, run.worker, kind=Reminder)):
        if not _send(batch, press, run):
            return


def _send(batch: list, press: Press, run: Run) -> bool:
    """Send the claimed rows. False when the time is over, or the mail server can't be reached."""
    try:
        for row in holding.sendable(batch, run.worker):
            if run.is_over:
                return False
            try:
                _send_one(row, press, run)
            except NotConnected as error:
                queue.later(row, run.worker, str(error))
                queue.count_connection_error(row.mailing, str(error))
                return False
        return True
    finally:
        _write_down(run)


def _write_down(run: Run) -> None:
    """The last one that the server took, where no other follows at once."""
    if run.arrived:
        arrived, run.arrived = run.arrived, None
        queue.sent(arrived.row, run.worker, arrived.reply)


def _send_one(row: Outgoing, press: Press, run: Run) -> None:
    """Send one claimed row and write down how it went. NotConnected is left to the caller.

    That the server took it is written down together with the beginning of the next: one commit for each mail instead of two.
    """
    letter = _letter(row, press.wire if run.connection.is_smtp else press.letter, run.worker)
    if letter is None:
        return
    try:
        run.connection.open()
    except NotConnected:
        row.attempts += 1
        raise
    token_hash = links.hash_of(links.token_of(row)) if isinstance(row, Delivery) else ""
    is_ours = queue.begin(row, run.worker, token_hash, arrived=run.arrived)
    run.arrived = None
    if not is_ours:
        return
    try:
        reply = run.connection.send(letter, verp.sender_of(row))
    except TryLater as error:
        queue.later(row, run.worker, str(error))
    except Rejected as error:
        queue.refused(row, run.worker, str(error))
        queue.count_refusal(row.mailing, str(error))
        holding.refused(row, str(error))
    except Unsure as error:
        queue.unsure(row, run.worker, str(error))
        queue.count_unsure(row.mailing, str(error))
    else:
        queue.reset_counts(row.mailing)
        run.arrived = queue.Arrived(row, reply)
        run.count += 1


def _letter(row: Outgoing, write: Callable[[Outgoing], Letter | Wire], worker: str) -> Letter | Wire | None:
    """A letter that can't be written is set aside for a person, so that it doesn't hold up the others."""
    try:
        return write(row)
    except (ValidationError, UnicodeEncodeError):
        queue.refused(row, worker, _("This is no complete e-mail address."))
    except Exception:
        log.exception("the letter of %s %s can't be written", type(row).__name__, row.pk)
        queue.refused(row, worker, _("The letter could not be written; the log says why."))
    return None
