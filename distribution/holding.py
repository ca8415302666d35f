"""The list of addresses to which nothing is sent (暂停投递名单): put on it, taken off it, asked for before sending."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow import changes
from workflow.models import Change
from workflow.refusals import Refused, permit

from . import queue
from .bounces import reasons
from .models import MANAGE, Delivery, DeliveryEvent, DeliveryStatus, HeldAddress, Mailing, Outgoing, Reader

Source = HeldAddress.Source
What = DeliveryEvent.What


def refused(row: Outgoing, answer: str) -> None:
    """After a mail server's final no (5xx) while sending: who is unknown there gets nothing any more.

    When a server says so of everybody in a row it means us, not them: then those of this row of refusals get mail again.
    """
    if not reasons.is_hard(answer):
        return
    if row.mailing.refusals_in_a_row >= queue.EQUAL_REFUSALS:
        _take_off_the_last(row.mailing)
    else:
        put(row.address, source=Source.REFUSED, kind=reasons.kind_of(answer), words=answer, delivery=row.copy)


@transaction.atomic
def put(address: str, *, source: str, kind: str = "", words: str = "", note: str = "", delivery=None, by=None) -> bool:
    """Hold the address; what waits for it in the queue is held too. False: it was held already."""
    address = address.lower()
    given = {"source": source, "kind": kind, "words": words, "note": note, "delivery": delivery, "put_by": by}
    row, is_new = HeldAddress.objects.get_or_create(address=address, taken_off_at=None, defaults=given)
    if is_new:
        changes.record(row, Change.What.ADDED, by=by, note="：".join(filter(None, [row.reason, words])))
        _hold(Delivery.objects.filter(address__iexact=address, status=DeliveryStatus.QUEUED), row)
    return is_new


def add(address: str, note: str, *, by) -> None:
    """The office holds an address by hand."""
    permit(by, MANAGE)
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(_("This is no complete e-mail address.")) from error
    if not note.strip():
        raise Refused(_("Please say why nothing is to be sent there."))
    if not put(address, source=Source.OFFICE, note=note.strip()[:200], by=by):
        raise Refused(_("This address is held already; the list shows since when and why."))


@transaction.atomic
def take_off(row: HeldAddress, *, by) -> None:
    """Mail goes there again. Copies that were held are not sent by that: each can be sent on its own page."""
    permit(by, MANAGE)
    _take_off(HeldAddress.objects.filter(pk=row.pk), by)


def _take_off(rows, by) -> None:
    taken = list(rows.current().select_for_update())
    if not taken:
        raise Refused(_("This address is not held any more. The page shows the present state."))
    HeldAddress.objects.filter(pk__in=[row.pk for row in taken]).update(taken_off_at=timezone.now(), taken_off_by=by)
    for row in taken:
        changes.record(row, Change.What.REMOVED, by=by)


@transaction.atomic
def _take_off_the_last(mailing: Mailing) -> None:
    last = HeldAddress.objects.current().filter(source=Source.REFUSED, delivery__mailing=mailing)
    keys = list(last.order_by("-pk").values_list("pk", flat=True)[: queue.EQUAL_REFUSALS - 1])
    if keys:
        _take_off(HeldAddress.objects.filter(pk__in=keys), None)


def words_of(row: HeldAddress) -> str:
    """For a copy that is not sent because of it."""
    return _("Nothing is sent to this address: %(why)s") % {"why": row.reason}


def of_address(address: str) -> HeldAddress | None:
    """Why nothing is sent to the address; None where mail goes there."""
    return HeldAddress.objects.among([address]).get(address.lower())


def refuse_held(address: str) -> None:
    """Raises Refused where nothing is sent to the address."""
    if row := of_address(address):
        said = {"address": address, "why": row.reason}
        words = _(
            "Nothing is sent to %(address)s (%(why)s). Please give another address, or take it off the list first."
        )
        raise Refused(words % said)


def of_readers(readers) -> list[tuple[Reader, HeldAddress]]:
    """Those of the readers (a queryset) to whose address nothing is sent, by tier, and why."""
    low = Lower("email")
    rows = {row.address: row for row in HeldAddress.objects.current().filter(address__in=readers.values(low=low))}
    found = readers.annotate(low=low).filter(low__in=rows).select_related("unit").by_tier() if rows else ()
    return [(reader, rows[reader.email.lower()]) for reader in found]


def marked(readers):
    """The readers (a queryset), each with `is_held`: nothing is sent to the address."""
    return readers.annotate(is_held=Exists(HeldAddress.objects.current().filter(address=Lower(OuterRef("email")))))


def readers_at(addresses: Iterable[str]) -> dict[str, list[Reader]]:
    """Who has these addresses (in lower case). One query."""
    found: dict[str, list[Reader]] = defaultdict(list)
    for reader in Reader.objects.annotate(low=Lower("email")).filter(low__in=list(addresses)):
        found[reader.email.lower()].append(reader)
    return found


def hold_new(copies: Iterable[Delivery]) -> None:
    """Of copies that are being made: those whose address is held are not queued. To be called before they are saved."""
    copies = list(copies)
    held = HeldAddress.objects.among(copy.address for copy in copies)
    for copy in copies:
        if row := held.get(copy.address.lower()):
            copy.status, copy.error = DeliveryStatus.HELD, words_of(row)


def note_held(copies: Iterable[Delivery]) -> None:
    """The events of `hold_new`, once the copies have keys."""
    held = [copy for copy in copies if copy.status == DeliveryStatus.HELD]
    DeliveryEvent.objects.bulk_create([copy.event(What.HELD, copy.error) for copy in held], batch_size=500)


def _hold(queued, row: HeldAddress) -> None:
    words = words_of(row)
    copies = list(queued.select_for_update())
    Delivery.objects.filter(pk__in=[copy.pk for copy in copies]).update(status=DeliveryStatus.HELD, error=words)
    DeliveryEvent.objects.bulk_create([copy.event(What.HELD, words) for copy in copies])


def sendable(claimed: list, worker: str) -> list:
    """Of the rows that a worker has claimed those whose address gets mail; the others are settled."""
    held = HeldAddress.objects.among(row.address for row in claimed)
    for row in claimed if held else ():
        if found := held.get(row.address.lower()):
            queue.held(row, worker, words_of(found))
    return [row for row in claimed if row.address.lower() not in held]
