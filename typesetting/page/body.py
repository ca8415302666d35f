"""Reads the cleaned HTML of a story into the blocks that the page is set from: paragraphs, headings, list items, tables."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

from ..fonts import roles
from ..lines.composer import Run

TEXT, HEADING, SUBHEADING, QUOTE, CAPTION = "text", "heading", "subheading", "quote", "caption"
_TEXT_BLOCKS = {"p": TEXT, "div": TEXT, "h1": HEADING, "h2": HEADING, "h3": HEADING, "li": TEXT, "blockquote": QUOTE}
_TEXT_BLOCKS |= {"h4": SUBHEADING, "h5": SUBHEADING, "h6": SUBHEADING, "caption": CAPTION}
_CELLS = {"td", "th"}
_STRONG, _EMPHASIS, _NOT_SHOWN = {"strong", "b"}, {"em", "i"}, {"script", "style", "template"}
MOST_SPANNED = 1000
LONGEST_HEADING = 40  # characters
NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(](?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})[）)]|[0-9]{1,2}[.．、](?![0-9]))"
)
SENTENCE_ENDS = "。！？；：，、…”.!?;:,"


class Style(NamedTuple):
    """What a run looks like apart from its block: `role` is a font role or empty, `shift` sub, sup or empty."""

    role: str = ""
    shift: str = ""


@dataclass
class BodyBlock:
    """A paragraph, a heading or a list item. `marker` is what a list puts before it."""

    kind: str
    runs: list[Run] = field(default_factory=list)
    is_point: bool = False  # of a list

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass
class Cell:
    blocks: list[BodyBlock] = field(default_factory=list)
    is_head: bool = False
    columns: int = 1
    rows: int = 1


@dataclass
class Table:
    """Rows of cells; the first `head_rows` are repeated on every page."""

    rows: list[list[Cell]] = field(default_factory=list)
    head_rows: int = 0
    caption: BodyBlock | None = None


def read(html: str) -> list[BodyBlock | Table]:
    """The blocks in reading order. Unknown tags are passed over and their text is kept; scripts and styles are not text."""
    reader = _BodyReader()
    reader.feed(html)
    reader.close()
    return reader.finished()


def looks_like_heading(text: str) -> bool:
    """Whether a paragraph is a heading by its number and its lack of a full stop: 一、, （一）, 1． or （1）."""
    return len(text) <= LONGEST_HEADING and bool(NUMBERED.match(text)) and text[-1] not in SENTENCE_ENDS


def leads(block: BodyBlock | Table, following: BodyBlock | Table) -> bool:
    """Whether a plain paragraph heads what follows, so that it may not stand alone at a page's foot. A list's points don't."""
    if not isinstance(block, BodyBlock) or block.kind != TEXT or block.is_point or not looks_like_heading(block.text):
        return False
    return not (isinstance(following, BodyBlock) and (following.is_point or looks_like_heading(following.text)))


def plain(text: str, kind: str = TEXT, style: Style = Style()) -> BodyBlock:  # noqa: B008 - a tuple never changes
    """One block of text without markup."""
    return _trimmed(BodyBlock(kind, [Run(text, style)]))


