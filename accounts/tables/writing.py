"""Writes .xlsx files; the door to XlsxWriter. Every cell is written as text, so that nothing in it becomes a formula."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import chain
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from .columns import Column
from .package import MOST_ROWS
from .table import Table

HEADER_LINE, FIRST_LINE = 1, 2  # from 0: notes stand above
CHOICES = "选项"  # the sheet behind, on which the choices are


def export(table: Table) -> bytes:
    """All rows of the table."""
    known, columns = table.known(), [*table.columns, *table.told]
    lines = (
        [column.words(column.value_of(row), known) for column in columns]
        for row in chain(table.rows().iterator(chunk_size=500), table.fixed())
    )
    return _book(table, columns, lines, known, notes=[_("Exported; it can be changed and brought in again.")])


def template(table: Table) -> bytes:
    """The headers with an example, the choices behind the cells, and what is needed."""
    known = table.known()
    example = [str(column.example) for column in table.columns]
    notes = [*(str(note) for note in table.notes), _("The first row is an example and is left out.")]
    return _book(table, table.columns, [example], known, notes=notes)


def _book(table: Table, columns: Sequence[Column], lines: Iterable[list[str]], known: Any, notes: list[str]) -> bytes:
    file = BytesIO()
    # In memory: a worker's folder for temporary files may be anybody's.
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(str(table.title)[:31])
    text = book.add_format({"num_format": "@", "valign": "top"})
    strong = book.add_format({"bold": True, "bg_color": "#ECEEF1", "bottom": 1})
    needed = book.add_format({"bold": True, "bg_color": "#ECEEF1", "bottom": 1, "font_color": "#A4161A"})
    sheet.write_string(0, 0, " ".join(notes), book.add_format({"font_color": "#5A626D"}))
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, text)
        sheet.write_string(HEADER_LINE, place, str(column.header), needed if column.is_required else strong)
    for number, cells in enumerate(lines, FIRST_LINE):
        for place, words in enumerate(cells):
            if words:
                sheet.write_string(number, place, words, text)
    sheet.freeze_panes(FIRST_LINE, 0)
    _add_choices(book, sheet, [column.choices(known) for column in columns], columns)
    book.close()
    return file.getvalue()


def _add_choices(book: Any, sheet: Any, all_choices: list[list[str]], columns: Iterable[Column]) -> None:
    """Lists to choose from. They stand on a sheet of their own: within a cell's rule 255 characters are the most."""
    behind = None
    for place, (column, choices) in enumerate(zip(columns, all_choices, strict=True)):
        if not choices:
            continue
        behind = behind or book.add_worksheet(CHOICES)
        for number, words in enumerate(choices):
            behind.write_string(number, place, words)
        letter = chr(ord("A") + place)
        rule = {
            "validate": "list",
            "source": f"={CHOICES}!${letter}$1:${letter}${len(choices)}",
            "error_type": "information",  # what is entered otherwise is looked at when the table is brought in
            "error_title": str(column.header),
            "error_message": _("This is not one of the list."),
        }
        sheet.data_validation(FIRST_LINE, place, FIRST_LINE + MOST_ROWS - 1, place, rule)
    if behind is not None:
        behind.hide()
