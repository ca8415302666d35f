"""Opens a .docx as what it is, a zip of XML: nothing is unpacked before its size is known, nor beyond what it claims."""

import posixpath
import re
import zipfile
import zlib
from io import BytesIO
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from .losses import NotWord

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
# Ten pages of Word are half a megabyte in ten thousand elements, all parts together; the converter needs five kilobytes for each.
LARGEST_XML = 6 * MEGABYTE
MOST_ELEMENTS = 60_000
LARGEST_PICTURE = 20 * MEGABYTE
LARGEST_WHOLE = 300 * MEGABYTE
MOST_PARTS = 3_000
DEEPEST = 200

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# The strict form of the standard (ISO/IEC 29500-1) names the same things otherwise.
STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/drawingml/": b"http://schemas.openxmlformats.org/drawingml/2006/",
}
# What zipfile raises of a broken or hostile file: RuntimeError for a part with a password and, as NotImplementedError, for an
# unknown compression; OSError and ValueError for places outside the file. Each becomes the sentence for the person.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


def save_as_docx() -> str:
    return _("Please open it in WPS or Word and save it as .docx, then hand it in again.")


class Package:
    """The parts of one Word file. Raises NotWord for what is none, is broken, or is made to take all memory."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._unpacked = self._elements = 0
        if not data.startswith(b"PK"):
            raise self._not_word()
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            self._sizes = {info.filename: info.file_size for info in self._zip.infolist()}
        except _DAMAGED as error:
            raise self._damaged() from error
        if len(self._sizes) > MOST_PARTS or sum(self._sizes.values()) > LARGEST_WHOLE:
            raise self._too_large()
        self._refuse_other_kinds()
        self.document = self._document()
        self.relationships = self.relationships_of(self.document)

    def names(self) -> list[str]:
        return list(self._sizes)

    def read(self, part: str, most: int) -> bytes | None:
        """The part's bytes; None when there is none. Counts while it unpacks: the directory may lie."""
        if part not in self._sizes:
            return None
        if self._sizes[part] > most:
            raise self._too_large()
        try:
            with self._zip.open(part) as stream:
                data = stream.read(most + 1)
        except _DAMAGED as error:
            raise self._damaged() from error
        self._unpacked += len(data)
        if len(data) > most or self._unpacked > LARGEST_WHOLE:
            raise self._too_large()
        return data

    def size(self, part: str) -> int:
        return self._sizes.get(part, 0)

    def xml(self, part: str) -> ElementTree.Element | None:
        """The part's root; None when there is none."""
        data = self.read(part, LARGEST_XML)
        if data is None:
            return None
        for old, new in STRICT.items():
            data = data.replace(old, new)
        # No part of a Word file declares a document type; entities that grow without end need one.
        if b"<!" in re.sub(rb"<!--|<!\[CDATA\[", b"", data) or b"<\0!" in data:
            raise self._damaged()
        if data.count(b"<") > 2 * MOST_ELEMENTS:
            raise self._too_large()
        try:
            shallow = _Shallow(MOST_ELEMENTS - self._elements)
            parser = ElementTree.XMLParser(target=shallow)  # noqa: S314 - see above
            root: ElementTree.Element = ElementTree.fromstring(data, parser=parser)  # noqa: S314
        except OverflowError as error:
            raise self._too_large() from error
        except (ElementTree.ParseError, LookupError, ValueError) as error:
            raise self._damaged() from error
        self._elements += shallow.count
        return root

    def relationships_of(self, part: str) -> dict[str, tuple[str, str]]:
        """id -> (the last word of its type, the part that it names); without links out of the file."""
        folder, file = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        found = {}
        for each in root if root is not None else ():
            if each.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/")
                found[each.get("Id", "")] = (each.get("Type", "").rpartition("/")[2], target)
        return found

    def part_of_type(self, kind: str) -> str:
        """The first part that the document names as of this type; empty when there is none."""
        return next((target for name, target in self.relationships.values() if name == kind), "")

    def parts_of_type(self, kind: str) -> list[str]:
        return list(dict.fromkeys(target for name, target in self.relationships.values() if name == kind))

    def _refuse_other_kinds(self) -> None:
        types = self.read("[Content_Types].xml", LARGEST_XML)
        if types is None or b"wordprocessingml" not in types and b"ms-word" not in types:
            raise self._not_word()
        if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in self._sizes):
            words = _("“%(file)s” holds macros. Please save it as .docx (without macros), then hand it in again.")
            raise NotWord(words % {"file": self.name})

    def _document(self) -> str:
        main = [part for kind, part in self.relationships_of("").values() if kind == "officeDocument"]
        part = next((part for part in main if part in self._sizes), "word/document.xml")
        if part not in self._sizes:
            raise self._damaged()
        return part

    def _not_word(self) -> NotWord:
        words = _("“%(file)s” is no Word file. %(advice)s")
        return NotWord(words % {"file": self.name, "advice": save_as_docx()})

    def _damaged(self) -> NotWord:
        words = _("“%(file)s” is damaged and can't be opened. %(advice)s")
        return NotWord(words % {"file": self.name, "advice": save_as_docx()})

    def _too_large(self) -> NotWord:
        words = _(
            "“%(file)s” is far too large when unpacked. Please copy its text into a new Word file, then hand that in."
        )
        return NotWord(words % {"file": self.name})


class _Shallow:
    """Builds a tree that is neither deeper nor larger than any real text: a deeper one would end the process."""

    def __init__(self, most: int) -> None:
        self._builder, self._depth, self._most, self.count = ElementTree.TreeBuilder(), 0, most, 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth, self.count = self._depth + 1, self.count + 1
        if self._depth > DEEPEST or self.count > self._most:
            raise OverflowError
        self._builder.start(tag, attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._builder.end(tag)

    def data(self, text: str) -> None:
        self._builder.data(text)

    def close(self) -> ElementTree.Element:
        return self._builder.close()