class _BodyReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[BodyBlock | Table] = []
        self.open_tags: list[str] = []
        self.block: BodyBlock | None = None
        self.table: Table | None = None
        self.is_in_cell = False
        self.is_fresh = False  # a list item has just begun
        self.numbers: list[int | None] = []  # of the lists that are open; None is a list of points

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "br":
            self._add("\n")
        elif tag in ("ul", "ol"):
            self.numbers.append(_number(attributes.get("start"), 1) if tag == "ol" else None)
            self.block = None
        elif tag == "table":
            self.table, self.block = self.table or self._new_table(), None
        elif tag in ("tr", *_CELLS):
            self._start_table_part(tag, attributes)
        elif tag in _TEXT_BLOCKS:
            self._start_block(tag)
        else:
            self.open_tags.append(tag)

    def _start_block(self, tag: str) -> None:
        if self.is_fresh and tag == "p":
            return  # the paragraph of <li><p>
        self.block = BodyBlock(_TEXT_BLOCKS[tag])
        self._place(self.block)
        self.block.is_point = tag == "li"
        if tag == "li" and self.numbers:
            number = self.numbers[-1]
            self.block.runs.append(Run("·" if number is None else f"{number}. ", Style()))
            self.numbers[-1] = None if number is None else number + 1
            self.is_fresh = True

    def _new_table(self) -> Table:
        table = Table()
        self.blocks.append(table)
        return table

    def _start_table_part(self, tag: str, attributes: dict[str, str | None]) -> None:
        self.block, self.is_in_cell = None, tag != "tr"
        self.table = self.table or self._new_table()
        if tag == "tr":
            self.table.rows.append([])
            return
        if not self.table.rows:
            self.table.rows.append([])
        span = {name: _number(attributes.get(name), 1) for name in ("colspan", "rowspan")}
        self.table.rows[-1].append(Cell([], tag == "th", span["colspan"], span["rowspan"]))

    def _place(self, block: BodyBlock) -> None:
        if self.table and self.is_in_cell:
            self.table.rows[-1][-1].blocks.append(block)
        elif self.table and block.kind == CAPTION and self.table.caption is None:
            self.table.caption = block
        elif self.table:
            self.blocks.insert(len(self.blocks) - 1, block)  # stray text stands before the table
        else:
            self.blocks.append(block)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self.numbers = self.numbers[:-1]
        if tag in ("table", "tr", *_CELLS):
            self.is_in_cell = False
        if tag == "table":
            self.table = None
        if tag in _TEXT_BLOCKS or tag in _CELLS or tag in ("ul", "ol", "table", "tr"):
            self.block, self.is_fresh = None, False
        if tag in self.open_tags:
            del self.open_tags[len(self.open_tags) - 1 - self.open_tags[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not any(name in _NOT_SHOWN for name in self.open_tags):
            self._add(re.sub(r"[ \t\r\n\f]+", " ", data))

    def _add(self, text: str) -> None:
        if self.block is None:
            if not text.strip():
                return
            self.block = BodyBlock(TEXT)
            self._place(self.block)
        self.block.runs.append(Run(text, self._style()))
        self.is_fresh = self.is_fresh and not text.strip()

    def _style(self) -> Style:
        names = set(self.open_tags)
        role = roles.HEI if names & _STRONG else roles.KAI if names & _EMPHASIS else ""
        shift = next((name for name in reversed(self.open_tags) if name in ("sub", "sup")), "")
        return Style(role, shift)

    def finished(self) -> list[BodyBlock | Table]:
        found: list[BodyBlock | Table] = []
        for block in self.blocks:
            if isinstance(block, Table):
                _finish_table(block)
                found += [block] if block.rows else []
            elif _trimmed(block).text:
                found.append(block)
        return found


def _number(text: str | None, default: int) -> int:
    return min(int(text), MOST_SPANNED) if text and text.isascii() and text.isdigit() and int(text) else default


def _trimmed(block: BodyBlock) -> BodyBlock:
    """Without white space at its ends and beside its line feeds; runs of spaces at the seams of styles become one."""
    runs, previous = [], "\n"
    for run in block.runs:
        text = ""
        for character in run.text:
            if character == " " and previous in " \n":
                continue
            if character == "\n" and previous == " ":
                text = text.removesuffix(" ")
            text += character
            previous = character
        runs.append(Run(text, run.style))
    while runs and not runs[0].text.strip():
        runs.pop(0)
    while runs and not runs[-1].text.strip():
        runs.pop()
    if runs:
        runs[0] = Run(runs[0].text.lstrip(), runs[0].style)
        runs[-1] = Run(runs[-1].text.rstrip(), runs[-1].style)
    block.runs = runs
    return block


def _finish_table(table: Table) -> None:
    if table.caption and not _trimmed(table.caption).text:
        table.caption = None
    for row in table.rows:
        for cell in row:
            cell.blocks = [block for block in map(_trimmed, cell.blocks) if block.text]
    _drop_empty_rows(table)
    heads = [all(cell.is_head for cell in row) for row in table.rows]
    table.head_rows = heads.index(False) if False in heads else 0


def _drop_empty_rows(table: Table) -> None:
    """Cells that reach into a row without cells become shorter by it."""
    spans = [(begun, begun + cell.rows, cell) for begun, row in enumerate(table.rows) for cell in row]
    for at, row in enumerate(table.rows):
        for begun, ended, cell in spans if not row else ():
            cell.rows -= begun < at < ended
    table.rows = [row for row in table.rows if row]
