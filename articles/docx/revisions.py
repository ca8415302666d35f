"""Writes a comparison as a Word file with native revisions (ECMA-376 part 1, 17.13.5): w:ins, w:del, w:pPrChange.

Who accepts them all has the new text, who rejects them all the old one. What was moved is deleted at its old place and
inserted at its new one, which says so in a comment. A line that was broken inside a paragraph ends it here.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from ..comparison import Block, Cell, Parts, PhotoChange, Row
from ..difference import Operation, Part
from ..redline import Compared, Redline, Remark
from . import writing
from .looks import SETTINGS, style_sheet
from .package import W

# What XML cannot hold.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REVISIONS: dict[Operation, str] = {"insert": "ins", "delete": "del"}
CELL_REVISIONS: dict[Operation, str] = {"insert": "cellIns", "delete": "cellDel"}
STYLES = {"h3": "Heading1", "h4": "Heading2", "li": "ListParagraph"}  # by the tag of a block
TEXT_WIDTH = 9026  # between the margins, in twentieths of a point
SPACE = "{http://www.w3.org/XML/1998/namespace}space"

ElementTree.register_namespace("w", W[1:-1])


def word_file(redline: Redline) -> bytes:
    """The bytes of a .docx in which the person of the later state has made the changes at that moment."""
    writer = _Writer(redline.after.who, redline.after.at)
    document = _element("document", writer.body(redline.stories))
    parts = [
        writing.Part("styles", "styles.xml", style_sheet().encode(), "styles"),
        writing.Part("settings", "settings.xml", SETTINGS.encode(), "settings"),
    ]
    if len(writer.comments):
        comments = ElementTree.tostring(writer.comments, "utf-8", xml_declaration=True)
        parts.append(writing.Part("comments", "comments.xml", comments, "comments"))
    return writing.packed(document, parts)


class _Writer:
    def __init__(self, author: str, at: datetime) -> None:
        self.author, self.at, self.ids = author, _moment(at), count(1)
        self.comments = _element("comments")

    def body(self, stories: Sequence[Compared]) -> Element:
        body = _element("body")
        for element in (element for story in stories for element in self._story(story)):
            if len(body) and body[-1].tag == element.tag == W + "tbl":
                body.append(_element("p"))  # two tables that touch are one
            body.append(element)
        if not len(body) or body[-1].tag == W + "tbl":
            body.append(_element("p"))
        margins = dict.fromkeys(("top", "right", "bottom", "left"), "1440")
        body.append(_element("sectPr", _element("pgSz", w="11906", h="16838"), _element("pgMar", **margins)))
        return body

    def _story(self, story: Compared) -> Iterator[Element]:
        found = story.comparison
        beside = _by_block(story.remarks, found.blocks)
        first, *others = [
            *self._paragraphs(found.title, "Title"),
            *self._paragraphs(found.subtitle, "Subtitle"),
            *(element for block in found.blocks for element in self._block(block, beside)),
            *(line for photo in _captions(found.photos) for line in self._paragraphs(photo, "Caption")),
            *self._paragraphs(found.authors, "Authors"),
        ] or [_element("p")]
        if story.label:
            self._comment(first, story.label, self.author, self.at)
        self._remarks(first, beside[0])
        yield from (first, *others)

    def _remarks(self, element: Element, remarks: Sequence[Remark]) -> None:
        for remark in remarks:
            self._comment(element, remark.text, remark.who, _moment(remark.at))

    def _block(self, block: Block, beside: dict[int, list[Remark]]) -> Iterator[Element]:
        parts = _as_inserted(block.parts) if block.kind == "moved" else block.parts
        was = block.old_tag if block.kind in ("same", "changed") else block.tag
        names = ("Caption", "Caption") if block.rows else (STYLES.get(block.tag, ""), STYLES.get(was, ""))
        elements = [*self._paragraphs(parts, *names), *([self._table(block)] if block.rows else [])]
        if block.kind == "moved":
            words = _("moved here, was number %(before)s") % {"before": block.before_at}
            self._comment(elements[0], words, self.author, self.at)
        if _is_in_the_new_text(block):
            self._remarks(elements[0], beside[block.after_at])
        yield from elements

    def _paragraphs(self, parts: Parts, style: str = "", was: str | None = None) -> list[Element]:
        """None of no parts. `was` is the style before, where it was another."""
        whole = _whole(parts)
        return [self._paragraph(line, mark, style, was) for line, mark in _lines(parts, whole)]

    def _paragraph(self, line: Parts, mark: Operation, style: str = "", was: str | None = None) -> Element:
        """`mark` is what was done to its end: a deleted one joins it to the next paragraph."""
        properties = _style(style)
        if mark != "equal":
            properties.append(_element("rPr", self._revision(REVISIONS[mark])))
        elif was is not None and was != style:
            properties.append(self._revision("pPrChange", _style(was)))
        paragraph = _element("p", *([properties] if len(properties) else []))
        paragraph.extend(self._run(part) for part in line if part[1])
        return paragraph

    def _run(self, part: Part) -> Element:
        kind, text = part
        words = _element("delText" if kind == "delete" else "t")
        words.text = text
        words.set(SPACE, "preserve")
        run = _element("r", words)
        return run if kind == "equal" else self._revision(REVISIONS[kind], run)

    def _revision(self, name: str, *children: Element) -> Element:
        return _element(name, *children, id=str(next(self.ids)), author=self.author, date=self.at)

    def _comment(self, element: Element, text: str, who: str, at: str) -> None:
        """On the first paragraph of the element; it comes and goes with a paragraph that does."""
        paragraph = next(element.iter(W + "p"))
        number = str(len(self.comments))
        words = [_element("p", _run_of(line)) for line in NO_XML.sub("", text).split("\n")]
        self.comments.append(_element("comment", *words, id=number, author=who, date=at, initials=who[:1]))
        start = 1 if paragraph.find(W + "pPr") is not None else 0
        paragraph.insert(start, _element("commentRangeStart", id=number))
        paragraph.append(_element("commentRangeEnd", id=number))
        paragraph.append(self._reference(number, paragraph))

    def _reference(self, number: str, paragraph: Element) -> Element:
        reference = _element("r", _element("commentReference", id=number))
        mark = paragraph.find(f"{W}pPr/{W}rPr/*")
        if mark is None or paragraph.find(W + "r") is not None:
            return reference
        return self._revision(mark.tag.removeprefix(W), reference)

    def _table(self, block: Block) -> Element:
        """Of one that was moved what it is now."""
        rows = [row for row in block.rows if block.kind != "moved" or row.kind not in ("deleted", "moved_away")]
        elements = [self._row(block, row) for row in rows]
        columns = max((len(element.findall(W + "tc")) for element in elements), default=1)
        properties = _element("tblPr", _element("tblStyle", val="TableGrid"), _element("tblW", w="0", type="auto"))
        grid = _element("tblGrid", *(_element("gridCol", w=str(TEXT_WIDTH // columns)) for _column in range(columns)))
        return _element("tbl", properties, grid, *elements)

    def _row(self, block: Block, row: Row) -> Element:
        whole = _operation("moved" if block.kind == "moved" else row.kind)
        cells = [cell for cell in row.cells if whole != "insert" or cell.operation != "delete"]
        properties = [_element("trPr", self._revision(REVISIONS[whole]))] if whole != "equal" else []
        return _element("tr", *properties, *(self._cell(cell, whole) for cell in cells))

    def _cell(self, cell: Cell, whole: Operation) -> Element:
        """`whole` is what was done to its row."""
        parts = _as_inserted(cell.parts) if whole == "insert" else cell.parts
        mark = cell.operation if whole == "equal" else whole
        properties = _element("tcPr", _element("tcW", w="0", type="auto"))
        if whole == "equal" != cell.operation:
            properties.append(self._revision(CELL_REVISIONS[cell.operation]))
        lines = [self._paragraph(line, end, "TableText") for line, end in _lines(parts, mark)]
        return _element("tc", properties, *(lines or [self._paragraph([], mark, "TableText")]))


# --- what is remarked -----------------------------------------------------------------------------------------------
def _is_in_the_new_text(block: Block) -> bool:
    return block.kind not in ("deleted", "moved_away")


def _by_block(remarks: Sequence[Remark], blocks: Sequence[Block]) -> dict[int, list[Remark]]:
    """The remarks by the number of the block that holds their paragraph, which may hold several; 0 is the whole story."""
    starts = [0, *sorted(block.after_at for block in blocks if _is_in_the_new_text(block))]
    found: dict[int, list[Remark]] = {start: [] for start in starts}
    for remark in remarks:
        found[starts[bisect_right(starts, remark.paragraph) - 1]].append(remark)
    return found


# --- what is inserted, and what deleted -----------------------------------------------------------------------------
def _operation(kind: str) -> Operation:
    """What is done to the whole of it."""
    if kind in ("added", "moved"):
        return "insert"
    return "delete" if kind in ("deleted", "moved_away") else "equal"


def _whole(parts: Parts) -> Operation:
    kinds = {kind for kind, _text in parts}
    return kinds.pop() if len(kinds) == 1 else "equal"


def _lines(parts: Parts, whole: Operation) -> Iterator[tuple[Parts, Operation]]:
    """The lines, each with what was done to its end; to that of the last what was done to the whole."""
    line: Parts = []
    for kind, text in parts:
        first, *others = NO_XML.sub("", text).split("\n")
        line.append((kind, first))
        for other in others:
            yield line, kind
            line = [(kind, other)]
    if line:
        yield line, whole


def _as_inserted(parts: Parts) -> Parts:
    """The new text: what was moved is all new at its place."""
    return _only(parts, "insert")


def _only(parts: Parts, wanted: Operation) -> Parts:
    """The new text as inserted, or the old one as deleted."""
    text = "".join(text for kind, text in parts if kind in ("equal", wanted))
    return [(wanted, text)] if text else []


def _captions(photos: Sequence[PhotoChange]) -> Iterator[Parts]:
    """A line a photo: those in the new order, and each that is gone or was moved away where it stood."""
    gone = sorted((photo for photo in photos if photo.kind in ("deleted", "moved")), key=lambda photo: photo.before_at)
    for photo in photos:
        if photo.kind in ("same", "changed"):
            while gone and gone[0].before_at < photo.before_at:
                yield _caption(gone.pop(0), "delete")
            yield _caption(photo, "equal")
        elif photo.kind != "deleted":
            yield _caption(photo, "insert")
    for photo in gone:
        yield _caption(photo, "delete")


def _caption(photo: PhotoChange, kind: Operation) -> Parts:
    return [(kind, _("[Photo] ")), *(photo.caption if kind == "equal" else _only(photo.caption, kind))]


# --- elements -------------------------------------------------------------------------------------------------------
def _element(name: str, *children: Element, **attributes: str) -> Element:
    element = Element(W + name, {W + key: value for key, value in attributes.items()})
    element.extend(children)
    return element


def _style(name: str) -> Element:
    return _element("pPr", *([_element("pStyle", val=name)] if name else []))


def _run_of(text: str) -> Element:
    words = _element("t")
    words.text = text
    return _element("r", words)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
