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
from .figures import Answered
from .models import Carrier, ClosedMonth, Length, RuleSet
from .ranges import Range
from .rules import Rules
from .standing import Score

# The columns of adopted stories, the heaviest first.
CLASSES = {
    **{length.value: length.label for length in (Length.LONG, Length.MIDDLE, Length.SHORT)},
    Carrier.BRIEF.value: Carrier.BRIEF.label,
}
_PLACE = {tier: place for place, tier in enumerate(Tier.values)}


@dataclass
class Line:
    """One unit: its score in the time, in the time before and in the year so far, and how it was answered."""

    unit: Unit
    score: Score
    before: Score
    year: Score
    answers: Answered

    @property
    def adopted(self) -> int:
        return sum(self.score.adopted.values())

    @property
    def by_class(self) -> list[tuple[str, int]]:
        return [(name, self.score.adopted.get(name, 0)) for name in CLASSES]

    @property
    def rate(self) -> float | None:
        return rate(self.adopted, self.score.submitted)

    @property
    def other_points(self) -> Decimal:
        """All but those for handing in and for being adopted: for commissions, praise and passed up, less what is taken away."""
        return self.score.total - self.score.report - self.score.adoption

    @property
    def rise(self) -> int | None:
        """By how many places it stands higher than in the time before; None where it has or had no place."""
        if self.score.rank is None or self.before.rank is None:
            return None
        return self.before.rank - self.score.rank


def rate(adopted: int, submitted: int) -> float | None:
    """1 is all. May pass 1, where stories of the time before are printed; None where nothing was handed in here."""
    return adopted / submitted if submitted else None


# What the lines can be sorted by: what is asked of a line, and whether the largest comes first.
SORTS: dict[str, tuple[Callable[[Line], Any], bool]] = {
    "unit": (lambda line: _printed(line.unit), False),
    "rank": (lambda line: line.score.rank, False),
    "rise": (lambda line: line.rise, True),
    "submitted": (lambda line: line.score.submitted, True),
    "year_submitted": (lambda line: line.year.submitted, True),
    "adopted": (lambda line: line.adopted, True),
    "rate": (lambda line: line.rate, True),
    "report_points": (lambda line: line.score.report, True),
    "adoption_points": (lambda line: line.score.adoption, True),
    "other_points": (lambda line: line.other_points, True),
    "points": (lambda line: line.score.total, True),
    "year_points": (lambda line: line.year.total, True),
    "missed": (lambda line: line.score.missed, True),
    "days": (lambda line: line.answers.days, False),
    "returned": (lambda line: line.answers.returned, True),
}


@dataclass
class Report:
    """`rules` are those by which units are ranked; None where the office has none yet. `months` count the stories of the year
    in which the time ends, `months_before` those of the year before; of a longer time all of its months are in `months`."""

    within: Range
    tier: str
    lines: list[Line]
    rules: RuleSet | None
    closed: ClosedMonth | None
    months: Counter[date]
    months_before: Counter[date]
    answers: Answered = field(default_factory=Answered)

    def __post_init__(self) -> None:
        for line in self.lines:
            self.answers.add(line.answers)

    @property
    def submitted(self) -> int:
        return sum(line.score.submitted for line in self.lines)

    @property
    def adopted(self) -> int:
        return sum(line.adopted for line in self.lines)

    @property
    def by_class(self) -> list[tuple[str, int]]:
        return [(name, sum(line.score.adopted.get(name, 0) for line in self.lines)) for name in CLASSES]

    @property
    def rate(self) -> float | None:
        return rate(self.stories, self.submitted)

    @property
    def missed(self) -> int:
        return sum(line.score.missed for line in self.lines)

    @property
    def year_submitted(self) -> int:
        return sum(line.year.submitted for line in self.lines)

    @property
    def stories(self) -> int:
        """Adopted, each once however many units it is of."""
        return sum(number for month, number in self.months.items() if self.within.first <= month <= self.within.last)

    @property
    def shared(self) -> int:
        """How many times a story stands with a further unit too."""
        return self.adopted - self.stories

    @property
    def is_closed(self) -> bool:
        return self.closed is not None and self.within.last <= self.closed.month

    @property
    def is_partly_closed(self) -> bool:
        return not self.is_closed and self.closed is not None and self.within.first <= self.closed.month

    def sorted_by(self, name: str, *, turned: bool = False) -> list[Line]:
        """The lines; those without a value come last in any case, and what is equal stays in the printed order."""
        asked, largest_first = SORTS[name]
        known = [line for line in self.lines if asked(line) is not None]
        known.sort(key=asked, reverse=largest_first != turned)
        return known + [line for line in self.lines if asked(line) is None]

    def of_unit(self, unit: int | None) -> Line | None:
        return next((line for line in self.lines if line.unit.pk == unit), None)

    def rankings(self) -> list[list[Line]]:
        """The lines of each ranking, the first first."""
        found: dict[int, list[Line]] = {}
        for line in self.sorted_by("rank"):
            if line.score.is_ranked:
                found.setdefault(line.score.group, []).append(line)
        return [found[group] for group in sorted(found)]

    def ranked_with(self, unit: int | None) -> list[Line]:
        """Those that share a ranking with the unit; without it where it is not ranked itself."""
        own = self.of_unit(unit)
        group = own.score.group if own else None
        return next((lines for lines in self.rankings() if lines[0].score.group == group), [])


def report(within: Range, tier: str = "", unit: int | None = None) -> Report:
    """Of all units, or of one tier: those that are there at its end, and all of which something is told. With `unit` the months
    are counted for that one alone.

    The number of queries is the same however many units, stories and years there are.
    """
    year, before = within.year_so_far, within.before
    times = [(each.first, each.last) for each in (within, year, before)]
    scores, of_year, scores_before = standing.scores_of(times)
    answers = figures.answered(within)
    told = {unit for found in (scores, of_year) for unit, score in found.items() if score.volume or score.total}
    lines = [
        Line(
            unit,
            scores.get(unit.pk) or Score(unit.pk),
            scores_before.get(unit.pk) or Score(unit.pk),
            of_year.get(unit.pk) or Score(unit.pk),
            answers.get(unit.pk, Answered()),
        )
        for unit in _units(within, told | set(answers), tier)
    ]
    rules = Rules.load()
    return Report(
        within,
        tier,
        lines,
        rules.in_force(within.last) if rules else None,
        ClosedMonth.objects.standing().select_related("by").order_by("-month").first(),
        figures.stories(Range(min(within.first, year.first), within.last), tier, unit),
        figures.stories(Range.year(within.last.year - 1), tier, unit),
    )


def _units(within: Range, told: set[int], tier: str) -> Sequence[Unit]:
    """In the printed order, under the names that they have today."""
    valid = Q(renamed_to=None) & (Q(valid_from=None) | Q(valid_from__lte=within.ends_on))
    valid &= Q(valid_to=None) | Q(valid_to__gte=within.ends_on)
    units = Unit.objects.filter(valid | Q(pk__in=told))
    return sorted((unit for unit in units if tier in ("", unit.tier)), key=_printed)


def _printed(unit: Unit) -> tuple[int, int, int]:
    return _PLACE[unit.tier], unit.position, unit.pk
