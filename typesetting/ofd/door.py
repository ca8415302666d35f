"""Makes an OFD of a signed PDF: the same pages, drawn anew out of its own glyphs, lines and pictures (GB/T 33190-2016).

It is OFD-A, for the archive (GB/T 42133-2022): fonts inside, no permissions, no preferences, leads only to its own pages.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from .. import reading
from ..fonts.cutting import CannotCut
from . import drawing, fonts, package
from .checking import check
from .drawing import CannotCarry
from .drawn import MM, Drawing, Page
from .embedded import PdfFont, Picture
from .fonts import FontCopies, FontCopy
from .package import Parts, element
from .pages import content_of
from .reading import UnreadableOfd, text

__all__ = ["CannotCarry", "UnreadableOfd", "check", "text", "write"]

DOCUMENT = "Doc_0/"
CREATOR = "bulletin_cms"


@dataclass(frozen=True)
class Info:
    """What the file says of itself."""

    title: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    created: date


def write(
    pdf: bytes, *, title: str, author: str, subject: str = "", keywords: Sequence[str] = (), created: date
) -> bytes:
    """The OFD of a PDF that our own press has made; the same bytes for the same input. The outline comes from the PDF.

    Raises CannotCarry with the reason when anything on a page can't be carried over as it is, reading.UnreadablePdf when it
    is no PDF.
    """
    drawn = drawing.read(pdf)
    with reading.opened(pdf) as document:
        marks = reading.bookmarks(document)
    return _Writer(drawn).written(pdf, Info(title, author, subject, tuple(keywords), created), marks)


class _Writer:
    """Gathers the parts of the file; every object of it gets the next number."""

    def __init__(self, drawn: Drawing):
        self.drawn = drawn
        self.parts = Parts()
        self.last_id = 0
        self.copies: dict[PdfFont, FontCopies] = {}
        self.font_ids: dict[int, int] = {}
        self.used_fonts: list[FontCopy] = []
        self.picture_ids: dict[Picture, int] = {}

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def character(self, font: PdfFont, code: int) -> tuple[int, str]:
        """The number of the font resource and the character by which it shows this code of the PDF's font."""
        copies = self.copies.setdefault(font, FontCopies(font))
        copy, text = copies.character(code)
        if id(copy) not in self.font_ids:
            self.font_ids[id(copy)] = self.next_id()
            self.used_fonts.append(copy)
        return self.font_ids[id(copy)], text

    def picture(self, picture: Picture) -> int:
        if picture not in self.picture_ids:
            self.picture_ids[picture] = self.next_id()
        return self.picture_ids[picture]

    def written(self, pdf: bytes, info: Info, marks: list[reading.Bookmark]) -> bytes:
        area = _usual_area(self.drawn.pages)
        page_ids = [self._add_page(page, number, area) for number, page in enumerate(self.drawn.pages, 1)]
        self._add_fonts()
        self._add_pictures()
        self._add_attachments(info)
        self._add_document(area, page_ids, marks)
        return package.packed(self.parts, lambda digests: self._root(pdf, info, digests))

    def _add_page(self, page: Page, number: int, usual: str) -> int:
        page_id, layer_id = self.next_id(), self.next_id()
        try:
            objects = content_of(page, self)
        except fonts.NoGlyph as error:
            words = _(
                "Page %(page)s of the PDF shows “%(text)s” by a glyph that no character leads to: OFD can't show it."
            )
            raise CannotCarry(words % {"page": number, "text": error.text}) from error
        area = _area(page)
        body = "" if area == usual else element("Area", element("PhysicalBox", area))
        layer = element("Layer", *objects, ID=layer_id, Type="Body")
        self.parts.add_xml(f"{DOCUMENT}Pages/Page_{number - 1}/Content.xml", "Page", body, element("Content", layer))
        return page_id

    def _add_fonts(self) -> None:
        rows = []
        for copy in self.used_fonts:
            try:
                data, suffix = fonts.built(copy)
            except CannotCut as error:
                words = _("The font “%(name)s” can't be cut (%(why)s).")
                raise CannotCarry(words % {"name": copy.source.name, "why": error}) from error
            number = self.font_ids[id(copy)]
            self.parts[f"{DOCUMENT}Res/font_{number}.{suffix}"] = data
            name = copy.source.name
            file = element("FontFile", f"font_{number}.{suffix}")
            rows.append(element("Font", file, ID=number, FontName=name, FamilyName=name))
        if rows:
            self.parts.add_xml(f"{DOCUMENT}PublicRes.xml", "Res", element("Fonts", *rows), BaseLoc="Res")

    def _add_pictures(self) -> None:
        rows = []
        for picture, number in self.picture_ids.items():
            name = f"image_{number}.{picture.suffix}"
            self.parts[f"{DOCUMENT}Res/{name}"] = picture.data
            kind = {"jpg": "JPEG", "png": "PNG"}[picture.suffix]
            rows.append(element("MultiMedia", element("MediaFile", name), ID=number, Type="Image", Format=kind))
        if rows:
            self.parts.add_xml(f"{DOCUMENT}DocumentRes.xml", "Res", element("MultiMedias", *rows), BaseLoc="Res")

    def _add_attachments(self, info: Info) -> None:
        rows = []
        for number, attachment in enumerate(self.drawn.attachments, 1):
            suffix = attachment.name.rpartition(".")[2] or "bin"
            name = f"attachment_{number}.{suffix}"
            self.parts[f"{DOCUMENT}Attachs/{name}"] = attachment.data
            rows.append(
                element(
                    "Attachment",
                    element("FileLoc", name),
                    ID=f"A{number}",
                    Name=attachment.name,
                    Format=suffix,
                    CreationDate=f"{info.created.isoformat()}T00:00:00",
                    Size=package.number(len(attachment.data) / 1024),
                )
            )
        if rows:
            self.parts.add_xml(f"{DOCUMENT}Attachs/Attachments.xml", "Attachments", *rows)

    def _add_document(self, area: str, page_ids: list[int], marks: list[reading.Bookmark]) -> None:
        resources = [
            element(name, f"{name}.xml")
            for name in ("PublicRes", "DocumentRes")
            if f"{DOCUMENT}{name}.xml" in self.parts
        ]
        pages = [
            element("Page", ID=page_id, BaseLoc=f"Pages/Page_{number}/Content.xml")
            for number, page_id in enumerate(page_ids)
        ]
        common = (
            element("MaxUnitID", str(self.last_id)),
            element("PageArea", element("PhysicalBox", area)),
            *resources,
        )
        outlines = element("Outlines", *(_outline(mark, page_ids) for mark in marks)) if marks else ""
        has_attachments = f"{DOCUMENT}Attachs/Attachments.xml" in self.parts
        attachments = element("Attachments", "Attachs/Attachments.xml") if has_attachments else ""
        self.parts.add_xml(
            f"{DOCUMENT}Document.xml",
            "Document",
            element("CommonData", *common),
            element("Pages", *pages),
            outlines,
            attachments,
        )

    def _root(self, pdf: bytes, info: Info, digests: str) -> str:
        """OFD.xml, which names the digests of all other parts and the PDF that they were made from."""
        sha256 = hashlib.sha256(pdf).hexdigest()
        custom = {
            package.SOURCE_SHA256: sha256,
            package.SOURCE_SM3: hashlib.new("sm3", pdf).hexdigest(),
            package.DIGESTS: digests,
        }
        fields = [
            element("DocID", sha256[:32]),
            element("Title", info.title),
            element("Author", info.author),
            element("Subject", info.subject) if info.subject else "",
            element("CreationDate", info.created.isoformat()),
            element("Keywords", *(element("Keyword", word) for word in info.keywords)) if info.keywords else "",
            element("Creator", CREATOR),
            element("CustomDatas", *(element("CustomData", value, Name=name) for name, value in custom.items())),
        ]
        body = element("DocBody", element("DocInfo", *fields), element("DocRoot", f"{DOCUMENT}Document.xml"))
        return package.document("OFD", body, Version="1.0", DocType="OFD-A")


def _area(page: Page) -> str:
    return f"0 0 {package.number(page.width)} {package.number(page.height)}"


def _usual_area(pages: Sequence[Page]) -> str:
    """The size that most pages have, the first of those that are as many: the document's own (GB/T 42133 6.2.3)."""
    areas = [_area(page) for page in pages]
    return max(dict.fromkeys(areas), key=areas.count)


def _outline(mark: reading.Bookmark, page_ids: list[int]) -> str:
    top = package.number(mark.top * MM)
    place = element("Dest", Type="XYZ", PageID=page_ids[mark.page - 1], Left="0", Top=top)
    action = element("Action", element("Goto", place), Event="CLICK")
    return element("OutlineElem", element("Actions", action), Title=mark.title)
