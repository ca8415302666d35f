"""The lines of a past issue's Word file, with what its form says of them: sizes, weight, alignment, indents, empty lines.

A paragraph is a line; one that was broken by hand is several. Older files come by way of LibreOffice, where it is installed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from articles.docx import legacy
from articles.docx.losses import Losses, NotWord
from articles.docx.package import LARGEST_FILE, Package, W
from articles.docx.simplify import Writer, is_on, text_of, through, val
from issues.past.recipients import DIRECTION
from issues.past.text import NotAnIssue, ReadLine, most_common, normal_characters
from typesetting.lines import widths
from typesetting.lines.sentences import ends_sentence

USUAL_SIZE = 21  # half points, where a file says nothing: 五号
INDENTED = 200  # twentieths of a point, and hundredths of a character
SPACED = 200  # twentieths of a point before a paragraph that look like an empty line
TAB = "  "  # parts what shares a line: publisher and date


@dataclass(frozen=True)
class WordLines:
    """`pictures` are counted: an issue that is taken in has their captions alone."""

    lines: list[ReadLine]
    pictures: int
    tables: tuple[int, ...]  # the numbers of the lines that begin one


def is_word(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04") or legacy.is_legacy(data)


def as_docx(data: bytes, name: str) -> bytes:
    """The file itself, or what LibreOffice makes of an older one. NotAnIssue says what to do about it."""
    try:
        if len(data) > LARGEST_FILE:
            raise NotWord(_("%(name)s is too large to be an issue of the bulletin.") % {"name": name})
        return legacy.to_docx(data, name) if legacy.is_legacy(data) else data
    except NotWord as refused:
        raise NotAnIssue(str(refused)) from refused


def lines_of_word(data: bytes, name: str) -> WordLines:
    """Of a .docx. The lines are numbered as they stand, empty ones not counted."""
    try:
        reader = _Reader(Package(data, name), Losses())
        reader.read(reader.source())
    except NotWord as refused:
        raise NotAnIssue(str(refused)) from refused
    if not reader.lines:
        raise NotAnIssue(_("%(name)s holds no text, only pictures of pages.") % {"name": name})
    return WordLines(_in_proportion(reader.lines), len(reader.pictures), tuple(reader.tables))


class _Reader(Writer):
    """Collects lines instead of writing paragraphs; sizes in half points until all are known."""

    def __init__(self, package: Package, losses: Losses) -> None:
        super().__init__(package, losses)
        self.lines: list[ReadLine] = []
        self.tables: list[int] = []
        self.gap = 0
        part = package.part_of_type("styles")
        root = package.xml(part) if part else None
        default = root.find(f"{W}docDefaults/{W}rPrDefault") if root is not None else None
        self.usual_size = _number(val(default, f"{W}rPr/{W}sz")) if default is not None else 0
        kept = (name for name, style in self.styles.items() if style.get(W + "default") in ("1", "true"))
        self.usual_style = next((name for name in kept if self.styles[name].get(W + "type") == "paragraph"), "")

    def read(self, parent: Element) -> None:
        for _block in self.blocks(parent):
            pass

    def paragraph(self, source: Element) -> Iterator[Element]:
        boxes = list(_boxes(source))
        runs = self.whole(source)
        if runs is not None:
            label = self.numbering.label(source) if runs or source.find(f"{W}pPr/{W}numPr") is not None else ""
            self.take("".join(_words(run) for run in runs), label, source)
        for box in boxes:
            self.read(box)
        yield from ()

    def take(self, text: str, label: str, source: Element) -> None:
        pieces = [(piece, normal_characters(piece)) for piece in (label + text).split("\n")]
        shown = [at for at, (_raw, piece) in enumerate(pieces) if piece.strip()]
        if not shown:
            self.gap += 1
            return
        form = self.form(source)
        for at in shown:
            raw, piece = pieces[at]
            text = piece.strip()
            # Lines broken by hand inside a paragraph: a title's, or whole paragraphs that came from a web page.
            ends = True if at == shown[-1] else None if ends_sentence(text) else False
            pushed = _columns(raw)
            line = ReadLine(
                number=len(self.lines) + 1,
                text=text,
                gap=self.gap + form.gap if at == shown[0] else 0,
                ends_paragraph=ends,
                indented=not form.centred and (form.indented or 2 <= pushed <= 8),
                centred=form.centred or pushed > 8,
                size=form.size,
                bold=form.bold,
            )
            self.lines.append(line)
            self.gap = 0

    def form(self, source: Element) -> "_Form":
        style = val(source, f"{W}pPr/{W}pStyle") or self.usual_style
        centred = (val(source, f"{W}pPr/{W}jc") or self.alignment(style)) == "center"
        spoken = [run for run in source.iter(W + "r") if text_of(run).strip()]
        sizes = [self.size(run, style) for run in spoken for _character in text_of(run).strip()]
        return _Form(
            gap=int(self.attribute(source, style, "spacing", "before") >= SPACED),
            centred=centred,
            indented=max(self.attribute(source, style, "ind", name) for name in ("firstLine", "firstLineChars")) >= 100,
            size=float(most_common(sizes) or self.usual_size or USUAL_SIZE),
            bold=bool(spoken) and all(self.is_bold(run, style) for run in spoken),
        )

    def attribute(self, source: Element, style: str, tag: str, name: str) -> int:
        own = source.find(f"{W}pPr/{W}{tag}")
        found = own if own is not None and own.get(W + name) is not None else self.styled(style, f"{W}pPr/{W}{tag}")
        return _number(found.get(W + name, "")) if found is not None else 0

    def size(self, run: Element, style: str) -> int:
        own = val(run, f"{W}rPr/{W}sz")
        for name in (val(run, f"{W}rPr/{W}rStyle"), style):
            if not own and (found := self.styled(name, f"{W}rPr/{W}sz")) is not None:
                own = found.get(W + "val", "")
        return _number(own) or self.usual_size or USUAL_SIZE

    def is_bold(self, run: Element, style: str) -> bool:
        if run.find(f"{W}rPr/{W}b") is not None:
            return is_on(run, f"{W}rPr/{W}b")
        found = self.styled(style, f"{W}rPr/{W}b")
        return found is not None and found.get(W + "val", "1") not in ("0", "false", "off")

    @staticmethod
    def keep(source: Element, run: Element) -> None:
        if source.tag == W + "tab":
            run.append(Element(W + "tab"))
        else:
            Writer.keep(source, run)

    # --- tables: the frame of a masthead or of the 版记, seldom one with figures -------------------------------------
    def table(self, source: Element) -> Element:
        rows = [self.row(row) for row in through(source, W + "tr") if row.find(f"{W}trPr/{W}del") is None]
        rows = [[cell for cell in row if cell] for row in rows]
        if sum(len(row) > 2 for row in rows) >= 2:
            self.tables.append(len(self.lines) + 1)
        for row in rows:
            for line in _side_by_side(row):
                self.lines.append(replace(line, number=len(self.lines) + 1))
        return Element(W + "tbl")

    def row(self, source: Element) -> list[list[ReadLine]]:
        before, cells = self.lines, []
        for cell in through(source, W + "tc"):
            self.lines, self.gap = [], 0
            self.read(cell)
            cells.append(self.lines)
        self.lines, self.gap = before, 0
        return cells


@dataclass(frozen=True)
class _Form:
    gap: int
    centred: bool
    indented: bool
    size: float
    bold: bool


def _side_by_side(cells: Sequence[list[ReadLine]]) -> list[ReadLine]:
    """The lines of a row: cells of a line each share one, and 报： in a cell of its own stands before the names."""
    if len(cells) == 2 and len(cells[0]) == 1 and (found := DIRECTION.fullmatch(cells[0][0].text)) and not found[2]:
        return [replace(cells[1][0], text=cells[0][0].text + cells[1][0].text), *cells[1][1:]]
    if len(cells) > 1 and all(len(cell) == 1 for cell in cells):
        return [replace(cells[0][0], text=TAB.join(cell[0].text for cell in cells))]
    return [line for cell in cells for line in cell]


def _in_proportion(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """Sizes over that of the running text, gaps beyond the usual one; nothing of paragraphs where the lines are a print's."""
    usual_size = most_common(round(line.size or 0) for line in lines for _character in line.text) or 1
    usual_gap = most_common(line.gap for line in lines[1:])
    is_print = widths.measure_of([line.text for line in lines]) is not None and not _ends_paragraphs(lines)
    return [
        replace(
            line,
            size=(line.size or usual_size) / usual_size,
            gap=max(0, line.gap - usual_gap),
            ends_paragraph=None if is_print else line.ends_paragraph,
            indented=line.indented if is_print else None,  # where paragraphs are known it says nothing
        )
        for line in lines
    ]


def _ends_paragraphs(lines: Sequence[ReadLine]) -> bool:
    """Whether the file's paragraphs are the text's: those that say much mostly end a sentence."""
    long = [line for line in lines if widths.width(line.text) > 20 and not line.centred]
    return sum(ends_sentence(line.text) for line in long) > 0.5 * len(long)


def _boxes(source: Element) -> Iterator[Element]:
    """The text boxes of a paragraph, each once: the older form of a drawing says the same again."""
    for each in source:
        if each.tag == W + "txbxContent":
            yield each
        elif not each.tag.endswith("}Fallback"):
            yield from _boxes(each)


def _words(run: Element) -> str:
    words = ""
    for each in run:
        if each.tag == W + "t":
            words += each.text or ""
        elif each.tag in (W + "br", W + "cr"):
            words += "\n"
        elif each.tag == W + "tab":
            words += TAB
        elif each.tag == W + "noBreakHyphen":
            words += "-"
    return words


def _columns(raw: str) -> int:
    blanks = raw[: len(raw) - len(raw.lstrip())]
    return sum(2 if blank in "\u3000\t" else 1 for blank in blanks)


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text, re.ASCII) else 0
