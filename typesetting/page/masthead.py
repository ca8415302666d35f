"""The head of the first page: corner marks, the name, the number, publisher and date, the red rule; whole rows in all.

GB/T 9704-2012: 7.2.1 copy number and 7.2.2 security class at the upper left, flush with the type area, one under the other;
7.2.6 the signer at the right of the number's line, one character in, the name in 楷体. The notice (内部资料) and the permit
number stand at the upper right, as newsletters have them.
"""

from dataclasses import dataclass
from itertools import groupby
from math import ceil

from ..fonts import roles
from ..lines import markup, titles
from ..lines.composer import Run, SetLine, SetPiece
from ..lines.paragraph import HALF
from .body import Style
from .parts import Text, single
from .presets import MM, Preset

NAME_SIZES = (36.0, 27.0)  # the last name line, the ones above it, at most
NAME_ROWS, NUMBER_ROWS = (2.0, 1.5), 1.5
LEAST_GAP = 0.4  # em between what stands left and right on one line
RULE_ROWS, RULE = 0.5, 2.0  # rows kept free round the red rule; its thickness in points
INK_LOW = 0.07  # em that the ink of a line lies lower than in the middle of its row
ABOVE_RULE_MM = 4.0  # GB/T 9704-2012 7.2.7: under the ink of the line above it
CORNER_ROWS = 0.5  # kept free at least between the corner marks and the name
SMALLEST_NAME = 24.0  # below this a name line is broken into several
NAME_SHARES = (0.6, 0.9)  # of the measure that the last name line fills at least, and any at most
LARGEST_NAME = 54.0  # a short name grows up to it, then its letters stand apart
TRIMMED = frozenset("、，·：；")
HEI, KAI = Style(roles.HEI), Style(roles.KAI)


@dataclass(frozen=True)
class Head:
    """What the masthead says; what is empty is not printed."""

    names: tuple[str, ...]
    number: str = ""
    publisher: str = ""
    date: str = ""
    copy_number: str = ""
    security: str = ""
    notice: str = ""
    permit_number: str = ""
    signer: str = ""


@dataclass(frozen=True)
class FittedName:
    """A name of the head in its lines: at which size, how many rows each takes, how many em stand between its letters."""

    lines: tuple[str, ...]
    size: float
    rows: float
    spread: float = 0.0


@dataclass(frozen=True)
class SetMasthead:
    """Points kept free: `padding` on top, `gap` under the corner marks, `above` and `below` the rule."""

    corners: tuple[Text, ...]
    names: tuple[Text, ...]
    number: Text | None
    imprint: Text | None
    rows: int
    padding: float = 0.0
    gap: float = 0.0
    above: float = 0.0
    below: float = 0.0


def masthead(head: Head, preset: Preset) -> SetMasthead:
    """The red head: corner marks, name lines fitted to the measure, the number, publisher left and date right, the rule."""
    size = preset.body_size
    corners = _corners(head, size, preset.measure)
    fitted = [_name_lines(name, preset, is_last=name is head.names[-1]) for name in head.names]
    names = tuple(text for group in fitted for text in group)
    number = _number(head, size, preset.measure - 2 * size)
    imprint = _beside(
        [Run(head.publisher, Style())], [Run(head.date, Style())], "imprint", size, preset.measure - 2 * size
    )
    parts = [*corners, *names, number, imprint]
    rows = sum(text.rows for text in parts if text) + (CORNER_ROWS if corners else 0)
    whole = ceil(rows + RULE_ROWS) if rows else 0
    free, above = (whole - rows - RULE_ROWS) * preset.row_height, _above_rule(names, number, imprint, preset)
    below = RULE_ROWS * preset.row_height - RULE - above
    if corners:
        free += CORNER_ROWS * preset.row_height
    room = {"gap": free} if corners else {"padding": free}
    return SetMasthead(corners, names, number, imprint, whole, above=above, below=below, **room)


def _above_rule(names: tuple[Text, ...], number: Text | None, imprint: Text | None, preset: Preset) -> float:
    """What the last line lacks of the distance between its ink and the rule."""
    if not imprint and not number and not names:
        return 0.0
    rows, size = 1.0, preset.body_size
    if not imprint:
        rows, size = (NUMBER_ROWS, size) if number else (names[-1].rows, names[-1].size)
    free = (rows * preset.row_height - size) / 2 - INK_LOW * size
    return max(ABOVE_RULE_MM * MM - free, 0.0)


def _number(head: Head, size: float, room: float) -> Text | None:
    """In the middle; beside a signer at the left."""
    if not head.signer:
        return single(head.number, "number", size, NUMBER_ROWS) if head.number else None
    signer = [Run("签发人：", Style()), Run(head.signer, KAI)]
    line = _beside([Run(head.number, Style())], signer, "signed", size, room)
    assert line  # the signer's name stands on it
    return Text(line.kind, line.html, line.rows - 1 + NUMBER_ROWS)


