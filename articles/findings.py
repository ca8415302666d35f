"""What the proofreader found in an article, as a person sees it beside the text: open, ignored or let through."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from zlib import crc32

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from proofreading import engine
from proofreading.engine import ERROR, LEVELS, QUERY, WARNING, Finding

from . import proofing
from .models import LONGEST_QUOTE, Article, Exemption, TextProof
from .proofing import Text

# After which nobody expects a worker any more.
PATIENCE = timedelta(minutes=1)
SHORT, AROUND = 2, 5  # characters
MOST_SHOWN = 100  # beside the text; the others are counted
WORDS: dict[str, str | Promise] = {ERROR: _("errors"), WARNING: _("warnings"), QUERY: _("queries")}
ONE: dict[str, str | Promise] = {ERROR: _("error"), WARNING: _("warning"), QUERY: _("query")}
ICONS = {ERROR: "stop", WARNING: "warn", QUERY: "question"}

Key = tuple[str, str]  # a rule and the words that it is about: what an exemption holds for


def key_of(finding: Finding) -> Key:
    return finding.rule, finding.quote[:LONGEST_QUOTE]


@dataclass(frozen=True)
class Item:
    """One finding beside the text. `alike` places have the same rule, words and suggestion, this one included."""

    number: int
    finding: Finding
    label: str | Promise
    alike: int = 1
    exemptions: tuple[Exemption, ...] = ()
    before: str = ""  # what stands around words too short to be known again
    after: str = ""

    @property
    def level(self) -> str:
        return self.finding.level

    @property
    def is_error(self) -> bool:
        return self.level == ERROR

    @property
    def word(self) -> str | Promise:
        return ONE[self.level]

    @property
    def icon(self) -> str:
        return ICONS[self.level]

    @property
    def can_be_taken(self) -> bool:
        """Whether there is a certain wording to put in place of the words."""
        return bool(self.finding.suggestion) or self.finding.deletes

    @property
    def let_through(self) -> Exemption | None:
        return next((each for each in self.exemptions if each.lets_through), None)

    @property
    def ignored(self) -> Exemption | None:
        return next((each for each in self.exemptions if not each.lets_through), None)

    @property
    def exemption(self) -> Exemption | None:
        return self.let_through or self.ignored

    def is_open_to(self, *, office: bool) -> bool:
        """That the unit ignores an error settles it for the unit alone."""
        return self.let_through is None if office and self.is_error else self.exemption is None


@dataclass(frozen=True)
class Beside:
    """What was found in an article's text only beside the others that are printed with it, and in words why that is not all."""

    found: list[Finding] = field(default_factory=list)
    lack: str | Promise = ""


ALONE = Beside()


@dataclass(frozen=True)
class Panel:
    """All findings of one text in its order, and how far the proof is.

    `is_fresh`: all that could run has run on this very text, with the present words and rules. Otherwise the findings are those
    of an earlier proof, as far as their words still stand in the text. `lack` is that of `Beside`.
    """

    items: list[Item] = field(default_factory=list)
    is_fresh: bool = False
    is_late: bool = False  # asked for longer ago than a worker takes
    failed: list[tuple[str | Promise, str]] = field(default_factory=list)
    as_of: date | None = None
    office: bool = True
    left_out: int = 0
    lack: str | Promise = ""
    state: str = ""

    @cached_property
    def open(self) -> list[Item]:
        return [item for item in self.items if item.is_open_to(office=self.office)]

    @cached_property
    def settled(self) -> list[Item]:
        """One for each exemption, whatever the places that it holds for."""
        kept: dict[Key, Item] = {}
        for item in self.items:
            if not item.is_open_to(office=self.office):
                kept.setdefault(key_of(item.finding), item)
        return list(kept.values())

    @property
    def errors(self) -> list[Item]:
        return [item for item in self.open if item.is_error]

    @property
    def let_through(self) -> list[Item]:
        return [item for item in self.settled if item.is_error and item.let_through]

    @property
    def count_let_through(self) -> int:
        return sum(item.let_through is not None for item in self.settled)

    @property
    def count_ignored(self) -> int:
        return len(self.settled) - self.count_let_through

    @property
    def counts(self) -> list[tuple[str, str | Promise, int]]:
        found = Counter(item.level for item in self.open)
        return [(level, WORDS[level], found[level]) for level in LEVELS]

    @property
    def shown(self) -> list[Item]:
        return self.open[:MOST_SHOWN]

    @property
    def not_shown(self) -> int:
        return len(self.open) - len(self.shown) + self.left_out

    @property
    def failed_rules(self) -> list[str | Promise]:
        return [rule for rule, _why in self.failed]

    @property
    def is_complete(self) -> bool:
        """Nothing else may say that nothing was found."""
        return self.is_fresh and not self.failed and not self.lack

    @property
    def is_running(self) -> bool:
        return not self.is_fresh and not self.is_late

    @property
    def pace(self) -> int:
        """The milliseconds after which to look again."""
        if self.is_complete:
            return 0
        return 10_000 if self.is_late or self.is_fresh else 1_000


