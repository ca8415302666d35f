"""How the units stand between two months: the ledger's points with caps, minimum volume and ranking applied.

Each month is reckoned under its own rules, and a range is the sum of its months. The ranking, and the missed commissions that
set a year to zero, follow the rules of the last month.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Case, CharField, F, Field, IntegerField, Q, Sum, When
from django.db.models.functions import Cast, Round

from accounts.models import Unit

from . import causes
from .models import BONUS, DEDUCTED, Carrier, CauseKind, ClosedMonth, Entry, Length, RuleSet
from .months import first_of
from .rules import Rules
from .valuing import value

ZERO = Decimal(0)
_AMOUNTS = ("report", "adoption", "on_time", "bonus", "deducted", "capped", "withheld", "total")


@dataclass(frozen=True)
class Score:
    """Of one unit. `total` = report + adoption + on_time - capped + bonus - withheld + deducted, or zero with `is_zeroed`.

    `report` is for handing in, `adoption` for being printed (first in the issue with it), `bonus` for stories passed up and
    praise, `deducted` is at most zero and holds missed commissions. `capped` and `withheld` are what the rules cut off.
    `adopted` counts by carrier or length: brief, short, middle, long. `rank` is None below the minimum volume.
    """

    unit_id: int
    report: Decimal = ZERO
    adoption: Decimal = ZERO
    on_time: Decimal = ZERO
    bonus: Decimal = ZERO
    deducted: Decimal = ZERO
    capped: Decimal = ZERO
    withheld: Decimal = ZERO
    total: Decimal = ZERO
    submitted: int = 0
    adopted: dict[str, int] = field(default_factory=dict)
    missed: int = 0
    volume: int = 0
    is_zeroed: bool = False
    group: int = 0
    rank: int | None = None

    @property
    def base(self) -> Decimal:
        """For handing in, being printed and answering in time, up to the cap."""
        return self.report + self.adoption + self.on_time - self.capped

    @property
    def given_bonus(self) -> Decimal:
        return self.bonus - self.withheld

    @property
    def printed(self) -> int:
        return sum(self.adopted.values())

    @property
    def is_ranked(self) -> bool:
        return self.rank is not None

    def as_json(self) -> dict[str, Any]:
        return {name: str(each) if isinstance(each, Decimal) else each for name, each in asdict(self).items()}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Score":
        values: dict[str, Any] = {name: Decimal(each) if name in _AMOUNTS else each for name, each in said.items()}
        return cls(**values)


class Row(NamedTuple):
    """What one cause gives one unit in a month, or several of a kind together."""

    unit: int
    month: date
    cause: str
    kind: str  # of an adopted story: its length, or brief
    points: Decimal
    number: int


class Month(NamedTuple):
    """Of one unit in one month, before its rules cut anything off: points in cents, and how many there are."""

    unit: int
    month: date
    report: int
    adoption: int
    on_time: int
    bonus: int
    deducted: int
    submitted: int
    missed: int
    long: int
    middle: int
    short: int
    brief: int


# What makes the sums and the numbers of a month, in their order.
_SUMS = {
    "report": (CauseKind.SUBMITTED,),
    "adoption": (CauseKind.ADOPTED, CauseKind.FIRST),
    "on_time": (CauseKind.ON_TIME,),
    "bonus": BONUS,
    "deducted": DEDUCTED,
}
_LENGTHS = (Length.LONG.value, Length.MIDDLE.value, Length.SHORT.value)
_CLASSES = (*_LENGTHS, Carrier.BRIEF.value)
_COUNTS = {
    "submitted": Q(cause=CauseKind.SUBMITTED),
    "missed": Q(cause=CauseKind.MISSED),
    **{length: Q(cause=CauseKind.ADOPTED, length=length) for length in _LENGTHS},
    Carrier.BRIEF.value: Q(cause=CauseKind.ADOPTED, carrier=Carrier.BRIEF),
}
_NAMES = (*_SUMS, *_COUNTS)
_SUM_OF: dict[str, str] = {cause: name for name, causes_ in _SUMS.items() for cause in causes_}


def scores(start: date, end: date) -> dict[int, Score]:
    """unit -> its score, for all units that are there on the last day or have an entry. Empty where there are no rules.

    `start` and `end` lie in the first and in the last month. Of a single closed month it is what was frozen. Four queries.
    """
    return scores_of([(start, end)])[0]


def scores_of(times: Iterable[tuple[date, date]]) -> list[dict[int, Score]]:
    """The same of several times. The ledger is read once for all of them, and each month is reckoned once."""
    spans = [(first_of(start), first_of(end)) for start, end in times]
    months = [start for start, end in spans if start == end]
    closed = {each.month: each for each in ClosedMonth.objects.standing().filter(month__in=months)} if months else {}
    asked = [(start, end) for start, end in spans if start != end or start not in closed]
    rules = Rules.load() if asked else Rules([])
    if rules:
        earliest, last = min(start for start, _end in asked), max(end for _start, end in asked)
        reckoned = Reckoned(_months(earliest.replace(month=1), last), rules)
        present = {end: tiers(end) for _start, end in asked}
    found = []
    for start, end in spans:
        if start == end and start in closed:
            found.append(frozen(closed[start]))
        else:
            found.append(reckoned.between(start, end, present[end]) if rules else {})
    return found


def frozen(closed: ClosedMonth) -> dict[int, Score]:
    """What a closing has kept."""
    return {int(unit): Score.from_json(said) for unit, said in closed.figures.items()}


def from_entries(month: date) -> dict[int, Score]:
    """Of one month, past what was frozen of it: what its entries give."""
    reckoned = Reckoned(_months(month.replace(month=1), month), Rules.load())
    return reckoned.between(month, month, tiers(month))


def preview(draft: RuleSet, start: date, end: date) -> dict[int, Score]:
    """The same under rules that are not in force, worked out from the causes; nothing is written."""
    start, end = first_of(start), first_of(end)
    rules = Rules.always(draft)
    since = start.replace(month=1)
    lines = value(causes.derive(_last_day(end), since), rules)
    rows = [
        Row(line.unit, first_of(line.on), line.cause, line.length or line.carrier, line.points, 1)
        for line in lines
        if line.on >= since
    ]
    return score(rows, rules, tiers(end), start, end)


def tiers(month: date) -> dict[int, str]:
    """The units that are there at the end of the month, under the names that they have today."""
    units = Unit.objects.filter(renamed_to=None)
    return dict(units.valid_on(_last_day(month)).values_list("pk", "tier"))


def _last_day(month: date) -> date:
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _months(start: date, end: date) -> "list[Month]":
    """Of each unit in each month. One query, in which the database does the adding up: of ten years there are thousands."""
    found = Entry.objects.filter(month__gte=start, month__lte=end).order_by()
    # As text, which is cheaper than thousands of dates; a cent is the least that can be given.
    found = found.annotate(of=Cast("month", CharField(max_length=10)))
    cents = Cast(Round(F("points") * 100), IntegerField())
    sign = Case(When(counters=None, then=1), default=-1)
    sums = {name: _sum_of(cents, Q(cause__in=causes)) for name, causes in _SUMS.items()}
    counts = {name: _sum_of(sign, condition) for name, condition in _COUNTS.items()}
    rows = found.values("unit", "of").annotate(**sums, **counts).values_list("unit", "of", *sums, *counts)
    of: dict[str, date] = {}
    return [
        Month(unit, of.get(text) or of.setdefault(text, date.fromisoformat(text)), *numbers)
        for unit, text, *numbers in rows
    ]


def _sum_of(value: Case | Cast, condition: Q) -> Sum:
    """A plain field, because one of integers calls a function for each number that comes."""
    return Sum(Case(When(condition, then=value), default=0), output_field=Field())


# --- the reckoning, which asks nothing of the database ----------------------------------------------------------------
def score(rows: Iterable[Row], rules: Rules, tier_of: Mapping[int, str], start: date, end: date) -> dict[int, Score]:
    """`rows` begin with the year of `start`: missed commissions of the whole year count."""
    return Reckoned(_gathered(rows), rules).between(start, end, tier_of)


def _gathered(rows: Iterable[Row]) -> list[Month]:
    found: dict[tuple[int, date], dict[str, int]] = defaultdict(lambda: dict.fromkeys(_NAMES, 0))
    for row in rows:
        month = found[row.unit, row.month]
        if row.cause in _SUM_OF:
            month[_SUM_OF[row.cause]] += int(row.points * 100)
        counted = row.kind if row.cause == CauseKind.ADOPTED else row.cause
        if counted in _COUNTS:
            month[counted] += row.number
    return [Month(unit, month, **numbers) for (unit, month), numbers in found.items()]


class Part(NamedTuple):
    """What a unit has of a month under its rules, as in Score, with points in cents."""

    report: int
    adoption: int
    on_time: int
    bonus: int
    deducted: int
    capped: int
    withheld: int
    total: int
    submitted: int
    missed: int
    volume: int
    long: int
    middle: int
    short: int
    brief: int


class Reckoned:
    """What each unit has in each month under the rules of that month, to be added up for any time within."""

    def __init__(self, months: Iterable[Month], rules: Rules):
        self.rules = rules
        self.missed: list[Month] = []
        self.parts: dict[int, list[tuple[date, Part]]] = defaultdict(list)
        in_force: dict[date, Limits] = {}
        for month in months:
            limits = in_force.get(month.month)
            if limits is None:
                limits = in_force[month.month] = Limits.of(rules.in_force(month.month))
            self.parts[month.unit].append((month.month, limits.part(month)))
            if month.missed:
                self.missed.append(month)

    def between(self, start: date, end: date, tier_of: Mapping[int, str]) -> dict[int, Score]:
        last = self.rules.in_force(end)
        missed: dict[tuple[int, int], int] = defaultdict(int)
        for month in self.missed:
            if month.month <= end:
                missed[month.unit, month.month.year] += month.missed
        most = last.zero_after
        zeroed = {key for key, number in missed.items() if number >= most} if most else set()
        found = {unit: Score(unit) for unit in tier_of}
        for unit, months in self.parts.items():
            parts = [(month, part) for month, part in months if start <= month <= end]
            if parts:
                lost = [part for month, part in parts if (unit, month.year) in zeroed] if zeroed else []
                found[unit] = _sum(unit, [part for _month, part in parts], lost)
        length = (end.year - start.year) * 12 + end.month - start.month + 1
        return _ranked(found, last, tier_of, length)


class Limits(NamedTuple):
    """What the rules of a month cut off. In cents; no cap is None."""

    cap: int | None
    minimum: int
    withholds: bool

    @classmethod
    def of(cls, rules: RuleSet) -> "Limits":
        cap = rules.monthly_cap
        return cls(None if cap is None else int(cap * 100), rules.minimum, rules.withholds)

    def part(self, month: Month) -> Part:
        base = month.report + month.adoption + month.on_time
        # Of past issues nobody knows what was handed in for them: what was printed was.
        volume = max(month.submitted, month.long + month.middle + month.short + month.brief)
        capped = max(base - self.cap, 0) if self.cap is not None else 0
        withheld = month.bonus if self.withholds and volume < self.minimum else 0
        return Part(
            *month[2:7],
            capped,
            withheld,
            base - capped + month.bonus - withheld + month.deducted,
            month.submitted,
            month.missed,
            volume,
            *month[9:],
        )


def _sum(unit: int, parts: Sequence[Part], lost: Sequence[Part]) -> Score:
    """Of several months; `lost` are those of them whose year was set to zero."""
    sums = Part(*map(sum, zip(*parts, strict=True)))
    values: dict[str, Any] = {name: Decimal(getattr(sums, name)).scaleb(-2) for name in _AMOUNTS}
    values["total"] -= Decimal(sum(part.total for part in lost)).scaleb(-2)
    adopted = {name: number for name in _CLASSES if (number := getattr(sums, name))}
    values |= {"submitted": sums.submitted, "missed": sums.missed, "volume": sums.volume}
    return Score(unit, adopted=adopted, is_zeroed=bool(lost), **values)


def _ranked(found: Mapping[int, Score], rules: RuleSet, tier_of: Mapping[int, str], months: int) -> dict[int, Score]:
    """Equal totals have the same rank. Who has left, or has too few stories, has none."""
    groups = {unit: rules.group_of(tier) for unit, tier in tier_of.items()}
    totals: dict[int, list[Decimal]] = defaultdict(list)
    is_ranked = {unit: unit in groups and score.volume >= rules.minimum * months for unit, score in found.items()}
    for unit, score in found.items():
        if is_ranked[unit]:
            totals[groups[unit]].append(score.total)
    ranked = {}
    for unit, score in found.items():
        group = groups.get(unit, 0)
        rank = 1 + sum(total > score.total for total in totals[group]) if is_ranked[unit] else None
        ranked[unit] = replace(score, group=group, rank=rank)
    return ranked
