"""How wide a printed line is, and whether the print could have put more on it.

The rules are those that the printed lines of the real issues keep: a Chinese character or mark is
one em, an ASCII character half, a quarter em stands between Chinese and letters or digits, touching
marks lose half an em, and a line may shrink by half an em where marks give it. A line that ends
where more would have fitted is the last of its paragraph (or a title's).
"""

import re
from collections.abc import Sequence

SLACK = 0.044  # the type area is that much narrower than its whole number of characters
FIRST_LINE_INDENT = 2
OPENING = "“‘《〈（【『「〔([{<"
CLOSING = "”’》〉）】』」〕)]}>，。、；：！？,.;:!?…—·～％℃%"
POINTS = "，。、；：！？"
MARKS = set("“‘《〈（【『「〔”’》〉）】』」〕" + POINTS)
RUN = re.compile(r"[0-9A-Za-z.,%+\-/&:@_<>=]+|—+|…+")


def width(text: str) -> float:
    """In em, before any shrinking."""
    total = 0.0
    before = ""
    for char in text:
        total += 0.5 if char.isascii() else 1.0
        if is_gap(before, char):
            total += 0.25
        elif touches(before, char):
            total -= 0.5
        before = char
    return total


def is_gap(before: str, after: str) -> bool:
    return (is_han(before) and is_word(after)) or (is_word(before) and is_han(after))


def touches(before: str, after: str) -> bool:
    if not before or before not in MARKS or after not in MARKS:
        return False
    return before not in OPENING or after in OPENING


def is_han(char: str) -> bool:
    return bool(char) and ("一" <= char <= "鿿" or "㐀" <= char <= "䶿" or char > "\uffff")


def is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def capacity(text: str) -> float:
    """By how much the line can be drawn together."""
    marks = sum(char in MARKS for char in text[1:]) + (bool(text) and text[0] in MARKS and text[0] not in OPENING)
    spent = sum(touches(a, b) for a, b in zip(text, text[1:], strict=False))
    gaps = sum(is_gap(a, b) for a, b in zip(text, text[1:], strict=False))
    return max(0.0, 0.5 * (marks - spent)) + 0.125 * gaps


def fits(text: str, measure: float) -> bool:
    """Whether the text can stand on one line of that many characters at all."""
    return width(text) - capacity(text) <= measure - SLACK


def first_piece(text: str) -> tuple[str, str]:
    """What a line must take at least of the text that follows: up to the first legal break.

    The second string is the marks at the end of it, which may not begin a line.
    """
    run = RUN.match(text)
    end = max(run.end() if run else 1, 1)
    while end < len(text) and text[end - 1] in OPENING:
        following = RUN.match(text, end)
        end = following.end() if following else end + 1
    body = end
    while end < len(text) and text[end] in CLOSING:
        end += 1
    return text[:body], text[body:end]


def is_full(line: str, following: str, measure: float) -> bool:
    """Whether a print of that measure would have ended the line there, had the text run on."""
    if not following:
        return False
    piece, marks = first_piece(following)
    need = width(line + piece) - (measure - SLACK)
    if need > min(0.5, capacity(line + piece)):
        return True
    whole = line + piece + marks
    return bool(marks) and width(whole) - (measure - SLACK) > capacity(whole)


def line_ends(text: str, first: float, measure: float) -> set[int]:
    """Where the lines of a print end, as counts of characters from the start of the text."""
    ends, start, room = set(), 0, first
    end = start + 1
    while end < len(text):
        if is_full(text[start:end], text[end:], room):
            ends.add(end)
            start, room = end, measure
            end += 1
        else:
            end += len("".join(first_piece(text[end:])))
    return ends


def measure_of(texts: Sequence[str]) -> int | None:
    """Characters per printed line; None when the extract holds a paragraph per line."""
    widths = sorted(width(text) for text in texts)
    if not widths:
        return None
    wide = widths[int(len(widths) * 0.9)]
    if wide > 46 or wide < 16:
        return None
    near = sum(abs(one - wide) <= 1.2 for one in widths)
    return round(wide) if near >= 0.25 * len(widths) else None
