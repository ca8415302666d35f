"""A stretch of text measured once, so that the length and the give of any line of it cost a few additions.

Lengths are in em. The rules are numbered as they were read off the printed issues: 2 widths; 3 the quarter-em gap between
Han and ASCII letters or digits; 4 touching marks lose half an em for good; 5 capacity to shrink; 6 runs that are never
split; 7 forbidden line starts and ends.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import classes
from .classes import DASH, ELLIPSIS, LATIN, MARKS, OPENING, SPACE

HALF, GAP, GAP_SHRINK = 0.5, 0.25, 0.125
LEAST_WHITE = 0.1  # what stays between the ink of a mark and its neighbour
ROUNDING = 1e-6
URL = re.compile(r"(?:[a-z]+://|www\.)[!-~]+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/[!-~]*")
URL_BREAKS = frozenset("/?&.")


def _most(white: float) -> float:
    return max(min(HALF, white - LEAST_WHITE), 0.0)


@dataclass
class Paragraph:
    """Text without forced breaks. `widths` are those that lines are chosen by, one for each character.

    `whites` is the white before and behind the ink of each mark; without it a mark can lose half an em, by the printed rules.
    """

    text: str
    widths: list[float]
    has_gaps: bool = True  # rule 3; mastheads and titles do without
    whites: list[tuple[float, float]] | None = None
    kinds: list[str] = field(init=False)
    after: list[float] = field(init=False)  # what rules 3 and 4 add between a character and the next
    blanks: list[float] = field(init=False)  # the white that each mark can lose
    legal: list[bool] = field(init=False)  # whether a line may end before the character

    def __post_init__(self) -> None:
        self.blanks = [self._blank(i) for i in range(len(self.text))]
        self.kinds = [classes.kind(character) for character in self.text]
        self.after = [self._after(i) for i in range(len(self.text))]
        self._total, self._give, self._visible_end = [0.0], [0.0], [0]
        for i, character in enumerate(self.text):
            give = (self.blanks[i] if character in MARKS else 0.0) + self._give_after(i)
            self._total.append(self._total[-1] + self.widths[i] + self.after[i])
            self._give.append(self._give[-1] + give)
            self._visible_end.append(self._visible_end[-1] if self.kinds[i] == SPACE else i + 1)
        self.url_breaks = frozenset(self._url_breaks())
        self.legal = [self._is_legal(i) for i in range(len(self.text) + 1)]

    def _after(self, i: int) -> float:
        if i + 1 == len(self.text):
            return 0.0
        this, following = self.text[i], self.text[i + 1]
        if this in MARKS:
            return -self._touching(i) if following in (OPENING if this in OPENING else MARKS) else 0.0
        if not self.has_gaps:
            return 0.0
        if classes.is_ideograph(this) and self.kinds[i + 1] == LATIN:
            return GAP if classes.is_letter_or_digit(following) else 0.0
        if self.kinds[i] == LATIN and classes.is_ideograph(following):
            return GAP if classes.is_letter_or_digit(this) else 0.0
        return 0.0

    def _blank(self, i: int) -> float:
        """What a mark can lose of its white: before an opening one, behind any other. ？ stands in the middle in some fonts."""
        if self.text[i] not in MARKS:
            return 0.0
        return _most(self.whites[i][0 if self.text[i] in OPENING else 1]) if self.whites else HALF

    def _touching(self, i: int) -> float:
        """What a mark and the one behind it lose between them."""
        return _most(self.whites[i][1] + self.whites[i + 1][0]) if self.whites else HALF

    def _give_after(self, i: int) -> float:
        """A gap can shrink; touching marks have spent white of their own."""
        return GAP_SHRINK if self.after[i] == GAP else min(self.after[i], 0.0)

    def _url_breaks(self) -> Iterator[int]:
        """Where an address may be parted: behind / ? & and . with something on either side."""
        for match in URL.finditer(self.text) if "." in self.text else ():
            for i in range(match.start() + 4, match.end() - 1):
                is_place = self.text[i - 1] in URL_BREAKS and self.text[i] not in classes.NEVER_FIRST | URL_BREAKS
                if is_place and not self.text.startswith("://", i - 3):
                    yield i

    def is_cuttable(self, i: int) -> bool:
        """Whether the text can be parted before character i without breaking what is one sign to the eye."""
        if i in (0, len(self.text)):
            return True
        character, previous = self.text[i], self.text[i - 1]
        if previous == classes.ZERO_WIDTH_JOINER or classes.joins_previous(character):
            return False
        return not (classes.is_flag(character) and self._flags_before(i) % 2)

    def _flags_before(self, i: int) -> int:
        start = i
        while start and classes.is_flag(self.text[start - 1]):
            start -= 1
        return i - start

    def _is_legal(self, i: int) -> bool:
        """Rules 6 and 7. A space is never parted from what it follows, and what stands before it counts as the line's end."""
        if i in (0, len(self.text)):
            return True
        if self.kinds[i] == SPACE or not self.is_cuttable(i):
            return False
        visible = self._visible_end[i]
        if self.text[i] in classes.NEVER_FIRST or (visible and self.text[visible - 1] in classes.NEVER_LAST):
            return False
        if classes.NO_BREAK_SPACE in (self.text[i - 1], self.text[i]):
            return False
        if i in self.url_breaks:
            return True
        return not (self.kinds[i - 1] == self.kinds[i] and self.kinds[i] in (LATIN, DASH, ELLIPSIS))

    def visible_end(self, start: int, end: int) -> int:
        """Where the line's spaces at its end begin: they hang and have no width."""
        return max(self._visible_end[end], start)

    def need(self, start: int, end: int, measure: float) -> tuple[float, float]:
        """How much the line is too long (negative: too short), and how much it can shrink (rules 4 and 5)."""
        end = self.visible_end(start, end)
        if end == start:
            return -measure, 0.0
        after = self.after[end - 1]
        give = self._give[end] - self._give[start] - self._give_after(end - 1)
        if self.text[start] in OPENING:
            give -= self.blanks[start]  # an opening mark that begins the line is rigid
        return self._total[end] - self._total[start] - after - measure, give

    def cluster_end(self, start: int) -> int:
        end = start + 1
        while not self.is_cuttable(end):
            end += 1
        return end
