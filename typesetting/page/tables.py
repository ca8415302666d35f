"""Tables: how wide their columns are, where the lines of their cells end, and how their rows fall on pages.

A column is as wide as its longest unbreakable word at least, a row as high as its text; the table with the air around it
takes whole rows of the page's grid. Sizes are in points unless the name says otherwise.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from math import ceil
from typing import ClassVar

from ..fonts import roles
from ..lines import markup
from ..lines.composer import Run, SetLine
from ..lines.paragraph import Paragraph
from . import parts
from .body import BodyBlock, Cell, Table
from .presets import Preset

SIZES = (12.0, 10.5, 9.0, 7.5)  # 小四; 五号, 小五 and 六号 where the columns are many
LEADING = 17 / 12
CELL_PADDING, ROW_PADDING = 4.0, 3.0  # at the sides; above and below
STRIP = 22.0  # over the table: its caption on its first page, 续表 on the others
AIR = 7.0  # between the table and the text, at least
# Characters of a text that is kept on one line: the first that lets all columns fit, at the largest size that does.
WHOLE, AT_WORST = (12, 8, 6, 4), (2, 1)
LONGEST_WORD = 8.0  # em; a longer run of letters and figures, such as an address, is cut
LONG_CELLS = (1.0, 0.75, 0.5)  # of a column's cells that its width is made for
UNEVEN = 1.15  # how much room turned lines take beside what their letters take
WIDEST_WISHES = (20.0, 60.0)  # em that a column asks for at most, tried in turn
MOST_MERGED = 10  # rows that a cell reaches into and that are kept on one page
MOST_CENTRED = 2  # lines; longer texts stand at the left
ROUNDING = 0.01
NUMBER = re.compile(r"([+\-−－±]?[￥¥$]?[0-9][0-9,]*)((?:\.[0-9]+)?\s?(?:[%％‰℃]|[\u4e00-\u9fff]{1,2})?)")
NOTHING = frozenset(("", "—", "——", "-", "/", "／", "无"))


class TooManyColumns(ValueError):
    """No size lets every column of the table hold a character."""

    def __init__(self, count: int):
        super().__init__(count)
        self.count = count


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


@dataclass(frozen=True)
class _Place:
    """A cell with the column and the row that it begins in, and how many it spans of each."""

    cell: Cell
    column: int
    row: int
    columns: int
    rows: int

    @property
    def role(self) -> str:
        return roles.HEI if self.cell.is_head else roles.BODY


def grid(table: Table, preset: Preset) -> Grid:
    """A table over the whole measure. Raises TooManyColumns."""
    places = list(_places(table))
    count = max((place.column + place.columns for place in places), default=1)
    size, widths = _fitted(places, count, preset.measure)
    aligned = _aligned(places, count, widths, size)
    cells: list[list[tuple[int, GridCell]]] = [[] for _row in table.rows]
    heights = [size * LEADING + 2 * ROW_PADDING] * len(table.rows)
    tall: list[tuple[_Place, float]] = []
    for place in places:
        inner = sum(widths[place.column : place.column + place.columns]) - 2 * CELL_PADDING
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
    return parts.centred(table.caption.text, "table-caption", roles.HEI, SIZES[0], preset.measure)


def _places(table: Table) -> Iterator[_Place]:
    """The cells where they stand; columns in which no cell begins are left out."""
    found: list[_Place] = []
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            rows = min(cell.rows, len(table.rows) - row)
            taken.update((row + down, column + right) for down in range(rows) for right in range(cell.columns))
            found.append(_Place(cell, column, row, cell.columns, rows))
            column += cell.columns
    begun = sorted({place.column for place in found})
    number = {column: at for at, column in enumerate(begun)}
    for place in found:
        spanned = sum(place.column <= column < place.column + place.columns for column in begun)
        yield replace(place, column=number[place.column], columns=spanned)


# --- columns -------------------------------------------------------------------------------------------------------
def _fitted(places: Sequence[_Place], count: int, measure: float) -> tuple[float, list[float]]:
    """The largest size, and the widths, at which every column holds its longest word."""
    wishes = [_wish(place) for place in places]
    for choices in (WHOLE, AT_WORST):
        words = [[_longest_word(place, whole) for place in places] for whole in choices]
        for size, longest in product(SIZES, words):
            least = _columns(places, longest, count, size)
            if sum(least) <= measure:
                return size, _lowest(places, wishes, least, size, measure)
    raise TooManyColumns(count)


def _wish(place: _Place) -> float:
    """The width in em at which no line of the cell is turned."""
    return max((_width(block, place.role) for block in place.cell.blocks), default=1.0)


def _longest_word(place: _Place, whole: int) -> float:
    """In em: texts of up to `whole` characters count as one word."""
    longest = 1.0
    for block in place.cell.blocks:
        for line in block.text.split("\n"):
            paragraph = _measured(line, place.role)
            if len(line) <= whole:
                longest = max(longest, _length(paragraph, 0, len(line)))
                continue
            edges = [at for at in range(len(line) + 1) if paragraph.legal[at]]
            longest = max([longest, *(min(_length(paragraph, *pair), LONGEST_WORD) for pair in pairwise(edges))])
    return longest


def _length(paragraph: Paragraph, start: int, end: int) -> float:
    return paragraph.need(start, end, 0.0)[0] if end > start else 0.0


def _width(block: BodyBlock, role: str) -> float:
    return max(_length(_measured(line, role), 0, len(line)) for line in block.text.split("\n"))


def _measured(text: str, role: str) -> Paragraph:
    return Paragraph(text, [roles.width(character, role) for character in text])


def _columns(places: Sequence[_Place], ems: Sequence[float], count: int, size: float) -> list[float]:
    """What each column needs for its cells; what a cell over several columns lacks is shared among them."""
    widths = [0.0] * count
    needs = sorted(zip(places, ems, strict=True), key=lambda need: need[0].columns)
    for place, em in needs:
        span = slice(place.column, place.column + place.columns)
        lacking = em * size + 2 * CELL_PADDING + ROUNDING - sum(widths[span])
        if lacking > 0:
            widths[span] = [width + lacking / place.columns for width in widths[span]]
    return widths


def _lowest(
    places: Sequence[_Place], wishes: Sequence[float], least: list[float], size: float, measure: float
) -> list[float]:
    """Of the widths that let all cells, most of them or half of them stand on one line those that give the lowest table."""
    choices: list[tuple[float, int, list[float]]] = []
    full = _columns(places, wishes, len(least), size)
    for share, most in product(LONG_CELLS, WIDEST_WISHES):
        asked = [min(wish, most) for wish in _without_longest(places, wishes, len(least), share)]
        widths = _shared(least, _columns(places, asked, len(least), size), full, measure)
        choices.append((_height(places, wishes, widths, size), len(choices), widths))
    return min(choices)[2]


def _without_longest(places: Sequence[_Place], wishes: Sequence[float], count: int, share: float) -> list[float]:
    """The wishes, those of each column's longest cells cut down to that of the longest of the others."""
    most = [0.0] * count
    for column in range(count):
        own = sorted(wish for place, wish in zip(places, wishes, strict=True) if place.column == column)
        most[column] = own[ceil(len(own) * share) - 1] if own else 0.0
    return [min(wish, most[place.column]) for place, wish in zip(places, wishes, strict=True)]


