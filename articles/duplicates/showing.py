"""What a person is told of an article: which others say the same, as far as this person may know of them, and whether all that
there is has been compared."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.db.models import F, Q
from django.utils.module_loading import import_string

from .. import richtext
from ..models import Article, ArticleVersion, Pair, Print, Status
from . import wording
from .wording import Part


@dataclass(frozen=True)
class Match:
    """Another article that says the same. `shown` is its text, as far as the person may know it."""

    article: Article
    shown: Article | ArticleVersion
    text: float
    is_same_event: bool

    @property
    def kind(self) -> str:
        """See `wording.kind`."""
        return wording.kind(self.text, is_same_event=self.is_same_event)

    @property
    def is_same_text(self) -> bool:
        return self.text >= wording.NEAR_IDENTICAL

    @property
    def said(self) -> str:
        return wording.said(self.text, is_same_event=self.is_same_event)

    @property
    def is_open(self) -> bool:
        """The office may still merge or decline it."""
        return self.article.status in Article.MERGE.sources


@dataclass(frozen=True)
class Matches:
    """Of one article: what was found so far, the likest first; how many texts have yet to be compared, itself included; and
    whether comparing it failed."""

    article: Article
    found: list[Match] = field(default_factory=list)
    waiting: int = 0
    has_failed: bool = False

    @property
    def is_finished(self) -> bool:
        return not self.waiting and not self.has_failed

    @property
    def family(self) -> list[Match]:
        """A text that several units sent (通稿): those that are the same almost to the letter."""
        return [match for match in self.found if match.is_same_text]

    @property
    def one_text(self) -> list[Match]:
        """The family where it is one of several units: shown as one."""
        return self.family if len(self.units) > 1 else []

    @property
    def apart(self) -> list[Match]:
        """All that is not of that family, the likest first."""
        return self.found[len(self.one_text) :]

    @cached_property
    def units(self) -> list[str]:
        """Whose the family is, this article's unit first."""
        names = [self.article.unit.short_name, *(match.article.unit.short_name for match in self.family)]
        return list(dict.fromkeys(names))


def comparable_to(user):
    """The articles of which this person may be told: those they see anyway, and what was issued for them to read."""
    seen = Article.objects.visible_to(user)
    if user.has_perm("articles.view_all_articles"):
        return seen
    return seen | Article.objects.filter(status=Status.ISSUED, pk__in=import_string(settings.ISSUED_ARTICLES)(user))


def matches_of(article: Article, user) -> Matches:
    """What this person is told of the article. Six queries at most, however many are found."""
    is_own = article.belongs_to(user)
    prints = {row.is_revision: row for row in article.prints.defer("letters", "facts", "hashes")}
    row = prints.get(is_own) or prints.get(False)
    if row is None:
        return Matches(article, waiting=1)
    pairs = _pairs([row.pk])
    others = {pair.other if pair.one_id == row.pk else pair.one: pair for pair in pairs}
    rows = _for_pages(user, {other.article_id for other in others})
    own = set(Article.objects.belonging_to(user).filter(pk__in=rows).values_list("pk", flat=True))
    found = [
        Match(
            rows[other.article_id],
            _shown(rows[other.article_id], other.article_id in own),
            pair.text,
            pair.is_same_event,
        )
        for other, pair in others.items()
        if other.article_id in rows and (not other.is_revision or other.article_id in own)
    ]
    found.sort(key=lambda match: (-match.text, match.article.pk))
    waiting = Print.objects.waiting().filter(Q(article__in=comparable_to(user)) | Q(pk=row.pk))
    return Matches(article, _once(found), waiting.count(), row.failed_at is not None)


def _pairs(keys: Collection[int]) -> Iterable[Pair]:
    found = Pair.objects.filter(one__in=keys) | Pair.objects.filter(other__in=keys)
    heavy = [f"{side}__{name}" for side in ("one", "other") for name in ("letters", "facts", "hashes")]
    return found.select_related("one", "other").defer(*heavy)


def _for_pages(user, keys: Collection[int]) -> dict[int, Article]:
    return {article.pk: article for article in comparable_to(user).filter(pk__in=keys).for_pages()} if keys else {}


def _shown(article: Article, is_own: bool) -> Article | ArticleVersion:
    return article if is_own or not article.current_version else article.current_version


def _once(found: list[Match]) -> list[Match]:
    """Of an article that is being revised both its texts may have been found: the likest one stands."""
    return list({match.article.pk: match for match in reversed(found)}.values())[::-1]


def counts_of(articles: Iterable[Article], user) -> dict[int, int]:
    """How many others say the same as each, by its key, for lists. Two queries, however many. Texts that are being revised are
    left out, and what is told with the article already."""
    keys = {article.pk for article in articles}
    found = Pair.objects.filter(one__is_revision=False, other__is_revision=False)
    found = found.filter(Q(one__article__in=keys) | Q(other__article__in=keys))
    apart = ~Q(one__article__merged_into=F("other__article")) & ~Q(other__article__merged_into=F("one__article"))
    pairs = list(found.filter(apart).values_list("one__article", "other__article"))
    others = {key for pair in pairs for key in pair}
    seen = set(comparable_to(user).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    counts: Counter[int] = Counter()
    for one, other in pairs:
        counts[one] += other in seen
        counts[other] += one in seen
    return counts


@dataclass(frozen=True)
class SideBySide:
    """Two texts in paragraphs, each in parts: (is marked, characters). What stands in both is marked, but of two texts that are
    nearly the same what does not."""

    one: list[list[Part]]
    other: list[list[Part]]
    marks_differences: bool
    is_same: bool  # to the letter


def side_by_side(
    one: Article | ArticleVersion, other: Article | ArticleVersion, *, marks_differences: bool = False
) -> SideBySide:
    texts = [richtext.to_text(text.body).splitlines() for text in (one, other)]
    left, right = wording.common_runs(*texts)
    if marks_differences:
        left, right = [_differing(parts) for parts in left], [_differing(parts) for parts in right]
    return SideBySide(left, right, marks_differences, texts[0] == texts[1])


def _differing(parts: list[Part]) -> list[Part]:
    """Marks between which nothing differs are no difference."""
    return [(not is_common and any(map(str.isalnum, words)), words) for is_common, words in parts]