def _corners(head: Head, size: float, measure: float) -> tuple[Text, ...]:
    """Left and right marks line by line; where two don't fit beside each other the right ones stand below."""
    permit = f"准印证号：{head.permit_number}" if head.permit_number else ""
    left = [Run(text, style) for text, style in ((head.copy_number, Style()), (head.security, HEI)) if text]
    right = [Run(text, style) for text, style in ((head.notice, HEI), (permit, Style())) if text]
    if any(_length([a], size) + _length([b], size) > measure - size for a, b in zip(left, right, strict=False)):
        right = [Run("", Style())] * len(left) + right
    blank = [Run("", Style())]
    pairs = [
        ([left[row]] if row < len(left) else blank, [right[row]] if row < len(right) else blank)
        for row in range(max(len(left), len(right)))
    ]
    return tuple(filter(None, (_beside(a, b, "corner", size, measure) for a, b in pairs)))


def _length(runs: list[Run], size: float) -> float:
    (line,) = markup.set_lines(runs, roles.BODY, size, 10_000, has_gaps=False)
    return line.width * size


def _beside(left: list[Run], right: list[Run], kind: str, size: float, room: float) -> Text | None:
    """One text at the left, one at the right end of its last line; one paragraph, so that it is read in this order."""
    has_right = any(run.text for run in right)
    if not has_right and not any(run.text for run in left):
        return None
    (last,) = markup.set_lines(right, roles.BODY, size, 10_000, has_gaps=False)
    if last.width * size > room:  # too long to stand anywhere but under it
        runs = [*left, Run("\n", Style()), *right] if any(run.text for run in left) else right
        under = markup.set_lines(runs, roles.BODY, size, room, has_gaps=False)
        return Text(kind, markup.lines_html(under, roles.BODY, size), len(under))
    lines = _lines_beside(left, size, room, (last.width + LEAST_GAP) * size if has_right else 0)
    html = markup.lines_html(lines, roles.BODY, size)
    if has_right:
        space = room - (lines[-1].width + last.width) * size
        html += f'<span style="margin-left:{space:.2f}pt">{markup.line_html(last, roles.BODY, size)}</span>'
    return Text(kind, html, len(lines))


def _lines_beside(runs: list[Run], size: float, room: float, taken: float) -> list[SetLine]:
    """Lines within `room`, the last of which leaves `taken` free at its end; an empty one is added where it has to be."""
    for measure in (room - taken, room):
        lines = list(markup.set_lines(runs, roles.BODY, size, max(measure, 4 * size), has_gaps=False))
        if len(lines) == 1 and measure < room:
            return lines
    if lines[-1].width * size > room - taken:
        lines += markup.set_lines([Run("", Style())], roles.BODY, size, room)
    return lines


def _name_lines(name: str, preset: Preset, *, is_last: bool) -> list[Text]:
    fitted = fitted_name(name, preset, is_last=is_last)
    size, height = fitted.size, fitted.rows * preset.row_height
    return [Text("name", _spaced_html(line, size, fitted.spread), fitted.rows, size, height) for line in fitted.lines]


def fitted_name(name: str, preset: Preset, *, is_last: bool) -> FittedName:
    """A line of the name as large as the measure allows; one that would become too small is broken into several."""
    largest, rows = (NAME_SIZES[0], NAME_ROWS[0]) if is_last else (NAME_SIZES[1], NAME_ROWS[1])
    room = preset.measure * NAME_SHARES[1]
    lines: tuple[str, ...] = (name,)
    if room / max(_em(name), 1) < SMALLEST_NAME:
        lines = titles.balance(name, room / SMALLEST_NAME, _name_width) or lines
    longest = max(max(_em(line) for line in lines), 1)
    if is_last:
        largest = min(max(largest, preset.measure * NAME_SHARES[0] / longest), LARGEST_NAME)
    size = min(largest, room / longest)
    if len(lines) == 1 and size < SMALLEST_NAME:
        size = max(size, preset.title_size)
        composed = markup.set_lines([Run(name, Style())], roles.MASTHEAD, size, preset.measure, has_gaps=False)
        lines = tuple(line.text.strip() for line in composed)
    least = preset.measure * NAME_SHARES[0] / size if is_last and len(lines) == 1 else 0.0
    return FittedName(lines, size, rows, _letter_space(lines[0], least))


def _letter_space(line: str, least: float) -> float:
    """What stands between the letters of a short name, so that it is `least` em long."""
    return max(least - _em(line), 0.0) / max(len(line) - 1, 1)


def _spaced_html(line: str, size: float, space: float) -> str:
    """A name line to be centred; a mark inside it takes half an em."""
    spacings = [space - _blank(line, at) for at in range(len(line))]
    spacings[-1:] = [0.0]
    pieces, place = [], 0
    for spacing, run in groupby(spacings):
        end = place + len(list(run))
        pieces.append(SetPiece(line[place:end], Style(), spacing))
        place = end
    return markup.centred_html(SetLine(tuple(pieces), _em(line), 0.0, ends_paragraph=True), roles.MASTHEAD, size)


def _blank(line: str, at: int) -> float:
    """The half em that a mark inside a name doesn't take."""
    return HALF if line[at] in TRIMMED and 0 < at < len(line) - 1 else 0.0


def _name_width(character: str) -> float:
    return roles.width(character, roles.MASTHEAD)


def _em(text: str) -> float:
    return sum(_name_width(character) - _blank(text, at) for at, character in enumerate(text))
