"""Whether each text of the record stands in its font and size (GB/T 9704-2012 7.3.1, 7.3.3; the house's sizes for the rest)."""

from collections import Counter
from unicodedata import category

from django.utils.translation import gettext as _

from ..fonts import roles
from .book import Book, PageLine
from .expected import HEADLINE, PLAIN, ExpectedText
from .findings import Faults, Report
from .lines import family_names, is_of, plain_name
from .record import Flow, Record

ALIKE = 0.12  # points
MOST_LINES = 3  # of a title in its full size
NAMES = {
    roles.BODY: "仿宋",
    roles.HEI: "黑体",
    roles.KAI: "楷体",
    roles.TITLE: "小标宋",
    roles.MASTHEAD: "小标宋",
}


def check_lettering(record: Record, report: Report) -> None:
    families = {role: family_names(role) for role in roles.STACKS}
    for flow in record.flows.values():
        for start, end, piece in flow.found:
            page = flow.page(start)
            report.check_all("font", page, _wrong_fonts(flow, start, piece, families))
            if piece.kind == HEADLINE:
                report.check_all("size", page, _wrong_title_size(record.book, flow, start, end, piece))
            elif piece.kind == PLAIN:
                report.check_all("size", page, _wrong_size(record.book, flow, start, end, piece))


def _wrong_fonts(flow: Flow, start: int, piece: ExpectedText, families: dict[str, frozenset[str]]) -> Faults:
    """Letters in a font that serves another role. A character that its own font lacks may be lent from any."""
    wrong: dict[str, str] = {}
    for place, role in enumerate(piece.roles):
        character = flow.characters[start + place]
        name = plain_name(character.font)
        if not role or is_of(name, families[role]) or category(character.text[0])[0] not in "LN":
            continue
        if any(is_of(name, names) for names in families.values()) and not roles.falls_back(character.text, role):
            wrong[role] = wrong.get(role, "") + character.text
    for role, text in wrong.items():
        words = _("This is not set in %(right)s.") % {"right": NAMES[role]}
        yield text, words, "7.3.1" if role == roles.TITLE else ""


def _size(flow: Flow, start: int, end: int) -> float:
    return Counter(round(character.size, 1) for character in flow.characters[start:end]).most_common(1)[0][0]


def _wrong_size(book: Book, flow: Flow, start: int, end: int, piece: ExpectedText) -> Faults:
    size, right = _size(flow, start, end), book.preset.body_size
    if abs(size - right) > ALIKE:
        words = _("The text has %(size)s points; the layout has %(right)s for the body.")
        yield piece.label, words % {"size": f"{size:g}", "right": f"{right:.2f}"}


def _wrong_title_size(book: Book, flow: Flow, start: int, end: int, piece: ExpectedText) -> Faults:
    """22 pt; smaller only where its lines would not fit in that size."""
    size, right = _size(flow, start, end), book.preset.title_size
    lines = list({line.place: line for line in flow.lines[start:end]}.values())
    is_too_small = size < right - ALIKE and len(lines) <= MOST_LINES and _would_fit(lines, book, right / size)
    if size > right + ALIKE or is_too_small or size < book.preset.body_size + ALIKE:
        words = _("The title has %(size)s points instead of %(right)s.")
        yield piece.label, words % {"size": f"{size:g}", "right": f"{right:g}"}, "7.3.1"


def _would_fit(lines: list[PageLine], book: Book, factor: float) -> bool:
    return all((line.right - line.left) * factor <= book.preset.measure for line in lines)
