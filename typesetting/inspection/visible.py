"""Whether a reader sees the text: nothing lies upon it, it is drawn in a colour of its own, it stands on the sheet."""

from collections.abc import Iterable
from itertools import groupby

from django.utils.translation import gettext as _

from ..reading import Sheet
from .book import Book, PageLine
from .findings import Faults, Report

UPON = 0.4  # of a character's size by which two lines may come close
OVERLAP = 1.0  # points of the width that they must share


def check_visible(book: Book, report: Report) -> None:
    for sheet in book.sheets:
        page, lines = sheet.number, book.on(sheet.number)
        hidden = _("The text can't be seen: it is not drawn, or drawn in the colour of the paper.")
        covered = _("Something lies upon the text.")
        report.check_all("covered", page, [(text, hidden) for text in _stretches(sheet, sheet.unseen)])
        report.check_all("covered", page, [(text, covered) for text in _stretches(sheet, sheet.covered)])
        report.check_all("covered", page, _lines_upon_each_other(lines))
        outside = [line for line in lines if _is_outside(line, sheet)]
        words = _("The text stands beyond the edge of the sheet and is cut off.")
        report.check_all("off-sheet", page, [(line.text, words) for line in outside])


def _stretches(sheet: Sheet, indexes: Iterable[int]) -> list[str]:
    """The characters that follow each other, as one text each."""
    found = groupby(enumerate(sorted(indexes)), key=lambda pair: pair[1] - pair[0])
    return ["".join(sheet.characters[index].text for _place, index in group) for _key, group in found]


def _lines_upon_each_other(lines: list[PageLine]) -> Faults:
    ordered = sorted(lines, key=lambda line: line.baseline)
    for place, line in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other.baseline - line.baseline > UPON * max(line.size, other.size):
                break
            if min(line.right, other.right) - max(line.left, other.left) > OVERLAP and not _are_apart(line, other):
                yield line.text, _("Two lines are printed upon each other: “%(other)s”.") % {"other": other.text[:12]}


def _are_apart(line: PageLine, other: PageLine) -> bool:
    """Whether no character of one stands in the place of one of the other: two cells of a table may be drawn in turn."""
    spans = sorted((c.left + 0.2 * c.size, c.right - 0.2 * c.size) for c in other.characters if c.right > c.left)
    return not any(
        c.left + 0.2 * c.size < right and left < c.right - 0.2 * c.size
        for c in line.characters
        for left, right in spans
    )


def _is_outside(line: PageLine, sheet: Sheet) -> bool:
    left, bottom, right, top = sheet.area
    drawn = [character for character in line.characters if character.high > character.low]
    return any(c.inked_left < left or c.low < bottom or c.inked_right > right or c.high > top for c in drawn)
