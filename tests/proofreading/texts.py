"""Texts for the rules: `found` proofreads one story, and names what a rule found in it."""

from datetime import date

from proofreading.engine import Finding, Passage, Tables, proofread, shipped

DAY = date(2026, 3, 27)


def findings(
    *paragraphs: str, title: str = "", day: date = DAY, tables: Tables | None = None, kind: str = "article"
) -> list[Finding]:
    proof = proofread([Passage(title, paragraphs, kind)], as_of=day, tables=tables or shipped())
    assert not proof.failed
    return list(proof.findings)


def found(rule: str, *paragraphs: str, **given) -> list[tuple[str, str]]:
    """(quote, suggestion) of each finding of the rule."""
    return [(each.quote, each.suggestion) for each in findings(*paragraphs, **given) if each.rule == rule]
