"""The queue of copies and reminders, which are rows: each step is a guarded UPDATE, committed before the next begins.

queued -claim-> claimed -begin-> sending -> sent | queued again (later) | failed | unsure
                claimed -> held, where nothing is sent to the address any more

A worker writes its token (`lease_by`) on the rows it claims, and may move only rows that still bear it. Mails are begun
and ended in groups; the worker's journal tells what it came to in between. When it has died, or a lease is over, a claimed
row goes back to the queue, and so does one of which the journal says that the mail server heard nothing. The others that
were being sent are unsure: they may have arrived, so a person decides, and they are never sent again by themselves. A post
to a unit's system is: it bears the same number every time, by which the other side knows what it has.
"""

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _

from . import journal, limits
from .models import (
    KINDS,
    Delivery,
    DeliveryEvent,
    DeliveryStatus,
    Mailing,
    MailingStatus,
    Outgoing,
    Reminder,
    ReminderStatus,
)

BATCH = 50
# A claim is for one short run of a worker; sending outlasts every time-out of one SMTP conversation (EMAIL_TIMEOUT each).
CLAIM_LEASE = timedelta(seconds=60)
SEND_LEASE = timedelta(seconds=300)
BACKOFF_MINUTES = (1, 5, 15, 60, 240)
# So many in a row pause the mailing by itself, with the reason: a systematic fault must not spend all the copies.
CONNECTION_ERRORS = 20
UNSURE = 3
EQUAL_REFUSALS = 10

What = DeliveryEvent.What
_FREE = {"lease_by": "", "lease_until": None}
# Unsure too: it may have been declared so while the worker waited for the answer.
_UNDER_WAY = (DeliveryStatus.CLAIMED, DeliveryStatus.SENDING, DeliveryStatus.UNSURE)


def claim(
    mailing: Mailing, by: str, size: int = BATCH, kind: type[Outgoing] = Delivery, *, webhook: bool = False
) -> list:
    """Take up to `size` due rows for the worker `by`; no other worker gets the same ones. Those that go by mail, or those
    that are posted to units' systems."""
    now = timezone.now()
    due = kind.objects.filter(mailing=mailing).through(webhook=webhook).due(now).order_by("next_try_at", "pk")
    # Asking first spares an idle system a write every few seconds.
    if not due.filter(mailing__status__in=kind.SENT_WHILE).exists():
        return []
    with transaction.atomic():
        rows = limits.take(due, size, by)
        kind.objects.filter(pk__in=rows).update(
            status=DeliveryStatus.CLAIMED, lease_by=by, lease_until=now + CLAIM_LEASE
        )
    claimed = kind.objects.filter(pk__in=rows, lease_by=by).select_related(kind.READER).order_by("next_try_at", "pk")
    for row in claimed:
        row.mailing = row.copy.mailing = mailing
    return list(claimed)


def release(by: str) -> None:
    """Put back what this worker claimed and did not begin."""
    for kind in KINDS:
        kind.objects.filter(status=DeliveryStatus.CLAIMED, lease_by=by).update(status=DeliveryStatus.QUEUED, **_FREE)


@dataclass(frozen=True)
class Arrived:
    """A mail that the server took, what it said, and the events that tell of both."""

    row: Outgoing
    reply: str
    begun: DeliveryEvent
    sent: DeliveryEvent


def begin(row: Outgoing, by: str, token_hash: str = "") -> bool:
    """Write down, before anybody hears of it, that this one is being sent. False: it is not ours any more.

    With a copy goes the hash of the link that its letter opens.
    """
    with transaction.atomic():
        begun = begin_group([row], by, {row.pk: token_hash} if token_hash else {})
        for one in begun:
            one.begun().save()
    return bool(begun)


def begin_group(rows: list, by: str, hashes: dict[int, str]) -> list:
    """Write down that these rows of one kind are being sent, the one after the other; gives those that are still ours.

    What became of each stands in the worker's journal until `end_group`, and that they were begun is told there.
    """
    kind, now = type(rows[0]), timezone.now()
    ours = kind.objects.filter(
        pk__in=[row.pk for row in rows],
        status=DeliveryStatus.CLAIMED,
        lease_by=by,
        mailing__status__in=kind.SENT_WHILE,
    )
    with transaction.atomic():
        keys = set(ours.wanted().select_for_update(of=("self",)).values_list("pk", flat=True))
        begun = [row for row in rows if row.pk in keys]
        of_keys = kind.objects.filter(pk__in=keys)
        of_keys.update(status=DeliveryStatus.SENDING, lease_until=now + SEND_LEASE, attempts=F("attempts") + 1)
        if hashes:
            known = dict(of_keys.values_list("pk", "token_hash"))
            for key in (key for key in keys if known[key] != hashes.get(key, known[key])):
                kind.objects.filter(pk=key).update(token_hash=hashes[key])
        if limited := [row.pk for row in begun if limits.counts(row.address)]:
            kind.objects.filter(pk__in=limited).update(begun_at=now)
    for row in begun:
        row.attempts += 1
    return begun


