"""What the layout check says: rules with their clauses, and the findings against them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, TypeAlias

from django.utils.translation import gettext as _

ERROR, WARNING = "error", "warning"
LAYOUT, MARKS, ARCHIVE, HOUSE, RECORD = "GB/T 9704-2012", "GB/T 15834-2011", "ISO 19005-3", "house", "record"
MOST_OF_A_RULE = 30
QUOTE = 20

# Of like things of a page: (quote, words) or (quote, words, number) each.
Faults: TypeAlias = Iterable[tuple[str, ...]]


class LayoutRule(NamedTuple):
    """Where a rule is written. What breaks a rule that `falsifies` would print something untrue."""

    source: str
    number: str = ""
    level: str = ERROR
    falsifies: bool = False


RULES = {
    "paper": LayoutRule(LAYOUT, "5.1"),
    "area": LayoutRule(LAYOUT, "5.2.1"),
    "off-sheet": LayoutRule(LAYOUT, "5.2.1", falsifies=True),
    "pictures": LayoutRule(LAYOUT, "5.2.1"),
    "size": LayoutRule(LAYOUT, "5.2.2"),
    "font": LayoutRule(LAYOUT, "7.3.3"),
    "heading": LayoutRule(LAYOUT, "7.3.3", WARNING),
    "fallback": LayoutRule(LAYOUT, "5.2.2", WARNING),
    "rows": LayoutRule(LAYOUT, "5.2.3"),
    "grid": LayoutRule(LAYOUT, "5.2.3"),
    "short-page": LayoutRule(LAYOUT, "5.2.3", WARNING),
    "empty-row": LayoutRule(LAYOUT, "5.2.3", WARNING),
    "colour": LayoutRule(LAYOUT, "5.2.4"),
    "masthead": LayoutRule(LAYOUT, "7.2.7"),
    "title": LayoutRule(LAYOUT, "7.3.1"),
    "stranded": LayoutRule(LAYOUT, "7.3.1", WARNING),
    "indent": LayoutRule(LAYOUT, "7.3.3"),
    "end-rules": LayoutRule(LAYOUT, "7.4.1"),
    "end-missing": LayoutRule(LAYOUT, "7.4", falsifies=True),
    "end-matter": LayoutRule(LAYOUT, "7.4.2"),
    "page-number": LayoutRule(LAYOUT, "7.5"),
    "flush": LayoutRule(HOUSE),
    "spacing": LayoutRule(HOUSE, level=WARNING),
    "line-start": LayoutRule(MARKS, "5.1"),
    "line-end": LayoutRule(MARKS, "5.1"),
    "split": LayoutRule(MARKS, "5.1"),
    "embedded": LayoutRule(HOUSE),
    "codes": LayoutRule(ARCHIVE, "6.2.11.3", falsifies=True),
    "glyph": LayoutRule(HOUSE, falsifies=True),
    "covered": LayoutRule(HOUSE, falsifies=True),
    "number": LayoutRule(RECORD, falsifies=True),
    "date": LayoutRule(RECORD, falsifies=True),
    "text": LayoutRule(RECORD, falsifies=True),
    "recipients": LayoutRule(RECORD, falsifies=True),
    "photos": LayoutRule(RECORD, falsifies=True),
    "contents": LayoutRule(RECORD, falsifies=True),
    "extra": LayoutRule(RECORD, falsifies=True),
    "verify-code": LayoutRule(RECORD, falsifies=True),
    "source": LayoutRule(ARCHIVE, "6.8"),
    "archive": LayoutRule(ARCHIVE, "6.6"),
    "links": LayoutRule(HOUSE),
    "metadata": LayoutRule(HOUSE, level=WARNING),
    "bookmarks": LayoutRule(HOUSE, level=WARNING),
}


@dataclass(frozen=True)
class LayoutFinding:
    """One fault: which rule, where it is written, the page from 1, the words on the page, and what is wrong with them."""

    rule: str
    clause: str
    page: int
    quote: str
    level: str
    words: str

    @property
    def falsifies(self) -> bool:
        return RULES[self.rule].falsifies


class Report:
    """Counts what is checked and keeps what is found."""

    def __init__(self) -> None:
        self.checked = 0
        self.findings: list[LayoutFinding] = []

    def check(self, is_right: bool, rule: str, page: int, quote: str, words: str) -> None:
        """One more check; a finding unless it `is_right`."""
        self.checked += 1
        if not is_right:
            self.add(rule, page, quote, words)

    def check_all(self, rule: str, page: int, faults: Faults) -> None:
        """One more check, of all like things of a page."""
        self.checked += 1
        for fault in faults:
            self.add(rule, page, *fault)

    def add(self, rule: str, page: int, quote: str, words: str, number: str = "") -> None:
        """A finding. Of one rule only so many are kept; the last says so."""
        already = sum(finding.rule == rule for finding in self.findings)
        if already < MOST_OF_A_RULE:
            if already == MOST_OF_A_RULE - 1:
                words += _(" There are more of this kind.")
            self.findings.append(
                LayoutFinding(rule, clause(rule, number), page, shortened(quote), RULES[rule].level, words)
            )

    @property
    def errors(self) -> list[LayoutFinding]:
        return [finding for finding in self.findings if finding.level == ERROR]

    def as_dict(self) -> dict[str, Any]:
        """As it is kept: plain values for JSON."""
        return {
            "checked": self.checked,
            "findings": [
                asdict(finding) | {"falsifies": finding.falsifies}
                for finding in sorted(self.findings, key=lambda finding: finding.page)
            ],
        }


def clause(rule: str, number: str = "") -> str:
    """Where it is written: GB/T 9704-2012 5.2.3, or what the house or the record says. `number` is a closer one."""
    source = RULES[rule].source
    if source == HOUSE:
        return _("house rule")
    if source == RECORD:
        return _("the record")
    return f"{source} {number or RULES[rule].number}"


def shortened(text: str) -> str:
    return text if len(text) <= QUOTE else text[:QUOTE] + "…"
