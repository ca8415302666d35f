"""Photos with their captions and tables: how large they stand, in whole rows of the page's grid."""

from dataclasses import dataclass
from math import ceil
from typing import ClassVar

from . import fonts, markup, parts
from .body import Block, Cell, Table
from .presets import Preset

MOST_ROWS, PAIR_MOST_ROWS = 10, 8
SINGLE_SHARE = 0.78  # of the measure that one photo may fill
GUTTER = 12.0  # points between two photos side by side
AIR = 5.0  # points kept free above and below a photo
LEAST_ROWS = 3
WIDE = 2.5  # times as wide as high: never beside another

CELL_SIZE, CELL_LINE, CELL_PADDING = 12.0, 17.0, 4.0


@dataclass(frozen=True)
class Picture:
    photo_id: int
    alt: str
    width: float
    height: float
    cell_width: float
    caption: parts.Text | None


@dataclass(frozen=True)
class Pictures:
    """One photo, or two side by side; `height` is that of whole rows, without the captions."""

    template: ClassVar[str] = "issues/print/_pictures.html"
    pictures: tuple[Picture, ...]
    height: float
    above: float  # kept free over the photos
    is_last: bool = False


@dataclass(frozen=True)
class GridCell:
    html: str
    is_head: bool
    columns: int
    rows: int


@dataclass(frozen=True)
class GridRow:
    cells: tuple[GridCell, ...]
    height: float


@dataclass(frozen=True)
class Grid:
    """A table, each row as high as whole rows of the page."""

    template: ClassVar[str] = "issues/print/_table.html"
    head: tuple[GridRow, ...]
    body: tuple[GridRow, ...]
    widths: tuple[float, ...]


def arrange(photos, preset: Preset) -> list[Pictures]:
    """Photos by two and two, an odd one first and alone, as is a panorama. `photos` have photo_id, caption, width, height."""
    groups: list[list] = []
    is_odd = len(photos) % 2
    for photo in photos:
        fits_beside = groups and len(groups[-1]) == 1 and not _is_wide(photo) and not _is_wide(groups[-1][0])
        if fits_beside and not (is_odd and len(groups) == 1):
            groups[-1].append(photo)
        else:
            groups.append([photo])
    return [_side_by_side(group, preset) for group in groups]


def _is_wide(photo) -> bool:
    return photo.width > WIDE * photo.height


def _side_by_side(group, preset: Preset) -> Pictures:
    ratios = [max(photo.width, 1) / max(photo.height, 1) for photo in group]
    is_single = len(group) == 1
    room = preset.measure * SINGLE_SHARE if is_single else preset.measure - GUTTER
    most = (MOST_ROWS if is_single else PAIR_MOST_ROWS) * preset.row_height - 2 * AIR
    height = min(room / sum(ratios), most)
    rows = max(ceil((height + 2 * AIR) / preset.row_height - 0.01), LEAST_ROWS)
    scale = height / (room / sum(ratios))
    above = max((rows * preset.row_height - height) / 2, AIR)
    pictures = []
    for photo, ratio in zip(group, ratios, strict=True):
        cell = preset.measure if is_single else (preset.measure - GUTTER) * ratio / sum(ratios)
        caption = parts.caption(photo.caption, preset.measure if is_single else max(cell, 6 * parts.CAPTION_SIZE))
        width = min(height * ratio, room * ratio / sum(ratios) * scale)
        alternative = " ".join(photo.caption.split()) or "照片"
        pictures.append(Picture(photo.photo_id, alternative, width, height, cell, caption))
    return Pictures(tuple(pictures), rows * preset.row_height, above)


def grid(table: Table, preset: Preset) -> Grid:
    """A table over the whole measure; columns share it by what they hold."""
    count = max((sum(cell.columns for cell in row) for row in table.rows), default=1)
    widths = _column_widths(table, count, preset.measure)
    taken: dict[tuple[int, int], bool] = {}
    rows = []
    for number, row in enumerate(table.rows):
        cells, height, column = [], CELL_LINE, 0
        for cell in row:
            while taken.get((number, column)):
                column += 1
            span = max(min(cell.columns, count - column), 1)
            for below in range(cell.rows):
                taken.update({(number + below, column + right): True for right in range(span)})
            width = sum(widths[column : column + span]) or widths[-1]
            html, lines = _cell(cell, width - 2 * CELL_PADDING)
            height = max(height, lines * CELL_LINE / cell.rows)
            cells.append(GridCell(html, cell.is_head, span, min(cell.rows, len(table.rows) - number)))
            column += span
        rows.append(GridRow(tuple(cells), ceil((height + 4) / preset.row_height) * preset.row_height))
    return Grid(tuple(rows[: table.head_rows]), tuple(rows[table.head_rows :]), tuple(widths))


def _column_widths(table: Table, count: int, measure: float) -> list[float]:
    weights = [3.0] * count
    for row in table.rows:
        column = 0
        for cell in row:
            if cell.columns == 1 and column < count:
                longest = max((len(block.text) for block in cell.blocks), default=0)
                weights[column] = max(weights[column], min(longest + 1.0, 20.0))
            column += cell.columns
    return [measure * weight / sum(weights) for weight in weights]


def _cell(cell: Cell, measure: float) -> tuple[str, int]:
    """The lines of a cell; heads in 黑体, short cells in the middle by their style."""
    role = fonts.HEI if cell.is_head else fonts.BODY
    lines = [line for block in cell.blocks for line in _cell_lines(block, role, measure)]
    return markup.lines_html(lines, role, CELL_SIZE), len(lines)


def _cell_lines(block: Block, role: str, measure: float):
    return markup.set_lines(block.runs, role, CELL_SIZE, max(measure, 2 * CELL_SIZE))
