"""What points are given and taken for: read from articles, issues and what people entered, and never written here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, Q
from django.utils import timezone

from accounts.units import present_units
from articles import richtext
from articles.commissions import door
from articles.models import Article, ArticleEvent, CommissionEvent, Kind, Status
from issues.models import ArchiveEntry, Edition, Issue, IssueEvent

from .models import Announcement, Carrier, CauseKind, ClosedMonth, HandCause, HandKind, Reopening, RuleSet

# What its unit took back before the office decided, or deleted, was not handed in.
_TAKEN_BACK = (Status.DRAFT, Status.DISCARDED)


@dataclass(frozen=True)
class Cause:
    """One fact. `units` are keys of Unit as they go on today, the one whose text it is first; `key` names it for good."""

    key: str
    kind: str
    on: date
    units: tuple[int, ...]
    article: int | None = None
    issue: int | None = None
    carrier: str = ""
    characters: int = 0
    level: str = ""
    source: str = ""
    commissioned: int | None = None
    hand: int | None = None


def derive(upto: date, since: date | None = None) -> list[Cause]:
    """All causes up to that day, in the order in which they happened.

    With `since` only those from that day on, and what else happened to the stories that they are about. Eight queries.
    """
    present = present_units()
    merged = _merged()
    by_hand = HandCause.objects.standing().filter(on__lte=upto).exclude(article__status=Status.DISCARDED)
    by_hand = list(by_hand.select_related("article"))
    kept = {cause.article_id for cause in by_hand if since is None or cause.on >= since} - {None}
    found = [
        *_submitted(),
        *_adopted(merged, Q() if since is None else Q(dated_on__gte=since) | Q(article__in=kept), _withdrawn(upto)),
        *_commissioned(upto),
        *(_by_hand(cause, merged) for cause in by_hand),
    ]
    of_time = [
        _with_present(cause, present)
        for cause in found
        if cause.on <= upto and (since is None or cause.on >= since or cause.article in kept)
    ]
    return sorted(of_time, key=lambda cause: (cause.on, _RANK[cause.kind], cause.key))


_RANK = {kind: rank for rank, kind in enumerate(CauseKind.values)}


def mark(today: date) -> str:
    """Changes whenever a cause may have: its tables are only ever added to. Seven queries for one number each."""
    tables = (ArticleEvent, CommissionEvent, IssueEvent, HandCause, RuleSet, ClosedMonth, Reopening)
    newest = [table._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0 for table in tables]
    return " ".join(map(str, [today.isoformat(), *newest]))


def _with_present(cause: Cause, present: dict[int, int]) -> Cause:
    units = tuple(dict.fromkeys(present.get(unit, unit) for unit in cause.units))
    return cause if units == cause.units else Cause(**(vars(cause) | {"units": units}))


def _merged() -> dict[int, list[int]]:
    """article -> the units of what was merged into it, as they are named with it."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Article.objects.filter(status=Status.MERGED).order_by("pk").values_list("merged_into", "unit")
    for article, unit in rows:
        assert article is not None, "what is merged names the article that it is merged into"
        found[article].append(unit)
    return found


def _submitted() -> Iterable[Cause]:
    """On the day on which a story was first handed in."""
    moves = (Article.SUBMIT.name, Article.APPROVE.name)
    events = ArticleEvent.objects.filter(transition__in=moves).exclude(article__status__in=_TAKEN_BACK)
    columns = ("article", "article__unit")
    for row in events.order_by().values(*columns).annotate(first=Min("at")):
        first: datetime = row["first"]
        yield Cause(
            f"submitted {row['article']}",
            CauseKind.SUBMITTED,
            timezone.localtime(first).date(),
            (row["article__unit"],),
            article=row["article"],
        )


def _withdrawn(upto: date) -> dict[int, tuple[int, date]]:
    """Issue -> the withdrawal of it, and its day. One in whose place a corrected edition was issued later is in print again."""
    found: dict[int, tuple[int, date]] = {}
    editions = (Edition.WITHDRAWAL, Edition.REVISION)
    rows = Issue.objects.issued().filter(edition__in=editions, dated_on__lte=upto).order_by("issued_at", "pk")
    for pk, about, edition, day in rows.values_list("pk", "amends", "edition", "dated_on"):
        if edition == Edition.WITHDRAWAL:
            found[about] = (pk, day)
        else:
            found.pop(about, None)
    return found


def _adopted(merged: dict[int, list[int]], condition: Q, withdrawn: dict[int, tuple[int, date]]) -> Iterable[Cause]:
    """What was issued, past issues that were taken in among it, on the day that is printed. A story whose issue was withdrawn
    is adopted no more: of it this is told instead."""
    # What the office announces about the units is no story of one.
    rows = ArchiveEntry.objects.filter(condition).exclude(article__in=Announcement.objects.values("article"))
    rows = rows.order_by("dated_on", "issue", "rank")
    columns = ("article", "issue", "dated_on", "rank", "kind", "article__unit", "article__placement__version__body")
    for article, issue, day, rank, kind, unit, body in rows.values_list(*columns):
        carrier, units = _carrier(kind), (unit, *merged.get(article, ()))
        if issue in withdrawn:
            withdrawal, day = withdrawn[issue]
            yield Cause(f"withdrawn {article}", CauseKind.WITHDRAWN, day, units, article, withdrawal, carrier)
            continue
        characters = 0 if carrier == Carrier.BRIEF else richtext.count_characters(body)
        yield Cause(f"adopted {article}", CauseKind.ADOPTED, day, units, article, issue, carrier, characters=characters)
        if rank == 0 and carrier == Carrier.ARTICLE:
            yield Cause(f"first {article}", CauseKind.FIRST, day, units, article, issue, carrier)


# What is handed in late gives nothing and takes nothing.
_OUTCOMES = {"on-time": CauseKind.ON_TIME, "missed": CauseKind.MISSED}


def _commissioned(upto: date) -> Iterable[Cause]:
    for outcome in door.outcomes(upto):
        if kind := _OUTCOMES.get(outcome.kind):
            yield Cause(
                f"commission {outcome.commissioned_id}",
                kind,
                outcome.on,
                (outcome.unit_id,),
                article=outcome.article_id,
                source=outcome.commission_title,
                commissioned=outcome.commissioned_id,
            )


def _by_hand(cause: HandCause, merged: dict[int, list[int]]) -> Cause:
    """A deduction is that of the one unit that was named; praise is shared like the story."""
    units: tuple[int, ...]
    if cause.unit_id is not None:
        units = (cause.unit_id,)
    else:
        assert cause.article is not None, "it is about an article or about a unit"
        units = (cause.article.unit_id, *merged.get(cause.article.pk, ()))
    return Cause(
        f"hand {cause.pk}",
        cause.fault if cause.kind == HandKind.DEDUCTED else cause.kind,
        cause.on,
        units,
        article=cause.article_id,
        issue=cause.issue_id,
        level=cause.level,
        source=cause.source,
        hand=cause.pk,
    )


def _carrier(kind: str) -> str:
    return Carrier.BRIEF if kind == Kind.BRIEF else Carrier.ARTICLE
