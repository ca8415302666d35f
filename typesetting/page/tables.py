"""Tables: where the lines of their cells end, and how their rows fall on pages.

A row is as high as its text; the table with the air around it takes whole rows of the page's grid. Sizes are in points
unless the name says otherwise.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import ClassVar

from ..fonts import roles
from ..lines import markup
from ..lines.composer import Run, SetLine
from . import columns, parts
from .body import BodyBlock, Table
from .presets import Preset

LEADING = 17 / 12
ROW_PADDING = 3.0  # above and below
STRIP = 22.0  # over the table: its caption on its first page, 续表 on the others
AIR = 7.0  # between the table and the text, at least
MOST_MERGED = 10  # rows that a cell reaches into and that are kept on one page
MOST_CENTRED = 2  # lines; longer texts stand at the left


@dataclass(frozen=True)
class GridCell:
    html: str
    is_head: bool
    columns: int
    rows: int
    css: str = ""


@dataclass(frozen=True)
class GridRow:
    """A row; one that `stays` is on the same page as the row before it."""

    cells: tuple[GridCell, ...]
    height: float
    stays: bool = False


@dataclass(frozen=True)
class Grid:
    """A table as it is set. `above` and `below` are the air around it, which settle() makes whole rows of."""

    template: ClassVar[str] = "typesetting/_table.html"
    caption: parts.Text | None
    continued: str  # over its further pages
    head: tuple[GridRow, ...]
    body: tuple[GridRow, ...]
    widths: tuple[float, ...]
    size: float
    above: float = AIR
    below: float = AIR

    @property
    def leading(self) -> float:
        return self.size * LEADING

    @property
    def indent(self) -> float:
        """What the first page has over the caption beside the strip that every page has."""
        return self.above - STRIP

    @property
    def top(self) -> float:
        """What stands over the table's first rule on its first page."""
        return self.above + (STRIP if self.caption else 0.0)

    @property
    def can_be_parted(self) -> bool:
        return any(not row.stays for row in self.body[1:])


def grid(table: Table, preset: Preset) -> Grid:
    """A table over the whole measure. Raises TooManyColumns."""
    places = list(columns.places(table))
    count = max((place.column + place.columns for place in places), default=1)
    size, widths = columns.fitted(places, count, preset.measure)
    aligned = columns.aligned(places, count, widths, size)
    cells: list[list[tuple[int, GridCell]]] = [[] for _row in table.rows]
    heights = [size * LEADING + 2 * ROW_PADDING] * len(table.rows)
    tall: list[tuple[columns.Place, float]] = []
    for place in places:
        inner = sum(widths[place.column : place.column + place.columns]) - 2 * columns.CELL_PADDING
        lines = _cell_lines(place, size, inner)
        css = aligned.get((place.row, place.column)) or ("text-align: left" if len(lines) > MOST_CENTRED else "")
        html = markup.lines_html(lines, place.role, size)
        for row, cell in _parted(GridCell(html, place.cell.is_head, place.columns, place.rows, css), place.row):
            cells[row].append((place.column, cell))
        height = len(lines) * size * LEADING + 2 * ROW_PADDING
        if place.rows == 1 or place.rows > MOST_MERGED:
            heights[place.row] = max(heights[place.row], height)
        else:
            tall.append((place, height))
    heights = _raised(heights, tall)
    kept = _kept_together(places, len(table.rows), table.head_rows)
    rows = [
        GridRow(
            tuple(cell for _column, cell in sorted(row, key=lambda entry: entry[0])), round(heights[at], 3), at in kept
        )
        for at, row in enumerate(cells)
    ]
    caption = _caption(table, preset)
    named = re.match(r"表\s*([0-9一二三四五六七八九十]+)", table.caption.text) if table.caption else None
    continued = f"续表{named[1]}" if named else "续表"
    head = table.head_rows if table.head_rows < len(rows) else 0
    return Grid(caption, continued, tuple(rows[:head]), tuple(rows[head:]), tuple(widths), size)


def _parted(cell: GridCell, row: int) -> Iterator[tuple[int, GridCell]]:
    """The cell with its row; one that reaches into too many rows for a page as one cell a row, without lines between them."""
    if cell.rows <= MOST_MERGED:
        yield row, cell
        return
    for down in range(cell.rows):
        sides = [side for side, is_open in (("top", down), ("bottom", down < cell.rows - 1)) if is_open]
        css = "; ".join(filter(None, [cell.css, *(f"border-{side}: none" for side in sides)]))
        yield row + down, replace(cell, html=cell.html if down == 0 else "", rows=1, css=css)