def end_group(arrived: list[Arrived], by: str, *, failed: DeliveryEvent | None, rest: list) -> None:
    """Write down what the server took, and that one more was begun, which `failed`; and take back the `rest` of the
    group, of which the server heard nothing: they are claimed as before."""
    with transaction.atomic():
        sent = _settled_as_sent(arrived, by)
        events = [event for one in arrived for event in (one.begun, one.sent if one.row.pk in sent else None)]
        DeliveryEvent.objects.bulk_create(event for event in (*events, failed) if event)
        if rest:
            ours = type(rest[0]).objects.filter(pk__in=[row.pk for row in rest], lease_by=by, status__in=_UNDER_WAY)
            unsure = set(ours.filter(status=DeliveryStatus.UNSURE).values_list("pk", flat=True))
            words = _("it had not gone out yet")
            DeliveryEvent.objects.bulk_create(row.event(What.LATER, words) for row in rest if row.pk in unsure)
            lease = timezone.now() + CLAIM_LEASE
            ours.update(status=DeliveryStatus.CLAIMED, lease_until=lease, attempts=F("attempts") - 1)
    for row in rest:
        row.attempts -= 1


def _settled_as_sent(arrived: list[Arrived], by: str) -> set[int]:
    """Of these rows those that still bore our token: they are sent now."""
    if not arrived:
        return set()
    kind, replies = type(arrived[0].row), {one.row.pk: one.reply for one in arrived}
    ours = kind.objects.filter(pk__in=replies, lease_by=by, status__in=_UNDER_WAY)
    keys = list(ours.select_for_update().values_list("pk", flat=True))
    kind.objects.filter(pk__in=keys).update(**_as_sent(), **_FREE)
    if keys:  # each bears its own number in the server's queue
        values = ", ".join(["(%s, %s)"] * len(keys))
        sql = f"UPDATE {kind._meta.db_table} SET smtp_reply = column2 FROM (VALUES {values}) AS said WHERE id = column1"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for key in keys for value in (key, replies[key])])
    return set(keys)


def drop(mailing: Mailing) -> None:
    """Take out the reminders of those who have confirmed meanwhile."""
    Reminder.objects.filter(mailing=mailing).needless().update(status=ReminderStatus.DROPPED)


def sent(row: Outgoing, by: str, reply: str) -> bool:
    return _settle(row, by, What.SENT, reply, **_as_sent())


def _as_sent(at: datetime | None = None) -> dict:
    return {"status": DeliveryStatus.SENT, "sent_at": at or timezone.now(), "error": ""}


def refused(row: Outgoing, by: str, why: str) -> bool:
    return _settle(row, by, What.FAILED, why, status=DeliveryStatus.FAILED, error=why)


def held(row: Outgoing, by: str, why: str) -> bool:
    """Nothing is sent to its address. A reminder of a copy that once arrived is refused for that."""
    if isinstance(row, Reminder):
        return refused(row, by, why)
    return _settle(row, by, What.HELD, why, status=DeliveryStatus.HELD, error=why)


def unsure(row: Outgoing, by: str, why: str) -> bool:
    return _settle(row, by, What.UNSURE, why, status=DeliveryStatus.UNSURE, error=why)


def later(row: Outgoing, by: str, why: str) -> bool:
    """Try again after 1, 5, 15, 60, 240 minutes, a little scattered; after the last of them it has failed."""
    if is_last_try(row):
        return refused(row, by, why)
    minutes = BACKOFF_MINUTES[max(row.attempts - 1, 0)] * random.uniform(0.8, 1.2)
    next_try_at = timezone.now() + timedelta(minutes=minutes)
    return _settle(
        row,
        by,
        What.LATER,
        why,
        status=DeliveryStatus.QUEUED,
        next_try_at=next_try_at,
        attempts=row.attempts,
        error=why,
    )


def is_last_try(row: Outgoing) -> bool:
    return row.attempts > len(BACKOFF_MINUTES)


def _settle(row: Outgoing, by: str, what: str, note: str, **fields) -> bool:
    with transaction.atomic():
        event = _settled(row, by, what, note, **fields)
        if event:
            event.save()
    return event is not None


def _settled(row: Outgoing, by: str, what: str, note: str, **fields) -> DeliveryEvent | None:
    """Write a result, if the row still bears our token: also on one that was declared unsure while we waited. Gives the
    event that tells of it, to be saved."""
    ours = type(row).objects.filter(
        pk=row.pk,
        lease_by=by,
        status__in=_UNDER_WAY,
    )
    settled = ours.update(smtp_reply=note if what == What.SENT else F("smtp_reply"), **_FREE, **fields)
    return row.event(what, note) if settled else None


def sweep() -> None:
    """Look after the rows whose worker died: at once where it left a journal, otherwise when its lease is over."""
    with journal.of_the_dead() as dead:
        for kind in KINDS:
            is_held = Q(status__in=(DeliveryStatus.CLAIMED, DeliveryStatus.SENDING))
            # Unsure ones that still bear its token: somebody had taken its lease for over while it lived.
            of_dead = Q(lease_by__in=list(dead), status__in=_UNDER_WAY)
            over = kind.objects.filter(is_held & Q(lease_until__lt=timezone.now()) | of_dead)
            if over.exists():
                _settle_over(over, dead)


