"""Sends what is due, copy by copy and reminder by reminder, and tells what surely went wrong from what may have arrived.

As long as the final dot of a mail has not gone out, no server may accept it: a broken connection is harmless and the copy
is tried again. After that only the server's answer tells: without one the copy is unsure.
"""

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.models import Issue
from workflow.refusals import Refused

from . import access, holding, links, queue
from .bounces import verp
from .channels.email.letter import Enclosure, Letter
from .channels.email.smtp import SmtpConnection
from .channels.email.wire import Press, Wire
from .channels.errors import DeliveryError, NotConnected, Rejected, TryLater
from .journal import Journal
from .models import Attached, Channel, Delivery, DeliveryEvent, Mailing, MailingStatus, Outgoing, Reminder

log = logging.getLogger(__name__)

RUN_SECONDS = 5
# A group is as big as goes out in this time at the present pace: so long a pause may take, and as much is written at once.
GROUP_SECONDS = 0.5


@dataclass
class Run:
    """One pump's connection, its name on the rows that it claims, its journal, and the time that it has."""

    connection: SmtpConnection
    until: float
    worker: str
    journal: Journal
    size: int = 1  # of the next group
    count: int = 0  # of the mails that the server took

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.until

    def measure(self, handed: int, seconds: float) -> None:
        """So many mails took so long: how many the next group may have."""
        fitting = int(handed * GROUP_SECONDS / max(seconds, 0.001))
        self.size = max(1, min(fitting, 4 * self.size, queue.BATCH))


@dataclass(frozen=True)
class Failure:
    row: Outgoing
    begun: DeliveryEvent
    error: DeliveryError


def pump(seconds: float = RUN_SECONDS) -> int:
    """Send what is due, for some seconds; returns how many were sent. Any number of pumps may run at once."""
    queue.sweep()
    worker = uuid.uuid4().hex
    with SmtpConnection() as connection, Journal(worker) as journal:
        run = Run(connection, time.monotonic() + seconds, worker, journal)
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
    while not run.is_over and (batch := _claim(mailing, run)):
        if stops_as_withdrawn(mailing):
            return
        if press is None:
            try:
                press = Press(*_enclosures(mailing))
            except access.PdfDamaged as error:
                log.error("%s", error)
                queue.stop(mailing, _("The official PDF on the disk is missing or was changed."))
                return
            except Refused as refused:
                queue.stop(mailing, str(refused))
                return
        if not _send(batch, press, run):
            return


def _enclosures(mailing: Mailing) -> list[Enclosure]:
    """The official PDF, and the OFD if anybody gets it."""
    found = [Enclosure(mailing.issue, access.official_pdf(mailing.issue))]
    if mailing.deliveries.filter(channel=Channel.PDF, attached__in=(Attached.OFD, Attached.BOTH)).exists():
        found.append(Enclosure(mailing.issue, access.ofd_of(mailing.issue), "ofd"))
    return found


def _claim(mailing: Mailing, run: Run, kind: type[Outgoing] = Delivery) -> list:
    """With the journal there, so that also what is claimed goes back at once if the worker dies."""
    run.journal.open()
    return queue.claim(mailing, run.worker, kind=kind)


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
    while not run.is_over and (batch := _claim(mailing, run, Reminder)):
        if not _send(batch, press, run):
            return


def _send(batch: list, press: Press, run: Run) -> bool:
    """Send the claimed rows. False when the time is over, or the mail server can't be reached."""
    rows = holding.sendable(batch, run.worker)
    while rows:
        if run.is_over:
            return False
        group, rows = rows[: run.size], rows[run.size :]
        try:
            rows = _send_group(group, press, run) + rows
        except NotConnected:
            return False
    return True


def _send_group(group: list, press: Press, run: Run) -> list:
    """Send some rows whose beginning and whose end are written down together; gives those that it did not come to.

    It ends with the first that the server does not take. NotConnected is raised when that is written down.
    """
    write = press.wire if run.connection.is_smtp else press.letter
    letters = {row.pk: letter for row in group if (letter := _letter(row, write, run.worker))}
    rows = [row for row in group if row.pk in letters]
    if not rows:
        return []
    try:
        run.connection.open()
    except NotConnected as error:
        rows[0].attempts += 1
        _write_down(rows[0], error, run.worker)
        raise
    hashes = {row.pk: links.hash_of(links.token_of(row)) for row in rows if isinstance(row, Delivery)}
    begun = queue.begin_group(rows, run.worker, hashes)
    began = time.monotonic()
    arrived, failure = _hand_over(begun, letters, run)
    rest = begun[len(arrived) + bool(failure) :]
    queue.end_group(arrived, run.worker, failed=failure.begun if failure else None, rest=rest)
    if arrived:
        run.count += len(arrived)
        run.measure(len(arrived), time.monotonic() - began)
        queue.reset_counts(arrived[0].row.mailing)
    if failure:
        _write_down(failure.row, failure.error, run.worker)
    run.journal.clear()
    if failure and isinstance(failure.error, NotConnected):
        raise failure.error
    return rest


def _hand_over(rows: list, letters: dict, run: Run) -> tuple[list[queue.Arrived], Failure | None]:
    """One mail after the other, until one fails or the time of the group is over."""
    arrived: list[queue.Arrived] = []
    ends = min(time.monotonic() + GROUP_SECONDS, run.until)
    for row in rows:
        if arrived and time.monotonic() >= ends:
            break
        begun = row.begun()
        try:
            reply = run.connection.send(
                letters[row.pk], verp.sender_of(row), before_end=partial(run.journal.handed, row)
            )
        except DeliveryError as error:
            return arrived, Failure(row, begun, error)
        run.journal.taken(row, reply)
        arrived.append(queue.Arrived(row, reply, begun, row.event(DeliveryEvent.What.SENT, reply)))
    return arrived, None


def _write_down(row: Outgoing, error: DeliveryError, worker: str) -> None:
    """How a mail ended that the server did not take, and what follows for the mailing."""
    why = str(error)
    if isinstance(error, NotConnected):
        queue.later(row, worker, why)
        queue.count_connection_error(row.mailing, why)
    elif isinstance(error, TryLater):
        queue.later(row, worker, why)
    elif isinstance(error, Rejected):
        queue.refused(row, worker, why)
        queue.count_refusal(row.mailing, why)
        holding.refused(row, why)
    else:
        queue.unsure(row, worker, why)
        queue.count_unsure(row.mailing, why)


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
