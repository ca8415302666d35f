"""The pages of a PDF as text: the one door to pypdfium2."""

import ctypes
import math
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium


class UnreadablePdf(ValueError):
    """Not a PDF, a damaged one, or one that asks for a password."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """A printed line; measures in points, from the left and upper edge of the page."""

    page: int  # from 1
    text: str  # two spaces stand for a gap that is wider than a character
    left: float
    right: float
    top: float
    bottom: float
    size: float  # of most of its letters
    page_width: float
    page_height: float


@dataclass(frozen=True, slots=True)
class Glyph:
    char: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


def text_of(source: Path | str | bytes) -> list[str]:
    """The text of each page, line by line."""
    pages: dict[int, list[str]] = {}
    with opened(source) as document:
        for number in range(1, len(document) + 1):
            pages[number] = [line.text for line in lines_on(document, number)]
    return ["\n".join(lines) for lines in pages.values()]


def lines_of(source: Path | str | bytes) -> list[PageLine]:
    """The printed lines of all pages, from top to bottom."""
    with opened(source) as document:
        return [line for number in range(1, len(document) + 1) for line in lines_on(document, number)]


@contextmanager
def opened(source: Path | str | bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(source)
    except (pypdfium2.PdfiumError, OSError) as error:
        raise UnreadablePdf(str(error)) from error
    try:
        yield document
    finally:
        document.close()


def lines_on(document: pypdfium2.PdfDocument, number: int) -> list[PageLine]:
    page = document[number - 1]
    try:
        width, height = page.get_size()
        rows = rows_of(glyphs_on(page, height))
    finally:
        page.close()
    lines = []
    for row in rows:
        text = spaced(row)
        if text.strip():
            inked = [glyph for glyph in row if not glyph.char.isspace()]
            lines.append(
                PageLine(
                    page=number,
                    text=text.strip(),
                    left=min(glyph.left for glyph in inked),
                    right=max(glyph.right for glyph in inked),
                    top=min(glyph.top for glyph in inked),
                    bottom=max(glyph.bottom for glyph in inked),
                    size=statistics.median(glyph.size for glyph in inked),
                    page_width=width,
                    page_height=height,
                )
            )
    return lines


def glyphs_on(page: pypdfium2.PdfPage, height: float) -> list[Glyph]:
    """What is printed; without the spaces and line ends that PDFium guesses between words."""
    text_page = page.get_textpage()
    glyphs = []
    try:
        box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        for index in range(text_page.count_chars()):
            if pdfium.FPDFText_IsGenerated(text_page, index) == 1:
                continue
            code = pdfium.FPDFText_GetUnicode(text_page, index)
            # The loose box is as wide as the character's advance, marks included.
            if code < 32 or not pdfium.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box)):
                continue
            size = pdfium.FPDFText_GetFontSize(text_page, index)
            if pdfium.FPDFText_GetMatrix(text_page, index, ctypes.byref(matrix)):
                size *= math.hypot(matrix.c, matrix.d)
            glyphs.append(Glyph(chr(code), box.left, box.right, height - box.top, height - box.bottom, size))
    finally:
        text_page.close()
    return glyphs


def rows_of(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """The glyphs line by line, each from left to right, whatever the order in the file."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.top + glyph.bottom) / 2):
        middle = (glyph.top + glyph.bottom) / 2
        if rows and any(one.top < middle < one.bottom for one in rows[-1][-3:]):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [sorted(row, key=lambda glyph: glyph.left) for row in rows]


def spaced(row: list[Glyph]) -> str:
    text, end = "", row[0].left
    for glyph in row:
        if glyph.left - end > 0.9 * glyph.size and not glyph.char.isspace():
            text = text.rstrip() + "  "
        text += glyph.char
        end = glyph.right
    return text
