"""Finds what was issued: articles by their words, issues by number or date; marks the words where they stand."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Max, Min, Q, Sum, When
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import Tier
from articles import richtext, search
from articles.models import Article, Kind

from .models import (
    BRIEFS,
    SECTION_ORDER,
    ArchiveEntry,
    Direction,
    Issue,
    IssueKind,
    IssueQuerySet,
    IssueRecipient,
    Placement,
    Proof,
)
from .numbering import IssueNumber

SNIPPET = 76
_TOTAL = re.compile(r"总(?:第)?\s*(\d{1,5})\s*期?$")
_DAY = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?$")


# --- issues by number or date --------------------------------------------------------------------------------------
def issues_named(query: str, user) -> list[Issue]:
    """The issued issues that this person may read and the query calls by number (2026-9), total number (总544) or date."""
    query = unicodedata.normalize("NFKC", query).strip()
    issued = Issue.objects.issued().visible_to(user).select_related("bulletin").with_amendments()
    if day := _DAY.match(query):
        try:
            return list(issued.filter(dated_on=date(*map(int, day.groups()))).newest_first()[:5])
        except ValueError:
            return []
    if total := _TOTAL.match(query):
        return list(issued.filter(total_number=int(total[1])).newest_first()[:5])
    number = IssueNumber.parse(query)
    if number is None or (number.year is None and query.isdecimal()):  # a bare number is a word: 12月, 110
        return []
    called = Q(kind=number.kind, number=number.number)
    if number.year:
        called &= Q(year=number.year)
    elif number.kind == IssueKind.REGULAR:  # 第544期 is what 总第544期 is; 第9期 is every year's
        called |= Q(total_number=number.number)
    return list(issued.filter(called).newest_first()[:5])


# --- the printed lists ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PrintedIn:
    """A line of the 报/送/发 lists with the words asked for, and in how many issues it stands, from which to which day."""

    text: str
    marked: SafeString
    direction: str | Promise
    count: int
    first: date
    last: date


def printed_lines(query: str, user) -> list[PrintedIn]:
    """The lines that hold all words of the query, as they were printed; the latest first, at most ten. One query."""
    words = search.words(query)
    if not words or max(map(len, words)) < 2:
        return []
    rows = IssueRecipient.objects.filter(issue__in=_readable(user))
    for word in words:
        rows = rows.filter(text__icontains=word)
    found = rows.order_by().values("text", "direction").annotate(
        count=Count("issue", distinct=True), first=Min("issue__dated_on"), last=Max("issue__dated_on")
    )  # fmt: skip
    labels = dict(Direction.choices)
    return [
        PrintedIn(
            row["text"], marked(row["text"], words), labels[row["direction"]], row["count"], row["first"], row["last"]
        )
        for row in found.order_by("-last", "text")[:10]
    ]


def issues_with_line(text: str, user) -> IssueQuerySet:
    """The issues in whose lists the line stands, word for word, the newest first."""
    return _readable(user).filter(recipients__text=text).distinct().with_amendments().newest_first()


def _readable(user) -> IssueQuerySet:
    return Issue.objects.issued().originals().visible_to(user)


# --- articles by their words ---------------------------------------------------------------------------------------
@dataclass
class Choice:
    value: str
    label: str | Promise
    count: int
    is_chosen: bool


class Found:
    """The issued articles that this person may read and that hold every word of the query; of a `unit` (its key) or of all.

    Counted once, in one query, however many narrowings and totals the page shows.
    """

    def __init__(
        self,
        query: str,
        user,
        *,
        years: Iterable[str] = (),
        tiers: Iterable[str] = (),
        kinds: Iterable[str] = (),
        unit: int | None = None,
    ):
        self.chosen = {"year": set(years), "tier": set(tiers), "kind": set(kinds)}
        self.query, self.user, self.unit = query, user, unit
        counted = self._entries().order_by().values("year", "tier", "kind")
        counted = counted.annotate(n=Count("pk"), titles=Sum("in_title"))
        with search.by_index():
            self.groups = list(counted)

    def _entries(self, years: list[int] | None = None):
        """The entries found, of all years or of these only."""
        entries, keys = ArchiveEntry.objects.visible_to(self.user), None
        if self.unit is not None:
            entries = entries.filter(article__unit=self.unit)
        if years is not None:
            entries = entries.filter(year__in=years)
            keys = tuple(entries.aggregate(first=Min("pk", default=0), last=Max("pk", default=0)).values())
        in_title = Q(*[Q(title__contains=word) for word in search.words(self.query)] or [~Q(title="")])
        found = search.matching(entries, self.query, in_archive=True, keys=keys)
        return found.annotate(in_title=Case(When(in_title, then=1), default=0, output_field=IntegerField()))

    def _is_chosen(self, group) -> bool:
        return all(not values or str(group[name]) in values for name, values in self.chosen.items())

    @property
    def is_narrowed(self) -> bool:
        return any(self.chosen.values())

    @property
    def total(self) -> int:
        """Without the narrowing."""
        return sum(group["n"] for group in self.groups)

    @property
    def count(self) -> int:
        return sum(group["n"] for group in self.groups if self._is_chosen(group))

    @property
    def in_title(self) -> int:
        return sum(group["titles"] for group in self.groups if self._is_chosen(group))

    def facets(self) -> list[tuple[str, list[Choice]]]:
        """(name of the parameter, its choices with the hits of each), all counted without narrowing."""
        counts: dict[str, Counter] = {name: Counter() for name in self.chosen}
        for group in self.groups:
            for name, counter in counts.items():
                counter[group[name]] += group["n"]
        labels: dict[str, list] = {"year": [(year, f"{year}年") for year in sorted(counts["year"], reverse=True)]}
        labels |= {"tier": Tier.choices, "kind": Kind.choices}
        return [
            (
                name,
                [
                    Choice(str(value), label, counts[name][value], str(value) in chosen)
                    for value, label in labels[name]
                    if value in counts[name]
                ],
            )
            for name, chosen in self.chosen.items()
        ]

    def page(self, number, per_page: int, *, sort: str = "") -> Page:
        """Hits of all words in the title first, then the newest; or simply the newest."""
        page = Paginator(range(self.count), per_page).get_page(number)
        first, last = (page.object_list[0], page.object_list[-1]) if self.count else (0, -1)
        narrowed: dict[str, object] = {f"{name}__in": values for name, values in self.chosen.items() if values}
        counts: Counter | None
        if sort != "newest" and last < self.in_title:
            counts, narrowed["in_title"] = self._by_year("titles"), 1
        elif sort != "newest" and first >= self.in_title:
            counts, narrowed["in_title"] = self._by_year("n") - self._by_year("titles"), 0
            first, last = first - self.in_title, last - self.in_title
        else:  # titles and others on one page, or no difference between them
            counts = self._by_year("n") if sort == "newest" else None
        years = None
        if counts is not None:
            years, skipped = _years_within(counts, first, last)
            first, last = first - skipped, last - skipped
        order = [*([] if sort == "newest" else ["-in_title"]), *(ArchiveEntry._meta.ordering or ()), "pk"]
        with search.by_index():
            rows = self._entries(years).filter(**narrowed)
            keys = list(rows.order_by(*order).values_list("pk", flat=True)[first : last + 1])
        found = Article.objects.select_related("unit", "placement__issue__bulletin", "placement__version").in_bulk(keys)
        articles = [found[key] for key in keys]
        Issue.objects.add_amendments([article.placement.issue for article in articles])
        page.object_list = articles
        return page

    def _by_year(self, what: str) -> Counter:
        counts: Counter = Counter()
        for group in self.groups:
            if self._is_chosen(group):
                counts[group["year"]] += group[what]
        return counts


def _years_within(counts: Counter, first: int, last: int) -> tuple[list[int], int]:
    """The years of the rows from `first` to `last`, the newest year first, and how many rows stand in newer years.

    So that a page of a common word sorts the hits of a year or two, not all there ever were.
    """
    years, skipped, begin = [], 0, 0
    for year in sorted(counts, reverse=True):
        end = begin + counts[year]
        if end <= first:
            skipped = end
        elif begin <= last:
            years.append(year)
        begin = end
    return years, skipped


@dataclass
class Hit:
    """An article that was found; `page` is where it begins in the PDF with this hash, if that is known."""

    article: Article
    title: SafeString
    snippet: SafeString
    page: int | None = None
    sha256: str = ""

    @property
    def issue(self) -> Issue:
        return self.article.placement.issue


def hits_of(page: Iterable[Article], query: str) -> list[Hit]:
    """What the result page shows of these articles. Two queries, however many there are."""
    page, words = list(page), search.words(query)
    pages = first_pages([article.placement.issue for article in page])
    hits = []
    for article in page:
        version = article.placement.version
        text = richtext.to_text(version.body).replace("\n", " ")
        hit = Hit(article, marked(version.flat_title, words), snippet(text, words))
        hit.sha256, hit.page = pages.get(article.pk, ("", None))
        hits.append(hit)
    return hits


def first_pages(issues: Iterable[Issue]) -> dict[int, tuple[str, int]]:
    """article id -> (hash of the PDF, page on which it begins), for the issues whose pages are set."""
    by_pk = {issue.pk: issue for issue in issues}
    proofs = {}
    for proof in Proof.objects.filter(issue__in=by_pk, state=Proof.State.READY).order_by("ready_at"):
        issue = by_pk[proof.issue_id]
        if not issue.pdf_sha256 or issue.pdf_sha256 == proof.sha256:
            proofs[proof.issue_id] = proof
    placements = Placement.objects.filter(issue__in=proofs).exclude(section=BRIEFS)
    in_order = sorted(placements, key=lambda p: (p.issue_id, SECTION_ORDER[p.section], p.position, p.pk))
    known: dict[int, tuple[str, int]] = {}
    at: dict[int, int] = {}
    for placement in in_order:
        rank = at[placement.issue_id] = at.get(placement.issue_id, -1) + 1
        proof = proofs[placement.issue_id]
        if rank < len(proof.first_pages):
            known[placement.article_id] = (proof.sha256, proof.first_pages[rank])
    return known


# --- words marked where they stand ---------------------------------------------------------------------------------
def ranges(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the normalised words stand in the text, as ranges that don't overlap."""
    characters, origin = [], []
    for index, character in enumerate(text):
        for part in search.normalised_character(character):
            characters.append(part)
            origin.append(index)
    run, found = "".join(characters), []
    for word in words:
        start = run.find(word)
        while start >= 0:
            found.append((origin[start], origin[start + len(word) - 1] + 1))
            start = run.find(word, start + len(word))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def marked(text: str, words: list[str]) -> SafeString:
    pieces, at = [], 0
    for start, end in ranges(text, words):
        pieces += [text[at:start], format_html("<mark>{}</mark>", text[start:end])]
        at = end
    return format_html_join("", "{}", [(piece,) for piece in [*pieces, text[at:]]])


def snippet(text: str, words: list[str], length: int = SNIPPET) -> SafeString:
    """The part of the text around the first word found, with …… where it is cut."""
    hits = ranges(text, words)
    start = max(0, hits[0][0] - length // 3) if hits else 0
    end = min(len(text), start + length)
    before, after = ("……" if start else ""), ("……" if end < len(text) else "")
    return format_html_join("", "{}", [(before,), (marked(text[start:end], words),), (after,)])


# --- years ---------------------------------------------------------------------------------------------------------
def add_contents(issues: Iterable[Issue]) -> None:
    """Give each issue its `contents`: its articles' placements in printed order. One query."""
    by_pk = {issue.pk: issue for issue in issues}
    for issue in by_pk.values():
        issue.contents = []
    placements = Placement.objects.filter(issue__in=by_pk).exclude(section=BRIEFS).select_related("version")
    for placement in sorted(placements, key=lambda p: (SECTION_ORDER[p.section], p.position, p.pk)):
        by_pk[placement.issue_id].contents.append(placement)
