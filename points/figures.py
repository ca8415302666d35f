"""What units handed in and what became of it: counted by the database from articles and their events, whatever the points are.

A story counts as handed in on the day it first was, unless its unit took it back; those of past issues that were taken
over were handed in to nobody here. It is answered when the office first returns, keeps, merges, declines or accepts it.
A closed month keeps what was counted when it was closed (`freeze`), with the keys of the rows, so that each figure opens
to the same stories afterwards.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Subquery, Sum

from articles.models import Article, ArticleEvent, Status

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
    """Of one unit, or of several together. `waited` is the time from handing in to the first answer, of `answered` stories."""

    submitted: int = 0
    answered: int = 0
    waited: timedelta = timedelta()
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def returned(self) -> int:
        return self.reasons.total()

    @property
    def days(self) -> float | None:
        """From handing in to the first answer, on average."""
        return self.waited / timedelta(days=1) / self.answered if self.answered else None

    def add(self, other: "Counts") -> None:
        self.submitted += other.submitted
        self.answered += other.answered
        self.waited += other.waited
        self.reasons += other.reasons


def submissions(within: Range, months: Iterable[date] | None = None) -> QuerySet[ArticleEvent]:
    """The first handing in of each story that was handed in then and not taken back since."""
    earlier = _events(HANDING_IN).filter(article=OuterRef("article"), pk__lt=OuterRef("pk"))
    kept = _events(HANDING_IN).exclude(article__status__in=(*Article.WITHIN_UNIT, Status.DISCARDED))
    return kept.filter(within.moments("at", months), ~Exists(earlier))


def answers(within: Range, months: Iterable[date] | None = None) -> QuerySet[ArticleEvent]:
    """The first answer to each story that was answered then; `waited` since it was first handed in."""
    earlier = _events(ANSWERS).filter(article=OuterRef("article"), pk__lt=OuterRef("pk"))
    handed_in = _events(HANDING_IN).filter(article=OuterRef("article"), pk__lt=OuterRef("pk")).order_by("pk")
    first = _events(ANSWERS).filter(within.moments("at", months), ~Exists(earlier))
    first = first.annotate(handed_in=Subquery(handed_in.values("at")[:1])).filter(handed_in__isnull=False)
    return first.annotate(waited=ExpressionWrapper(F("at") - F("handed_in"), output_field=DurationField()))


def returns(within: Range, months: Iterable[date] | None = None) -> QuerySet[ArticleEvent]:
    """Each time that a story went back to its unit to be changed."""
    return _events((Article.RETURN.name,)).filter(within.moments("at", months))


def _events(transitions: Iterable[str]) -> QuerySet[ArticleEvent]:
    return ArticleEvent.objects.filter(transition__in=transitions).order_by()


def count(within: Range, frozen: dict[date, dict[str, Any]]) -> dict[int, Counts]:
    """By unit. `frozen` is what the closed months kept, by month: these are not counted again. Three queries at most."""
    found: dict[int, Counts] = {}
    for month, kept in frozen.items():
        if within.first <= month <= within.last:
            for key, said in kept.items():
                found.setdefault(int(key), Counts()).add(_thawed(said))
    if months := [month for month in within.months if month not in frozen]:
        for unit, counted in _counted(within, months).items():
            found.setdefault(unit, Counts()).add(counted)
    return found


def _counted(within: Range, months: list[date]) -> dict[int, Counts]:
    found: dict[int, Counts] = {}
    for unit, number in _by_unit(submissions(within, months)).annotate(n=Count("pk")):
        found.setdefault(unit, Counts()).submitted = number
    for unit, number, waited in _by_unit(answers(within, months)).annotate(n=Count("pk"), time=Sum("waited")):
        counts = found.setdefault(unit, Counts())
        counts.answered, counts.waited = number, waited
    reasons = returns(within, months).values_list("article__unit", "reason_label").annotate(n=Count("pk"))
    for unit, label, number in reasons:
        found.setdefault(unit, Counts()).reasons[label] += number
    return found


def _by_unit(events: QuerySet[ArticleEvent]) -> Any:
    return events.values_list("article__unit")


def freeze(month: date) -> dict[str, dict[str, Any]]:
    """What a closed month keeps, as JSON: by the unit's key the articles handed in, the answers as [article, seconds], and
    the returned ones by reason. Three queries."""
    within = Range.month(month)
    kept: dict[str, dict[str, Any]] = {}

    def of(unit: int) -> dict[str, Any]:
        return kept.setdefault(str(unit), {"submitted": [], "answered": [], "returned": {}})

    for unit, article in submissions(within).values_list("article__unit", "article"):
        of(unit)["submitted"].append(article)
    for unit, article, waited in answers(within).values_list("article__unit", "article", "waited"):
        of(unit)["answered"].append([article, int(waited.total_seconds())])
    for unit, article, label in returns(within).values_list("article__unit", "article", "reason_label"):
        of(unit)["returned"].setdefault(label, []).append(article)
    return kept


def _thawed(said: dict[str, Any]) -> Counts:
    return Counts(
        submitted=len(said["submitted"]),
        answered=len(said["answered"]),
        waited=timedelta(seconds=sum(seconds for _article, seconds in said["answered"])),
        reasons=Counter({label: len(articles) for label, articles in said["returned"].items()}),
    )
