"""The layout check (版式检查): measures the pages of a PDF by its characters' places, against standard and record.

Nothing here looks at the HTML that the pages were set from. Rules and clauses are in `inspection/findings.py`.
"""

from ..content import IssueContent
from ..page.presets import PRESETS, Preset, customised
from ..reading import read as read_pages
from . import code, file, filling, headings, lettering, lines, pages, record, visible
from .book import Book, likely_preset
from .findings import LayoutFinding, Report
from .structure import read as read_structure

__all__ = ["LayoutFinding", "Report", "check"]

# What the printed issues did otherwise, so that it is no fault in a past issue set as it was printed.
NOT_AS_PRINTED = {"spacing", "split", "line-start", "line-end"}


def check(pdf: bytes, content: IssueContent | None = None, *, layout: str | Preset | None = None) -> Report:
    """All that is found in a PDF. Without `content` nothing can be compared with the record.

    `layout` is a preset or its name; when None, the content's own, or the one that the pages look like.
    Raises reading.UnreadablePdf.
    """
    reading, structure = read_pages(pdf), read_structure(pdf)
    preset = _preset(layout, content) or likely_preset(reading)
    book, report = Book(reading, preset), Report()
    beside = record.Record(book, content)
    pages.check_pages(book, report)
    if content is None or _has_masthead(content):
        pages.check_masthead(book, report)
    filling.check_filling(book, report)
    visible.check_visible(book, report)
    lines.check_lines(book, report, beside.is_final)
    lines.check_fonts(book, report)
    pages.check_end_matter(book, report, is_expected=content is None or _has_end_matter(content))
    file.check_file(book, structure, content, report)
    if content:
        record.check_record(beside, report)
        lettering.check_lettering(beside, report)
        headings.check_headings(beside, report)
        code.check_code(pdf, book, content, report)
    if preset.printed:
        report.findings = [finding for finding in report.findings if finding.rule not in NOT_AS_PRINTED]
    return report


def _preset(layout: str | Preset | None, content: IssueContent | None) -> Preset | None:
    """The layout given, else the content's with its bulletin's own measures."""
    if isinstance(layout, Preset):
        return layout
    if layout:
        return PRESETS[layout]
    return customised(PRESETS[content.layout], content.measures) if content else None


def _has_end_matter(content: IssueContent) -> bool:
    return bool(content.report_to or content.send_to or content.issue_to or content.print_run)


def _has_masthead(content: IssueContent) -> bool:
    """Of a past issue its source may have none."""
    numbers = (content.number, content.total_number, content.dated_on)
    return bool(content.name_lines or content.publisher) or any(value is not None for value in numbers)