def _caption(table: Table, preset: Preset) -> parts.Text | None:
    """Over the table, 黑体, in the middle."""
    if table.caption is None:
        return None
    return parts.centred(table.caption.text, "table-caption", roles.HEI, columns.SIZES[0], preset.measure)


# --- cells and rows ------------------------------------------------------------------------------------------------
def _cell_lines(place: columns.Place, size: float, measure: float) -> list[SetLine]:
    return [line for block in place.cell.blocks for line in _block_lines(block, place.role, size, max(measure, size))]


def _block_lines(block: BodyBlock, role: str, size: float, measure: float) -> list[SetLine]:
    """Lines that are never spread; two of them are about evenly long."""
    lines = markup.set_lines(block.runs, role, size, measure)
    if len(lines) == MOST_CENTRED and "\n" not in block.text:
        half = columns.width_of(block, role) * size / MOST_CENTRED
        for more in range(6):
            if (narrow := half + more * size / 2) >= measure:
                break
            closer = markup.set_lines(block.runs, role, size, narrow)
            if len(closer) == len(lines):
                lines = closer
                break
    return [_unspread(line, role, size, measure) for line in lines]


def _unspread(line: SetLine, role: str, size: float, measure: float) -> SetLine:
    runs = [Run(piece.text, piece.style) for piece in line.pieces]
    alone = markup.set_lines(runs, role, size, measure)
    return alone[0] if len(alone) == 1 else markup.set_lines(runs, role, size, parts.ENDLESS)[0]


def _raised(heights: list[float], tall: Sequence[tuple[columns.Place, float]]) -> list[float]:
    """With rows made higher for the cells that span several of them."""
    for place, height in tall:
        span = slice(place.row, place.row + place.rows)
        lacking = height - sum(heights[span])
        if lacking > 0:
            heights[span] = [own + lacking / place.rows for own in heights[span]]
    return heights


def _kept_together(places: Sequence[columns.Place], count: int, head: int) -> set[int]:
    """The rows that no page begins with: the second and the last one, and those that a cell above reaches into."""
    kept = {head + 1, count - 1} if count > head + 1 else set()
    for place in places:
        if place.rows <= MOST_MERGED:
            kept.update(range(place.row + 1, place.row + place.rows))
    return kept


# --- pages ---------------------------------------------------------------------------------------------------------
def settle(table: Grid, row: float, preset: Preset) -> tuple[Grid, float]:
    """The table with its air where it begins on `row`, counted over all pages; and the row after it."""
    plain = replace(table, above=AIR, below=AIR)
    page, foot = _foot(plain, row, preset)
    end = min(ceil((foot + AIR) / preset.row_height - columns.ROUNDING), preset.rows)
    spare = end * preset.row_height - foot - AIR
    begins = row // preset.rows if _begins_here(plain, row, preset) else row // preset.rows + 1
    above = AIR + spare / 2 if page == begins and spare > 0 else AIR
    below = max(end * preset.row_height - foot - (above - AIR), 0.0)
    return replace(table, above=round(above, 3), below=round(below, 3)), page * preset.rows + end


def _foot(table: Grid, row: float, preset: Preset) -> tuple[int, float]:
    """The page, from 0, on which the table ends, and how far down."""
    page, y = int(row // preset.rows), row % preset.rows * preset.row_height
    if not _begins_here(table, row, preset):
        page, y = page + 1, 0.0
    head = sum(line.height for line in table.head)
    y += table.top + head
    is_fresh = True
    for group in _groups(table.body):
        height = sum(line.height for line in group)
        if not is_fresh and y + height > preset.rows * preset.row_height:
            page, y = page + 1, STRIP + head
        y += height
        is_fresh = False
    return page, y


def _begins_here(table: Grid, row: float, preset: Preset) -> bool:
    """Whether what can't be parted of its beginning fits on the page of this row."""
    y = row % preset.rows * preset.row_height
    return not y or y + _beginning(table) <= preset.rows * preset.row_height


def _beginning(table: Grid) -> float:
    """Air, caption, head and the first rows."""
    height: float = table.top + sum(line.height for line in (*table.head, *next(_groups(table.body), ())))
    return height


def first_rows(table: Grid, preset: Preset) -> int:
    """The rows of the page that its beginning takes."""
    return ceil(_beginning(table) / preset.row_height - columns.ROUNDING)


def _groups(rows: Sequence[GridRow]) -> Iterator[list[GridRow]]:
    """Rows that no page parts."""
    group: list[GridRow] = []
    for row in rows:
        if group and not row.stays:
            yield group
            group = []
        group.append(row)
    if group:
        yield group
