"""Reads an uploaded .xlsx; the door to openpyxl. Gives text: what a text means is asked of the table's columns."""

import logging
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from itertools import repeat
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException

from workflow.refusals import Refused

from .columns import Column, headers_of, plain, required
from .package import DAMAGED, MOST_ROWS, Package

MOST_LINES = 5_000  # with the empty ones
MOST_COLUMNS = 40
HEADER_WITHIN = 10  # the first lines may hold a title and notes
LONGEST_CELL = 2_000
# What openpyxl raises of XML that is no table.
NO_TABLE = (
    *DAMAGED,
    InvalidFileException,
    ParseError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    AssertionError,
)
logger = logging.getLogger(__name__)


@dataclass
class Read:
    """`rows`: {"n": the line in Excel, "c": texts, "f": faults} by the columns' names. `unused`: headers of no column."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def read(data: bytes, name: str, columns: Iterable[Column]) -> Read:
    """Raises Refused for a file that can't be taken over."""
    package = Package(data, name)
    columns = list(columns)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of features that make no difference to the cells
            found = _read(package, data, columns)
    except NO_TABLE as error:
        logger.warning("a table can't be read: %r", error)
        raise package.damaged() from error
    if len(found.rows) > MOST_ROWS:
        raise _too_many(name)
    if not found.rows:
        raise Refused(_("“%(file)s” has no rows below its headers. Please fill some in.") % {"file": name})
    return found


def _read(package: Package, data: bytes, columns: list[Column]) -> Read:
    missing: Refused | None = None
    for number, sheet in enumerate(_book(data, data_only=True).worksheets):
        if sheet.sheet_state != "visible":
            continue
        part = sheet._worksheet_path.lstrip("/")  # there is no other way to learn it
        # Read a second time for what gave its value; a formula may have given none.
        formulas = _book(data, data_only=False).worksheets[number] if part in package.with_formulas else None
        lines = _lines(sheet, formulas, package.name)
        try:
            header = _header(lines, columns)
        except Refused as refused:
            missing = missing or refused
            continue
        return Read(list(_rows(lines, header, package.merged.get(part, []), columns)), header.unused)
    raise missing or package.damaged()


def _book(data: bytes, *, data_only: bool) -> Any:
    return load_workbook(BytesIO(data), read_only=True, data_only=data_only, keep_links=False)


@dataclass
class Header:
    places: dict[int, Column]  # the index of a cell in its line -> what it holds
    unused: list[str]


def _lines(sheet: Any, formulas: Any, name: str) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Each line that holds something, as (number, cells); a cell is (text, fault)."""
    filled = 0
    for number, (line, behind) in enumerate(zip(_cells_of(sheet), _cells_of(formulas), strict=False), 1):
        if number > MOST_LINES:
            raise _too_many(name)
        cells = [_cell(cell, other) for cell, other in zip(line, behind, strict=False)]
        if any(text or fault for text, fault in cells):
            filled += 1
            if filled > MOST_ROWS + HEADER_WITHIN:
                raise _too_many(name)
            yield number, cells


def _cells_of(sheet: Any) -> Iterable[Iterable[Any]]:
    if sheet is None:
        return repeat(repeat(None))
    sheet.reset_dimensions()  # what a file says of its size may be too small
    lines: Iterable[Iterable[Any]] = sheet.iter_rows(max_col=MOST_COLUMNS)
    return lines


def _too_many(name: str) -> Refused:
    words = _(
        "“%(file)s” has more than %(most)s rows, or very many empty ones. Please divide it, and copy its rows into the template."
    )
    return Refused(words % {"file": name, "most": MOST_ROWS})


def _cell(cell: Any, behind: Any) -> tuple[str, str]:
    if cell.value is None:
        is_formula = behind is not None and behind.value is not None and behind.data_type == "f"
        return "", _("This formula was saved without its result. Please enter the value itself.") if is_formula else ""
    if cell.data_type == "e":
        return "", _("Excel shows %(error)s here. Please enter the value itself.") % {"error": cell.value}
    text = _text(cell.value)
    if len(text) > LONGEST_CELL:
        return text[:50] + "…", _("This is far too long for a cell here.")
    return text, ""


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return " ".join(str(value).split())


def _header(lines: Iterator[tuple[int, list[tuple[str, str]]]], columns: list[Column]) -> Header:
    """The first line that names columns. Afterwards `lines` goes on below it. Raises Refused without one."""
    wanted = headers_of(columns)
    most = min(2, len(columns))
    for number, cells in lines:
        headers = [plain(text).strip("*") for text, _fault in cells]
        places = {place: wanted[header] for place, header in enumerate(headers) if header in wanted}
        if len(set(places.values())) >= most:
            unused = [text for place, (text, _fault) in enumerate(cells) if text and place not in places]
            return _whole(places, unused, columns)
        if number >= HEADER_WITHIN:
            break
    words = _(
        "No headers were found in the first %(lines)s lines. They have to be: %(headers)s. Please use the template."
    )
    raise Refused(words % {"lines": HEADER_WITHIN, "headers": _listed(columns)})


def _whole(places: dict[int, Column], unused: list[str], columns: list[Column]) -> Header:
    found = list(places.values())
    twice = [column for column in columns if found.count(column) > 1]
    if twice:
        raise Refused(_("A column stands there twice: %(headers)s. Please delete one.") % {"headers": _listed(twice)})
    missing = [column for column in required(columns) if column not in found]
    if missing:
        words = _("A column is missing: %(headers)s. Please write the header as in the template.")
        if unused:
            words += _(" These headers are unknown: %(unused)s.")
        raise Refused(words % {"headers": _listed(missing), "unused": "、".join(unused)})
    return Header(places, unused)


def _listed(columns: Iterable[Column]) -> str:
    return "、".join(str(column.header) for column in columns)


def _rows(lines: Any, header: Header, areas: list[str], columns: list[Column]) -> Iterator[dict[str, Any]]:
    merged = [_area(area) for area in areas]
    example = {column.name: str(column.example) for column in header.places.values()}
    for number, cells in lines:
        texts = {column.name: cells[place][0] for place, column in header.places.items()}
        faults = {column.name: cells[place][1] for place, column in header.places.items() if cells[place][1]}
        here = [across for down, across in merged if number in down]
        for place, column in header.places.items():
            if any(place + 1 in across for across in here):
                faults[column.name] = _("Cells are merged here. Please take the merger back and fill in each row.")
        if (any(texts.values()) or faults) and texts != example:
            yield {"n": number, "c": texts, "f": faults}


def _area(text: str) -> tuple[range, range]:
    """A1:B2 as (lines, columns), both from 1."""
    edges = [re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", corner) for corner in text.split(":")]
    (left, top), (right, bottom) = ((column_index_from_string(edge[1]), int(edge[2])) for edge in edges if edge)
    return range(top, bottom + 1), range(left, right + 1)
