"""How wide a printed line is, and whether the print could have put more on it.

A line that ends where more would have fitted is the last of its paragraph, or a title's. The rules of
the printed lines stand in `typesetting.lines`, which sets new issues by them.
"""

from collections.abc import Sequence
from functools import lru_cache

from typesetting.lines.breaks import printed_ends
from typesetting.lines.classes import HAN, kind, rule_width
from typesetting.lines.paragraph import Paragraph
from typesetting.lines.sentences import ends_sentence

SLACK = 0.044  # the type area is that much narrower than its whole number of characters
FIRST_LINE_INDENT = 2
AHEAD = 24  # characters of the following line that can matter for where this one ends
PRINT_MEASURES = (26, 28)  # as the office prints, and as GB/T 9704 has it
LONGEST_PRINTED, SHORTEST_PRINTED = 46, 16


@lru_cache(maxsize=4096)
def measured(text: str) -> Paragraph:
    return Paragraph(text, [rule_width(char) for char in text])


def width(text: str) -> float:
    """In em, before any shrinking."""
    return measured(text).need(0, len(text), 0)[0] if text else 0.0


def least_width(text: str) -> float:
    """In em, drawn together as far as its marks give."""
    over, give = measured(text).need(0, len(text), 0) if text else (0.0, 0.0)
    return over - give


@lru_cache(maxsize=8192)
def line_end(text: str, measure: float) -> int:
    """How many characters the print puts on the first line."""
    return printed_ends(measured(text), measure - SLACK, 0)[0] if text else 0


def is_full(line: str, following: str, measure: float) -> bool:
    """Whether the print had to end the line there at the latest, had the text run on."""
    return bool(following) and line_end(line + following[:AHEAD], measure) <= len(line)


def fits(line: str, following: str, measure: float) -> bool:
    """Whether the print would have put as much as that on one line."""
    return line_end(line + following[:AHEAD], measure) >= len(line)


def line_ends(text: str, first: float, measure: float) -> set[int]:
    """Where the lines of a print end, as counts of characters from the start of the text."""
    return set(printed_ends(measured(text), measure - SLACK, measure - first)) - {len(text)}


def is_han(char: str) -> bool:
    return kind(char) == HAN


def is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def measure_of(texts: Sequence[str]) -> int | None:
    """Characters per printed line; None when the extract holds a paragraph per line.

    The right one makes most lines end where the print would end them, as a first line or a further one.
    """
    widths = sorted(width(text) for text in texts)
    if not widths or widths[-1] > 2 * LONGEST_PRINTED:
        return None
    wide = widths[int(len(widths) * 0.9)]
    going_on = [pair for pair in zip(texts, texts[1:], strict=False) if not ends_sentence(pair[0])][:50]
    if not SHORTEST_PRINTED <= wide <= LONGEST_PRINTED:
        return None

    def agreeing(measure: int) -> int:
        rooms = (measure, measure - FIRST_LINE_INDENT)
        return sum(any(line_end(a + b[:AHEAD], room) == len(a) for room in rooms) for a, b in going_on)

    likely = max(PRINT_MEASURES, key=agreeing)
    best = max(range(round(wide) - 1, round(wide) + 3), key=agreeing)
    measure = best if agreeing(best) > 1.3 * agreeing(likely) + 2 else likely
    return measure if agreeing(measure) > 0.4 * len(going_on) else None
