"""Puts the paragraphs of text together whose lines were broken where they were full, as in a PDF or a mail.

Text that shows no such lines stays as it is.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from typesetting.lines import widths
from typesetting.lines.classes import LATIN, kind, rule_width
from typesetting.lines.sentences import ends_sentence, joint, run_on

NARROWEST, WIDEST = 12, 60  # em: what a text is wrapped at; a longer line is a paragraph
INDENT = 2  # half-width blanks
FIRST_LINE = 2  # em
PRINT, COLUMNS, WORDS = "print", "columns", "words"
ROUNDING = 0.1
SAMPLE = 50  # pairs of lines by which the width is found
FEWEST, LEAST_SHARE = 2, 0.6  # of the lines that end no sentence: those that end where a full line does
BLANKS = " \t\u3000\xa0"


@dataclass(frozen=True)
class Line:
    """A line without blanks at its ends, how many half-width blanks it began with, and whether an empty one was before it."""

    text: str
    indent: int = 0
    is_apart: bool = False


def lines_of(text: str) -> list[Line]:
    """The lines of plain text that hold something."""
    lines, is_apart = [], False
    for raw in text.splitlines():
        if raw.strip():
            blanks = raw[: len(raw) - len(raw.lstrip(BLANKS))]
            lines.append(Line(raw.strip(), sum(2 if blank == "\u3000" else 1 for blank in blanks), is_apart))
        is_apart = not raw.strip()
    return lines


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each paragraph; each line by itself where the text isn't wrapped."""
    found: list[list[Line]] = []
    run: list[Line] = []
    for line in lines:
        if widths.width(line.text) > WIDEST:
            found += [*_grouped(run), [line]]
            run = []
        else:
            run.append(line)
    return found + _grouped(run)


def text_of(paragraph: Sequence[Line]) -> str:
    return run_on(line.text for line in paragraph)


@dataclass(frozen=True)
class Wrap:
    """How lines were broken: by the print's rules, by columns, by columns between words; at which width in em, and how much
    narrower the first line of a paragraph is where no blanks show it."""

    way: str
    measure: float
    indent: int

    def end(self, line: Line, after: str, *, is_first: bool) -> int:
        """How many characters of the line and what follows it this wrap puts on one line."""
        room = self.measure - line.indent / 2 - (self.indent if is_first else 0)
        text = line.text + joint(line.text, after) + after[: widths.AHEAD]
        if self.way == PRINT:
            return widths.line_end(text, room)
        return _columns_end(text, room, between_words=self.way == WORDS)

    def ends(self, line: Line, after: str) -> bool:
        """Whether the line ends just where this wrap ends one."""
        size = len(line.text)
        return any(
            self.end(line, after, is_first=is_first) == size for is_first in (False, True)[: 1 + bool(self.indent)]
        )

    def begins(self, line: Line, after: str) -> bool:
        """Whether the line is broken as a first one, and not as a further one."""
        size = len(line.text)
        return self.end(line, after, is_first=True) == size and self.end(line, after, is_first=False) != size

    def runs_on(self, line: Line, after: str, *, is_first: bool) -> bool:
        """Whether the line is full: what follows didn't fit. One that is longer was never wrapped."""
        fits = widths.least_width(line.text) <= self.measure + ROUNDING
        return fits and self.end(line, after, is_first=is_first) <= len(line.text)


def _columns_end(text: str, room: float, *, between_words: bool) -> int:
    """Where a program breaks the line that counts columns, two for a Chinese character."""
    end, width = 0, 0.0
    while end < len(text) and width + rule_width(text[end]) <= room:
        width += rule_width(text[end])
        end += 1
    word = end
    while between_words and 0 < word < len(text) and kind(text[word - 1]) == LATIN == kind(text[word]):
        word -= 1
    return len(text[: word or end].rstrip())


