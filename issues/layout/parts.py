"""The parts of a page, each with its lines already set: titles, stories, the masthead, the end matter.

Every part takes whole rows of the page's grid. Sizes are in points. Nothing here knows of the database or of WeasyPrint.
"""

import re
from dataclasses import dataclass, field
from math import ceil
from typing import ClassVar

from . import fonts, markup, titles
from .body import CAPTION, HEADING, QUOTE, SUBHEADING, Block, Style, plain
from .composer import Line, Run
from .presets import Preset

KAI_SIZE_SUBTITLE, CAPTION_SIZE, END_SIZE = 16.0, 14.0, 14.0
NAME_SIZES = (36.0, 27.0)  # the last name line, the ones above it, at most
NAME_ROWS, NUMBER_ROWS = (2.0, 1.5), 1.5
LEAST_GAP = 0.4  # em between publisher and date
RULE_ROWS, RULE = 0.5, 2.0  # rows kept free under the red rule; its thickness in points
SMALLEST_NAME = 24.0  # below this a name line is broken into several
NAME_SHARE = 0.92  # of the measure that a name line may fill
ROLES = {HEADING: fonts.HEI, SUBHEADING: fonts.KAI, QUOTE: fonts.KAI, CAPTION: fonts.HEI}


@dataclass(frozen=True)
class Text:
    """A block of set lines: `kind` names its style, `html` is its inside; it takes `rows` of the grid.

    The block that is_last carries the end matter.
    """

    kind: str
    html: str
    rows: float
    size: float = 0.0
    height: float = 0.0
    is_last: bool = False
    template: ClassVar[str] = "issues/print/_text.html"


@dataclass(frozen=True)
class Masthead:
    names: tuple[Text, ...]
    number: Text | None
    imprint: Text | None
    rows: int
    padding: float = 0.0
    below: float = 0.0


@dataclass(frozen=True)
class EndMatter:
    """报, 送 and 发 with their lines, and the print run."""

    parts: tuple[Text, ...] = ()
    print_run: Text | None = None

    def __bool__(self):
        return bool(self.parts or self.print_run)


@dataclass
class Story:
    """An article or a section as it is set. `blocks` are Text, Pictures or Grid."""

    anchor: str
    label: str = ""
    title: Text | None = None
    subtitle: Text | None = None
    blocks: list = field(default_factory=list)


def paragraph(block: Block, preset: Preset, role: str = fonts.BODY) -> Text:
    """A paragraph of a story: first line two characters in, the headings in their fonts (GB/T 9704-2012 7.3.3)."""
    role = ROLES.get(block.kind, role)
    lines = markup.set_lines(block.runs, role, preset.body_size, preset.measure, indent=2, printed=preset.printed)
    return Text(f"{block.kind} {role}", markup.lines_html(lines, role, preset.body_size), len(lines))


def centred(text: str, kind: str, role: str, size: float, measure: float, rows: float = 1) -> Text:
    """Lines in the middle, balanced where they are more than one; too long a text is set like a paragraph."""
    given = titles.balance(text, measure / size, lambda character: fonts.width(character, role))
    if given is None:
        lines = markup.set_lines([Run(" ".join(text.split("\n")), Style())], role, size, measure)
    else:
        lines = [
            line
            for part in given
            for line in markup.set_lines([Run(part, Style())], role, size, measure * 10, has_gaps=False)
        ]
    return Text(kind, markup.lines_html(lines, role, size), len(lines) * rows, size)


def title(text: str, preset: Preset) -> Text:
    """小标宋 22 pt, centred."""
    return centred(text, "title", fonts.TITLE, preset.title_size, preset.measure)


def section_heading(text: str, preset: Preset) -> Text:
    """The heading of a section such as 简讯, as the issues print it: 黑体, at the left."""
    lines = markup.set_lines([Run(text, Style())], fonts.HEI, preset.body_size, preset.measure, indent=2)
    return Text("section", markup.lines_html(lines, fonts.HEI, preset.body_size), len(lines))


def subtitle(text: str, preset: Preset) -> Text | None:
    """—— and the subtitle, 楷体, centred."""
    text = re.sub(r"^[—\-－―─]+", "", text.strip()).strip()
    if not text:
        return None
    return centred("——" + " ".join(text.split()), "subtitle", fonts.KAI, KAI_SIZE_SUBTITLE, preset.measure)


def caption(text: str, measure: float) -> Text | None:
    """Under a picture: 楷体, in the middle."""
    text = " ".join(text.split())
    if not text:
        return None
    return centred(text, "caption", fonts.KAI, CAPTION_SIZE, measure)


def contents_line(text: str, preset: Preset) -> Text:
    """An entry of the contents; four characters are left for the leader and the page."""
    text = " ".join(text.split())
    lines = markup.set_lines([Run(text, Style())], fonts.BODY, preset.body_size, preset.measure - 4 * preset.body_size)
    return Text("entry", markup.lines_html(lines, fonts.BODY, preset.body_size), len(lines))


