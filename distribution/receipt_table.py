"""The receipts of an issue as a table to take away: which columns it has, and what each copy says in them."""

from collections.abc import Iterable, Iterator

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from . import sheets
from .models import AccessLog, Delivery, DeliveryQuerySet, Mailing


def listed(mailing: Mailing, *, show: str = "", tier: str = "", q: str = "") -> DeliveryQuerySet:
    """The copies of the list of receipts as its filter says, in its order, with all that a row shows. One query."""
    downloads = Q(access_logs__kind=AccessLog.Kind.DOWNLOAD)
    return (
        mailing.deliveries.missing_first()
        .chosen_by(show=show, tier=tier, q=q)
        .select_related("reader__unit", "receipt__entered_by")
        .annotate(downloaded_at=Max("access_logs__at", filter=downloads))
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
        (_("Receipt"), 10),
        (_("Confirmed at"), 17),
        (_("Confirmed by"), 12),
        (_("How"), 14),
        (_("Entered by"), 10),
    ]


def rows(copies: Iterable[Delivery]) -> Iterator[list[sheets.Cell]]:
    for copy in copies:
        unit, receipt = copy.reader.unit, getattr(copy, "receipt", None)
        yield [
            copy.reader.organisation,
            copy.reader.name,
            unit.short_name if unit else "",
            unit.get_tier_display() if unit else "",
            copy.channel,
            copy.address,
            copy.get_status_display(),
            copy.sent_at,
            copy.opened_at,
            copy.downloaded_at,
            _("confirmed") if receipt else _("not confirmed yet"),
            receipt and receipt.confirmed_at,
            receipt and receipt.name,
            receipt and receipt.get_how_display(),
            str(receipt.entered_by) if receipt and receipt.entered_by else "",
        ]


def xlsx(mailing: Mailing, copies: Iterable[Delivery]) -> bytes:
    return sheets.xlsx(title(mailing), head(), rows(copies))
