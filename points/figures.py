"""What the ledger does not hold: how long stories waited for an answer, why they came back, how many there are in each month.

All is counted by the database, with as many queries however long the time is and however many units there are. Of months
that are over it always says the same: events and entries are only ever added, none to a month that is closed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import (
    CharField,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast

from accounts.units import present_units
from articles.models import Article, ArticleEvent

from .models import CauseKind, Entry, EntryQuerySet
from .ranges import Range

HANDING_IN = (Article.SUBMIT.name, Article.APPROVE.name)
ANSWERS = tuple(
    move.name
    for move in (
        *(Article.RETURN, Article.DECLINE, Article.MERGE, Article.HOLD),
        *(Article.ACCEPT, Article.STAND_IN_LAST),
    )
)
# What an entry counts: one, and what counters another takes one away.
NET = Count("pk", filter=Q(counters=None)) - Count("pk", filter=Q(counters__isnull=False))


class Seconds(Func):
    """A moment as a number. On SQLite the difference of two moments is a function of Django's in Python, called for each row."""

    output_field = FloatField()

    def as_sqlite(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, template="(julianday(%(expressions)s) * 86400.0)", **context)

    def as_postgresql(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, template="EXTRACT(EPOCH FROM %(expressions)s)", **context)


@dataclass
class Answered:
    """Of one unit, or of several together. `waited` is the time of all `answered` stories together, from the first handing in
    to the first answer; `reasons` count why stories came back to be changed, "" where none was given."""

    answered: int = 0
    waited: timedelta = timedelta()
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def days(self) -> float | None:
        """From handing in to the first answer, on average."""
        return self.waited / timedelta(days=1) / self.answered if self.answered else None

    @property
    def returned(self) -> int:
        return self.reasons.total()

    def add(self, other: "Answered") -> None:
        self.answered += other.answered
        self.waited += other.waited
        self.reasons.update(other.reasons)


def answers(within: Range) -> QuerySet[ArticleEvent]:
    """The first answer to each story that was answered then; `waited` since it was first handed in."""
    earlier = _events(ANSWERS).filter(article=OuterRef("article"), pk__lt=OuterRef("pk"))
    handed_in = _events(HANDING_IN).filter(article=OuterRef("article"), pk__lt=OuterRef("pk")).order_by("pk")
    first = _events(ANSWERS).filter(within.moments("at"), ~Exists(earlier))
    first = first.annotate(handed_in=Subquery(handed_in.values("at")[:1])).filter(handed_in__isnull=False)
    return first.annotate(waited=ExpressionWrapper(F("at") - F("handed_in"), output_field=DurationField()))


def returns(within: Range) -> QuerySet[ArticleEvent]:
    """Each time that a story went back to its unit to be changed."""
    return _events((Article.RETURN.name,)).filter(within.moments("at"))


def _events(transitions: Iterable[str]) -> QuerySet[ArticleEvent]:
    return ArticleEvent.objects.filter(transition__in=transitions).order_by()


def answered(within: Range) -> dict[int, Answered]:
    """By the key of the unit as it goes on today. Three queries, one of them for the units' former names."""
    found: dict[int, Answered] = {}
    present = present_units()

    def of(unit: int) -> Answered:
        return found.setdefault(present.get(unit, unit), Answered())

    waits: dict[int, list[float]] = defaultdict(list)
    for unit, seconds in _waits(within):
        waits[unit].append(seconds)
    for unit, each in waits.items():
        of(unit).add(Answered(len(each), timedelta(seconds=round(sum(each)))))
    reasons = returns(within).values_list("article__unit", "reason_label").annotate(n=Count("pk"))
    for unit, label, number in reasons:
        of(unit).reasons[label] += number
    return found


def _waits(within: Range) -> Iterable[tuple[int, float]]:
    """The unit and the seconds of each of `answers`. All events are read once: to ask the earlier ones of each event takes
    PostgreSQL ten times as long."""
    first, after = within.bounds
    events = _events((*ANSWERS, *HANDING_IN)).values("article", "article__unit")
    answer, handed_in = (Min("at", filter=Q(transition__in=moves)) for moves in (ANSWERS, HANDING_IN))
    found = events.annotate(answer=answer, handed_in=handed_in, waited=Seconds("answer") - Seconds("handed_in"))
    found = found.filter(answer__gte=first, answer__lt=after, handed_in__lt=F("answer"))
    return found.values_list("article__unit", "waited")


def entries(within: Range) -> EntryQuerySet:
    return Entry.objects.filter(month__gte=within.first, month__lte=within.last)


def stories(within: Range, tier: str = "", unit: int | None = None) -> Counter[date]:
    """The first day of a month -> how many stories were adopted in it, each once however many units it is of. One query."""
    found = entries(within).filter(cause=CauseKind.ADOPTED)
    if tier:
        found = found.filter(unit__tier=tier)
    if unit:
        found = found.filter(unit=unit)
    # As text, which is cheaper than thousands of dates.
    of_each = (
        found.order_by().annotate(of=Cast("month", CharField(max_length=10))).values("of", "article").annotate(n=NET)
    )
    numbers = Counter(of_each.filter(n__gt=0).values_list("of", flat=True))
    return Counter({date.fromisoformat(month): number for month, number in numbers.items()})
