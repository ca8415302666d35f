"""Sets a paragraph of Chinese text into lines of one measure, each flush: pure functions, lengths in em of the text.

Where lines end is decided in breaks.py; here every place of a line gets what it is spread or shrunk by. Sources: CLREQ
(W3C) 3.1-3.2, GB/T 15834-2011 5.1, and the printed issues for the `printed` rules.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from . import breaks, classes
from .classes import DASH, ELLIPSIS, LATIN
from .paragraph import GAP, GAP_SHRINK, ROUNDING, Paragraph

# Of a character in a style.
Advance = Callable[[str, Any], float]
Whites = Callable[[str, Any], tuple[float, float]]

GAPS = "gaps"
# Shrink is taken in this order, in equal parts inside a step; the mark at the line's end comes before all of them.
BETTER_STEPS = (classes.OPENING | classes.CLOSING, frozenset("，、；"), GAPS, frozenset("：。？！．"))
PRINTED_STEPS = (classes.MARKS, GAPS)
MOST_WEIGHED = 1200  # characters of a paragraph that is weighed in several numbers of lines
GAP_SPREAD = 0.25  # a gap may grow from a quarter to half an em before anything else is spread


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style. The composer carries the style through and never looks into it."""

    text: str
    style: Hashable = None


@dataclass(frozen=True, slots=True)
class SetPiece:
    """A part of a line: text of one style, with `spacing` em added after each of its characters."""

    text: str
    style: Hashable
    spacing: float


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line as set. `width` is its visible length, `adjusted` what was added to the natural one (negative: taken
    away). `ends_paragraph` also stands for the end before a forced break."""

    pieces: tuple[SetPiece, ...]
    width: float
    adjusted: float
    ends_paragraph: bool

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def compose(
    runs: Sequence[Run],
    measure: float,
    *,
    indent: float = 0.0,
    printed: bool = False,
    advance: Advance | None = None,
    whites: Whites | None = None,
    has_gaps: bool = True,
    rows: int | None = None,
) -> tuple[SetLine, ...]:
    """The lines of one paragraph. A line feed forces a break; every other character comes out in exactly one line.

    The first line is `indent` shorter than `measure`. `printed` chooses breaks as the printed issues did. `advance(character,
    style)` is the width in the font that will set it, `whites(mark, style)` the white before and behind its ink; without
    them the rules hold. No line is wider than the measure unless it is one inseparable sign. `has_gaps` sets Han and
    figures a quarter em apart. `rows` is one of the numbers of lines that `costs_by_rows` names.
    """
    return _compose(tuple(runs), measure, indent, printed, advance, whites, has_gaps, rows)


@lru_cache(maxsize=4096)
def costs_by_rows(
    runs: tuple[Run, ...], measure: float, indent: float, advance: Advance | None = None, whites: Whites | None = None
) -> dict[int, float]:
    """What it costs to set a paragraph in each number of lines, over what its best lines cost; nothing for a text with
    forced breaks or of more than MOST_WEIGHED characters."""
    text = "".join(run.text for run in runs)
    if not text or "\n" in text or len(text) > MOST_WEIGHED:
        return {}
    styles = [run.style for run in runs for _ in run.text]
    widths = [advance(*pair) for pair in zip(text, styles, strict=True)] if advance else None
    white = [whites(*pair) for pair in zip(text, styles, strict=True)] if whites else None
    paragraph = Paragraph(text, widths or [classes.rule_width(character) for character in text], whites=white)
    found = breaks.ends_by_rows(paragraph, measure, indent)
    least = min(cost for cost, _ends in found.values())
    return {rows: cost - least for rows, (cost, _ends) in found.items()}


@lru_cache(maxsize=4096)
def _compose(
    runs: tuple[Run, ...],
    measure: float,
    indent: float,
    printed: bool,
    advance: Advance | None,
    whites: Whites | None,
    has_gaps: bool,
    rows: int | None,
) -> tuple[SetLine, ...]:
    text = "".join(run.text for run in runs)
    styles = [run.style for run in runs for _ in run.text]
    lines: list[SetLine] = []
    start = 0
    for part in text.split("\n"):
        here = styles[start : start + len(part)]
        widths = [advance(*pair) for pair in zip(part, here, strict=True)] if advance else None
        white = [whites(*pair) for pair in zip(part, here, strict=True)] if whites and not printed else None
        lines += _compose_part(part, here, widths, white, measure, indent, printed, has_gaps, rows)
        start += len(part) + 1
        indent = 0.0
    return tuple(lines)


def _compose_part(
    text: str,
    styles: list[Hashable],
    widths: list[float] | None,
    whites: list[tuple[float, float]] | None,
    measure: float,
    indent: float,
    printed: bool,
    has_gaps: bool,
    rows: int | None,
) -> list[SetLine]:
    rule_widths = [classes.rule_width(character) for character in text]
    widths = widths or rule_widths
    paragraph = Paragraph(text, rule_widths if printed else widths, has_gaps, whites)
    choose = breaks.printed_ends if printed else breaks.best_ends
    ends = breaks.ends_by_rows(paragraph, measure, indent)[rows][1] if rows else choose(paragraph, measure, indent)
    setter = _Setter(paragraph, styles, widths, PRINTED_STEPS if printed else BETTER_STEPS)
    return [
        setter.line(start, end, measure - (0 if start else indent))
        for start, end in zip([0, *ends[:-1]], ends, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Setter:
    """Gives every place of a line its spacing. `spaces[i]` is what is added between character i and the next."""

    paragraph: Paragraph
    styles: list[Hashable]
    widths: list[float]
    steps: tuple[str | frozenset[str], ...]

    def line(self, start: int, end: int, measure: float) -> SetLine:
        last = self.paragraph.visible_end(start, end)
        spaces = self.paragraph.after[start:last]
        if spaces:
            spaces[-1] = 0.0
        natural = sum(self.widths[start:last]) + sum(spaces)
        ends_paragraph = end == len(self.paragraph.text)
        missing = measure - natural
        if missing < -ROUNDING:
            missing += self._shrink(start, last, spaces, -missing)
        elif ends_paragraph or len(spaces) < 2 or end in self.paragraph.url_breaks:
            missing = 0.0
        else:
            self._spread(start, last, spaces, missing)
        spaces += [0.0] * (end - last)
        return SetLine(self._pieces(start, end, spaces), natural + missing, missing, ends_paragraph)

    def _shrink(self, start: int, end: int, spaces: list[float], over: float) -> float:
        """Take `over` away, first the blank half of a mark at the line's end, which needs no spacing; returns what is left."""
        is_mark = self.paragraph.text[end - 1] in classes.CLOSING | classes.POINTS
        rest = over - (min(over, self.paragraph.blanks[end - 1]) if is_mark else 0.0)
        for step in self.steps:
            if rest <= ROUNDING:
                break
            rest -= self._shrink_step(start, end, spaces, step, rest)
        if rest > ROUNDING and len(spaces) > 1:  # the true widths differ from the rule widths: all places give alike
            _add(spaces, range(len(spaces) - 1), -rest / (len(spaces) - 1))
            rest = 0.0
        return max(rest, 0.0)

    def _shrink_step(self, start: int, end: int, spaces: list[float], step: str | frozenset[str], rest: float) -> float:
        """Take as much of `rest` as these places have to give, in equal parts; returns what was taken."""
        if step is GAPS:
            places = [(i, GAP_SHRINK) for i in range(len(spaces) - 1) if self.paragraph.after[start + i] == GAP]
        else:
            places = list(self._mark_places(start, end, step))
        taken = 0.0
        for done, (place, most) in enumerate(sorted(places, key=itemgetter(1))):
            part = min((rest - taken) / (len(places) - done), most)
            spaces[place] -= part
            taken += part
        return taken

    def _mark_places(self, start: int, end: int, marks: str | frozenset[str]) -> Iterator[tuple[int, float]]:
        """The places that the white of these marks lies at, before an opening mark, after any other, and how much it is."""
        text, after, blanks = self.paragraph.text, self.paragraph.after, self.paragraph.blanks
        for i in range(start, end):
            if text[i] not in marks:
                continue
            if text[i] in classes.OPENING:
                if i > start and not (text[i - 1] in classes.OPENING and after[i - 1] < 0):
                    yield i - 1 - start, blanks[i]
            elif i + 1 < end and after[i] >= 0:
                yield i - start, blanks[i]

    def _spread(self, start: int, end: int, spaces: list[float], missing: float) -> None:
        gaps = [i for i in range(len(spaces) - 1) if self.paragraph.after[start + i] == GAP]
        if gaps:
            part = min(missing / len(gaps), GAP_SPREAD)
            _add(spaces, gaps, part)
            missing -= part * len(gaps)
        places = [i for i in range(len(spaces) - 1) if self._is_open(start + i)]
        places = places or [i for i in range(len(spaces) - 1) if self.paragraph.is_cuttable(start + i + 1)]
        if places and missing > ROUNDING:
            _add(spaces, places, missing / len(places))

    def _is_open(self, i: int) -> bool:
        """Whether a spread line opens between character i and the next: not inside —— or …… or an ASCII run."""
        kinds = self.paragraph.kinds
        if kinds[i] == kinds[i + 1] and kinds[i] in (LATIN, DASH, ELLIPSIS):
            return False
        return self.paragraph.is_cuttable(i + 1)

    def _pieces(self, start: int, end: int, spaces: list[float]) -> tuple[SetPiece, ...]:
        """Neighbours of one style and spacing go together; the last place is beyond the line, so its spacing is free."""
        if len(spaces) > 1:
            spaces[-1] = spaces[-2]
        pieces, first = [], start
        for i in range(start, end):
            is_last = i + 1 == end
            if (
                is_last
                or self.styles[i] != self.styles[i + 1]
                or abs(spaces[i - start] - spaces[i + 1 - start]) > ROUNDING
            ):
                pieces.append(SetPiece(self.paragraph.text[first : i + 1], self.styles[i], round(spaces[i - start], 5)))
                first = i + 1
        return tuple(pieces)


def _add(spaces: list[float], places: Iterable[int], amount: float) -> None:
    for place in places:
        spaces[place] += amount
