"""The report as an Excel file: the columns and figures of the page, as numbers."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from distribution import sheets

from .columns import Column, columns
from .report import Report

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {"points": "0.00", "rate": "0.0%", "days": "0.0", "rise": "+0;-0;0"}


def title(report: Report) -> str:
    return _("Adoption report %(time)s") % {"time": report.within}


def head(report: Report) -> list[tuple[str, int]]:
    """Each column's name and its width in characters."""
    return [(_("Unit"), 30), (_("Tier"), 12), *((_named(column), 10) for column in columns(report))]


def _named(column: Column) -> str:
    return f"{column.group}：{column.label}" if column.group else column.label


def rows(report: Report) -> Iterator[list[sheets.Cell]]:
    """A line for each unit in the printed order, then all of them together."""
    found = columns(report)
    for line in report.lines:
        yield [line.unit.name, str(line.unit.get_tier_display()), *(column.of(line) for column in found)]
    yield [_("All together"), "", *(column.total(report) if column.total else None for column in found)]


def xlsx(report: Report) -> bytes:
    formats = {at: FORMATS[column.kind] for at, column in enumerate(columns(report), 2) if column.kind in FORMATS}
    return sheets.xlsx(title(report), head(report), rows(report), formats)
