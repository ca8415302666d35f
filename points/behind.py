"""What is behind a figure of the report: the entries of the ledger, or the answers to stories, that it counts."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.units import present_units
from articles.models import ArticleEvent

from . import figures
from .models import BONUS, DEDUCTED, Carrier, CauseKind, Entry, Length
from .ranges import Range

_ADOPTED = Q(cause=CauseKind.ADOPTED)
# Figure -> what a page calls it, and which entries of the time it counts.
ENTRIES: dict[str, tuple[Any, Q]] = {
    "submitted": (_("Stories handed in"), Q(cause=CauseKind.SUBMITTED)),
    "adopted": (_("Stories adopted"), _ADOPTED),
    Length.LONG.value: (_("Long articles adopted"), _ADOPTED & Q(length=Length.LONG)),
    Length.MIDDLE.value: (_("Middle-sized articles adopted"), _ADOPTED & Q(length=Length.MIDDLE)),
    Length.SHORT.value: (_("Short articles adopted"), _ADOPTED & Q(length=Length.SHORT)),
    Carrier.BRIEF.value: (_("Briefs adopted"), _ADOPTED & Q(carrier=Carrier.BRIEF)),
    "report_points": (_("Points for handing in"), Q(cause=CauseKind.SUBMITTED)),
    "adoption_points": (_("Points for adoption"), Q(cause__in=(CauseKind.ADOPTED, CauseKind.FIRST))),
    "other_points": (_("Other points"), Q(cause__in=(CauseKind.ON_TIME, *BONUS, *DEDUCTED))),
    "points": (_("All points"), Q()),
    "missed": (_("Missed commissions"), Q(cause=CauseKind.MISSED)),
}
# The same of what is read from events.
EVENTS = {"answered": _("First answers to stories"), "returned": _("Stories returned to be changed")}
# Whose points are asked, with what the rules cut off: not the number of entries.
OF_POINTS = ("report_points", "adoption_points", "other_points", "points")


def address(what: str, within: Range, *, unit: int | None = None, tier: str = "") -> str:
    """Of the page that shows it."""
    of = f"&unit={unit}" if unit else f"&tier={tier}" if tier else ""
    return f"{reverse('points:figure', args=[what])}?{within.asked}{of}"


def entries(what: str, within: Range, user, *, tier: str = "", unit: int | None = None) -> QuerySet[Entry]:
    """Those that this person may see, the newest first, with all that a row shows."""
    found = figures.entries(within).filter(ENTRIES[what][1]).visible_to(user)
    if tier:
        found = found.filter(unit__tier=tier)
    if unit:
        found = found.filter(unit=unit)
    return found.select_related("unit", "article", "issue", "rule_set", "hand").order_by("-on", "-pk")


def events(
    what: str, within: Range, units: Iterable[int] | None, *, reason: str | None = None
) -> QuerySet[ArticleEvent]:
    """Of these units, under whatever name they had then; of all with None. With `reason` those returned for it alone."""
    found = figures.answers(within) if what == "answered" else figures.returns(within)
    if units is not None:
        now = set(units)
        found = found.filter(
            article__unit__in=now | {former for former, unit in present_units().items() if unit in now}
        )
    if reason is not None:
        found = found.filter(reason_label=reason)
    return found.select_related("article__unit", "by").order_by("-at", "-pk")
