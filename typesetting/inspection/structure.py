"""What a PDF says of itself beside its pages, and which glyph each code of its fonts draws."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont

from ..reading import UnreadablePdf

CODES = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
RANGES = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*(?:<([0-9a-fA-F]+)>|\[([^\]]*)\])")


@dataclass(frozen=True)
class Note:
    """An annotation: its page from 1, its kind, and the address outside the file that it leads to, if it does."""

    page: int
    kind: str
    address: str


@dataclass(frozen=True)
class EmbeddedFont:
    """An embedded font: whether its codes are its glyphs' numbers, the text that the file takes each code for, and the outline
    of each glyph as CFF has it (none of TrueType)."""

    name: str
    is_identity: bool
    outlines: Sequence[Any]
    texts: dict[int, str]

    def outline(self, glyph: int) -> bytes:
        """The program that draws a glyph; empty when there is none."""
        return self.outlines[glyph].bytecode if glyph < len(self.outlines) else b""


@dataclass(frozen=True)
class Structure:
    """`archive` is the part and level of PDF/A in the XMP, such as 3U, empty when it has none; `source` the embedded file
    that the others are made from."""

    has_metadata: bool
    archive: str
    is_accessible: bool
    has_colours: bool
    is_tagged: bool
    acts: bool
    source: bytes | None
    notes: tuple[Note, ...]
    fonts: tuple[EmbeddedFont, ...]


def read(pdf: bytes) -> Structure:
    """Raises reading.UnreadablePdf."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return _structure(document)
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise UnreadablePdf(str(error)) from error


def _structure(document: pikepdf.Pdf) -> Structure:
    root: Any = document.Root  # pikepdf says of none of its objects what stands in them
    xmp = root.Metadata.read_bytes() if "/Metadata" in root else b""
    part, level = (re.search(rb"pdfaid:%s(?:=\"|>)(\w+)" % name, xmp) for name in (b"part", b"conformance"))
    intents = list(root.get("/OutputIntents", []))
    marked = root.get("/MarkInfo", {}).get("/Marked", False)
    return Structure(
        has_metadata=bool(xmp),
        archive=(part[1] + (level[1] if level else b"")).decode().upper() if part else "",
        is_accessible=b"pdfuaid:part" in xmp,
        has_colours=any("/DestOutputProfile" in intent for intent in intents),
        is_tagged=bool(marked) and "/StructTreeRoot" in root and "/K" in root.StructTreeRoot,
        acts="/OpenAction" in root or "/AA" in root or "/JavaScript" in root.get("/Names", {}),
        source=_source(root),
        notes=tuple(_notes(document)),
        fonts=tuple(map(_font, _embedded(document))),
    )


def _source(root: Any) -> bytes | None:
    """ISO 19005-3 6.8: the file that stands in the relation Source to the document."""
    for entry in root.get("/AF", []):
        if entry.get("/AFRelationship") == "/Source" and "/EF" in entry:
            source: bytes = entry.EF.F.read_bytes()
            return source
    return None


def _notes(document: pikepdf.Pdf) -> Iterator[Note]:
    for number, page in enumerate(document.pages, 1):
        for entry in page.get("/Annots", []):
            action: Any = entry.get("/A", {})
            address = "" if action.get("/S") in (None, "/GoTo") else str(action.get("/URI", action.get("/S")))
            yield Note(number, str(entry.get("/Subtype", ""))[1:], address)


def _embedded(document: pikepdf.Pdf) -> list[Any]:
    """The composite fonts of all pages, once each."""
    found = {}
    for page in document.pages:
        resources: Any = page.get("/Resources", {})
        for font in resources.get("/Font", {}).values():
            if "/DescendantFonts" in font:
                found[font.objgen] = font
    return list(found.values())


def _font(font: Any) -> EmbeddedFont:
    inner = font.DescendantFonts[0]
    texts = code_texts(font.ToUnicode.read_bytes()) if "/ToUnicode" in font else {}
    return EmbeddedFont(str(font.get("/BaseFont", ""))[1:], *_glyphs(inner), texts)


def _glyphs(font: Any) -> tuple[bool, Sequence[Any]]:
    """Whether the codes are the glyphs' numbers, and the glyphs' programs. ISO 32000-1 9.7.4.2: a code goes through the charset
    of a CID-keyed CFF, and through the CIDToGIDMap of TrueType."""
    descriptor = font.get("/FontDescriptor", {})
    if "/FontFile3" not in descriptor:
        return str(font.get("/CIDToGIDMap", "/Identity")) == "/Identity", ()
    data, file = descriptor.FontFile3.read_bytes(), CFFFontSet()
    if data.startswith(b"OTTO"):
        with TTFont(io.BytesIO(data), lazy=True) as whole:
            data = whole.reader["CFF "]
    file.decompile(io.BytesIO(data), None)
    (top,) = file.topDictIndex
    is_identity = all(cid == f"cid{glyph:05}" for glyph, cid in enumerate(top.charset) if glyph)
    return is_identity or not hasattr(top, "ROS"), top.CharStrings.charStringsIndex


def code_texts(cmap: bytes) -> dict[int, str]:
    """A ToUnicode map: the text of each code (ISO 32000-1 9.10.3)."""
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        found |= {int(code, 16): _text(text) for code, text in CODES.findall(block)}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, start, listed in RANGES.findall(block):
            texts = re.findall(rb"<([0-9a-fA-F]+)>", listed)
            for place, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                text = texts[place] if place < len(texts) else b"%0*x" % (len(start), int(start or b"0", 16) + place)
                found[code] = _text(text)
    return found


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", errors="replace")
