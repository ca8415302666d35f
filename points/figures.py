"""The figures of a report: what of each unit stands in the ledger, how long its stories waited, and why they came back.

All is counted by the database, in three queries however long the time is and however many units there are. Of closed months
it always says the same: entries and events are only ever added, and none comes into a month that is closed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.units import present_units
from articles.models import Article, ArticleEvent

from .models import Carrier, CauseKind, Entry
from .ranges import Range

HANDING_IN = (Article.SUBMIT.name, Article.APPROVE.name)
ANSWERS = tuple(
    move.name
    for move in (
        *(Article.RETURN, Article.DECLINE, Article.MERGE, Article.HOLD),
        *(Article.ACCEPT, Article.STAND_IN_LAST),
    )
)


@dataclass
class Counts:
    """Of one unit, or of several together. `adopted` is by class: a length of articles, or brief. `waited` is the time of all
    `answered` stories together, from handing in to the first answer."""

    submitted: int = 0
    adopted: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    answered: int = 0
    waited: timedelta = timedelta()
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def adopted_in_all(self) -> int:
        return self.adopted.total()

    @property
    def rate(self) -> float | None:
        """Adopted of handed in, 1 is all. May pass 1, where stories of the month before are printed."""
        return self.adopted_in_all / self.submitted if self.submitted else None

    @property
    def returned(self) -> int:
        return self.reasons.total()

    @property
    def days(self) -> float | None:
        """From handing in to the first answer, on average."""
        return self.waited / timedelta(days=1) / self.answered if self.answered else None

    def add(self, other: "Counts") -> None:
        self.submitted += other.submitted
        self.adopted.update(other.adopted)
        self.missed += other.missed
        self.answered += other.answered
        self.waited += other.waited
        self.reasons.update(other.reasons)


# What an entry counts: one, and what counters another takes one away.
NET = Count("pk", filter=Q(counters=None)) - Count("pk", filter=Q(counters__isnull=False))


def entries(within: Range) -> QuerySet[Entry]:
    return Entry.objects.filter(month__gte=within.first, month__lte=within.last)


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


def count(within: Range) -> dict[int, Counts]:
    """By the key of the unit as it goes on today. Four queries, one of them for the units' former names."""
    found: dict[int, Counts] = {}
    present = present_units()

    def of(unit: int) -> Counts:
        return found.setdefault(present.get(unit, unit), Counts())

    for unit, cause, carrier, length, number in _tallied(entries(within), "unit", "cause", "carrier", "length"):
        if cause == CauseKind.SUBMITTED:
            of(unit).submitted += number
        elif cause == CauseKind.ADOPTED:
            of(unit).adopted[class_of(carrier, length)] += number
        else:
            of(unit).missed += number
    waits = answers(within).values_list("article__unit").annotate(n=Count("pk"), time=Sum("waited"))
    for unit, number, waited in waits:
        of(unit).add(Counts(answered=number, waited=waited))
    reasons = returns(within).values_list("article__unit", "reason_label").annotate(n=Count("pk"))
    for unit, label, number in reasons:
        of(unit).reasons[label] += number
    return found


COUNTED = (CauseKind.SUBMITTED, CauseKind.ADOPTED, CauseKind.MISSED)


def _tallied(found: QuerySet[Entry], *columns: str) -> Any:
    return found.filter(cause__in=COUNTED).order_by().values_list(*columns).annotate(n=NET)


def class_of(carrier: str, length: str) -> str:
    """Under which column an adopted story is counted: its length, or brief."""
    return Carrier.BRIEF if carrier == Carrier.BRIEF else length


def submitted(within: Range) -> Counter[int]:
    """How many stories each unit handed in. One query."""
    found = entries(within).filter(cause=CauseKind.SUBMITTED)
    return Counter(dict(found.order_by().values_list("unit").annotate(n=NET)))


def stories(within: Range, tier: str = "") -> Counter[date]:
    """The first day of a month -> how many stories were adopted in it, each once however many units it is of. One query."""
    found = entries(within).filter(cause=CauseKind.ADOPTED)
    if tier:
        found = found.filter(unit__tier=tier)
    of_each = found.order_by().values_list("month", "article").annotate(n=NET)
    return Counter(month for month, _article, number in of_each if number > 0)
