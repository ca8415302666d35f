"""How wide the columns of a table are, and at which size its text: every column holds its longest word at least, and the
table is as low as it can be. Sizes are in points unless the name says otherwise.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from math import ceil

from ..fonts import roles
from ..lines.paragraph import Paragraph
from .body import BodyBlock, Cell, Table

SIZES = (12.0, 10.5, 9.0, 7.5)  # 小四; 五号, 小五 and 六号 where the columns are many
CELL_PADDING = 4.0  # at the sides
# Characters of a text that is kept on one line: the first that lets all columns fit, at the largest size that does.
WHOLE, AT_WORST = (12, 8, 6, 4), (2, 1)
LONGEST_WORD = 8.0  # em; a longer run of letters and figures, such as an address, is cut
LONG_CELLS = (1.0, 0.75, 0.5)  # of a column's cells that its width is made for
UNEVEN = 1.15  # how much room turned lines take beside what their letters take
WIDEST_WISHES = (20.0, 60.0)  # em that a column asks for at most, tried in turn
ROUNDING = 0.01
NUMBER = re.compile(r"([+\-−－±]?[￥¥$]?[0-9][0-9,]*)((?:\.[0-9]+)?\s?(?:[%％‰℃]|[\u4e00-\u9fff]{1,2})?)")
NOTHING = frozenset(("", "—", "——", "-", "/", "／", "无"))


class TooManyColumns(ValueError):
    """No size lets every column of the table hold a character."""

    def __init__(self, count: int):
        super().__init__(count)
        self.count = count


@dataclass(frozen=True)
class Place:
    """A cell with the column and the row that it begins in, and how many it spans of each."""

    cell: Cell
    column: int
    row: int
    columns: int
    rows: int

    @property
    def role(self) -> str:
        return roles.HEI if self.cell.is_head else roles.BODY


def places(table: Table) -> Iterator[Place]:
    """The cells where they stand; columns in which no cell begins are left out."""
    found: list[Place] = []
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            rows = min(cell.rows, len(table.rows) - row)
            taken.update((row + down, column + right) for down in range(rows) for right in range(cell.columns))
            found.append(Place(cell, column, row, cell.columns, rows))
            column += cell.columns
    begun = sorted({place.column for place in found})
    number = {column: at for at, column in enumerate(begun)}
    for place in found:
        spanned = sum(place.column <= column < place.column + place.columns for column in begun)
        yield replace(place, column=number[place.column], columns=spanned)


def fitted(places: Sequence[Place], count: int, measure: float) -> tuple[float, list[float]]:
    """The largest size, and the widths, at which every column holds its longest word."""
    wishes = [_wish(place) for place in places]
    for choices in (WHOLE, AT_WORST):
        words = [[_longest_word(place, whole) for place in places] for whole in choices]
        for size, longest in product(SIZES, words):
            least = _columns(places, longest, count, size)
            if sum(least) <= measure:
                return size, _lowest(places, wishes, least, size, measure)
    raise TooManyColumns(count)


def _wish(place: Place) -> float:
    """The width in em at which no line of the cell is turned."""
    return max((width_of(block, place.role) for block in place.cell.blocks), default=1.0)


def _longest_word(place: Place, whole: int) -> float:
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


def width_of(block: BodyBlock, role: str) -> float:
    return max(_length(_measured(line, role), 0, len(line)) for line in block.text.split("\n"))


def _measured(text: str, role: str) -> Paragraph:
    return Paragraph(text, [roles.width(character, role) for character in text])


def _columns(places: Sequence[Place], ems: Sequence[float], count: int, size: float) -> list[float]:
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
    places: Sequence[Place], wishes: Sequence[float], least: list[float], size: float, measure: float
) -> list[float]:
    """Of the widths that let all cells, most of them or half of them stand on one line those that give the lowest table."""
    choices: list[tuple[float, int, list[float]]] = []
    full = _columns(places, wishes, len(least), size)
    for share, most in product(LONG_CELLS, WIDEST_WISHES):
        asked = [min(wish, most) for wish in _without_longest(places, wishes, len(least), share)]
        widths = _shared(least, _columns(places, asked, len(least), size), full, measure)
        choices.append((_height(places, wishes, widths, size), len(choices), widths))
    return min(choices)[2]


def _without_longest(places: Sequence[Place], wishes: Sequence[float], count: int, share: float) -> list[float]:
    """The wishes, those of each column's longest cells cut down to that of the longest of the others."""
    most = [0.0] * count
    for column in range(count):
        own = sorted(wish for place, wish in zip(places, wishes, strict=True) if place.column == column)
        most[column] = own[ceil(len(own) * share) - 1] if own else 0.0
    return [min(wish, most[place.column]) for place, wish in zip(places, wishes, strict=True)]


def _height(places: Sequence[Place], wishes: Sequence[float], widths: list[float], size: float) -> float:
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


def aligned(places: Sequence[Place], count: int, widths: list[float], size: float) -> dict[tuple[int, int], str]:
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
