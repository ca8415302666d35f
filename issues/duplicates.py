"""The stories that are told twice, as places in issues: for the command."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from articles.duplicates import wording
from articles.models import Article, Pair

from .models import SECTION_ORDER, Issue, Placement


@dataclass(frozen=True)
class Told:
    """One story: the number of its issue and its own in that issue, from 1, the briefs last. Of one that stands in no issue
    `issue` is None, and `article` is its key, as in its address."""

    issue: str | None
    article: int
    title: str


@dataclass(frozen=True)
class ToldTwice:
    """`a` stands in the issue that was asked about, or is the later one. `text` is Jaccard's measure of their words."""

    a: Told
    b: Told
    text: float
    event: bool
    kind: str


def told_twice(issue: Issue | None = None) -> list[ToldTwice]:
    """The pairs within the issue and of it with all others; without one all pairs. What units have not handed in is left out,
    and what is told with another story already. Five queries."""
    found = Pair.objects.filter(one__is_revision=False, other__is_revision=False)
    left_out = Q(status__in=Article.WITHIN_UNIT) | Q(merged_into__isnull=False)
    kept = Article.objects.kept().exclude(left_out)
    found = found.filter(one__article__in=kept, other__article__in=kept)
    placed = set(issue.placements.values_list("article", flat=True)) if issue else set()
    if issue:
        found = found.filter(Q(one__article__in=placed) | Q(other__article__in=placed))
    rows = list(found.values_list("other__article", "one__article", "text", "is_same_event"))
    told = _told({key for row in rows for key in row[:2]})
    pairs = []
    for one, other, text, is_same_event in rows:
        one, other = sorted((one, other), key=lambda key: (key not in placed, key in placed and told[key].article))
        kind = wording.kind(text, is_same_event=is_same_event)
        pairs.append(ToldTwice(told[one], told[other], round(text, 2), is_same_event, kind))
    return sorted(
        pairs, key=lambda pair: (pair.a.issue or "", pair.a.article, -pair.text, pair.b.issue or "", pair.b.article)
    )


def _told(keys: Iterable[int]) -> dict[int, Told]:
    issues = Issue.objects.filter(placements__article__in=keys)
    placements = Placement.objects.filter(issue__in=issues).select_related("issue", "version").order_by("issue")
    numbers: dict[int, int] = {}
    told = {}
    for placement in sorted(
        placements, key=lambda row: (row.issue_id, SECTION_ORDER[row.section], row.position, row.pk)
    ):
        numbers[placement.issue_id] = numbers.get(placement.issue_id, 0) + 1
        title = placement.version.flat_title
        told[placement.article_id] = Told(placement.issue.reference, numbers[placement.issue_id], title)
    for article in Article.objects.filter(pk__in=set(keys) - told.keys()).select_related("current_version"):
        told[article.pk] = Told(None, article.pk, (article.current_version or article).flat_title)
    return told