def masthead(names: tuple[str, ...], number: str, publisher: str, date: str, preset: Preset) -> Masthead:
    """The red head: name lines fitted to the measure, the number, the publisher left and the date right, the rule."""
    fitted = [_name_lines(name, preset, is_last=name is names[-1]) for name in names]
    name_texts = tuple(text for group in fitted for text in group)
    size = preset.body_size
    imprint = _imprint(publisher, date, size, preset.measure - 2 * size)
    rows = sum(text.rows for text in name_texts)
    rows += NUMBER_ROWS if number else 0
    rows += imprint.rows if imprint else 0
    whole = ceil(rows + RULE_ROWS) if rows else 0
    return Masthead(
        names=name_texts,
        number=_single(number, "number", size) if number else None,
        imprint=imprint,
        rows=whole,
        padding=(whole - rows - RULE_ROWS) * preset.row_height,
        below=RULE_ROWS * preset.row_height - RULE,
    )


def _single(text: str, kind: str, size: float) -> Text:
    lines = markup.set_lines([Run(text, Style())], fonts.BODY, size, 10_000, has_gaps=False)
    return Text(kind, markup.lines_html(lines, fonts.BODY, size), 1)


def _imprint(publisher: str, date: str, size: float, room: float) -> Text | None:
    """The publisher at the left, the date at the right end of its last line; one text, so that it is read in this order."""
    if not publisher and not date:
        return None
    (date_line,) = markup.set_lines([Run(date, Style())], fonts.BODY, size, 10_000, has_gaps=False)
    date_room = (date_line.width + LEAST_GAP) * size if date else 0
    lines = _lines_beside(publisher, size, room, date_room)
    html = markup.lines_html(lines, fonts.BODY, size)
    if date:
        space = room - (lines[-1].width + date_line.width) * size
        html += f'<span style="margin-left:{space:.2f}pt">{markup.line_html(date_line, fonts.BODY, size)}</span>'
    return Text("imprint", html, len(lines))


def _lines_beside(text: str, size: float, room: float, taken: float) -> list[Line]:
    """Lines within `room`, the last of which leaves `taken` free at its end; an empty one is added where it has to be."""
    runs = [Run(text, Style())]
    for measure in (room - taken, room):
        lines = list(markup.set_lines(runs, fonts.BODY, size, max(measure, 4 * size), has_gaps=False))
        if len(lines) == 1 and measure < room:
            return lines
    if lines[-1].width * size > room - taken:
        lines += markup.set_lines([Run("", Style())], fonts.BODY, size, room)
    return lines


def _name_lines(name: str, preset: Preset, *, is_last: bool) -> list[Text]:
    largest, rows = (NAME_SIZES[0], NAME_ROWS[0]) if is_last else (NAME_SIZES[1], NAME_ROWS[1])
    room = preset.measure * NAME_SHARE
    lines = (name,)
    if room / max(_em(name), 1) < SMALLEST_NAME:
        lines = titles.balance(name, room / SMALLEST_NAME, lambda c: fonts.width(c, fonts.MASTHEAD)) or lines
    size = min(largest, room / max(max(_em(line) for line in lines), 1))
    if len(lines) == 1 and size < SMALLEST_NAME:
        size = max(size, preset.title_size)
        measure = preset.measure
    else:
        measure = preset.measure * 10
    texts = []
    for line in lines:
        for set_line in markup.set_lines([Run(line, Style())], fonts.MASTHEAD, size, measure, has_gaps=False):
            html = markup.line_html(set_line, fonts.MASTHEAD, size)
            texts.append(Text("name", html, rows, size, rows * preset.row_height))
    return texts


def _em(text: str) -> float:
    return sum(fonts.width(character, fonts.MASTHEAD) for character in text)


def end_matter(
    groups: tuple[tuple[str, tuple[str, ...]], ...], run_on: frozenset[str], print_run: str, preset: Preset
) -> EndMatter:
    """报, 送 and 发 (GB/T 9704-2012 7.4): 14 pt, one character in from both sides, turned lines after the colon.

    `groups` are (label, entries); labels in `run_on` have their entries run on, parted by ，, the others one on a line.
    """
    measure = preset.measure - 4 * END_SIZE  # one character at either side, two for the label
    parts = []
    for label, entries in groups:
        if not entries:
            continue
        texts = ["，".join(entries)] if label in run_on else entries
        lines = [
            line
            for text in texts
            for line in markup.set_lines([Run(text, Style())], fonts.BODY, END_SIZE, measure, printed=preset.printed)
        ]
        html = markup.lines_html(lines, fonts.BODY, END_SIZE)
        parts.append(Text("recipients", f"{label}：{html}", len(lines)))
    return EndMatter(tuple(parts), _single(print_run, "run", END_SIZE) if print_run else None)


def note(text: str, label: str, preset: Preset) -> list[Text]:
    """按语: 楷体, its label in 黑体."""
    blocks = [plain(line, QUOTE) for line in text.splitlines() if line.strip()]
    if blocks and label and not re.match(r"(编者)?按", blocks[0].text):
        blocks[0].runs.insert(0, Run(label, Style(fonts.HEI)))
    return [paragraph(block, preset) for block in blocks]
