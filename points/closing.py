"""Closes a month: its entries and its standing stay as they are from then on, until a person reopens it with a reason."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from workflow.refusals import Refused, permit
from workflow.worker import notify

from . import ledger, standing
from .models import CLOSE, WHY_LENGTH, ClosedMonth, Entry, Reopening
from .months import between, first_of, shifted, written
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


def reopen(closed: ClosedMonth, *, by, why: str) -> ClosedMonth:
    """Undo the last closing that holds: all months since the one before it take entries again. Its row stays readable."""
    permit(by, CLOSE)
    why = why.strip()
    if not why:
        raise Refused(_("Please say why the month is reopened."))
    if len(why) > WHY_LENGTH:
        raise Refused(_("Please give the reason in at most %(length)s characters.") % {"length": WHY_LENGTH})
    with transaction.atomic():
        wait_for_others()
        last = ClosedMonth.objects.last()
        if not ClosedMonth.objects.standing().filter(pk=closed.pk).exists():
            raise Refused(_("%(month)s is open already.") % {"month": closed})
        if last and last != closed.month:
            words = _("%(later)s is closed after it. Please reopen that month first.")
            raise Refused(words % {"later": written(last)})
        Reopening.objects.create(closed=closed, by=by, why=why)
        notify("points.tasks.bring_up_to_date")
    return closed


def compared() -> Iterator[tuple[ClosedMonth, list[str]]]:
    """Each closing that holds, with the units of which it froze something else than the entries of the ledger give.

    Places are not compared: they follow the tiers and names that units had on that day.
    """
    for closed in ClosedMonth.objects.standing().order_by("month"):
        now, then = standing.from_entries(closed.month), standing.frozen(closed)
        wrong = [unit for unit in {*now, *then} if _amounts(now.get(unit), unit) != _amounts(then.get(unit), unit)]
        yield closed, list(Unit.objects.filter(pk__in=wrong).order_by("pk").values_list("short_name", flat=True))


def _amounts(score: standing.Score | None, unit: int) -> standing.Score:
    return replace(score, group=0, rank=None) if score else standing.Score(unit)
