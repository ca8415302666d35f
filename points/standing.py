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

from django.db.models import Case, Sum, Value, When

from accounts.models import Unit

from . import causes
from .models import BASE, BONUS, DEDUCTED, CauseKind, ClosedMonth, Entry, RuleSet
from .months import between, first_of
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
    """Entries of a unit in a month of the same kind, together. Counter entries count as one less."""

    unit: int
    month: date
    cause: str
    kind: str  # of an adopted story: its length, or brief
    points: Decimal
    number: int


def scores(start: date, end: date) -> dict[int, Score]:
    """unit -> its score, for all units that are there on the last day or have an entry. Empty where there are no rules.

    `start` and `end` lie in the first and in the last month. Of a single closed month it is what was frozen. Five queries.
    """
    start, end = first_of(start), first_of(end)
    if start == end and (closed := ClosedMonth.objects.filter(month=start).first()):
        return {int(unit): Score.from_json(said) for unit, said in closed.figures.items()}
    rules = Rules.load()
    if not rules:
        return {}
    rows = _rows(start.replace(month=1), end)
    return score(rows, rules, tiers(end), start, end)


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


def _rows(start: date, end: date) -> list[Row]:
    count = Sum(Case(When(counters=None, then=Value(1)), default=Value(-1)))
    found = Entry.objects.filter(month__gte=start, month__lte=end).order_by()
    columns = ("unit", "month", "cause", "length", "carrier")
    return [
        Row(unit, month, cause, length or carrier, points, n)
        for unit, month, cause, length, carrier, points, n in found.values(*columns)
        .annotate(sum=Sum("points"), n=count)
        .values_list(*columns, "sum", "n")
    ]


# --- the reckoning, which asks nothing of the database ----------------------------------------------------------------
def score(rows: Iterable[Row], rules: Rules, tier_of: Mapping[int, str], start: date, end: date) -> dict[int, Score]:
    """`rows` begin with the year of `start`: missed commissions of the whole year count."""
    last = rules.in_force(end)
    by_unit: dict[int, dict[date, list[Row]]] = defaultdict(lambda: defaultdict(list))
    missed: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        if row.cause == CauseKind.MISSED and row.month <= end:
            missed[row.unit, row.month.year] += row.number
        if start <= row.month <= end:
            by_unit[row.unit][row.month].append(row)
    found = {}
    in_force = {month: rules.in_force(month) for month in between(start, end)}
    for unit in {*tier_of, *by_unit}:
        parts, is_zeroed = [], False
        for month, of_month in sorted(by_unit[unit].items()):
            part = _of_month(of_month, in_force[month])
            if last.zero_after and missed[unit, month.year] >= last.zero_after:
                part, is_zeroed = part._replace(total=ZERO), True
            parts.append(part)
        found[unit] = _sum(unit, parts, is_zeroed=is_zeroed)
    return _ranked(found, last, tier_of, len(in_force))


class Part(NamedTuple):
    """Of one unit in one month, as in Score. Of ten years there are thousands."""

    report: Decimal
    adoption: Decimal
    on_time: Decimal
    bonus: Decimal
    deducted: Decimal
    capped: Decimal
    withheld: Decimal
    total: Decimal
    submitted: int
    missed: int
    volume: int
    adopted: dict[str, int]


def _of_month(rows: Iterable[Row], rules: RuleSet) -> Part:
    points: dict[str, Decimal] = defaultdict(Decimal)
    counts: dict[str, int] = defaultdict(int)
    adopted: dict[str, int] = defaultdict(int)
    for row in rows:
        points[row.cause] += row.points
        counts[row.cause] += row.number
        if row.cause == CauseKind.ADOPTED:
            adopted[row.kind] += row.number
    base = sum((points[cause] for cause in BASE), ZERO)
    bonus = sum((points[cause] for cause in BONUS), ZERO)
    deducted = sum((points[cause] for cause in DEDUCTED), ZERO)
    # Of past issues nobody knows what was handed in for them: what was printed was.
    volume = max(counts[CauseKind.SUBMITTED], counts[CauseKind.ADOPTED])
    cap = rules.monthly_cap
    capped = max(base - cap, ZERO) if cap is not None else ZERO
    withheld = bonus if rules.withholds and volume < rules.minimum else ZERO
    return Part(
        report=points[CauseKind.SUBMITTED],
        adoption=points[CauseKind.ADOPTED] + points[CauseKind.FIRST],
        on_time=points[CauseKind.ON_TIME],
        bonus=bonus,
        deducted=deducted,
        capped=capped,
        withheld=withheld,
        total=base - capped + bonus - withheld + deducted,
        submitted=counts[CauseKind.SUBMITTED],
        missed=counts[CauseKind.MISSED],
        volume=volume,
        adopted=adopted,
    )


def _sum(unit: int, parts: Sequence[Part], *, is_zeroed: bool) -> Score:
    adopted: dict[str, int] = defaultdict(int)
    for part in parts:
        for kind, count in part.adopted.items():
            adopted[kind] += count
    sums: dict[str, Any] = {
        name: sum(amounts, ZERO if name in _AMOUNTS else 0)
        for name, amounts in zip(Part._fields[:-1], zip(*(part[:-1] for part in parts), strict=True), strict=False)
    }
    counted = {kind: count for kind, count in adopted.items() if count}
    return Score(unit, adopted=counted, is_zeroed=is_zeroed, **sums)


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
