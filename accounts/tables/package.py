"""Looks over an .xlsx before any library opens it: a zip of XML that may be made to take all memory.

Each part is unpacked once, a piece at a time, and counted, since what the zip's directory says of it may be a lie.
"""

import re
import zipfile
import zlib
from io import BytesIO

from django.utils.translation import gettext as _

from workflow.refusals import Refused

MEGABYTE = 1024 * 1024
LARGEST_FILE = 5 * MEGABYTE
LARGEST_WHOLE = 40 * MEGABYTE
MOST_PARTS = 500
MOST_ROWS = 2_000  # of a table
MOST_MARKS = (
    250_000  # of the sheets and their strings: two thousand rows have half of it; openpyxl reads ten thousand in 0.1 s
)
MOST_MARKS_IN_A_ROW = (
    20_000  # a row is read into memory as a whole; some have a format as far as column XFD, the 16,384th
)
MOST_OTHER_MARKS = 100_000  # of styles and the like, which are read into memory as a whole
PIECE = 64 * 1024
# The longest ratio of real tables is 40: their cells repeat.
MOST_RATIO, RATIO_COUNTS_FROM = 150, 4 * MEGABYTE
MOST_MERGED = 2_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
STRICT = (
    b"http://purl.oclc.org/ooxml/spreadsheetml/main"  # the strict form of ISO/IEC 29500-1, which openpyxl can't read
)
ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]+\d+:[A-Z]+\d+)["']""")
# What zipfile raises of a broken or hostile file: RuntimeError for a part with a password and, as NotImplementedError, for an
# unknown compression; OSError and ValueError for places outside the file.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


class Package:
    """A file that is surely an .xlsx of bearable size.

    `merged`: part -> the areas of its merged cells, such as A1:B2; `with_formulas`: the parts that have any.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name, self.merged, self.with_formulas = name, dict[str, list[str]](), set[str]()
        self._refuse_other_kinds(data)
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                self._look_over(archive, len(data))
        except DAMAGED as error:
            raise self.damaged() from error

    def damaged(self) -> Refused:
        words = _(
            "“%(file)s” is damaged and can't be opened. Please open it in WPS or Excel and save it as .xlsx anew."
        )
        return Refused(words % {"file": self.name})

    def _refuse_other_kinds(self, data: bytes) -> None:
        if len(data) > LARGEST_FILE:
            raise self._too_large()
        if data.startswith(OLE):
            if ENCRYPTED in data:
                words = _(
                    "“%(file)s” has a password and can't be opened. Please take the password off, then choose it again."
                )
            else:
                words = _(
                    "“%(file)s” is of the older kind (.xls). Please save it as .xlsx in WPS or Excel, then choose it again."
                )
            raise Refused(words % {"file": self.name})
        if not data.startswith(b"PK"):
            raise self._not_excel()

    def _look_over(self, archive: zipfile.ZipFile, size: int) -> None:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_WHOLE:
            raise self._too_large()
        names = {part.filename for part in parts}
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            raise self._not_excel()
        whole = marks = others = 0
        for part in parts:
            length, count = self._measure(archive, part)
            is_cells = part.filename.startswith("xl/worksheets/") or part.filename.endswith("sharedStrings.xml")
            whole, marks, others = whole + length, marks + count * is_cells, others + count * (not is_cells)
            is_packed_tight = whole > RATIO_COUNTS_FROM and whole > MOST_RATIO * size
            if whole > LARGEST_WHOLE or is_packed_tight or marks > MOST_MARKS or others > MOST_OTHER_MARKS:
                raise self._too_large()

    def _measure(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, int]:
        """How long the part is, and how many marks it has. Reads on to its end, so that its check sum is looked at too."""
        length = count = in_row = 0
        is_xml, tail = part.filename.endswith((".xml", ".rels")), b""
        with archive.open(part) as stream:
            while piece := stream.read(PIECE):
                length += len(piece)
                if length > LARGEST_WHOLE:
                    raise self._too_large()
                if is_xml:
                    count += piece.count(b"<")
                    self._look_at(part.filename, tail + piece, len(tail))
                    tail = piece[-200:]
                if part.filename.startswith("xl/worksheets/"):
                    first, *rows = (row.count(b"<") for row in ROW.split(piece))
                    if max(in_row + first, *rows, 0) > MOST_MARKS_IN_A_ROW:
                        raise self._too_large()
                    in_row = rows[-1] if rows else in_row + first
        return length, count

    def _look_at(self, part: str, text: bytes, seen: int) -> None:
        # No part of a table declares a document type; entities that grow without end need one.
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"<\0!" in text or b"\0<\0!" in text:
            raise self.damaged()
        if STRICT in text:
            words = _(
                "“%(file)s” is of the kind “Strict Open XML”. Please save it as “Excel Workbook (.xlsx)”, then choose it again."
            )
            raise Refused(words % {"file": self.name})
        if part not in self.with_formulas and FORMULA.search(text):
            self.with_formulas.add(part)
        if b"mergeCell" in text:
            areas = [found[1].decode() for found in MERGED.finditer(text) if found.end() > seen]
            self.merged.setdefault(part, []).extend(areas)
            if len(self.merged[part]) > MOST_MERGED:
                raise self._too_large()

    def _not_excel(self) -> Refused:
        words = _("“%(file)s” is no Excel table. Please save it as .xlsx in WPS or Excel, then choose it again.")
        return Refused(words % {"file": self.name})

    def _too_large(self) -> Refused:
        words = _(
            "“%(file)s” is far too large for a table, which has at most %(most)s rows. "
            "Please copy its rows into the template, then choose that."
        )
        return Refused(words % {"file": self.name, "most": MOST_ROWS})
