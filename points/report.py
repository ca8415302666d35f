"""The report of adoptions (采用通报) of a time: one line for each unit, its place, and how that has changed."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from accounts.models import Tier, Unit

from . import figures, standing
from .figures import Counts
from .models import Carrier, ClosedMonth, Length
from .ranges import Range
from .standing import Score

CLASSES = (*(length.value for length in (Length.LONG, Length.MIDDLE, Length.SHORT)), Carrier.BRIEF.value)
TIERS = {tier: place for place, tier in enumerate(Tier.values)}
NONE = Decimal(0)


@dataclass
class Line:
    """One unit. `year_submitted` and `year_points` are of the year so far."""

    unit: Unit
    counts: Counts
    score: Score | None
    before: Score | None
    year_submitted: int
    year_points: Decimal

    @property
    def report_points(self) -> Decimal:
        return self.score.report if self.score else NONE

    @property
    def adoption_points(self) -> Decimal:
        return self.score.adoption if self.score else NONE

    @property
    def points(self) -> Decimal:
        return self.score.total if self.score else NONE

    @property
    def rank(self) -> int | None:
        """Its place among those it is ranked with; None below the minimum volume."""
        return self.score.rank if self.score else None

    @property
    def rise(self) -> int | None:
        """By how many places it stands higher than in the time before; None where it had or has no place."""
        if self.rank is None or self.before is None or self.before.rank is None:
            return None
        return self.before.rank - self.rank

    @property
    def by_class(self) -> list[tuple[str, int]]:
        return [(name, self.counts.adopted[name]) for name in CLASSES]

    @property
    def is_blank(self) -> bool:
        return not self.year_submitted and not self.year_points and self.counts == Counts()


# What the lines can be sorted by: how the line is asked, and whether the largest comes first.
SORTS: dict[str, tuple[Callable[[Line], Any], bool]] = {
    "unit": (lambda line: (TIERS[line.unit.tier], line.unit.position, line.unit.pk), False),
    "submitted": (lambda line: line.counts.submitted, True),
    "year_submitted": (lambda line: line.year_submitted, True),
    "adopted": (lambda line: line.counts.adopted_in_all, True),
    "rate": (lambda line: line.counts.rate, True),
    "report_points": (lambda line: line.report_points, True),
    "adoption_points": (lambda line: line.adoption_points, True),
    "points": (lambda line: line.points, True),
    "year_points": (lambda line: line.year_points, True),
    "rank": (lambda line: line.rank, False),
    "rise": (lambda line: line.rise, True),
    "missed": (lambda line: line.counts.missed, True),
    "days": (lambda line: line.counts.days, False),
    "returned": (lambda line: line.counts.returned, True),
}


@dataclass
class Report:
    within: Range
    lines: list[Line]
    total: Counts
    total_points: Decimal
    months: Counter[date]
    months_before: Counter[date]
    closed: list[ClosedMonth]
    closed_upto: date | None
    tier: str = ""
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def stories(self) -> int:
        """Adopted, each once however many units it is of."""
        return sum(number for month, number in self.months.items() if self.within.first <= month <= self.within.last)

    @property
    def shared(self) -> int:
        """How many times a story stands with a further unit too."""
        return self.total.adopted_in_all - self.stories

    @property
    def is_closed(self) -> bool:
        return self.closed_upto is not None and self.within.last <= self.closed_upto

    @property
    def is_partly_closed(self) -> bool:
        return not self.is_closed and self.closed_upto is not None and self.within.first <= self.closed_upto

    def sorted_by(self, name: str, *, turned: bool = False) -> list[Line]:
        """The lines; those without a value come last in any case, and what is equal stays in the printed order."""
        asked, largest_first = SORTS[name]
        known = [line for line in self.lines if asked(line) is not None]
        known.sort(key=asked, reverse=largest_first != turned)
        return known + [line for line in self.lines if asked(line) is None]

    def of_unit(self, unit: int | None) -> Line | None:
        return next((line for line in self.lines if line.unit.pk == unit), None)


def report(within: Range, tier: str = "") -> Report:
    """Of all units, or of one tier: those that were valid then, or of which something stands in the ledger.

    The number of queries is the same however many units, stories and years there are.
    """
    counts = figures.count(within)
    scores, before = standing.scores(within.first, within.last), standing.scores(within.before.first, within.before.last)
    year = within.year_so_far
    of_year = scores if year == within else standing.scores(year.first, year.last)
    submitted = figures.submitted(year)
    lines = []
    for unit in _units(within, {*counts, *scores, *submitted}):
        if tier and unit.tier != tier:
            continue
        key = unit.pk
        so_far = of_year[key].total if key in of_year else NONE
        lines.append(
            Line(unit, counts.get(key, Counts()), scores.get(key), before.get(key), submitted[key], so_far)
        )
    total = Counts()
    for line in lines:
        total.add(line.counts)
    closed = list(ClosedMonth.objects.select_related("by").order_by("-month")[:1])
    return Report(
        within,
        lines,
        total,
        sum((line.points for line in lines), NONE),
        figures.stories(Range(min(within.first, Range.year(within.last.year).first), within.last), tier),
        figures.stories(Range.year(within.last.year - 1), tier),
        closed,
        closed[0].month if closed else None,
        tier,
        total.reasons,
    )


def _units(within: Range, told: set[int]) -> Sequence[Unit]:
    """In the printed order. Former names stand under the present one."""
    valid = Q(renamed_to=None) & (Q(valid_from=None) | Q(valid_from__lte=within.ends_on))
    valid &= Q(valid_to=None) | Q(valid_to__gte=within.first)
    units = Unit.objects.filter(valid | Q(pk__in=told))
    return sorted(units, key=lambda unit: (TIERS[unit.tier], unit.position, unit.pk))
