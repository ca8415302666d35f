"""The door of the proofreader: text in, findings out. It knows no article and needs no database."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from .passages import ERROR, LEVELS, QUERY, WARNING, Finding, Mark, Paragraph, Passage, Rule, Story, Whole
from .rules import ALL
from .tables import Tables, shipped

__all__ = [
    "ERROR",
    "LEVELS",
    "QUERY",
    "WARNING",
    "Finding",
    "Passage",
    "Proof",
    "Rule",
    "Tables",
    "across",
    "proofread",
    "rules",
    "shipped",
]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Proof:
    findings: tuple[Finding, ...]  # in the order of the text
    ran: tuple[str, ...]  # names of the rules that ran to their end
    failed: tuple[tuple[str, str], ...]  # rule, reason
    off: tuple[str, ...]  # switched off by the office
    as_of: date
    digest: str  # of tables and rules: a stored proof with another one is old


def rules() -> tuple[Rule, ...]:
    return ALL


def across() -> tuple[Rule, ...]:
    """Those that find in several stories together what none of them shows alone. None of them is certain."""
    return tuple(rule for rule in ALL if rule.is_across)


def proofread(passages: Sequence[Passage], *, as_of: date, tables: Tables, by: Sequence[Rule] | None = None) -> Proof:
    """A rule that raises is named in `failed` with its reason, and none of its findings are given."""
    whole = Whole(tuple(_story(number, passage) for number, passage in enumerate(passages, 1)), as_of, tables)
    findings: list[Finding] = []
    ran: list[str] = []
    failed: list[tuple[str, str]] = []
    off: list[str] = []
    for rule in ALL if by is None else by:
        if rule.name in tables.off:
            off.append(rule.name)
            continue
        try:
            found = dict.fromkeys(_finding(rule, mark) for mark in rule.find(whole))  # the same of two entries once
        except Exception as error:
            # Whatever it is: the others must run, and this one must not look like "nothing found".
            logger.exception("The rule %s failed", rule.name)
            failed.append((rule.name, f"{type(error).__name__}: {error}"))
        else:
            ran.append(rule.name)
            findings += found
    findings.sort(key=lambda each: (each.article, each.paragraph, each.start, each.end))
    return Proof(tuple(findings), tuple(ran), tuple(failed), tuple(off), as_of, digest(tables))


def digest(tables: Tables) -> str:
    return hashlib.sha256(f"{_own_digest()}{tables.digest}".encode()).hexdigest()


@cache
def _own_digest() -> str:
    """Of the code of the rules."""
    code = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()


def _story(number: int, passage: Passage) -> Story:
    texts = (passage.title, *passage.paragraphs)
    return Story(number, passage, tuple(Paragraph(number, at, text, passage.kind) for at, text in enumerate(texts)))


def _finding(rule: Rule, mark: Mark) -> Finding:
    at = mark.paragraph
    return Finding(
        rule=rule.name,
        level=mark.level or rule.level,
        article=at.article,
        paragraph=at.number,
        start=mark.start,
        end=mark.end,
        quote=at.text[mark.start : mark.end],
        suggestion=mark.suggestion,
        why=mark.why,
        source=mark.source,
        deletes=mark.deletes,
    )
