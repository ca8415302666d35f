"""Files a message of the mailbox for returned mail: finds whose it is, moves that copy on, and keeps what it was."""

import hashlib
import logging
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.refusals import Refused, permit

from .. import holding, settling
from ..models import MANAGE, Delivery, DeliveryEvent, DeliveryStatus, HeldAddress, Outgoing, Reminder, ReturnedMail
from . import verp
from .reading import Outcome, Report, beginning, read
from .reasons import is_hard

log = logging.getLogger(__name__)

FoundBy = ReturnedMail.FoundBy
# A mail that only names an address is about one that was sent there not longer ago.
RECENT = timedelta(days=14)


def file(content: bytes, place: str) -> ReturnedMail | None:
    """`place` is where it lay. None: the same message was filed before. Whatever stands in it, it is filed."""
    digest = hashlib.sha256(content).hexdigest()
    if ReturnedMail.objects.filter(digest=digest).exists():
        return None
    try:
        report = read(content)
    except Exception:  # one message must not keep the others from being read
        log.exception("a message of the mailbox for returned mail can't be read: %s", place)
        report = Report(Outcome.UNKNOWN, words=_("It can't be read; the log says why."), text=beginning(content))
    try:
        with transaction.atomic():
            row, how = _find(report)
            kept = _keep(report, row, how, digest, place)
            if row:
                _settle(row, report)
    except IntegrityError:
        if ReturnedMail.objects.filter(digest=digest).exists():  # another worker was quicker
            return None
        raise
    return kept


def _keep(report: Report, row: Outgoing | None, how: str, digest: str, place: str) -> ReturnedMail:
    """What speaks of a mail that is not found is for a person to look at, unless it says that nothing was wrong."""
    outcome = report.outcome
    if row is None and outcome in (Outcome.FAILED, Outcome.DELAYED):
        outcome = Outcome.UNKNOWN
    return ReturnedMail.objects.create(
        digest=digest,
        place=place,
        outcome=outcome,
        kind=report.kind if report.outcome == Outcome.FAILED else "",
        words=report.words,
        address=next(iter(report.addresses), "")[:254],
        subject=report.subject,
        sender=report.sender,
        head=report.text,
        found_by=how,
        delivery=row.copy if row else None,
        reminder=row if isinstance(row, Reminder) else None,
    )


def _find(report: Report) -> tuple[Outgoing | None, str]:
    for address in report.sent_to:
        if row := verp.find(address):
            return row, FoundBy.ENVELOPE
    for model in (Delivery, Reminder):
        rows = model._default_manager.select_related("mailing").filter(message_id__in=report.message_ids)
        if row := rows.order_by("-pk").first():
            return row, FoundBy.MESSAGE_ID
    # Anybody can write an address: only of what a mail server seems to say, and of one mail that it can be about.
    row = _by_address(report) if report.outcome == Outcome.FAILED and report.is_of_server else None
    return row, FoundBy.ADDRESS if row else ""


def _by_address(report: Report) -> Delivery | None:
    sent = Delivery.objects.annotate(low=Lower("address")).filter(
        status__in=(DeliveryStatus.SENT, DeliveryStatus.UNSURE),
        low__in=report.addresses,
        events__what=DeliveryEvent.What.SENDING,
        events__at__gt=timezone.now() - RECENT,
    )
    found = list(sent.select_related("mailing").distinct()[:20])
    named = [row for row in found if row.mailing.subject in report.text]
    return named[0] if len(named) == 1 else found[0] if len(found) == 1 else None


def _settle(row: Outgoing, report: Report) -> None:
    if report.outcome == Outcome.DELAYED:
        settling.delayed(row, report.words)
    elif report.outcome == Outcome.DELIVERED:
        settling.arrived(row, _("report of their mail server: %(words)s") % {"words": report.words})
    elif report.outcome == Outcome.FAILED:
        source = HeldAddress.Source.RETURNED
        returned(row, report.words, report.kind, report.status, source, report.addresses)


def look(mail: ReturnedMail, *, by) -> None:
    """A person has looked at what was not recognised; it stays with all others."""
    permit(by, MANAGE)
    if not ReturnedMail.objects.waiting().filter(pk=mail.pk).update(looked_at=timezone.now(), looked_by=by):
        raise Refused(_("Somebody has looked at it already. The page shows the present state."))


def returned(row: Outgoing, words: str, kind, status: str, source: str, addresses: tuple[str, ...] = ()) -> None:
    """The mail came back. `addresses` are those that are said to have failed, in lower case; none: its own.

    One to which it was sent before, and is not any more, says nothing of the present one. One that we never sent to is
    where the reader's mail is forwarded to: then the copy has not arrived, but the reader's address is right.
    """
    own = row.address.lower()
    failed = own if own in addresses or not addresses else addresses[0]
    tried = {note.lower() for note in _tries(row)} | {own}
    if failed == own or failed not in tried:
        settling.bounced(row, words or str(kind.label), str(kind.label), source)
    if is_hard(words, status) and failed in tried:
        holding.put(failed, source=source, kind=kind, words=words, delivery=row.copy)


def _tries(row: Outgoing) -> list[str]:
    """The addresses to which it was sent."""
    of_reminder = row if isinstance(row, Reminder) else None
    events = row.copy.events.filter(what=DeliveryEvent.What.SENDING, reminder=of_reminder)
    return list(events.values_list("note", flat=True))
