"""The only door to pdfium: reads a PDF's text and positions, its bookmarks and fonts, and draws its pages."""

import contextlib
import ctypes
import hashlib
import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeAlias

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from . import ink

THICKEST_RULE = 4.0  # points

_reading = threading.Lock()  # pdfium is not safe for threads


class UnreadablePdf(ValueError):
    """Not a PDF, damaged, or locked by a password."""


@dataclass(frozen=True, slots=True)
class Character:
    """One character with its origin and advance box in points, y upwards from the page's lower edge."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    font: str
    color: tuple[int, int, int] = (0, 0, 0)
    low: float = 0.0  # of its ink; the same as `high` when nothing is drawn
    high: float = 0.0
    inked_left: float = 0.0
    inked_right: float = 0.0


@dataclass(frozen=True, slots=True)
class PrintedRule:
    """A horizontal line, as of the masthead or round the end matter."""

    left: float
    right: float
    bottom: float
    top: float
    color: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All there is on one page; the characters in the order in which they are drawn, blank ones left out.

    `area` is what of the sheet is shown: left, bottom, right, top; `unseen` are the indexes of the characters that a reader
    can't see, `covered` of those that something lies upon.
    """

    number: int
    width: float
    height: float
    characters: tuple[Character, ...]
    pictures: tuple[tuple[float, float, float, float], ...]  # left, bottom, right, top
    rules: tuple[PrintedRule, ...]
    area: tuple[float, float, float, float]
    unseen: frozenset[int] = frozenset()
    covered: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file, read once. A bookmark that leads to no page has page 0."""

    sheets: tuple[Sheet, ...]
    unembedded: frozenset[str]
    bookmarks: tuple[tuple[str, int], ...]
    metadata: dict[str, str]
    language: str


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where an entry of the outline leads: the page (from 1) and points from the page's upper edge."""

    title: str
    page: int
    top: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """Characters of one baseline from left to right; blank ones left out."""

    page: int
    characters: tuple[Character, ...]

    @property
    def text(self) -> str:
        return "".join(character.text for character in self.characters)

    @property
    def left(self) -> float:
        return self.characters[0].left

    @property
    def right(self) -> float:
        return max(character.right for character in self.characters)

    @property
    def baseline(self) -> float:
        return self.characters[0].baseline


# The functions below take a file's bytes when one answer is all that is asked of it, else the document that `opened` gives.
Document: TypeAlias = pypdfium2.PdfDocument


@contextlib.contextmanager
def opened(pdf: bytes) -> Iterator[Document]:
    """The document of a file, for several questions. Raises UnreadablePdf."""
    with _reading:
        try:
            with contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
                yield document
        except pypdfium2.PdfiumError as error:  # of the file, or of a page in it
            raise UnreadablePdf(str(error)) from error


def page_count(pdf: bytes) -> int:
    with opened(pdf) as document:
        return len(document)


def lines_of(pdf: bytes) -> list[TextLine]:
    """Every printed line with the places of its characters, page by page from top to bottom."""
    with opened(pdf) as document:
        return [line for number, page in enumerate(document, 1) for line in _page_lines(page, number)]


def _page_lines(page: Any, number: int) -> list[TextLine]:
    characters = _characters(page, set())
    rows: list[list[Character]] = []
    for character in sorted(characters, key=lambda c: -c.baseline):
        if rows and abs(rows[-1][0].baseline - character.baseline) < 0.5:
            rows[-1].append(character)
        else:
            rows.append([character])
    return [TextLine(number, tuple(sorted(row, key=lambda c: c.left))) for row in rows]


def _characters(page: Any, unembedded: set[str]) -> list[Character]:
    """In the order of drawing, without white space and what pdfium puts in by itself. Adds to the unembedded fonts."""
    textpage = page.get_textpage()
    try:
        raw, styles = textpage.raw, {}
        found: list[Character] = []
        for i in range(textpage.count_chars()):
            text = _text_at(raw, i, found)
            if text:
                piece = ctypes.cast(pdfium.FPDFText_GetTextObject(raw, i), ctypes.c_void_p).value
                if piece not in styles:
                    styles[piece] = _style_of(raw, i, unembedded)
                found.append(_character(raw, i, text, *styles[piece]))
        return found
    finally:
        textpage.close()


