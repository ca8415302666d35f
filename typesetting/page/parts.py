"""The parts of a page, each with its lines already set: titles, stories, the end matter.

Every part takes whole rows of the page's grid. Sizes are in points. Nothing here knows of the database or of WeasyPrint.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, ClassVar

from ..fonts import roles
from ..lines import composer, markup, titles
from ..lines.composer import Run, SetLine
from .body import CAPTION, HEADING, QUOTE, SUBHEADING, BodyBlock, Style, plain
from .presets import INDENT, MM, Preset

KEPT = "kept"  # the class of a block that stays with what follows it
BEGINS = "begins"  # the class of a block that begins a page
TITLE_STEPS = (0, 2, 4, 5)  # points by which a long title is set smaller
ENTRY_INDENT = 2  # characters: of the turned lines of the contents
ENDLESS = 100_000.0  # points: a measure that no line reaches
KAI_SIZE_SUBTITLE, END_SIZE = 16.0, 14.0
CAPTION_SIZE, SMALL_CAPTION_SIZE = 12.0, 10.5  # 小四, 五号
END_LEADINGS = {END_SIZE: 21.7, 12.0: 18.0, 10.5: 14.7}  # 四号; 小四 and 五号 where the recipients are many
ROWS_OVER_END = 4  # of the page, at least, that the end matter leaves to the text
END_PADDING = 2.0  # points above and below each group
END_RULES = 0.35 * MM, 0.25 * MM  # the outer rules and the inner ones (GB/T 9704-2012 7.4.1)
TAGS = {HEADING: "h3", SUBHEADING: "h4", CAPTION: "figcaption"}
ROLES = {HEADING: roles.HEI, SUBHEADING: roles.KAI, QUOTE: roles.KAI, CAPTION: roles.HEI}


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
    runs: tuple[Run, ...] = ()  # of a paragraph, which can be set in a line more or less
    role: str = ""
    template: ClassVar[str] = "typesetting/_text.html"

    @property
    def tag(self) -> str:
        """The HTML element that says in the file what it is."""
        return TAGS.get(self.kind.split()[0], "p")


@dataclass(frozen=True)
class EndMatter:
    """报, 送 and 发 with their lines, and the print run, all of one size."""

    parts: tuple[Text, ...] = ()
    print_run: Text | None = None
    size: float = END_SIZE

    def __bool__(self) -> bool:
        return bool(self.parts or self.print_run)

    @property
    def leading(self) -> float:
        return END_LEADINGS[self.size]

    @property
    def height(self) -> float:
        """In points, rules included."""
        groups = [*self.parts, *([self.print_run] if self.print_run else [])]
        outer, inner = END_RULES
        rules = 2 * outer + (len(groups) - 1) * inner if groups else 0.0
        return sum(group.rows * self.leading + 2 * END_PADDING for group in groups) + rules


@dataclass
class Story:
    """An article or a section as it is set. `blocks` are Text, Pictures or Grid."""

    anchor: str
    label: str = ""
    title: Text | None = None
    subtitle: Text | None = None
    blocks: list[Any] = field(default_factory=list)
    is_article: bool = True


def paragraph(block: BodyBlock, preset: Preset, role: str = roles.BODY) -> Text:
    """A paragraph of a story: first line two characters in, the headings in their fonts (GB/T 9704-2012 7.3.3)."""
    role, runs = ROLES.get(block.kind, role), tuple(block.runs)
    lines = markup.set_lines(runs, role, preset.body_size, preset.measure, indent=INDENT, printed=preset.printed)
    html = markup.lines_html(lines, role, preset.body_size)
    return Text(f"{block.kind} {role}", html, len(lines), runs=runs, role=role)


def kept(text: Text) -> Text:
    """The block, staying with what follows it."""
    return replace(text, kind=f"{text.kind} {KEPT}")


def costs_by_rows(text: Text, preset: Preset) -> dict[int, float]:
    """What it costs to set a paragraph in each number of lines."""
    if not text.runs:
        return {}
    measure = preset.measure / preset.body_size
    return composer.costs_by_rows(text.runs, measure, INDENT, markup.advance(text.role), markup.whites(text.role))


def in_rows(text: Text, rows: int, preset: Preset) -> Text:
    """A paragraph set in another number of lines, one of those that `costs_by_rows` names."""
    size = preset.body_size
    lines = markup.set_lines(text.runs, text.role, size, preset.measure, indent=INDENT, rows=rows)
    return replace(text, html=markup.lines_html(lines, text.role, size), rows=rows)


def centred(text: str, kind: str, role: str, size: float, measure: float, rows: float = 1) -> Text:
    """Lines whose ink stands in the middle, balanced where they are more than one, never spread."""
    width = roles.widths(role)
    given = titles.balance(text, measure / size, width) or _running(text, role, size, measure)
    lines = [line for part in given for line in _unspread(part, role, size)]
    html = "\n".join(markup.centred_html(line, role, size) for line in lines)
    return Text(kind, html, len(lines) * rows, size)


def _running(text: str, role: str, size: float, measure: float) -> tuple[str, ...]:
    """The lines of a text that can't be balanced, such as a long address."""
    text = " ".join(text.split("\n"))
    if len(text) <= titles.LONGEST_TURNED:
        return titles.turned(text, measure / size, roles.widths(role))
    return tuple(line.text.strip() for line in markup.set_lines([Run(text, Style())], role, size, measure))


