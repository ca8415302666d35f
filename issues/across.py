"""What the texts of an issue show only together (3 月 in one, 3月 in another): asked for with the pages, made by a worker."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles import findings, proofing
from articles.findings import Beside
from proofreading import engine, reference
from proofreading.engine import Finding, Passage
from workflow.worker import notify

from .models import SECTION_ORDER, Issue, Placement, TextsProof

FEWEST = 2  # texts that can be compared
Found = list[tuple[Finding, datetime]]  # each with the moment when it was found first


@dataclass(frozen=True)
class Compared:
    """By the key of each article what was found in it. `is_fresh`: all that could run has run on these very texts, with the
    present words and rules; `is_of_these`: on these texts, with the words and rules of `as_of`."""

    found: dict[int, Found] = field(default_factory=dict)
    is_fresh: bool = True
    is_of_these: bool = True
    is_late: bool = False  # asked for longer ago than a worker takes
    failed: list[str | Promise] = field(default_factory=list)
    as_of: date | None = None


def passages_of(placements: Iterable[Placement]) -> dict[int, Passage]:
    """By the key of each article, as they are printed. Placements come with version, article and its unit."""
    printed = sorted(placements, key=lambda each: (SECTION_ORDER[each.section], each.position, each.pk))
    return {each.article_id: proofing.passage_of(each.version, each.article) for each in printed}


def digest_of(passages: dict[int, Passage]) -> str:
    texts = [[key, asdict(passage)] for key, passage in passages.items()]
    return sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()


def _passages_in(issue: Issue) -> dict[int, Passage]:
    return passages_of(issue.placements.select_related("article__unit", "version"))


def request(issue: Issue) -> None:
    """Ask for it, unless it is there or asked for. What a lost message left behind, and what failed a while ago, is asked for
    again."""
    passages = {} if issue.edition or issue.status not in Issue.UNSIGNED else _passages_in(issue)
    if len(passages) < FEWEST:
        return
    row, is_new = TextsProof.objects.get_or_create(issue=issue)
    now = timezone.now()
    if not is_new and not _is_due(row, passages, now):
        return
    if not row.is_waiting:
        TextsProof.objects.filter(pk=row.pk).update(requested_at=now)
    notify("issues.tasks.compare_texts", issue_id=issue.pk)


def _is_due(row: TextsProof, passages: dict[int, Passage], now: datetime) -> bool:
    if row.is_waiting:
        return row.requested_at < now - findings.PATIENCE or row.digest != digest_of(passages)
    has_failed = bool(row.failed) and row.made_at is not None and row.made_at < now - proofing.TRY_AGAIN
    return has_failed or not _is_fresh(row, passages, proofing.tables_now())


def _is_fresh(row: TextsProof, passages: dict[int, Passage], tables: tuple[str, date]) -> bool:
    return not row.is_waiting and row.digest == digest_of(passages) and (row.tables, row.as_of) == tables


def make(issue_id: int) -> None:
    """Safe to run twice: the second finds nothing that waits. The row is read before the texts: what changes meanwhile has
    another digest, and is asked for by the act that changes it."""
    begun = timezone.now()
    row = TextsProof.objects.select_related("issue").filter(issue=issue_id).first()
    if row is None or not row.is_waiting:
        return
    passages = _passages_in(row.issue)
    tables = reference.current()
    proof = engine.proofread(tuple(passages.values()), as_of=timezone.localdate(), tables=tables, by=engine.across())
    keys = list(passages)
    found = [asdict(replace(each, article=keys[each.article - 1])) for each in proof.findings]
    now = max(begun, row.requested_at)  # what is asked for meanwhile waits still
    known = {_known_by(each): each["since"] for each in row.findings}
    TextsProof.objects.filter(pk=row.pk).update(
        digest=digest_of(passages),
        made_at=now,
        as_of=proof.as_of,
        tables=proof.digest,
        findings=[each | {"since": known.get(_known_by(each), now.isoformat())} for each in found],
        failed=[list(each) for each in proof.failed],
    )


def _known_by(found: dict[str, Any]) -> tuple[int, str, str]:
    return found["article"], found["rule"], found["quote"]


def of(issue: Issue, placements: Iterable[Placement], tables: tuple[str, date]) -> Compared:
    """What is known of these placements, which are all of the issue's. `tables` as `proofing.tables_now` gives it. One query.

    Of texts that were changed since, what doesn't stand there any more is left out.
    """
    return _known(issue, placements, TextsProof.objects.filter(issue=issue).first(), tables)


def _known(issue: Issue, placements: Iterable[Placement], row: TextsProof | None, tables: tuple[str, date]) -> Compared:
    passages = passages_of(placements)
    if issue.edition or len(passages) < FEWEST:
        return Compared()
    if row is None:
        is_late = issue.updated_at < timezone.now() - findings.PATIENCE
        return Compared(is_fresh=False, is_of_these=False, is_late=is_late)
    found: dict[int, Found] = {}
    for kept in row.findings:
        each = Finding(**{name: value for name, value in kept.items() if name != "since"})
        if each.article in passages and _stands(each, passages[each.article]):
            found.setdefault(each.article, []).append((each, datetime.fromisoformat(kept["since"])))
    is_fresh = _is_fresh(row, passages, tables)
    return Compared(
        found,
        is_fresh,
        is_of_these=row.made_at is not None and row.digest == digest_of(passages),
        is_late=not is_fresh and row.is_waiting and row.requested_at < timezone.now() - findings.PATIENCE,
        failed=[findings.label_of(rule) for rule, _why in row.failed],
        as_of=row.as_of,
    )


def beside(keys: Collection[int], tables: tuple[str, date]) -> dict[int, Beside]:
    """For the pages of these articles: what was found in each beside the others of its issue. `tables` as `proofing.tables_now`
    gives it. Two queries."""
    issues = Placement.objects.filter(article__in=keys).values("issue")
    placed: dict[Issue, list[Placement]] = defaultdict(list)
    for placement in Placement.objects.filter(issue__in=issues).select_related("issue", "article__unit", "version"):
        placed[placement.issue].append(placement)
    rows = {row.issue_id: row for row in TextsProof.objects.filter(issue__in=placed)}
    found = {}
    for issue, placements in placed.items():
        compared = _known(issue, placements, rows.get(issue.pk), tables)
        for key in {placement.article_id for placement in placements}.intersection(keys):
            found[key] = Beside([each for each, _since in compared.found.get(key, [])], _lack_of(issue, compared))
    return found


def _lack_of(issue: Issue, compared: Compared) -> str | Promise:
    if compared.failed:
        words = _(
            "The comparison with the other texts of the issue is not complete; these rules did not run: %(rules)s."
        )
        return words % {"rules": "、".join(map(str, compared.failed))}
    if compared.is_fresh or compared.is_of_these and issue.status not in Issue.UNSIGNED:
        return ""  # signed, it is not compared anew on each day
    if compared.is_late:
        return _("The comparison with the other texts of the issue was not finished; the worker may not be running.")
    return _("Being compared with the other texts of the issue…")


def _stands(each: Finding, passage: Passage) -> bool:
    texts = (passage.title, *passage.paragraphs)
    return each.paragraph < len(texts) and texts[each.paragraph][each.start : each.end] == each.quote
