"""Reads an OFD as any reader would: from OFD.xml through its places to what stands on the pages."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from django.utils.translation import gettext as _

OFD = "{http://www.ofdspec.org/2016}"
MOST_BYTES = 256 * 1024 * 1024  # of all parts together, unpacked
SAME_LINE = 0.5  # ems


class UnreadableOfd(ValueError):
    """Not an OFD, or damaged; the message says where."""


def text(ofd: bytes) -> list[str]:
    """The text of each page in the order in which it is drawn, its lines parted by line feeds. Raises UnreadableOfd."""
    parts = unpacked(ofd)
    return [_text_of(parts, place) for document in documents(parts) for place in pages(parts, document)]


def unpacked(ofd: bytes) -> dict[str, bytes]:
    """Every part by its path. Raises UnreadableOfd for what is no zip, and for a part that was damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(ofd)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise UnreadableOfd(_("The OFD is too large when it is unpacked."))
            return {entry.filename: _read(archive, entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        if isinstance(error, UnreadableOfd):
            raise
        raise UnreadableOfd(_("This is no OFD: its package can't be opened.")) from error


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(entry)
    except Exception as error:  # whatever zlib and zipfile throw at a damaged entry
        raise UnreadableOfd(_("“%(part)s” in the OFD was changed or damaged.") % {"part": entry.filename}) from error


def parsed(parts: dict[str, bytes], place: str) -> ElementTree.Element:
    """The root of one XML part."""
    if place not in parts:
        raise UnreadableOfd(_("“%(part)s” is missing in the OFD.") % {"part": place})
    try:
        return ElementTree.fromstring(parts[place])  # noqa: S314 - expat leads nowhere outside and limits what it expands
    except ElementTree.ParseError as error:
        raise UnreadableOfd(_("“%(part)s” in the OFD is no XML.") % {"part": place}) from error


def located(place: str, written: str) -> str:
    """The path inside the package of what a part names (GB/T 33190 7.3, ST_Loc)."""
    path = written if written.startswith("/") else posixpath.join(posixpath.dirname(place), written)
    return posixpath.normpath(path).lstrip("/")


def documents(parts: dict[str, bytes]) -> list[str]:
    """The places of the documents that the file holds."""
    return [located("OFD.xml", (item.text or "").strip()) for item in parsed(parts, "OFD.xml").iter(f"{OFD}DocRoot")]


def pages(parts: dict[str, bytes], document: str) -> list[str]:
    """The places of a document's pages."""
    found = parsed(parts, document).findall(f"{OFD}Pages/{OFD}Page")
    return [located(document, page.get("BaseLoc", "")) for page in found]


def _text_of(parts: dict[str, bytes], place: str) -> str:
    try:
        pieces = list(_pieces(parsed(parts, place)))
    except (ValueError, IndexError) as error:
        if isinstance(error, UnreadableOfd):
            raise
        raise UnreadableOfd(_("“%(part)s” in the OFD has a place that is no number.") % {"part": place}) from error
    line, lines, last = "", [], None
    for piece, y, size in pieces:
        if last is not None and abs(y - last) > SAME_LINE * size:
            lines.append(line)
            line = ""
        line, last = line + piece, y
    return "\n".join([*lines, line] if line else lines)


def _pieces(page: ElementTree.Element) -> Iterator[tuple[str, float, float]]:
    """Every piece of text with its baseline and size."""
    for item in page.iter(f"{OFD}TextObject"):
        upper = float(item.get("Boundary", "0 0 0 0").split()[1]) + float(item.get("CTM", "1 0 0 1 0 0").split()[5])
        size = float(item.get("Size", "0"))
        for code in item.iter(f"{OFD}TextCode"):
            yield code.text or "", upper + float(code.get("Y", "0")), size