def _unspread(text: str, role: str, size: float) -> tuple[SetLine, ...]:
    return markup.set_lines([Run(text, Style())], role, size, ENDLESS, has_gaps=False)


@lru_cache(maxsize=256)
def title(text: str, preset: Preset, names: titles.Names = titles.NO_NAMES) -> Text:
    """小标宋 22 pt, centred; smaller where it would take more than three lines. No name of `names` is broken."""
    size, lines = fitted_title(text, preset, names)
    return centred("\n".join(lines), "title", roles.TITLE, size, preset.measure)


def fitted_title(text: str, preset: Preset, names: titles.Names) -> tuple[float, Sequence[str]]:
    """The size of a title and its lines."""
    sizes = [size for step in TITLE_STEPS if (size := preset.title_size - step) > preset.body_size]
    found = titles.fit(text, preset.measure, sizes, roles.widths(roles.TITLE), names)
    return found or (sizes[-1], text.split("\n"))


def section_heading(text: str, preset: Preset) -> Text:
    """The heading of a section such as 简讯, as the issues print it: 黑体, at the left."""
    lines = markup.set_lines([Run(text, Style())], roles.HEI, preset.body_size, preset.measure, indent=2)
    return Text("section", markup.lines_html(lines, roles.HEI, preset.body_size), len(lines))


def subtitle(text: str, preset: Preset) -> Text | None:
    """—— and the subtitle, 楷体, centred."""
    text = subtitle_text(text)
    return centred(text, "subtitle", roles.KAI, KAI_SIZE_SUBTITLE, preset.measure) if text else None


def subtitle_text(text: str) -> str:
    """On one line behind two dashes, whatever dashes the writer gave it; empty when there is none."""
    text = re.sub(r"^[—\-－―─]+", "", text.strip()).strip()
    return "——" + _one_line(text) if text else ""


def _one_line(text: str) -> str:
    """With one space for any white space; a full-width one keeps two phrases apart."""
    return re.sub(r"[^\S\u3000]+", " ", text.strip())


def caption(text: str, measure: float, *, is_small: bool = False) -> Text | None:
    """Under a picture: 楷体, in the middle."""
    text = " ".join(text.split())
    if not text:
        return None
    return centred(text, "caption", roles.KAI, SMALL_CAPTION_SIZE if is_small else CAPTION_SIZE, measure)


def contents_line(text: str, preset: Preset, names: titles.Names = titles.NO_NAMES) -> Text:
    """An entry of the contents: turned lines two characters in; the last one leaves four to the leader and the page."""
    text, size, characters = _one_line(text), preset.body_size, preset.characters
    width = roles.widths(roles.BODY)
    parted = titles.turned(text, characters - 1, width, names, last=characters - 4, indent=ENTRY_INDENT)
    room = preset.measure - (1 + ENTRY_INDENT) * size
    lines = [
        line
        for place, part in enumerate(parted)
        for line in markup.set_lines([Run(part, Style())], roles.BODY, size, room if place else ENDLESS, has_gaps=False)
    ]
    html = '\n<span class="turned"></span>'.join(markup.line_html(line, roles.BODY, size) for line in lines)
    return Text("entry", html, len(lines))


def single(text: str, kind: str, size: float, rows: float = 1) -> Text:
    """One line, however long."""
    lines = markup.set_lines([Run(text, Style())], roles.BODY, size, 10_000, has_gaps=False)
    return Text(kind, markup.lines_html(lines, roles.BODY, size), rows)


def end_matter(
    groups: tuple[tuple[str, tuple[str, ...]], ...],
    run_on: frozenset[str],
    print_run: str,
    preset: Preset,
    size: float = END_SIZE,
) -> EndMatter:
    """报, 送 and 发 (GB/T 9704-2012 7.4): one character in from both sides, turned lines after the colon.

    `groups` are (label, entries); labels in `run_on` have their entries run on, parted by ，, the others one on a line.
    """
    measure = preset.measure - 4 * size  # one character at either side, two for the label
    parts = []
    for label, entries in groups:
        if not entries:
            continue
        texts = ["，".join(entries)] if label in run_on else entries
        lines = [
            line
            for text in texts
            for line in markup.set_lines([Run(text, Style())], roles.BODY, size, measure, printed=preset.printed)
        ]
        html = markup.lines_html(lines, roles.BODY, size)
        parts.append(Text("recipients", f"{label}：{html}", len(lines)))
    return EndMatter(tuple(parts), single(print_run, "run", size) if print_run else None, size)


def note(text: str, label: str, preset: Preset) -> list[Text]:
    """按语: 楷体, its label in 黑体."""
    return [paragraph(block, preset) for block in note_blocks(text, label)]


def note_blocks(text: str, label: str) -> list[BodyBlock]:
    """A paragraph a line; the first one has the label, unless it says by itself what it is."""
    blocks = [plain(line, QUOTE) for line in text.splitlines() if line.strip()]
    if blocks and label and not re.match(r"(编者)?按", blocks[0].text):
        blocks[0].runs.insert(0, Run(label, Style(roles.HEI)))
    return blocks
