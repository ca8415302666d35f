"""Puts the pages of a PDF two by two on sheets of A3, to be printed on both sides, folded and stapled in the fold (骑马订).

The pages are those of the PDF as they are, nothing is set anew: its fonts, its grey, its photos. Links, bookmarks and tags
stay with the original, which is what one reads on a screen.
"""

import io
from collections.abc import Iterator
from dataclasses import replace

import pikepdf
from django.utils.translation import gettext as _
from pikepdf import Name

from .. import reading
from ..comparing import Comparison
from ..page.presets import MM, PAGE_HEIGHT_MM, PAGE_WIDTH_MM
from ..reading import Character, UnreadablePdf

SHEET = 4  # pages on a sheet
WIDTH, HEIGHT = PAGE_WIDTH_MM * MM, PAGE_HEIGHT_MM * MM
NEAR = 0.1  # points between places that are the same
NOTE = "小册子：A3 双面打印，短边翻转，对折后骑马订"


def booklet(pdf: bytes) -> bytes:
    """The sheets in the order of printing: front and back of the outermost one first. Pages that fill the last sheet are blank.

    The same bytes for the same PDF. Raises reading.UnreadablePdf.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as made:
            pages = source.pages
            for left, right in sides(len(pages)):
                sheet = made.add_blank_page(page_size=(2 * WIDTH, HEIGHT))
                for number, name, x in ((left, Name.Left, 0.0), (right, Name.Right, WIDTH)):
                    if number is not None:
                        page = made.copy_foreign(pages[number - 1].as_form_xobject())
                        sheet.add_resource(page, Name.XObject, name)
                        sheet.contents_add(f"q 1 0 0 1 {x:.3f} 0 cm {name} Do Q\n".encode())
            title = source.docinfo.get(Name.Title)
            made.docinfo[Name.Title] = pikepdf.String(f"{title or ''}（{NOTE}）")
            out = io.BytesIO()
            made.save(out, deterministic_id=True)
            return out.getvalue()
    except pikepdf.PdfError as error:
        raise UnreadablePdf(str(error)) from error


def sides(count: int) -> Iterator[tuple[int | None, int | None]]:
    """The pages (from 1) at the left and at the right of each side of a sheet; None is a blank one. Two sides make a sheet."""
    whole = -(-count // SHEET) * SHEET
    for side in range(whole // 2):
        outer, inner = whole - side, side + 1
        left, right = (outer, inner) if side % 2 == 0 else (inner, outer)
        yield (left if left <= count else None), (right if right <= count else None)


def compare(made: bytes, pdf: bytes) -> Comparison:
    """Whether each page of the PDF stands on its half of its sheet, every character at its place, and nothing else."""
    with reading.opened(pdf) as document:
        pages = [reading.read_page(document, number).characters for number in range(1, len(document) + 1)]
    whole, equal = sum(map(len, pages)), 0
    with reading.opened(made) as document:
        if len(document) != len(list(sides(len(pages)))):
            return Comparison(0, whole, _("%(count)s sides") % {"count": len(document)})
        for number, halves in enumerate(sides(len(pages)), 1):
            found = reading.read_page(document, number).characters
            left = [character for character in found if character.left < WIDTH]
            right = [replace(character, left=character.left - WIDTH) for character in found if character.left >= WIDTH]
            for page, on_it in zip(halves, (left, right), strict=True):
                wanted = pages[page - 1] if page else ()
                alike = sum(map(_is_same, on_it, wanted))
                equal += alike
                if alike < max(len(on_it), len(wanted)):
                    words = _("page %(page)s, side %(side)s of the booklet")
                    return Comparison(equal, whole, words % {"page": page or "—", "side": number})
    return Comparison(equal, whole)


def _is_same(one: Character, other: Character) -> bool:
    return one.text == other.text and abs(one.left - other.left) < NEAR and abs(one.baseline - other.baseline) < NEAR
