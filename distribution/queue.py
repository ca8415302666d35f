"""The queue of copies, which are rows: each step is one guarded UPDATE, committed before the next begins.

queued -claim-> claimed -begin-> sending -> sent | queued again (later) | failed | unsure

A worker writes its token (`lease_by`) on the rows it claims, and may move only rows that still bear it. When a lease is
over, a claimed row goes back to the queue, since its sending had not begun; one that was being sent is unsure: it may
have arrived, so a person decides, and it is never sent again by itself.
"""

import random
import re
from datetime import timedelta

from django.db import transaction
from django.db.models import Case, F, When
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Delivery, DeliveryEvent, DeliveryStatus, Mailing, MailingStatus

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


def claim(mailing: Mailing, by: str, size: int = BATCH) -> list[Delivery]:
    """Take up to `size` due copies for the worker `by`; no other worker gets the same ones."""
    now = timezone.now()
    due = mailing.deliveries.due(now).order_by("next_try_at", "pk")
    # Asking first spares an idle system a write every few seconds.
    if not due.filter(mailing__status=MailingStatus.SENDING).exists():
        return []
    with transaction.atomic():
        # PostgreSQL skips the rows another worker is taking; on SQLite the IMMEDIATE transaction serialises.
        rows = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:size])
        Delivery.objects.filter(pk__in=rows).update(
            status=DeliveryStatus.CLAIMED, lease_by=by, lease_until=now + CLAIM_LEASE
        )
    claimed = Delivery.objects.filter(pk__in=rows, lease_by=by).select_related("reader").order_by("next_try_at", "pk")
    for delivery in claimed:
        delivery.mailing = mailing
    return list(claimed)


def release(by: str) -> None:
    """Put back what this worker claimed and did not begin."""
    Delivery.objects.filter(status=DeliveryStatus.CLAIMED, lease_by=by).update(status=DeliveryStatus.QUEUED, **_FREE)


def begin(delivery: Delivery, by: str, token_hash: str) -> bool:
    """Write down, before any mail server hears of it, that this copy is being sent. False: it is not ours any more."""
    with transaction.atomic():
        begun = Delivery.objects.filter(
            pk=delivery.pk, status=DeliveryStatus.CLAIMED, lease_by=by, mailing__status=MailingStatus.SENDING
        ).update(
            status=DeliveryStatus.SENDING,
            lease_until=timezone.now() + SEND_LEASE,
            attempts=delivery.attempts + 1,
            token_hash=token_hash,
        )
        if begun:
            delivery.attempts += 1
            delivery.events.create(what=What.SENDING, note=delivery.address)
    return bool(begun)


def sent(delivery: Delivery, by: str, reply: str) -> bool:
    return _settle(delivery, by, What.SENT, reply, status=DeliveryStatus.SENT, sent_at=timezone.now(), error="")


def refused(delivery: Delivery, by: str, why: str) -> bool:
    return _settle(delivery, by, What.FAILED, why, status=DeliveryStatus.FAILED, error=why)


def unsure(delivery: Delivery, by: str, why: str) -> bool:
    return _settle(delivery, by, What.UNSURE, why, status=DeliveryStatus.UNSURE, error=why)


def later(delivery: Delivery, by: str, why: str) -> bool:
    """Try again after 1, 5, 15, 60, 240 minutes, a little scattered; after the last of them it has failed."""
    if delivery.attempts > len(BACKOFF_MINUTES):
        return refused(delivery, by, why)
    minutes = BACKOFF_MINUTES[max(delivery.attempts - 1, 0)] * random.uniform(0.8, 1.2)
    next_try_at = timezone.now() + timedelta(minutes=minutes)
    return _settle(
        delivery,
        by,
        What.LATER,
        why,
        status=DeliveryStatus.QUEUED,
        next_try_at=next_try_at,
        attempts=delivery.attempts,
        error=why,
    )


def _settle(delivery: Delivery, by: str, what: str, note: str, **fields) -> bool:
    """Write a result, if the row still bears our token: also on one that was declared unsure while we waited."""
    with transaction.atomic():
        settled = Delivery.objects.filter(
            pk=delivery.pk,
            lease_by=by,
            status__in=(DeliveryStatus.CLAIMED, DeliveryStatus.SENDING, DeliveryStatus.UNSURE),
        ).update(smtp_reply=note if what == What.SENT else F("smtp_reply"), **_FREE, **fields)
        if settled:
            delivery.events.create(what=what, note=note)
    return bool(settled)


def sweep() -> None:
    """Look after the rows whose worker died."""
    over = Delivery.objects.filter(
        lease_until__lt=timezone.now(), status__in=(DeliveryStatus.CLAIMED, DeliveryStatus.SENDING)
    )
    if not over.exists():
        return
    with transaction.atomic():
        rows = list(over.select_for_update(skip_locked=True).values_list("pk", "status"))
        claimed = [pk for pk, status in rows if status == DeliveryStatus.CLAIMED]
        sending = [pk for pk, status in rows if status == DeliveryStatus.SENDING]
        Delivery.objects.filter(pk__in=claimed).update(status=DeliveryStatus.QUEUED, **_FREE)
        # The token stays: if the worker lives after all, it may still say how it ended.
        Delivery.objects.filter(pk__in=sending).update(status=DeliveryStatus.UNSURE, lease_until=None, error="")
        DeliveryEvent.objects.bulk_create(DeliveryEvent(delivery_id=pk, what=What.UNSURE) for pk in sending)


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
        if mailing.status == MailingStatus.SENDING:
            Mailing.objects.filter(pk=mailing.pk).update(paused_because=why)
            mailing.apply(Mailing.BREAK, by=None, note=why)
