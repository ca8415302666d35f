"""What a line must be: flush on both sides, indented where a paragraph begins, closed and opened by the right marks."""

import re
from collections.abc import Callable
from itertools import pairwise
from statistics import median
from typing import TypeAlias

from django.utils.translation import gettext as _

from ..fonts import roles as fonts
from ..lines import classes
from .book import BODY, CAPTION, CONTENTS, END, FOOT, MASTHEAD, STRAY, SUBTITLE, TABLE, TITLE, Book, PageLine
from .findings import Faults, Report

IsFinal: TypeAlias = Callable[[PageLine], bool | None]

PARTED_ADDRESS = re.compile("[!-~]{4}[/?&.]$")
GIVE = 0.1  # em
LOOSE, TIGHT = 0.15, -0.05  # em between two Han of one line
ROLES = {
    MASTHEAD: (fonts.MASTHEAD, fonts.BODY, fonts.HEI, fonts.KAI),
    TITLE: (fonts.TITLE,),
    SUBTITLE: (fonts.KAI,),
    CONTENTS: (fonts.BODY,),
    BODY: (fonts.BODY, fonts.KAI, fonts.HEI),
    CAPTION: (fonts.KAI,),
    TABLE: (fonts.BODY, fonts.HEI, fonts.KAI),
    END: (fonts.BODY,),
    FOOT: (fonts.SONG,),
}
# GB/T 15834-2011 5.1 has a number for each mark.
MARK_CLAUSES = {
    "5.1.1": "。，、；：．",
    "5.1.2": "？！",
    "5.1.3": "“”‘’（）《》〈〉【】『』「」〔〕［］｛｝〖〗()[]{}",
    "5.1.4": "—",
    "5.1.5": "…",
    "5.1.6": "～",
    "5.1.7": "·",
}


def check_lines(book: Book, report: Report, is_final: IsFinal) -> None:
    """`is_final(line)` says whether a paragraph, or a line the writer broke, ends with it; None when it isn't known."""
    for sheet in book.sheets:
        page = sheet.number
        body = book.on(page, BODY)
        report.check_all("flush", page, _ragged_at_left(book, body))
        report.check_all("flush", page, _ragged_at_right(book, body, is_final))
        report.check_all("indent", page, _wrong_indents(book, body, is_final))
        report.check_all("size", page, _wrong_sizes(book, page))
        report.check_all("spacing", page, _uneven(body))
        report.check_all("line-start", page, _forbidden_starts(book, page))
        report.check_all("line-end", page, _forbidden_ends(book, page))
        report.check_all("split", page, _split_signs(book, body))
        report.check_all("title", page, _titles_off_the_middle(book, page))


def _ragged_at_left(book: Book, lines: list[PageLine]) -> Faults:
    for line in lines:
        if not any(abs(book.indent_of(line) - indent) < GIVE for indent in (0, 2)):
            words = _("The line begins %(em)s characters from the left edge.")
            yield line.text, words % {"em": f"{book.indent_of(line):.2f}"}


def _ragged_at_right(book: Book, lines: list[PageLine], is_final: IsFinal) -> Faults:
    """A line that its paragraph goes on after reaches the right edge; a mark at its end may lose its blank half."""
    for line in lines:
        if ends_paragraph(book, line, is_final) or _parts_an_address(line, following_text(book, line)):
            continue
        size = book.preset.body_size
        over = (line.right - book.right) / size
        last = line.text[-1]
        most = 0.5 + GIVE if last in classes.CLOSING | classes.POINTS else GIVE
        if not -GIVE <= over <= most:
            yield line.text, _("The line ends %(em)s characters from the right edge.") % {"em": f"{over:+.2f}"}


def _parts_an_address(line: PageLine, following: PageLine | None) -> bool:
    """Such a line is set unspread."""
    return bool(PARTED_ADDRESS.search(line.text)) and following is not None and following.text[0].isascii()


def ends_paragraph(book: Book, line: PageLine, is_final: IsFinal) -> bool:
    """As the record says; otherwise the next line shows it, when it is indented or no text."""
    known = is_final(line)
    if known is not None:
        return known
    following = following_text(book, line)
    return following is None or following.kind != BODY or not book.is_at_edge(following)


def following_text(book: Book, line: PageLine) -> PageLine | None:
    return next((other for other in book.lines[line.place + 1 :] if other.kind != FOOT), None)


def previous_text(book: Book, line: PageLine) -> PageLine | None:
    return next((other for other in reversed(book.lines[: line.place]) if other.kind != FOOT), None)


def _wrong_indents(book: Book, lines: list[PageLine], is_final: IsFinal) -> Faults:
    """The first line of a paragraph is two characters in, the others are not (GB/T 9704-2012 7.3.3)."""
    for line in lines:
        before = previous_text(book, line)
        begins = before is None or before.kind != BODY
        known = None if before is None or begins else is_final(before)
        is_indented = abs(book.indent_of(line) - 2) < GIVE
        if begins and book.is_at_edge(line) and before is not None and before.kind in (TITLE, SUBTITLE):
            yield line.text, _("The paragraph does not begin two characters in.")
        elif known is False and is_indented:
            yield line.text, _("The line begins two characters in, but goes on with a paragraph.")


def _wrong_sizes(book: Book, page: int) -> Faults:
    for line in book.on(page, BODY, STRAY):
        if line.kind == STRAY or abs(line.size - book.preset.body_size) > 0.12:
            words = _("The text has %(size)s points; the layout has %(right)s for the body.")
            yield line.text, words % {"size": f"{line.size:g}", "right": f"{book.preset.body_size:.2f}"}