def _text_at(raw: Any, index: int, found: list[Character]) -> str:
    """Empty for what isn't printed. The halves of a surrogate pair come one by one: the first is put to the second."""
    code = pdfium.FPDFText_GetUnicode(raw, index)
    if code == 0xFFFE or code == 2:  # a hyphen at the end of a line
        return "-"
    if pdfium.FPDFText_IsGenerated(raw, index) == 1 or code > 0x10FFFF or chr(code).isspace():
        return ""
    if 0xDC00 <= code < 0xE000 and found and "\ud800" <= found[-1].text < "\udc00":
        code = 0x10000 + ((ord(found.pop().text) - 0xD800) << 10) + code - 0xDC00
    return chr(code) if code else "\ufffd"


def _style_of(raw: Any, index: int, unembedded: set[str]) -> tuple[float, str, tuple[int, int, int]]:
    """Size, font and colour, which all characters of one piece of text share."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(raw, index, matrix)
    size = pdfium.FPDFText_GetFontSize(raw, index) * math.hypot(matrix.c, matrix.d)
    piece = pdfium.FPDFText_GetTextObject(raw, index)
    name, is_embedded = _font(piece)
    if not is_embedded:
        unembedded.add(name)
    return round(size, 2), name, _color(piece)


def _color(item: Any) -> tuple[int, int, int]:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
    return red.value, green.value, blue.value


def _character(raw: Any, index: int, text: str, size: float, font: str, color: tuple[int, int, int]) -> Character:
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    left, right, low, high = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetLooseCharBox(raw, index, box)
    pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
    pdfium.FPDFText_GetCharBox(raw, index, left, right, low, high)
    return Character(
        text, x.value, box.right, round(y.value, 2), size, font, color, low.value, high.value, left.value, right.value
    )


def read(pdf: bytes) -> Reading:
    """All that can be measured of a file."""
    unembedded: set[str] = set()
    with opened(pdf) as document:
        return Reading(
            sheets=tuple(_with_ink(page, _sheet(page, number, unembedded)) for number, page in enumerate(document, 1)),
            unembedded=frozenset(unembedded),
            bookmarks=tuple(
                (mark.get_title(), _page_of(place)) for mark in document.get_toc() if (place := mark.get_dest())
            ),
            metadata=document.get_metadata_dict(skip_empty=True),
            language=_language(document),
        )


def _sheet(page: Any, number: int, unembedded: set[str]) -> Sheet:
    pictures: list[tuple[float, float, float, float]] = []
    rules: list[PrintedRule] = []
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH]):
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures.append(item.get_bounds())
        else:
            rules += _rules(item)
    width, height = page.get_size()
    page.set_rotation(0)  # places are measured on the page as it is drawn, not as it is turned
    characters = tuple(_characters(page, unembedded))
    return Sheet(number, width, height, characters, tuple(pictures), tuple(rules), page.get_cropbox())


def _with_ink(page: Any, sheet: Sheet) -> Sheet:
    """The page with what a reader doesn't see of its text: drawn once, and without its pictures and lines if it has any."""
    origin = sheet.area[:2]
    picture = _drawn(page)
    unseen = ink.unseen(picture, sheet.characters, origin)
    others = [item for item in page.get_objects(max_depth=1) if item.type != pdfium.FPDF_PAGEOBJ_TEXT]
    if not others and not pdfium.FPDFPage_GetAnnotCount(page.raw):
        return replace(sheet, unseen=unseen)
    for item in others:
        pdfium.FPDFPageObj_SetIsActive(item.raw, False)
    covered = ink.covered(picture, _drawn(page, draw_annots=False), sheet.characters, origin)
    for item in others:
        pdfium.FPDFPageObj_SetIsActive(item.raw, True)
    return replace(sheet, unseen=unseen, covered=covered)


def _drawn(page: Any, **options: Any) -> Image.Image:
    picture: Image.Image = page.render(scale=ink.SCALE, grayscale=True, **options).to_pil().convert("L")
    return picture


def _rules(path: Any) -> Iterator[PrintedRule]:
    """The horizontal lines of a path: a border is drawn as the difference of two boxes."""
    matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPageObj_GetMatrix(path.raw, matrix)
    heights = set()
    for index in range(min(pdfium.FPDFPath_CountSegments(path.raw), 40)):
        pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFPath_GetPathSegment(path.raw, index), x, y)
        heights.add(round(matrix.b * x.value + matrix.d * y.value + matrix.f, 3))
    left, _bottom, right, _top = path.get_bounds()
    for bottom, top in pairwise(sorted(heights)):
        if 0 < top - bottom <= THICKEST_RULE:
            yield PrintedRule(left, right, bottom, top, _color(path.raw))


