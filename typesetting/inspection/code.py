"""The verification code: on the last page, in its place, leading to the record's link, with the white round it that readers need.

It is looked at as it is drawn, square by square, so that what covers or cuts it counts too.
"""

import qrcode
from django.utils.translation import gettext as _
from PIL import Image

from .. import reading
from ..content import IssueContent
from ..page.presets import MM, PAGE_HEIGHT_MM
from .book import Book
from .findings import Report

SIDE_MM, UNDER_MM, QUIET = 15.0, 3.0, 4
CAPTION_UNDER_MM, GIVE = 23.6, 0.7 * MM  # from the type area down to the caption's baseline
CAPTION_SIZE = 9.0
PIXELS = 6  # to a square
DARK = 128  # of 255


def check_code(pdf: bytes, book: Book, content: IssueContent, report: Report) -> None:
    if not content.verify_link:
        words = _("A verification code is printed that the record does not have.")
        report.check_all("verify-code", book.last_page, [(line.text, words) for line in book.code_captions])
        return
    _check_caption(book, report)
    words = _("The verification code is missing, damaged, or does not lead to the address that the record has.")
    expected = _expected(content.verify_link)
    report.check(
        _printed(pdf, book, len(expected)) == expected, "verify-code", book.last_page, content.verify_link, words
    )


def _check_caption(book: Book, report: Report) -> None:
    middle = (book.left + book.right) / 2
    right = [
        line
        for line in book.code_captions
        if line.page == book.last_page
        and abs((line.left + line.right) / 2 - middle) < GIVE
        and abs(book.bottom - line.baseline - CAPTION_UNDER_MM * MM) < GIVE
        and abs(line.size - CAPTION_SIZE) < 0.2
    ]
    words = _("“扫码核验” does not stand once, under the verification code of the last page.")
    report.check(len(book.code_captions) == len(right) == 1, "verify-code", book.last_page, "", words)


def _expected(link: str) -> list[list[bool]]:
    """The squares of the code with the white around them, from above."""
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(link)
    return [list(map(bool, row)) for row in code.get_matrix()]


def _printed(pdf: bytes, book: Book, count: int) -> list[list[bool]]:
    """The same as the last page shows them: what is dark in the middle of each of `count` squares to a side."""
    preset = book.preset
    square = SIDE_MM / (count - 2 * QUIET)
    middle = preset.left_mm_of(book.last_page) + preset.measure / MM / 2
    left, upper = middle - count * square / 2, preset.top_mm + preset.height_mm + UNDER_MM - QUIET * square
    lower = PAGE_HEIGHT_MM - upper - count * square
    area = (left * MM, lower * MM, (left + count * square) * MM, (lower + count * square) * MM)
    picture = reading.area_of(pdf, book.last_page, area, PIXELS / (square * MM))
    return [[_is_dark(picture, x, y) for x in range(count)] for y in range(count)]


def _is_dark(picture: Image.Image, x: int, y: int) -> bool:
    """By the pixel in the middle of a square; one beyond the sheet's edge is white."""
    place = (int((x + 0.5) * PIXELS), int((y + 0.5) * PIXELS))
    if place[0] >= picture.width or place[1] >= picture.height:
        return False
    shade = picture.getpixel(place)
    assert isinstance(shade, int), "a picture of several channels"
    return shade < DARK