def _grouped(lines: list[Line]) -> list[list[Line]]:
    is_set_in = _set_in(lines)
    wrap = _wrap_of(lines, is_set_in)
    if wrap is None:
        return [[line] for line in lines]
    found: list[list[Line]] = []
    for at, line in enumerate(lines):
        starts = at == 0 or line.is_apart or is_set_in[at]
        if not starts and wrap.indent and ends_sentence(lines[at - 1].text) and at + 1 < len(lines):
            starts = wrap.begins(line, lines[at + 1].text)
        if not starts and wrap.runs_on(lines[at - 1], line.text, is_first=len(found[-1]) == 1):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def _set_in(lines: list[Line]) -> list[bool]:
    """Which lines begin further in than others, as the first of a paragraph does."""
    least = min((line.indent for line in lines), default=0)
    return [line.indent >= least + INDENT for line in lines]


def _wrap_of(lines: list[Line], is_set_in: list[bool]) -> Wrap | None:
    """The wrap by which the lines end that end no sentence."""
    pairs = [
        (lines[at - 1], lines[at].text)
        for at in range(1, len(lines))
        if not (ends_sentence(lines[at - 1].text) or lines[at].is_apart or is_set_in[at])
    ][:SAMPLE]
    if len(pairs) < FEWEST:
        return None
    agreeing = {wrap: sum(wrap.ends(line, after) for line, after in pairs) for wrap in _wraps(lines)}
    found = max(agreeing, key=agreeing.__getitem__, default=None)
    return found if found and agreeing[found] >= max(FEWEST, LEAST_SHARE * len(pairs)) else None


def _wraps(lines: list[Line]) -> Iterator[Wrap]:
    """Those that may have been: by the widest lines, and by those that nearly all are narrower than."""
    sizes = sorted(sum(map(rule_width, line.text)) + line.indent / 2 for line in lines)
    for indent in (0, FIRST_LINE):
        for size in dict.fromkeys((sizes[-1], sizes[int(len(sizes) * 0.9)])):
            if size < NARROWEST:
                return
            for measure in (size, size + 0.5):
                yield Wrap(COLUMNS, measure, indent)
                yield Wrap(WORDS, measure, indent)
            top = math.ceil(2 * size)
            # Where no line is full, since the marks of the next one didn't fit, the measure is wider than each.
            for half in (*range(top + 1, top - 5, -1), *range(top + 2, top + 5)):
                yield Wrap(PRINT, half / 2, indent)


# --- a whole text -----------------------------------------------------------------------------------------------------
_TOKEN = re.compile(r"<(/?)(?:ul|ol|table)\b[^>]*>|<p>(.*?)</p>", re.DOTALL)
_NOTHING_BETWEEN = re.compile(r"(?:\s|&nbsp;)*")


def rejoin(html: str) -> tuple[str, int]:
    """Cleaned HTML whose wrapped lines, each a paragraph of its own, are put together, and how many paragraphs were made
    of them. Headings, lists and tables stay."""
    out, made, at = "", 0, 0
    for run in _runs(html):
        lines = [_line_of(match[2]) for match in run]
        grouped = paragraphs(lines)
        if len(grouped) == len(lines):
            continue
        inner = iter(match[2] for match in run)
        parts = [join_html([next(inner).strip(BLANKS + "\n") for _line in group]) for group in grouped]
        out += html[at : run[0].start()] + "\n".join(f"<p>{part}</p>" for part in parts)
        at = run[-1].end()
        made += sum(len(group) > 1 for group in grouped)
    return out + html[at:], made


def join_html(lines: Sequence[str]) -> str:
    """Lines of HTML without blocks as one."""
    html = ""
    for line in lines:
        html += joint(re.sub(r"<[^>]*>$", "", html), re.sub(r"^<[^>]*>", "", line)) + line
    return re.sub(r"</(strong|em|sub|sup)><\1>", "", html)


def _line_of(html: str) -> Line:
    text = unescape(re.sub(r"<[^>]*>", "", html))
    return Line(text.strip(BLANKS + "\n"))


def _runs(html: str) -> list[list[re.Match[str]]]:
    """The paragraphs that stand one below the other, outside of lists and tables."""
    runs: list[list[re.Match[str]]] = []
    depth = 0
    for match in _TOKEN.finditer(html):
        if match[2] is None:
            depth += -1 if match[1] else 1
        elif not depth and runs and _NOTHING_BETWEEN.fullmatch(html, runs[-1][-1].end(), match.start()):
            runs[-1].append(match)
        elif not depth:
            runs.append([match])
    return runs
