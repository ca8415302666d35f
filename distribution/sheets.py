"""The door to XlsxWriter: a table as an Excel file. What is text stays text, whatever it begins with."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO

from django.utils import timezone
from xlsxwriter import Workbook

_MOST_IN_NAME = 31  # characters that Excel allows in a sheet's name
_NOT_IN_NAME = str.maketrans("[]:*?/\\", "       ")

Cell = str | int | float | Decimal | datetime | None


def xlsx(
    title: str,
    head: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Cell]],
    formats: Mapping[int, str] | None = None,
) -> bytes:
    """`head` names each column and says how wide it is, in characters; `rows` hold text, numbers, moments, or None. `formats`
    are Excel's number formats, by the column from 0."""
    file = BytesIO()
    book = Workbook(file, {"in_memory": True})
    bold, clock = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
    of_column = {column: book.add_format({"num_format": code}) for column, code in (formats or {}).items()}
    sheet = book.add_worksheet(title.translate(_NOT_IN_NAME)[:_MOST_IN_NAME])
    for column, (name, width) in enumerate(head):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, bold)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(last, column, timezone.localtime(cell).replace(tzinfo=None), clock)
            elif isinstance(cell, int | float | Decimal):
                sheet.write_number(last, column, float(cell), of_column.get(column))
            elif cell:
                sheet.write_string(last, column, str(cell))  # never a formula or a link
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(head) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return file.getvalue()
