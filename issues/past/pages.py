"""The printed lines of a past issue's PDF, with what their place on the page says of them."""

import re
import statistics
from collections.abc import Sequence
from dataclasses import replace

from issues.past.text import PAGE_NUMBER, ReadLine, compact, most_common, normal_characters, share
from typesetting.lines.widths import is_han, is_word
from typesetting.reading import Character, TextLine

# Gaps in em, beyond the usual one of the line: between two things that share a line (publisher and date); between two
# phrases of a title; where a space was printed.
WIDE_GAP, PHRASE_GAP, SPACE = 1.4, 0.8, 0.2
LEAST_INDENTED = 0.04  # of the lines: fewer, and paragraphs are not indented here
EDGE = 2  # lines at the head and at the foot of a page that may belong to none of the text


def lines_on_pages(printed: Sequence[TextLine]) -> list[ReadLine]:
    """Lines numbered through the whole file, page numbers left out."""
    if not printed:
        return []
    body_size = most_common(round(size_of(line)) for line in printed for _char in line.text)
    body = [line for line in printed if round(size_of(line)) == body_size] or list(printed)
    steps = [above.baseline - line.baseline for above, line in zip(body, body[1:], strict=False)]
    pitch = statistics.median([step for step in steps if step > 0] or [1.0])
    lines: list[ReadLine] = []
    last: TextLine | None = None
    running = running_heads(printed)
    for number, line in enumerate(printed, 1):
        if number - 1 in running or is_page_number(printed, number - 1):
            continue
        size = size_of(line)
        margin, middle = text_area(body, line)
        inset = (line.left - margin) / size
        above = last if last and last.page == line.page else None
        lines.append(
            ReadLine(
                number=number,
                text=normal_characters(spaced(line, size)).strip(),
                gap=max(0, round((above.baseline - line.baseline) / pitch) - 1) if above else 0,
                breaks_page=last is not None and above is None,
                indented=inset > 1.2,
                centred=inset > 0.8 and abs((line.left + line.right) / 2 - middle) < 0.6 * size,
                size=size / body_size,
                bold=is_bold(line),
                is_full=inset < 1 and middle - (line.left + line.right) / 2 < size / 2,
            )
        )
        last = line
    shows_indent = share(bool(line.indented) for line in lines if not line.centred) >= LEAST_INDENTED
    return lines if shows_indent else [replace(line, indented=None) for line in lines]


def size_of(line: TextLine) -> float:
    """In points on the page: a Chinese character is as wide as it is high."""
    han = [one.right - one.left for one in line.characters if is_han(one.text) and one.right > one.left]
    return statistics.median(han) if han else statistics.median(one.size for one in line.characters)


def is_bold(line: TextLine) -> bool:
    """By the names of its fonts; bold that a program draws twice or thickens doesn't show."""
    return all("bold" in one.font.lower() or "black" in one.font.lower() for one in line.characters)


def text_area(body: Sequence[TextLine], line: TextLine) -> tuple[float, float]:
    """Left edge and middle of the text on pages of this side (margins may be mirrored)."""
    side = [one for one in body if one.page % 2 == line.page % 2] or body
    left = most_common(round(one.left) for one in side)
    return left, (left + max(one.right for one in side)) / 2


def running_heads(printed: Sequence[TextLine]) -> set[int]:
    """The lines at the same height at the edge of all pages, or of all left or right ones, that say the same, but for digits."""
    by_page: dict[int, list[int]] = {}
    for at, line in enumerate(printed):
        by_page.setdefault(line.page, []).append(at)
    places: dict[tuple[str, int], list[int]] = {}
    for lines in by_page.values():
        for at in {*lines[:EDGE], *lines[-EDGE:]}:
            words = re.sub(r"\d+", "", compact(printed[at].text))
            if words:
                places.setdefault((words, round(printed[at].baseline)), []).append(at)
    least = max(2, len(by_page) - 1)  # the first page may have none
    running: set[int] = set()
    for found in places.values():
        is_one_side = len({printed[at].page % 2 for at in found}) == 1
        if len(found) >= (max(2, least // 2) if is_one_side else least):
            running.update(found)
    return running


def is_page_number(printed: Sequence[TextLine], at: int) -> bool:
    """A number that is the first or last thing on its page."""
    page = printed[at].page
    first = at == 0 or printed[at - 1].page != page
    final = at + 1 == len(printed) or printed[at + 1].page != page
    text = printed[at].text
    return (first or final) and bool(re.fullmatch(r"\d{1,3}", text) or PAGE_NUMBER.fullmatch(text))


def spaced(line: TextLine, size: float) -> str:
    """The line's text with the spaces that its characters' places show.

    A line that was spread has wide gaps everywhere, so the usual one is taken off.
    """
    characters = line.characters
    gaps = [(after.left - before.right) / size for before, after in zip(characters, characters[1:], strict=False)]
    usual = max(0.0, statistics.median(gaps)) if gaps else 0.0
    text = characters[0].text
    for before, after, gap in zip(characters, characters[1:], gaps, strict=False):
        text += space_between(before, after, gap - usual) + after.text
    return text


def space_between(before: Character, after: Character, gap: float) -> str:
    if gap > WIDE_GAP:
        return "  "
    if gap > PHRASE_GAP:
        return "\u3000"
    if is_word(before.text) and is_word(after.text):
        return " " if gap > SPACE / 2 else ""
    beside_ascii = before.text.isascii() or after.text.isascii()
    return " " if gap > SPACE and not beside_ascii else ""
