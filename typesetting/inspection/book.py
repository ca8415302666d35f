"""What stands on the pages of a PDF: its lines, known by size and place, read without what it was made from."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from unicodedata import bidirectional

from ..lines import classes
from ..page.presets import MM, PRESETS, Preset
from ..reading import Character, PrintedRule, Reading, Sheet

MASTHEAD, TITLE, SUBTITLE, CONTENTS, BODY = "masthead", "title", "subtitle", "contents", "body"
CAPTION, TABLE, END, FOOT, STRAY = "caption", "table", "end", "foot", "stray"
TABLE_SIZES, PAGE_NUMBER_SIZE = (12.0, 10.5, 9.0, 7.5), 14.0
ALIKE = 0.3  # points by which sizes may differ
TITLE_LARGER = 0.5  # points by which a title is larger than the body at least; a long one is set smaller
PAGE_NUMBER = re.compile(r"[—–―－\-]*[0-9]+[—–―－\-]*")
ENTRY_END = re.compile(r"…[0-9]+$")
CAPTION_REACH = (
    25.0  # points between a picture and its caption's baseline, or between two of them; a table stands lower
)
CONTINUED = re.compile(r"续表[0-9一二三四五六七八九十]*")  # over a table that goes on
CODE_CAPTION = "扫码核验"
END_LABEL = re.compile(r"(报|送|发|抄送)：|共印[0-9]+份$")


@dataclass
class PageLine:
    """Characters of one line in the order in which they are drawn."""

    page: int
    characters: list[Character]
    kind: str = STRAY
    place: int = 0  # in the book

    @cached_property
    def text(self) -> str:
        return "".join(character.text for character in self.characters)

    @cached_property
    def left(self) -> float:
        return min(character.left for character in self.characters)

    @cached_property
    def right(self) -> float:
        return max(character.right for character in self.characters)

    @cached_property
    def size(self) -> float:
        """Of most of it."""
        return Counter(round(character.size, 1) for character in self.characters).most_common(1)[0][0]

    @cached_property
    def baseline(self) -> float:
        """Of most of it: signs that are raised or lowered don't count."""
        return Counter(character.baseline for character in self.characters).most_common(1)[0][0]

    @property
    def is_leftwards(self) -> bool:
        return any(is_leftwards(character.text) for character in self.characters)


class Book:
    """The pages of a file with their lines, measured by a preset."""

    def __init__(self, reading: Reading, preset: Preset):
        self.reading, self.preset = unmirrored(reading, preset), preset
        self.left = preset.left_mm * MM
        self.right = self.left + preset.measure
        self.bottom = preset.bottom_mm * MM
        self.top = self.bottom + preset.height_mm * MM
        lines = [line for sheet in self.sheets for line in sorted(lines_of(sheet), key=self._follows)]
        # Under a verification code, in the margin: they belong to no text.
        self.code_captions = [line for line in lines if self._is_code_caption(line)]
        self.lines = [line for line in lines if not self._is_code_caption(line)]
        for place, line in enumerate(self.lines):
            line.place = place
        self._name_kinds()

    def _follows(self, line: PageLine) -> bool:
        """Whether it is read in the order of drawing: 续表 at the head of a page is drawn last."""
        return not (CONTINUED.fullmatch(line.text) and line.baseline > self.top - self.preset.row_height)

    def _is_code_caption(self, line: PageLine) -> bool:
        return line.baseline < self.bottom and line.text == CODE_CAPTION

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return self.reading.sheets

    @property
    def last_page(self) -> int:
        return len(self.sheets)

    def on(self, page: int, *kinds: str) -> list[PageLine]:
        return [line for line in self._by_page.get(page, ()) if not kinds or line.kind in kinds]

    @cached_property
    def _by_page(self) -> dict[int, list[PageLine]]:
        pages: dict[int, list[PageLine]] = {}
        for line in self.lines:
            pages.setdefault(line.page, []).append(line)
        return pages

    @cached_property
    def red_rule(self) -> PrintedRule | None:
        """The rule under the masthead, if there is one."""
        rules = self.sheets[0].rules if self.sheets else ()
        red = [rule for rule in rules if is_red(rule.color) and rule.right - rule.left > self.preset.measure / 2]
        return min(red, key=lambda rule: rule.bottom, default=None)

    @cached_property
    def phase(self) -> float:
        """How far the first row's baseline lies under the upper edge of the type area: the one most lines agree with."""
        height = self.preset.row_height
        found = Counter(
            round((self.top - line.baseline) % height, 1) for line in self.lines if line.kind == BODY
        ).most_common(1)
        return found[0][0] if found else 0.0

    def row(self, line: PageLine) -> float:
        """The row of the grid that it stands on, from 0; a fraction when it stands between two."""
        return (self.top - line.baseline - self.phase) / self.preset.row_height

    def _name_kinds(self) -> None:
        end = self._end_begins()
        before = STRAY
        for line in self.lines:
            line.kind = self._kind(line, before, end)
            if line.kind != FOOT:  # a page ends between two lines that belong together
                before = line.kind

    def _end_begins(self) -> PageLine | None:
        """The first line of the end matter: 报：, 送： or 发： in smaller letters than the body's, or 共印N份."""
        for line in self.lines:
            if line.size < self.preset.body_size - ALIKE and END_LABEL.match(line.text):
                return line
        return None

    def _kind(self, line: PageLine, before: str, end: PageLine | None) -> str:
        size = line.size
        if line.baseline < self.bottom and PAGE_NUMBER.fullmatch(line.text):
            return FOOT
        if self._is_masthead(line, before):
            return MASTHEAD
        if (line is end or before == END) and size < self.preset.body_size - ALIKE:
            return END
        if size > self.preset.body_size + TITLE_LARGER:
            return TITLE
        if any(abs(size - one) < ALIKE for one in TABLE_SIZES):
            return CAPTION if self._is_under_picture(line, before) else TABLE
        return self._text_kind(line, before, size)

    def _is_under_picture(self, line: PageLine, before: str) -> bool:
        """Close under a picture, or under the line of its caption before."""
        previous = self.lines[line.place - 1]
        if before == CAPTION and previous.page == line.page and 0 < previous.baseline - line.baseline < CAPTION_REACH:
            return True
        return any(
            left - line.size < (line.left + line.right) / 2 < right + line.size
            and 0 < bottom - line.baseline < CAPTION_REACH
            for left, bottom, right, _top in self.sheets[line.page - 1].pictures
        )

    def _is_masthead(self, line: PageLine, before: str) -> bool:
        if line.page != 1:
            return False
        if self.red_rule:
            return line.baseline > self.red_rule.bottom
        return is_red(line.characters[0].color) or (before == MASTHEAD and line.size <= self.preset.body_size + ALIKE)

    def _text_kind(self, line: PageLine, before: str, size: float) -> str:
        if before == TITLE and self._is_contents(line):
            return CONTENTS
        if before == CONTENTS and self._is_contents_going_on(line):
            return CONTENTS
        if before == TITLE and line.text.startswith("——"):
            return SUBTITLE
        if before == SUBTITLE and self.is_centred(line) and not self.is_at_edge(line):
            return SUBTITLE
        return BODY if abs(size - self.preset.body_size) < ALIKE else STRAY

    def _is_contents(self, line: PageLine) -> bool:
        previous = next((other for other in reversed(self.lines[: line.place]) if other.kind != FOOT), None)
        return previous is not None and previous.text == "目录"

    def _is_contents_going_on(self, line: PageLine) -> bool:
        """The rest of an entry, which ends with its leader and its page, or another entry, which begins at the edge."""
        previous = next(other for other in reversed(self.lines[: line.place]) if other.kind == CONTENTS)
        is_begun = abs(line.left - self.left) < self.preset.body_size
        return not ENTRY_END.search(previous.text) or bool(ENTRY_END.search(line.text)) or is_begun

    def is_centred(self, line: PageLine) -> bool:
        """By its ink: a mark at either end has half an em of blank."""
        left = line.left + (0.5 * line.size if line.text[0] in classes.OPENING else 0)
        right = line.right - (0.5 * line.size if line.text[-1] in classes.CLOSING | classes.POINTS else 0)
        return abs((left - self.left) - (self.right - right)) < 0.6 * line.size

    def indent_of(self, line: PageLine) -> float:
        """How far it begins from the left edge, in em of the body."""
        return (line.left - self.left) / self.preset.body_size

    def is_at_edge(self, line: PageLine) -> bool:
        return abs(self.indent_of(line)) < 0.1


