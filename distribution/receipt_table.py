"""The receipts of an issue as a table to take away: which columns it has, and what each copy says in them."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from . import sheets
from .models import AccessLog, Delivery, DeliveryQuerySet, Mailing, Reminder


def listed(mailing: Mailing, *, show: str = "", tier: str = "", q: str = "") -> DeliveryQuerySet:
    """The copies of the list of receipts as its filter says, in its order, with all that a row shows. One query."""
    downloads = AccessLog.objects.filter(delivery=OuterRef("pk"), kind=AccessLog.Kind.DOWNLOAD).order_by("-at")
    reminders = Reminder.objects.filter(delivery=OuterRef("pk")).order_by("-day")
    times = reminders.order_by().values("delivery").annotate(times=Count("pk")).values("times")
    return (
        mailing.deliveries.with_held()
        .missing_first()
        .chosen_by(show=show, tier=tier, q=q)
        .select_related("reader__unit", "receipt__entered_by")
        .annotate(
            downloaded_at=Subquery(downloads.values("at")[:1]),
            reminded_at=Subquery(reminders.values("asked_at")[:1]),
            reminder_status=Subquery(reminders.values("status")[:1]),
            times_reminded=Coalesce(Subquery(times), 0),
        )
    )


def title(mailing: Mailing) -> str:
    return _("Receipts of %(issue)s") % {"issue": mailing.issue}


def head() -> list[tuple[str, int]]:
    """Each column's name and its width in characters."""
    return [
        (_("Reader"), 34),
        (_("Office or person"), 18),
        (_("Unit"), 14),
        (_("Tier"), 16),
        (_("Channel"), 16),
        (_("E-mail address"), 28),
        (_("State"), 10),
        (_("Sent"), 17),
        (_("Opened"), 17),
        (_("Downloaded"), 17),
        (_("Times reminded"), 10),
        (_("Last reminded"), 17),
        (_("Receipt"), 10),
        (_("Confirmed at"), 17),
        (_("Confirmed by"), 12),
        (_("How"), 14),
        (_("Entered by"), 10),
        (_("Address held"), 12),
    ]


def rows(copies: Iterable[Delivery]) -> Iterator[list[sheets.Cell]]:
    for copy in copies:
        unit, receipt = copy.reader.unit, getattr(copy, "receipt", None)
        yield [
            copy.reader.organisation,
            copy.reader.name,
            unit.short_name if unit else "",
            unit.get_tier_display() if unit else "",
            copy.get_channel_display(),
            copy.address,
            copy.get_status_display(),
            copy.sent_at,
            copy.opened_at,
            copy.downloaded_at,
            copy.times_reminded,
            copy.reminded_at,
            _("confirmed") if receipt else _("not confirmed yet"),
            receipt and receipt.confirmed_at,
            receipt and receipt.name,
            receipt and receipt.get_how_display(),
            str(receipt.entered_by) if receipt and receipt.entered_by else "",
            _("held") if copy.is_held else "",
        ]


def xlsx(mailing: Mailing, copies: Iterable[Delivery]) -> bytes:
    return sheets.xlsx(title(mailing), head(), rows(copies))
