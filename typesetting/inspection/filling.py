"""Whether each page is filled: no title alone at its foot, no rows left empty that the text could have taken."""

from django.utils.translation import gettext as _

from ..reading import Sheet
from .book import BODY, CONTENTS, END, FOOT, SUBTITLE, TABLE, TITLE, Book, PageLine
from .findings import Faults, Report

MAY_BE_FREE = 3  # rows that a page may end early, so that the next one doesn't begin or end with a line alone
UNDER_TITLE = 2  # rows of text that a title takes along
BETWEEN = 1.2  # rows from one line of a text to the next
AROUND_TITLE = 2.2  # rows from a text to the title after it, or from the title to its text: half a row of air
SECTION = "简讯："


def check_filling(book: Book, report: Report) -> None:
    for sheet in book.sheets:
        lines = [line for line in book.on(sheet.number) if line.kind != FOOT]
        if lines and sheet.number < book.last_page and not _is_front_of_end(book, sheet.number):
            _check_foot(book, sheet.number, lines, report)
        report.check_all("empty-row", sheet.number, _empty_rows(book, sheet, lines))


def _is_front_of_end(book: Book, page: int) -> bool:
    """Whether the text ends on it and its back holds the end matter alone, as on sheets that are printed on both sides."""
    behind = book.on(page + 1)
    is_last = page == book.last_page - 1 and page % 2 == 1 and book.preset.mirrored
    return is_last and not book.sheets[page].pictures and all(line.kind in (END, FOOT) for line in behind)


def _check_foot(book: Book, page: int, lines: list[PageLine], report: Report) -> None:
    last = min(lines, key=lambda line: line.baseline)
    words = _("A title stands at the foot of the page, away from its text.")
    report.check(last.kind not in (TITLE, SUBTITLE), "stranded", page, last.text, words)
    lowest = min([last.baseline, *(bottom for _l, bottom, _r, _t in book.sheets[page - 1].pictures)])
    free = int((lowest - book.bottom) // book.preset.row_height)
    words = _("%(free)s rows at the foot of the page are empty, although what follows would have had room there.")
    is_full = free <= MAY_BE_FREE + _needed(book, page + 1)
    report.check(is_full, "short-page", page, last.text, words % {"free": free})


def _needed(book: Book, page: int) -> float:
    """The rows that what stands at the head of a page takes at least, beyond a single line."""
    lines = [line for line in book.on(page) if line.kind not in (FOOT, END)]
    end = [line for line in book.on(page) if line.kind == END]
    rows = (max(line.baseline for line in end) - book.bottom) / book.preset.row_height + 1 if end else 0.0
    pictures = [box for box in book.sheets[page - 1].pictures if not lines or box[3] > _top(lines[0])]
    if pictures:
        return rows + _rows(book, min(bottom for _l, bottom, _r, _t in pictures)) + 2
    if not lines:
        return rows
    if lines[0].kind == TABLE:
        return rows + _first_cells(book, page, lines)
    head = [line for line in lines[:8] if line.kind in (TITLE, SUBTITLE)] if lines[0].kind == TITLE else []
    return rows + (len(head) + 1 + UNDER_TITLE if head else 0.0)


def _top(line: PageLine) -> float:
    return line.baseline + line.size


def _rows(book: Book, height: float) -> float:
    """The rows from the upper edge of the type area down to a height."""
    return (book.top - height) / book.preset.row_height


def _first_cells(book: Book, page: int, lines: list[PageLine]) -> float:
    """Down to the second rule under the first line: a head and one row of a table aren't parted."""
    under = sorted((rule.bottom for rule in book.sheets[page - 1].rules if rule.top < lines[0].baseline), reverse=True)
    return _rows(book, under[min(2, len(under) - 1)]) if under else float(book.preset.rows)


def _empty_rows(book: Book, sheet: Sheet, lines: list[PageLine]) -> Faults:
    """Rows without anything between two texts."""
    for above, below in zip(lines, lines[1:], strict=False):
        kinds = {above.kind, below.kind}
        if not kinds <= {BODY, TITLE, SUBTITLE, CONTENTS} or below.text.startswith(SECTION) or CONTENTS in kinds:
            continue
        apart = (above.baseline - below.baseline) / book.preset.row_height
        most = BETWEEN if kinds == {BODY} or kinds == {TITLE} else AROUND_TITLE
        is_filled = any(
            bottom < above.baseline and top > below.baseline for _left, bottom, _right, top in sheet.pictures
        ) or any(below.baseline < rule.bottom < above.baseline for rule in sheet.rules)
        if apart > most and not is_filled:
            yield below.text, _("There is an empty row before this line.")