def unmirrored(reading: Reading, preset: Preset) -> Reading:
    """With everything on even pages moved as far as mirrored margins moved it, so that all pages are measured alike."""
    if not preset.mirrored:
        return reading
    sheets = (_moved(sheet, (preset.left_mm - preset.left_mm_of(sheet.number)) * MM) for sheet in reading.sheets)
    return replace(reading, sheets=tuple(sheets))


def _moved(sheet: Sheet, by: float) -> Sheet:
    if not by:
        return sheet
    return replace(
        sheet,
        characters=tuple(replace(one, left=one.left + by, right=one.right + by) for one in sheet.characters),
        pictures=tuple((left + by, bottom, right + by, top) for left, bottom, right, top in sheet.pictures),
        rules=tuple(replace(rule, left=rule.left + by, right=rule.right + by) for rule in sheet.rules),
    )


def lines_of(sheet: Sheet) -> list[PageLine]:
    """The lines of a page; what is drawn from right to left is one line with what stands beside it."""
    lines: list[PageLine] = []
    for line in _pieces_of(sheet):
        before = lines[-1] if lines else None
        if before and (before.is_leftwards or line.is_leftwards) and abs(before.baseline - line.baseline) < 1:
            lines[-1] = PageLine(sheet.number, before.characters + line.characters)
        else:
            lines.append(line)
    return lines


def _pieces_of(sheet: Sheet) -> Iterator[PageLine]:
    """A new line begins where the next character stands far above or below, or to the left of the last one."""
    line: list[Character] = []
    for character in sheet.characters:
        if line and (
            abs(character.baseline - line[-1].baseline) > 0.7 * max(character.size, line[-1].size)
            or character.left < line[-1].left - 0.5 * character.size
        ):
            yield PageLine(sheet.number, line)
            line = []
        line.append(character)
    if line:
        yield PageLine(sheet.number, line)


def is_leftwards(text: str) -> bool:
    """Hebrew and Arabic letters, whose lines run from right to left."""
    return text != "" and bidirectional(text[0]) in ("R", "AL")


def is_red(color: tuple[int, int, int]) -> bool:
    red, green, blue = color
    return red > 150 and green < 80 and blue < 80


def likely_preset(reading: Reading) -> Preset:
    """The preset whose edge and size most lines agree with."""
    lines = [line for sheet in reading.sheets for line in lines_of(sheet)]

    def fits(preset: Preset) -> int:
        return sum(
            abs(line.left - preset.left_mm_of(line.page) * MM) < 1 and abs(line.size - preset.body_size) < 0.12
            for line in lines
        )

    both_sides = (replace(preset, mirrored=True) for preset in PRESETS.values())
    return max((*PRESETS.values(), *both_sides), key=fits)