def panel_of(
    text: Text,
    article: Article,
    *,
    proofs: Iterable[TextProof],
    exemptions: Iterable[Exemption],
    now: tuple[str, date],
    office: bool,
    beside: Beside = ALONE,
) -> Panel:
    """No query. `proofs` and `exemptions` are those of the article, `now` as `proofing.tables_now` gives it. What was found
    `beside` others is listed after what its own proof has, as far as it stands in this very text."""
    passage = proofing.passage_of(text, article)
    digest = proofing.digest_of(passage)
    by_digest = {proof.digest: proof for proof in proofs}
    own = by_digest.get(digest)
    made = [proof for proof in by_digest.values() if proof.made_at]
    shown = own if own and own.made_at else max(made, key=lambda proof: str(proof.made_at), default=None)
    is_fresh = own is not None and not own.is_waiting and proofing.is_fresh(own, now)
    asked_at = own.requested_at if own else article.updated_at
    exemptions, texts = list(exemptions), (passage.title, *passage.paragraphs)
    found = [Finding(**each) for each in shown.findings] if shown else []
    if shown is not own:
        whole = "\n\n".join(texts)
        found = [finding for finding in found if finding.quote in whole]
    more = [each for each in beside.found if _stands(each, texts)]
    return Panel(
        items=_items([*found, *_not_in(found, more)], exemptions, texts, is_own=shown is own),
        is_fresh=is_fresh,
        is_late=not is_fresh and (own is None or own.is_waiting) and asked_at < timezone.now() - PATIENCE,
        failed=[(label_of(rule), why) for rule, why in shown.failed] if shown else [],
        as_of=shown.as_of if shown else None,
        office=office,
        left_out=shown.left_out if shown else 0,
        lack=beside.lack,
        state=f"{_state(digest, shown, is_fresh, exemptions)}-{_state_beside(more, beside.lack)}",
    )


def _state(digest: str, shown: TextProof | None, is_fresh: bool, exemptions: list[Exemption]) -> str:
    """Changes with all that the panel shows."""
    made = f"{shown.pk}-{shown.made_at:%H%M%S%f}" if shown and shown.made_at else ""
    return f"{digest[:12]}-{made}-{int(is_fresh)}-{'.'.join(str(each.pk) for each in exemptions)}"


def _state_beside(more: list[Finding], lack: str | Promise) -> str:
    told = "".join(f"{each.rule}{each.paragraph}.{each.start}{each.quote}" for each in more) + str(lack)
    return f"{crc32(told.encode()):x}" if told else ""


def _stands(each: Finding, texts: tuple[str, ...]) -> bool:
    return each.paragraph < len(texts) and texts[each.paragraph][each.start : each.end] == each.quote


def of(text: Text, article: Article, *, office: bool) -> Panel:
    """Two queries, and for the office two more of an article that is printed with others."""
    exemptions = article.exemptions.in_force().select_related("by")
    proofs, now = article.text_proofs.all(), proofing.tables_now()
    beside = beside_others([article], now).get(article.pk, ALONE) if office else ALONE
    return panel_of(text, article, proofs=proofs, exemptions=exemptions, now=now, office=office, beside=beside)


def beside_others(articles: Iterable[Article], now: tuple[str, date]) -> dict[int, Beside]:
    """By the key of the article, of those that are printed with others. It quotes what the others say, so that it is for the
    office. `now` as `proofing.tables_now` gives it. Two queries at most, however many."""
    placed = [article.pk for article in articles if article.is_placed]
    return import_string(settings.FINDINGS_BESIDE_OTHERS)(placed, now) if placed else {}


def _not_in(found: list[Finding], more: Iterable[Finding]) -> list[Finding]:
    known = {(each.rule, each.paragraph, each.start) for each in found}
    return [each for each in more if (each.rule, each.paragraph, each.start) not in known]


def panels_of(articles: Iterable[Article]) -> dict[int, Panel]:
    """What the office sees of the version in hand of each that is under way, by its key, for lists. Nine queries in all."""
    keys = [article.pk for article in articles if article.status in proofing.LIVING]
    proofs: dict[int, list[TextProof]] = defaultdict(list)
    for proof in TextProof.objects.filter(article__in=keys):
        proofs[proof.article_id].append(proof)
    exemptions: dict[int, list[Exemption]] = defaultdict(list)
    for exemption in Exemption.objects.in_force().filter(article__in=keys):
        exemptions[exemption.article_id].append(exemption)
    now, shown = proofing.tables_now(), Article.objects.filter(pk__in=keys).select_related("unit", "current_version")
    beside = beside_others(shown, now)
    return {
        article.pk: panel_of(
            article.current_version or article,
            article,
            proofs=proofs[article.pk],
            exemptions=exemptions[article.pk],
            now=now,
            office=True,
            beside=beside.get(article.pk, ALONE),
        )
        for article in shown
    }


def _items(findings: list[Finding], exemptions: list[Exemption], texts: tuple[str, ...], *, is_own: bool) -> list[Item]:
    """`texts` are the paragraphs now; `is_own`: the findings are of them."""
    settled: dict[Key, tuple[Exemption, ...]] = {}
    for each in exemptions:
        settled[each.rule, each.quote] = (*settled.get((each.rule, each.quote), ()), each)
    alike = Counter(_kind_of(finding) for finding in findings)
    labels = {rule.name: rule.label for rule in engine.rules()}
    return [
        Item(
            number,
            finding,
            labels.get(finding.rule, finding.rule),
            alike[_kind_of(finding)],
            settled.get(key_of(finding), ()),
            *(_around(finding, texts[finding.paragraph]) if is_own else ("", "")),
        )
        for number, finding in enumerate(findings, 1)
    ]


def _around(finding: Finding, text: str) -> tuple[str, str]:
    if len(finding.quote) > SHORT:
        return "", ""
    return text[max(0, finding.start - AROUND) : finding.start], text[finding.end : finding.end + AROUND]


def _kind_of(finding: Finding) -> tuple[str, str, str, bool]:
    """What 采纳同类 takes with it."""
    return finding.rule, finding.quote, finding.suggestion, finding.deletes


def alike(panel: Panel, item: Item) -> list[Item]:
    return [each for each in panel.open if _kind_of(each.finding) == _kind_of(item.finding)]


def label_of(rule: str) -> str | Promise:
    return next((each.label for each in engine.rules() if each.name == rule), rule)
