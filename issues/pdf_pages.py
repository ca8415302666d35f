"""The only door to pdfium: reads a PDF's text and positions, its bookmarks and fonts, and draws its pages."""

import ctypes
import io
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

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


@contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with _reading:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdf(str(error)) from error
        try:
            yield document
        finally:
            document.close()


def page_count(pdf: bytes) -> int:
    with _opened(pdf) as document:
        return len(document)


def text_of(pdf: bytes) -> list[str]:
    """The text of each page, lines parted by line feeds, in the order in which the file draws it."""
    with _opened(pdf) as document:
        return [_page_text(page) for page in document]


def _page_text(page) -> str:
    textpage = page.get_textpage()
    try:
        return textpage.get_text_range().replace("\r\n", "\n").replace("\r", "\n")
    finally:
        textpage.close()


def lines_of(pdf: bytes) -> list[TextLine]:
    """Every printed line with the places of its characters, page by page from top to bottom."""
    with _opened(pdf) as document:
        return [line for number, page in enumerate(document, 1) for line in _page_lines(page, number)]


def _page_lines(page, number: int) -> list[TextLine]:
    textpage = page.get_textpage()
    try:
        characters = [c for i in range(textpage.count_chars()) if (c := _character(textpage.raw, i))]
    finally:
        textpage.close()
    rows: list[list[Character]] = []
    for character in sorted(characters, key=lambda c: -c.baseline):
        if rows and abs(rows[-1][0].baseline - character.baseline) < 0.5:
            rows[-1].append(character)
        else:
            rows.append([character])
    return [TextLine(number, tuple(sorted(row, key=lambda c: c.left))) for row in rows]


def _character(textpage, index: int) -> Character | None:
    """None for white space and for what pdfium puts in by itself."""
    code = pdfium.FPDFText_GetUnicode(textpage, index)
    text = chr(code) if code < 0x110000 else "\ufffd"
    if text.isspace() or code in (0, 0xFFFE) or pdfium.FPDFText_IsGenerated(textpage, index) == 1:
        return None
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
    pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, index, matrix)
    size = pdfium.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
    return Character(text, x.value, box.right, round(y.value, 2), round(size, 2), _font_name(textpage, index))


def _font_name(textpage, index: int) -> str:
    length = pdfium.FPDFText_GetFontInfo(textpage, index, None, 0, None)
    buffer = ctypes.create_string_buffer(max(length, 1))
    pdfium.FPDFText_GetFontInfo(textpage, index, buffer, length, None)
    return buffer.value.decode(errors="replace")


def page_png(pdf: bytes, page: int, width: int) -> bytes:
    """A page (from 1) as a PNG picture of this many pixels' width. IndexError when there is no such page."""
    with _opened(pdf) as document:
        if not 1 <= page <= len(document):
            raise IndexError(page)
        sheet = document[page - 1]
        image = sheet.render(scale=width / sheet.get_width()).to_pil()
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def picture_boxes(pdf: bytes) -> list[tuple[int, float, float, float, float]]:
    """Page, left, bottom, right and top in points of every picture."""
    with _opened(pdf) as document:
        return [
            (number, *item.get_bounds())
            for number, page in enumerate(document, 1)
            for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
        ]


def bookmark_pages(pdf: bytes) -> list[int]:
    """The page (from 1) of every bookmark, in order: the articles of an issue, then its 简讯."""
    with _opened(pdf) as document:
        return [place.get_index() + 1 for mark in document.get_toc() if (place := mark.get_dest())]


def bookmark_titles(pdf: bytes) -> list[str]:
    with _opened(pdf) as document:
        return [mark.get_title() for mark in document.get_toc()]


def metadata(pdf: bytes) -> dict[str, str]:
    with _opened(pdf) as document:
        return document.get_metadata_dict(skip_empty=True)


def language(pdf: bytes) -> str:
    """The language the file says it is in, such as zh-CN."""
    with _opened(pdf) as document:
        length = pdfium.FPDFCatalog_GetLanguage(document.raw, None, 0)
        buffer = (ctypes.c_ushort * (length // 2 + 1))()
        pdfium.FPDFCatalog_GetLanguage(document.raw, buffer, length)
    return bytes(buffer).decode("utf-16-le").rstrip("\0")


def unembedded_fonts(pdf: bytes) -> set[str]:
    """Names of the fonts that text is drawn in and that the file does not carry."""
    with _opened(pdf) as document:
        return {name for page in document for name, embedded in _fonts(page) if not embedded}


def _fonts(page) -> Iterator[tuple[str, bool]]:
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
        font = pdfium.FPDFTextObj_GetFont(item.raw)
        buffer = ctypes.create_string_buffer(256)
        pdfium.FPDFFont_GetBaseFontName(font, buffer, 256)
        yield buffer.value.decode(errors="replace"), pdfium.FPDFFont_GetIsEmbedded(font) == 1