def _height(places: Sequence[_Place], wishes: Sequence[float], widths: list[float], size: float) -> float:
    """About how many lines the table has."""
    rows: dict[int, int] = {}
    for place, wish in zip(places, wishes, strict=True):
        inner = sum(widths[place.column : place.column + place.columns]) - 2 * CELL_PADDING
        rows[place.row] = max(
            rows.get(place.row, 1), ceil(wish * size / inner * UNEVEN - ROUNDING) if wish * size > inner else 1
        )
    return sum(rows.values())


def _shared(least: list[float], asked: list[float], full: list[float], measure: float) -> list[float]:
    """The measure among the columns. Between the least and what is asked where that is too much, else up to what all
    their cells need, and then some for each."""
    asked = [max(pair) for pair in zip(least, asked, strict=True)]
    if sum(asked) > measure:
        return _between(least, asked, measure)
    full = [max(pair) for pair in zip(asked, full, strict=True)]
    if sum(full) > measure:
        return _between(asked, full, measure)
    spare = (measure - sum(full)) / 2
    return [width + spare / len(full) + spare * width / sum(full) for width in full]


def _between(low: list[float], high: list[float], measure: float) -> list[float]:
    part = (measure - sum(low)) / (sum(high) - sum(low))
    return [least + part * (most - least) for least, most in zip(low, high, strict=True)]


def _aligned(places: Sequence[_Place], count: int, widths: list[float], size: float) -> dict[tuple[int, int], str]:
    """The style of numbers: a column of them stands under each other by their points, as a block in the middle."""
    found = {}
    for column in range(count):
        cells = [place for place in places if place.column == column and place.columns == 1 and not place.cell.is_head]
        texts = [" ".join(block.text for block in place.cell.blocks).strip() for place in cells]
        numbers = [NUMBER.fullmatch(text) for text in texts]
        filled = [number for number, text in zip(numbers, texts, strict=True) if text not in NOTHING]
        if len(filled) < 2 or not all(filled):
            continue
        sides = [(_text_width(number[1]), _text_width(number[2])) if number else (0.0, 0.0) for number in numbers]
        before, behind = (max(widest) for widest in zip(*sides, strict=True))
        spare = (widths[column] - 2 * CELL_PADDING) / size - before - behind
        if spare < 0:
            continue
        for place, number, (_whole, tail) in zip(cells, numbers, sides, strict=True):
            if number:
                right = CELL_PADDING + (spare / 2 + behind - tail) * size
                found[place.row, column] = f"text-align: right; padding-right: {right:.2f}pt"
    return found


def _text_width(text: str) -> float:
    return _length(_measured(text, roles.BODY), 0, len(text))


# --- cells and rows ------------------------------------------------------------------------------------------------
def _cell_lines(place: _Place, size: float, measure: float) -> list[SetLine]:
    return [line for block in place.cell.blocks for line in _block_lines(block, place.role, size, max(measure, size))]


def _block_lines(block: BodyBlock, role: str, size: float, measure: float) -> list[SetLine]:
    """Lines that are never spread; two of them are about evenly long."""
    lines = markup.set_lines(block.runs, role, size, measure)
    if len(lines) == MOST_CENTRED and "\n" not in block.text:
        half = _width(block, role) * size / MOST_CENTRED
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


def _raised(heights: list[float], tall: Sequence[tuple[_Place, float]]) -> list[float]:
    """With rows made higher for the cells that span several of them."""
    for place, height in tall:
        span = slice(place.row, place.row + place.rows)
        lacking = height - sum(heights[span])
        if lacking > 0:
            heights[span] = [own + lacking / place.rows for own in heights[span]]
    return heights


def _kept_together(places: Sequence[_Place], count: int, head: int) -> set[int]:
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
    end = min(ceil((foot + AIR) / preset.row_height - ROUNDING), preset.rows)
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
    return ceil(_beginning(table) / preset.row_height - ROUNDING)


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