def _uneven(lines: list[PageLine]) -> Faults:
    for line in lines:
        gaps = [
            (following.left - this.left) / this.size - 1
            for this, following in pairwise(line.characters)
            if classes.kind(this.text) == classes.kind(following.text) == classes.HAN and this.size == following.size
        ]
        if gaps and median(gaps) > LOOSE:  # a wider one may be the writer's own space
            yield line.text, _("The line is spread: %(em)s of a character between two.") % {"em": f"{median(gaps):.2f}"}
        elif gaps and min(gaps) < TIGHT:
            yield line.text, _("Characters of the line touch each other.")


def _forbidden_starts(book: Book, page: int) -> Faults:
    for line in book.on(page, BODY, END, CAPTION, CONTENTS, TITLE, SUBTITLE):
        first = line.text[0]
        is_turned = line.kind != BODY or book.is_at_edge(line)
        if is_turned and first in classes.NEVER_FIRST and not line.text.startswith(("——", "……")):
            words = _("“%(mark)s” stands at the beginning of a line.") % {"mark": first}
            yield line.text, words, clause_of(first)


def _forbidden_ends(book: Book, page: int) -> Faults:
    for line in book.on(page, BODY, END, CAPTION, CONTENTS, TITLE, SUBTITLE):
        last = line.text[-1]
        if last in classes.NEVER_LAST:
            yield line.text[-12:], _("“%(mark)s” stands at the end of a line.") % {"mark": last}, clause_of(last)


def clause_of(mark: str) -> str:
    return next((number for number, marks in MARK_CLAUSES.items() if mark in marks), "")


def _split_signs(book: Book, lines: list[PageLine]) -> Faults:
    """—— and …… are never parted by a line's end, nor is a number."""
    for line in lines:
        following = following_text(book, line)
        if following is None or following.kind != BODY or not book.is_at_edge(following):
            continue
        last, first = line.text[-1], following.text[0]
        if last == first and last in "—…":
            yield f"{line.text[-6:]}/{following.text[:6]}", _("The line's end parts a sign in two."), clause_of(last)
        elif last.isdigit() and first.isdigit() and line.text[-4:].isascii() is False:
            yield f"{line.text[-6:]}/{following.text[:6]}", _("The line's end parts a number in two."), ""


def _titles_off_the_middle(book: Book, page: int) -> Faults:
    for line in book.on(page, TITLE, SUBTITLE):
        if not book.is_centred(line):
            yield line.text, _("The title does not stand in the middle.")


# --- fonts ---------------------------------------------------------------------------------------------------------
def check_fonts(book: Book, report: Report) -> None:
    """All fonts are in the file; each text is in its role's font; every character has a shape."""
    names = sorted(book.reading.unembedded)
    words = _("The file does not carry its fonts: %(names)s.") % {"names": "、".join(map(plain_name, names))}
    report.check(not names, "embedded", 1, "", words)
    of_role = {role: family_names(role) for role in fonts.STACKS}
    families = {kind: frozenset().union(*(of_role[role] for role in roles)) for kind, roles in ROLES.items()}
    for sheet in book.sheets:
        lines = book.on(sheet.number)
        report.check_all("fallback", sheet.number, _foreign_characters(lines, families))
        report.check_all("glyph", sheet.number, _shapeless(lines))


def _foreign_characters(lines: list[PageLine], families: dict[str, frozenset[str]]) -> Faults:
    """Characters that are set in a font which serves none of their line's roles, by font."""
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        known = families.get(line.kind, families[BODY])
        for place, character in enumerate(line.characters):
            name = plain_name(character.font)
            if not is_of(name, known) and not classes.joins_previous(character.text):
                found.setdefault(name, {}).setdefault(character.text, line.text[max(place - 6, 0) : place + 7])
    for name, characters in found.items():
        shown = "".join(list(characters)[:40])
        words = _("Set in another font (%(name)s), perhaps heavier: %(characters)s")
        yield next(iter(characters.values())), words % {"name": name, "characters": shown}


def _shapeless(lines: list[PageLine]) -> Faults:
    for line in lines:
        for place, character in enumerate(line.characters):
            joins = classes.joins_previous(character.text)
            if character.text == "\ufffd" or (character.high - character.low < 0.01 and not joins):
                words = _("A character is not drawn or can't be read: “%(text)s”.") % {"text": character.text}
                yield line.text[max(place - 6, 0) : place + 7], words


def plain_name(name: str) -> str:
    """A font's name without the mark of its being cut."""
    return name.partition("+")[2] or name


def family_names(role: str) -> frozenset[str]:
    """The families that may set a role: the one that serves it here, under all its names, and those preferred to it."""
    whole, names = fonts.whole_face(role), []
    for family in fonts.STACKS[role]:
        names.append(family)
        if whole and family == whole.family:
            break
    if whole:
        names += [
            family
            for family, faces in fonts.installed().items()
            if any((face.file, face.index) == (whole.file, whole.index) for face in faces)
        ]
    return frozenset(bare(name) for name in names)


def is_of(name: str, families: frozenset[str]) -> bool:
    return bare(name).startswith(tuple(families))


def bare(name: str) -> str:
    return name.replace("-", "").replace(" ", "").replace("_", "").casefold()
