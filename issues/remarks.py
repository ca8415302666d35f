"""What the checks and the proofreader say of the articles of an issue, who has looked at it, and what it blocks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from articles import checks, findings, proofing
from articles.findings import Item, Panel
from articles.models import ArticleEvent, Exemption, TextProof
from workflow.refusals import Problem

from . import across
from .models import Issue, Placement, TextsProof

MOST_LISTED = 5


@dataclass(frozen=True)
class Remark:
    """What is said of one placed version. Errors are open until they are mended or let through, all else until an editor
    settles it: `settled` says who and how."""

    placement: Placement
    hints: list[checks.Finding]
    panel: Panel
    settled: ArticleEvent | None

    @property
    def errors(self) -> list[Item]:
        return self.panel.errors

    @property
    def others(self) -> list[Item]:
        return [item for item in self.panel.open if not item.is_error]

    @property
    def listed(self) -> list[Item]:
        """As many of them as a row of the desk has room for."""
        return self.others[: findings.MOST_SHOWN // 2]

    @property
    def title(self) -> str:
        return self.placement.version.flat_title

    @property
    def count(self) -> int:
        """What an editor settles: hints, warnings and queries."""
        return len(self.hints) + len(self.others)

    @property
    def says_something(self) -> bool:
        return bool(self.hints or self.panel.items)

    @property
    def is_settled(self) -> bool:
        return self.settled is not None or not self.count


@dataclass(frozen=True)
class Noted:
    """Of all placements of an issue: what is said of each, and what the texts show only together (it stands with each too)."""

    placements: list[Placement]
    remarks: list[Remark]
    compared: across.Compared

    @property
    def is_complete(self) -> bool:
        return (
            self.compared.is_fresh and not self.compared.failed and all(each.panel.is_complete for each in self.remarks)
        )


def of(issue: Issue, placements: list[Placement]) -> Noted:
    """One remark for each placement (with article, its unit, and version loaded), in their order. Its number of queries does not
    depend on how many there are."""
    versions = [placement.version_id for placement in placements]
    articles = [placement.article_id for placement in placements]
    events = ArticleEvent.objects.filter(transition=ArticleEvent.SETTLE, version__in=versions)
    settled = {event.version_id: event for event in events.select_related("by")}
    proofs: dict[int, list[TextProof]] = defaultdict(list)
    for proof in TextProof.objects.filter(article__in=articles):
        proofs[proof.article_id].append(proof)
    exemptions: dict[int, list[Exemption]] = defaultdict(list)
    for exemption in Exemption.objects.in_force().filter(article__in=articles).select_related("by"):
        exemptions[exemption.article_id].append(exemption)
    now = proofing.tables_now()
    compared = across.of(issue, placements, now)
    remarks = []
    for placement in placements:
        found = compared.found.get(placement.article_id, [])
        event = settled.get(placement.version_id)
        # Nobody has settled what was found only afterwards.
        is_settled = event is not None and all(since <= event.at for _finding, since in found)
        panel = findings.panel_of(
            placement.version,
            placement.article,
            proofs=proofs[placement.article_id],
            exemptions=exemptions[placement.article_id],
            now=now,
            office=True,
            beside=findings.Beside([finding for finding, _since in found]),
        )
        hints = checks.warnings(placement.version, placement.article.kind)
        remarks.append(Remark(placement, hints, panel, event if is_settled else None))
    return Noted(placements, remarks, compared)


def of_issue(issue: Issue) -> Noted:
    return of(issue, list(issue.placements.select_related("article__unit", "version")))


def state_of(issue: Issue) -> str:
    """Changes when a proof of its texts is made or asked for, or a finding is let stand. Three queries."""
    own = TextProof.objects.filter(article__in=issue.placements.values("article"))
    exempt = Exemption.objects.in_force().filter(article__in=issue.placements.values("article"))
    waiting = Count("pk", filter=Q(made_at=None) | Q(made_at__lt=F("requested_at")))
    found = own.aggregate(made=Max("made_at"), waiting=waiting)
    together = TextsProof.objects.filter(issue=issue).values_list("made_at", "requested_at").first() or ()
    made = [f"{moment:%d%H%M%S%f}" if moment else "" for moment in (found["made"], *together)]
    return f"{'-'.join(made)}-{found['waiting']}-{exempt.count()}"


def count_open(remarks: Iterable[Remark]) -> int:
    return sum(remark.count for remark in remarks if remark.settled is None)


def problems(noted: Noted) -> list[Problem]:
    """What the proofreading has against sending the issue for sign-off."""
    found = errors(noted)
    failed = [remark for remark in noted.remarks if remark.panel.failed]
    for remark in failed:
        words = _(
            "“%(title)s”: these rules of the proofreading did not run: %(rules)s. They are tried again by themselves."
        )
        rules = "、".join(map(str, remark.panel.failed_rules))
        found.append(Problem("proofread", words % {"title": remark.title, "rules": rules}, remark.placement.article))
    if waiting := [remark for remark in noted.remarks if not remark.panel.is_fresh]:
        found.append(_waiting(waiting))
    found += uncompared(noted)
    if not noted.compared.is_fresh and noted.compared.is_of_these:
        found.append(_uncompared(noted.compared))
    return found


def uncompared(noted: Noted) -> list[Problem]:
    """That these very texts have never been compared with each other, or not by all rules."""
    if noted.compared.failed:
        words = _(
            "The texts are not compared with each other in full; these rules did not run: %(rules)s. They are tried again by "
            "themselves."
        )
        return [Problem("proofread", words % {"rules": "、".join(map(str, noted.compared.failed))})]
    return [] if noted.compared.is_of_these else [_uncompared(noted.compared)]


def _uncompared(compared: across.Compared) -> Problem:
    words = _("The texts are not compared with each other with the present words and rules. Please wait a moment.")
    if compared.is_late:
        words = _(
            "Comparing the texts with each other was not finished. Press “Proofread now”; if that does not help, tell the "
            "administrator that the worker may not be running."
        )
    return Problem("proofread", words)


def errors(noted: Noted) -> list[Problem]:
    """What is certain to be wrong, and nobody has let through."""
    return [_errors(remark) for remark in noted.remarks if remark.errors]


def _errors(remark: Remark) -> Problem:
    words = _(
        "“%(title)s”: %(count)s errors of the proofreading (%(quotes)s): mend them, or let them through with a reason."
    )
    quotes = "、".join(f"“{item.finding.quote}”" for item in remark.errors[:MOST_LISTED])
    quotes += "…" if len(remark.errors) > MOST_LISTED else ""
    values = {"title": remark.title, "count": len(remark.errors), "quotes": quotes}
    return Problem("errors", words % values, remark.placement.article)


def _waiting(remarks: list[Remark]) -> Problem:
    titles = "".join(f"“{remark.title}”" for remark in remarks[:MOST_LISTED])
    values: dict[str, str | Promise | int] = {"count": len(remarks), "titles": titles}
    values["titles"] = titles + ("…" if len(remarks) > MOST_LISTED else "")
    words = _(
        "%(count)s articles are not proofread with the present words and rules: %(titles)s. Please wait a moment."
    )
    if any(remark.panel.is_late for remark in remarks):
        words = _(
            "The proofreading of %(count)s articles was not finished: %(titles)s. Press “Proofread now”; if that does not "
            "help, tell the administrator that the worker may not be running."
        )
    return Problem("proofread", words % values)


def record(noted: Noted, spans: Mapping[int, tuple[int, int]] | None = None) -> dict[str, Any]:
    """What the sign-off sheet says of the texts, and a sign-off keeps: as of which day they were proofread, whether they were all
    compared with each other, and of each article that has any its open findings and hints, who settled them, and each error that
    was let through.

    `spans`: the first and the last page of each article by its key.
    """
    days = [remark.panel.as_of for remark in noted.remarks if remark.panel.as_of]
    return {
        "as_of": min(days).isoformat() if days else None,
        "is_compared": not uncompared(noted),
        "articles": [
            _told(remark, (spans or {}).get(remark.placement.article_id))
            for remark in noted.remarks
            if remark.says_something
        ],
    }


def _told(remark: Remark, span: tuple[int, int] | None) -> dict[str, Any]:
    panel, settled = remark.panel, remark.settled
    return {
        "article": remark.placement.article_id,
        "title": remark.title,
        "pages": list(span) if span else [],
        "counts": {level: count for level, _word, count in panel.counts},
        "count": remark.count,
        "open": [{"level": item.level, "quote": item.finding.quote, "words": item.finding.why} for item in panel.shown],
        "hints": [hint.text for hint in remark.hints],
        "let_through": [
            {
                "quote": item.finding.quote,
                "words": item.finding.why,
                "reason": let.reason,
                "by": str(let.by),
                "at": let.at.isoformat(),
            }
            for item in panel.let_through
            if (let := item.let_through)
        ],
        "settled": {"by": str(settled.by), "note": settled.note} if settled else None,
    }


@dataclass(frozen=True)
class Sheet:
    """A record as the sign-off sheet and the archive print it."""

    as_of: date | None
    articles: list[dict[str, Any]]
    is_compared: bool | None = None  # None: signed before that was kept

    @property
    def unsettled(self) -> list[dict[str, Any]]:
        """The articles with hints, warnings or queries that nobody has looked at."""
        return [article for article in self.articles if article["count"] and not article["settled"]]

    @property
    def count_unsettled(self) -> int:
        return sum(article["count"] for article in self.unsettled)

    @property
    def settled(self) -> list[dict[str, Any]]:
        return [article for article in self.articles if article["settled"]]

    @property
    def let_through(self) -> list[dict[str, Any]]:
        return [{"title": article["title"], **error} for article in self.articles for error in article["let_through"]]


def sheet_of(kept: dict[str, Any]) -> Sheet:
    articles = [
        article
        | {
            "open": [{**each, "word": findings.ONE[each["level"]]} for each in article["open"]],
            "let_through": [{**each, "at": datetime.fromisoformat(each["at"])} for each in article["let_through"]],
        }
        for article in kept["articles"]
    ]
    return Sheet(date.fromisoformat(kept["as_of"]) if kept["as_of"] else None, articles, kept.get("is_compared"))