def page_png(pdf: bytes, page: int, width: int) -> bytes:
    """A page (from 1) as a PNG picture of this many pixels' width. IndexError when there is no such page."""
    with opened(pdf) as document:
        if not 1 <= page <= len(document):
            raise IndexError(page)
        sheet = document[page - 1]
        has_photos = next(sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]), None) is not None
        image = sheet.render(scale=width / sheet.get_width()).to_pil().convert("RGB")
    return ink.as_png(image, is_text=not has_photos)


def area_of(pdf: bytes, page: int, area: tuple[float, float, float, float], scale: float) -> Image.Image:
    """A part of a page (from 1) in grey: left, bottom, right, top in points; `scale` is pixels to a point."""
    with opened(pdf) as document:
        sheet = document[page - 1]
        (width, height), (left, bottom, right, top) = sheet.get_size(), area
        crop = (max(left, 0), max(bottom, 0), max(width - right, 0), max(height - top, 0))
        picture: Image.Image = sheet.render(scale=scale, crop=crop, grayscale=True).to_pil().convert("L")
        return picture


def bookmarks(document: Document) -> list[Bookmark]:
    """The outline with the height at which each entry begins."""
    marks = [(mark.get_title(), place) for mark in document.get_toc() if (place := mark.get_dest())]
    return [Bookmark(title, at, _height_of(document, place)) for title, place in marks if (at := _page_of(place))]


def _page_of(place: Any) -> int:
    """The page (from 1) that a bookmark leads to; 0 when that page is not in the file any more."""
    index = place.get_index()
    return 0 if index is None else index + 1


def _height_of(document: Document, place: Any) -> float:
    view = place.get_view()[1]
    return round(document.get_page_size(place.get_index())[1] - view[1], 1) if len(view) > 1 else 0.0


def find(document: Document, texts: list[str], page: int) -> list[tuple[int, float] | None]:
    """Page and height from its upper edge of each text, one after the other from this page on; None if it isn't there."""
    found: list[tuple[int, float] | None] = []
    index = 0
    for text in texts:
        place = None
        for number in range(page, len(document) + 1):
            sheet = document[number - 1]
            if hit := _search(sheet, text, index if number == page else 0):
                page, index = number, hit[0] + 1
                place = (number, round(sheet.get_height() - hit[1], 1))
                break
        found.append(place)
    return found


def _search(sheet: Any, text: str, start: int) -> tuple[int, float] | None:
    """The index of the text's first character and the upper edge of its em box."""
    if not text:
        return None
    textpage = sheet.get_textpage()
    try:
        hits = textpage.search(text, index=start, match_case=True)
        at = hits.get_next()
        hits.close()
        return (at[0], textpage.get_charbox(at[0], loose=True)[3]) if at else None
    finally:
        textpage.close()


def read_page(document: Document, number: int) -> Sheet:
    """All there is on one page (from 1)."""
    return _sheet(document[number - 1], number, set())


def page_hashes(document: Document, width: int) -> list[str]:
    """A hash of each page as it looks at this many pixels' width: the same for pages that nobody could tell apart."""
    return [_page_hash(sheet, width) for sheet in document]


def _page_hash(sheet: Any, width: int) -> str:
    bitmap = sheet.render(scale=width / sheet.get_width())
    try:
        return hashlib.blake2b(bitmap.buffer, digest_size=32, person=b"page picture").hexdigest()
    finally:
        bitmap.close()


def _language(document: Document) -> str:
    """The language the file says it is in, such as zh-CN."""
    length = pdfium.FPDFCatalog_GetLanguage(document.raw, None, 0)
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    pdfium.FPDFCatalog_GetLanguage(document.raw, buffer, length)
    return bytes(buffer).decode("utf-16-le").rstrip("\0")


def _font(piece: Any) -> tuple[str, bool]:
    """The name of a piece of text's font, and whether the file carries it."""
    font = pdfium.FPDFTextObj_GetFont(piece)
    buffer = ctypes.create_string_buffer(256)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, 256)
    return buffer.value.decode(errors="replace"), pdfium.FPDFFont_GetIsEmbedded(font) == 1
