"""What tests ask of a finished PDF."""

import pypdfium2

from typesetting import reading


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, lines parted by line feeds, in the order in which the file draws it."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]


def sheets(pdf: bytes) -> list[reading.Sheet]:
    """All there is on each page."""
    with reading.opened(pdf) as document:
        return [reading.read_page(document, number) for number in range(1, len(document) + 1)]


def picture_boxes(pdf: bytes) -> list[tuple[int, float, float, float, float]]:
    """Page, left, bottom, right and top in points of every picture."""
    return [(sheet.number, *box) for sheet in sheets(pdf) for box in sheet.pictures]


def bookmark_pages(pdf: bytes) -> list[int]:
    """The page (from 1) of every bookmark, in order: the articles of an issue, then its 简讯."""
    with reading.opened(pdf) as document:
        return [mark.page for mark in reading.bookmarks(document)]


def find_first(pdf: bytes, text: str) -> tuple[int, float] | None:
    """Page and height from its upper edge of a text."""
    with reading.opened(pdf) as document:
        return reading.find(document, [text], 1)[0]
