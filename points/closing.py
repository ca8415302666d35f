"""Closes a month: its entries and its standing stay as they are from then on."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.refusals import Refused, permit

from . import ledger, standing
from .models import CLOSE, ClosedMonth, Entry
from .months import between, first_of, shifted
from .rules import Rules, wait_for_others


@dataclass(frozen=True)
class Closable:
    """`seen` marks what the entries up to the month were, when a person looked at them."""

    month: date
    seen: str


def open_months(today: date | None = None) -> list[date]:
    """The months that are over and may be closed, the newest first. A month closes with all before it."""
    last = shifted(first_of(today or timezone.localdate()), -1)
    closed = ClosedMonth.objects.last()
    first = shifted(closed, 1) if closed else Entry.objects.aggregate(first=Min("month"))["first"]
    return list(between(first, last))[::-1] if first and Rules.load() else []


def seen(month: date) -> str:
    found = Entry.objects.filter(month__lte=month).aggregate(newest=Max("pk"))
    return f"{month:%Y-%m} {found['newest'] or 0}"


def close(month: date | None, *, by, as_seen: str) -> ClosedMonth:
    """Freeze the standing of the month as it was on the person's page. Refused when an entry has come meanwhile."""
    permit(by, CLOSE)
    with transaction.atomic():
        wait_for_others()
        if month is None or month not in open_months():
            raise Refused(_("Only a month that is over and not closed yet can be closed."))
        ledger.bring_up_to_date()
        if seen(month) != as_seen:
            raise Refused(_("An entry has come meanwhile. Please look at the figures again, then close the month."))
        figures = {str(unit): score.as_json() for unit, score in standing.scores(month, month).items()}
        return ClosedMonth.objects.create(month=month, by=by, figures=figures)