@transaction.atomic
def _settle_over(over, dead: dict[str, journal.Told]) -> None:
    rows = list(over.select_for_update(skip_locked=True))
    queued, unheard, unsure, events = [], [], [], []
    for row in rows:
        told, key = dead.get(row.lease_by), journal.key_of(row)
        if row.status == DeliveryStatus.CLAIMED:
            queued.append(row.pk)
        elif row.is_repeatable and not is_last_try(row):
            queued.append(row.pk)
            words = _("the program ended before the answer came; it goes out again under the same number")
            events.append(row.event(What.LATER, words))
        elif told and key not in told.handed:
            unheard.append(row.pk)
            if row.is_unsure:
                events.append(row.event(What.LATER, _("it had not gone out yet")))
        elif row.is_unsure and not (told and key in told.taken):
            continue
        else:
            if not row.is_repeatable and not row.is_unsure:
                events.append(row.begun())
                events[-1].at = told.handed[key] if told else timezone.now()
            if told and key in told.taken:
                how = told.taken[key]
                over.model.objects.filter(pk=row.pk).update(smtp_reply=how.reply, **_as_sent(how.at), **_FREE)
                events.append(row.event(What.SENT, how.reply))
                events[-1].at = timezone.now() if row.is_unsure else how.at
            else:
                unsure.append(row.pk)
                events.append(row.event(What.UNSURE))
    everything = over.model.objects
    back = {"status": DeliveryStatus.QUEUED, **_FREE}
    everything.filter(pk__in=queued).update(**back)
    everything.filter(pk__in=unheard).update(attempts=F("attempts") - 1, **back)
    # The token stays: if the worker lives after all, it may still say how it ended.
    everything.filter(pk__in=unsure).update(status=DeliveryStatus.UNSURE, lease_until=None, error="")
    DeliveryEvent.objects.bulk_create(events)


def finish(mailing: Mailing) -> None:
    """All sent, unless something is still open."""
    if mailing.deliveries.open().exists():
        return
    with transaction.atomic():
        mailing = Mailing.objects.select_for_update().get(pk=mailing.pk)
        if mailing.status == MailingStatus.SENDING and not mailing.deliveries.open().exists():
            mailing.apply(Mailing.FINISH, by=None)


def count_connection_error(mailing: Mailing, why: str) -> None:
    """A mail server that is down is no reader's fault."""
    _count(mailing, connection_errors=F("connection_errors") + 1)
    if mailing.connection_errors >= CONNECTION_ERRORS:
        words = _("%(count)s tries in a row brought no copy to the mail server; the last one: %(why)s")
        stop(mailing, words % {"count": CONNECTION_ERRORS, "why": why})


def count_unsure(mailing: Mailing, why: str) -> None:
    """A server that takes copies and says nothing would leave every reader's copy for a person to decide."""
    _count(mailing, unsure_in_a_row=F("unsure_in_a_row") + 1)
    if mailing.unsure_in_a_row >= UNSURE:
        words = _("%(count)s copies in a row went to the mail server, which gave no answer; the last one: %(why)s")
        stop(mailing, words % {"count": UNSURE, "why": why})


def count_refusal(mailing: Mailing, why: str) -> None:
    """A server that refuses everybody for the same reason means the mail or the sender, not the readers."""
    reason = _without_particulars(why)
    is_equal = When(refusals_in_a_row__gt=0, last_refusal=reason, then=F("refusals_in_a_row") + 1)
    _count(mailing, refusals_in_a_row=Case(is_equal, default=1), last_refusal=reason)
    if mailing.refusals_in_a_row >= EQUAL_REFUSALS:
        words = _("%(count)s copies in a row were refused by the mail server for the same reason (%(why)s)")
        stop(mailing, words % {"count": EQUAL_REFUSALS, "why": why})


def _count(mailing: Mailing, **fields) -> None:
    Mailing.objects.filter(pk=mailing.pk).update(**fields)
    mailing.refresh_from_db(fields=list(fields))


def _without_particulars(answer: str) -> str:
    """The answer's code and words, without addresses and what has digits: those differ from copy to copy."""
    return answer[:3] + re.sub(r"\S*[\d@]\S*", "", answer[3:])


def reset_counts(mailing: Mailing) -> None:
    counts = ("connection_errors", "unsure_in_a_row", "refusals_in_a_row")
    if any(getattr(mailing, name) for name in counts):
        _count(mailing, **dict.fromkeys(counts, 0))


def stop(mailing: Mailing, why: str) -> None:
    """Pause by itself, with the reason."""
    with transaction.atomic():
        mailing = Mailing.objects.select_for_update().get(pk=mailing.pk)
        if mailing.status in Mailing.BREAK.sources:
            Mailing.objects.filter(pk=mailing.pk).update(paused_because=why)
            mailing.apply(Mailing.BREAK, by=None, note=why)
