"""How many mails a minute, over how many connections, go to one domain of recipients (MAIL_LIMITS).

It is asked when rows are claimed: what would be too many stays in the queue until a later claim, and no process waits for it.
"""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from .models import KINDS, DeliveryStatus

MINUTE = timedelta(minutes=1)
LOCK = 7_213_540_903  # PostgreSQL's advisory lock of this name is ours; it ends with the transaction


def take(due: QuerySet, size: int, by: str) -> list[int]:
    """The keys of up to `size` of these rows, in their order within each domain, that the worker `by` may claim now. To be
    called in the transaction that claims them."""
    if not settings.MAIL_LIMITS:
        return _first(due, size)
    _wait_for_others()
    found: list[int] = []
    others = due
    for domain, limit in settings.MAIL_LIMITS.items():
        is_there = Q(address__iendswith=f"@{domain}")
        others = others.exclude(is_there)
        if free := min(_free(is_there, limit, by), size - len(found)):
            found += _first(due.filter(is_there), free)
    return found + _first(others, size - len(found))


def counts(address: str) -> bool:
    """Whether a limit is set for its domain: then the row bears when it was begun."""
    return address.rpartition("@")[2].lower() in settings.MAIL_LIMITS


def _first(due: QuerySet, size: int) -> list[int]:
    # PostgreSQL skips the rows another worker is taking; on SQLite the IMMEDIATE transaction serialises.
    return list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:size])


def _free(is_there: Q, limit, by: str) -> int:
    """How many more may be claimed: what was begun within a minute counts, and what is claimed, since it will be."""
    is_claimed, now = Q(status=DeliveryStatus.CLAIMED), timezone.now()
    taken, workers = 0, set()
    for kind in KINDS:
        rows = kind.objects.filter(is_there)
        # Of one moment: a row that is begun between two questions would count in neither.
        lately = rows.filter(Q(begun_at__gt=now - MINUTE) | is_claimed).order_by()
        counts = lately.aggregate(
            begun=Count("pk", filter=Q(begun_at__gt=now - MINUTE)), claimed=Count("pk", filter=is_claimed)
        )
        taken += counts["begun"] + counts["claimed"]
        at_work = rows.filter(status__in=(DeliveryStatus.CLAIMED, DeliveryStatus.SENDING)).exclude(lease_by=by)
        workers |= set(at_work.order_by().values_list("lease_by", flat=True))
    return max(0, limit.per_minute - taken) if len(workers) < limit.connections else 0


def _wait_for_others() -> None:
    """Two that count at the same time would both take what is left. On SQLite the IMMEDIATE transaction serialises."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
