"""Who never confirms: how many of the last issues each reader has left unconfirmed, and since when."""

from datetime import timedelta

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from . import sheets
from .models import DeliveryStatus, Mailing, Reader, Receipt
from .models.reader import ReaderQuerySet

LAST = 10  # issues that are looked at, unless another number is chosen
GRACE = timedelta(days=7)
REACHED = (DeliveryStatus.SENT, DeliveryStatus.PAPER, DeliveryStatus.HANDED, DeliveryStatus.ACCOUNT)


def counted_mailings(last: int) -> list[Mailing]:
    """The last mailings that everybody has had the time to confirm: their day is over, or without one a week has gone by."""
    now = timezone.now()
    is_over = Q(confirm_by__lt=timezone.localdate()) | Q(confirm_by=None, started_at__lt=now - GRACE)
    return list(Mailing.objects.filter(is_over).select_related("issue").order_by("-started_at", "-pk")[:last])


def silent_readers(mailings: list[Mailing], tier: str = "") -> ReaderQuerySet:
    """The readers with an unconfirmed copy of one of these, the worst first: `missing` of `copies`, `since` when.

    A copy counts that arrived, goes on paper or stands in an account. One query.
    """
    arrived = {"deliveries__status__in": REACHED, "deliveries__revoked_at": None}
    receipts = Receipt.objects.filter(delivery__reader=OuterRef("pk")).order_by("-confirmed_at")
    is_missing = Q(deliveries__receipt=None)
    found = Reader.objects.active().filter(deliveries__mailing__in=mailings, **arrived)
    if tier:
        found = found.filter(unit__tier=tier)
    return (
        found.annotate(
            copies=Count("deliveries"),
            missing=Count("deliveries", filter=is_missing),
            since=Min("deliveries__mailing__started_at", filter=is_missing),
            confirmed_at=Subquery(receipts.values("confirmed_at")[:1]),
        )
        .filter(missing__gt=0)
        .select_related("unit")
        .order_by("-missing", "since", "organisation", "name", "pk")
    )


def title() -> str:
    return _("Who never confirms")


def xlsx(readers: ReaderQuerySet) -> bytes:
    head = [
        (_("Reader"), 34),
        (_("Office or person"), 18),
        (_("Unit"), 14),
        (_("Tier"), 16),
        (_("Channel"), 16),
        (_("E-mail address"), 28),
        (_("Issues received"), 10),
        (_("Not confirmed"), 10),
        (_("Since"), 17),
        (_("Last confirmed"), 17),
    ]
    rows = (
        [
            reader.organisation,
            reader.name,
            reader.unit.short_name if reader.unit else "",
            reader.unit.get_tier_display() if reader.unit else "",
            reader.way_words,
            reader.email,
            reader.copies,
            reader.missing,
            reader.since,
            reader.confirmed_at,
        ]
        for reader in readers
    )
    return sheets.xlsx(title(), head, rows)
