"""Looks over an OFD that we wrote: whether it is whole, to the byte, and holds to OFD and OFD-A.

What it checks is listed in GB/T 33190-2016 chapter 7 (structure, numbers, places) and GB/T 42133-2022 chapter 6 (the
archive's limits). It shares no code with the writer.
"""

import base64
import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from .reading import OFD, UnreadableOfd, located, parsed, unpacked

CUSTOM_DIGESTS = "各部件的SM3"
SM3_METHODS = ("1.2.156.10197.1.401", "SM3")
SIGNS = "Doc_0/Signs/"
NOT_IN_ARCHIVE = ("Permissions", "VPreferences", "Extensions", "Actions")
LEADING = frozenset(
    [
        "DocRoot",
        "PublicRes",
        "DocumentRes",
        "FontFile",
        "MediaFile",
        "FileLoc",
        "Attachments",
        "Signatures",
        "SignedValue",
    ]
)
# What stands in what, in this order (the schemas of GB/T 33190-2016): readers that keep to them refuse anything else.
CHILDREN = {
    "OFD": ("DocBody",),
    "DocBody": ("DocInfo", "DocRoot", "Signatures"),
    "DocInfo": ("DocID", "Title", "Author", "Subject", "CreationDate", "Keywords", "Creator", "CustomDatas"),
    "Keywords": ("Keyword",),
    "CustomDatas": ("CustomData",),
    "Document": ("CommonData", "Pages", "Outlines", "Attachments"),
    "CommonData": ("MaxUnitID", "PageArea", "PublicRes", "DocumentRes"),
    "PageArea": ("PhysicalBox",),
    "Pages": ("Page",),
    "Outlines": ("OutlineElem",),
    "OutlineElem": ("Actions",),
    "Actions": ("Action",),
    "Action": ("Goto",),
    "Goto": ("Dest",),
    "Attachments": ("Attachment",),
    "Attachment": ("FileLoc",),
    "Res": ("Fonts", "MultiMedias"),
    "Fonts": ("Font",),
    "Font": ("FontFile",),
    "MultiMedias": ("MultiMedia",),
    "MultiMedia": ("MediaFile",),
    "Page": ("Area", "Content"),
    "Area": ("PhysicalBox",),
    "Content": ("Layer",),
    "TextObject": ("FillColor", "TextCode"),
    "PathObject": ("StrokeColor", "FillColor", "AbbreviatedData"),
}
DRAWN = {"TextObject", "PathObject", "ImageObject"}  # a layer's, in any order
MADE_AT = (1980, 1, 1, 0, 0, 0)
END_OF_ZIP = struct.Struct("<4s4H2LH")
CENTRAL_ENTRY, LOCAL_ENTRY = 46, 30  # bytes before the name


def check(ofd: bytes) -> list[str]:
    """All faults found, each naming the part that has it; none when the file is as it was written."""
    try:
        parts = unpacked(ofd)
        faults = [*_container(ofd), *_digests(parts), *_signatures(parts), *_order(parts), *_places(parts)]
        return [*faults, *_numbers(parts), *_archive(parts)]
    except UnreadableOfd as error:
        return [str(error)]


# --- the zip ---------------------------------------------------------------------------------------------------------
def _container(ofd: bytes) -> Iterator[str]:
    """Every byte outside the parts' own is one that the format asks for."""
    with zipfile.ZipFile(io.BytesIO(ofd)) as archive:
        entries = archive.infolist()
    if len({entry.filename for entry in entries}) < len(entries):
        yield _("The OFD holds two parts of one name.")
    place = 0
    for entry in entries:
        header = ofd[place : place + LOCAL_ENTRY + len(entry.filename.encode())]
        place += len(header) + entry.compress_size
        data = ofd[place - entry.compress_size : place]
        if header != entry.FileHeader(zip64=False) or not _is_usual(entry) or _ends_otherwise(entry, data):
            yield _("The entry of “%(part)s” in the package was changed.") % {"part": entry.filename}
    central = sum(CENTRAL_ENTRY + len(entry.filename.encode()) for entry in entries)
    end = END_OF_ZIP.pack(b"PK\5\6", 0, 0, len(entries), len(entries), central, place, 0)
    if ofd[place + central :] != end:
        yield _("The package of the OFD has something before or behind its parts.")


def _is_usual(entry: zipfile.ZipInfo) -> bool:
    """Whether what only the central directory says of it is as we write it."""
    said = (entry.create_version, entry.create_system, entry.reserved, entry.volume, entry.internal_attr)
    return said == (20, 3, 0, 0, 0) and entry.external_attr == 0o100644 << 16 and entry.date_time == MADE_AT


def _ends_otherwise(entry: zipfile.ZipInfo, data: bytes) -> bool:
    """Whether what is packed has no proper end, or other bits than zeros filling up its last byte: nobody who unpacks it would
    notice."""
    if entry.compress_type != zipfile.ZIP_DEFLATED or not data:
        return False
    unpacked_data = _inflated(data)
    if unpacked_data is None or not data[-1]:
        return unpacked_data is None
    without_highest_bit = data[:-1] + bytes((data[-1] - (1 << (data[-1].bit_length() - 1)),))
    return _inflated(without_highest_bit) == unpacked_data


def _inflated(data: bytes) -> bytes | None:
    """None when it doesn't come to its end."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        found = unpacker.decompress(data)
    except zlib.error:
        return None
    return found if unpacker.eof else None


# --- digests ---------------------------------------------------------------------------------------------------------
def _digests(parts: dict[str, bytes]) -> Iterator[str]:
    """OFD.xml lists the SM3 digest of every other part; signatures are put to it later and list their own."""
    listed = {}
    for item in parsed(parts, "OFD.xml").iter(f"{OFD}CustomData"):
        if item.get("Name") == CUSTOM_DIGESTS:
            listed = dict(row.rpartition("=")[::2] for row in (item.text or "").split(";"))
    if not listed:
        yield _("The OFD does not list the digests of its parts.")
    for part, data in parts.items():
        if part == "OFD.xml" or part.startswith(SIGNS):
            continue
        if listed.get(part) != hashlib.new("sm3", data).hexdigest():
            yield _("“%(part)s” is not what was written: its digest differs.") % {"part": part}
    for part in sorted(listed.keys() - parts.keys()):
        yield _("“%(part)s” is missing in the OFD.") % {"part": part}


def _signatures(parts: dict[str, bytes]) -> Iterator[str]:
    """What each signature vouches for is still so. Whose signature it is, signing.verify tells."""
    for part in sorted(part for part in parts if part.startswith(SIGNS) and part.endswith("/Signature.xml")):
        root = parsed(parts, part)
        references = root.find(f".//{OFD}References")
        if references is None or references.get("CheckMethod") not in SM3_METHODS:
            yield _("The signature “%(part)s” lists no SM3 digests.") % {"part": part}
            continue
        for item in references.iter(f"{OFD}Reference"):
            named = located(part, item.get("FileRef", ""))
            value = base64.b64encode(hashlib.new("sm3", parts.get(named, b"")).digest()).decode()
            if named not in parts or item.findtext(f"{OFD}CheckValue") != value:
                yield _("“%(part)s” was changed after it was signed.") % {"part": named}


# --- structure ------------------------------------------------------------------------------------------------
def _order(parts: dict[str, bytes]) -> Iterator[str]:
    for part, root in _xml(parts).items():
        for item in root.iter():
            name, inside = item.tag.removeprefix(OFD), [child.tag.removeprefix(OFD) for child in item]
            known = CHILDREN.get(name, ())
            if name == "Layer":
                is_right = DRAWN.issuperset(inside)
            else:
                is_right = set(known).issuperset(inside) and inside == sorted(inside, key=known.index)
            if not is_right:
                yield _("“%(part)s”: what stands in “%(name)s” is not what the standard asks for there.") % {
                    "part": part,
                    "name": name,
                }


def _xml(parts: dict[str, bytes]) -> dict[str, ElementTree.Element]:
    """The XML parts but for the signatures, which others may have put there."""
    return {part: parsed(parts, part) for part in parts if part.endswith(".xml") and not part.startswith(SIGNS)}


def _named(parts: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Every part with each place that it names."""
    for part in parts:
        if not part.endswith(".xml"):
            continue
        root = parsed(parts, part)
        base = located(part, root.get("BaseLoc", "") + "/x") if root.tag == f"{OFD}Res" else part
        for item in root.iter():
            if item is root:
                continue
            if item.tag.removeprefix(OFD) in LEADING:
                yield part, located(base, (item.text or "").strip())
            elif "BaseLoc" in item.attrib:
                yield part, located(base, item.attrib["BaseLoc"])


def _places(parts: dict[str, bytes]) -> Iterator[str]:
    named = list(_named(parts))
    for part, place in named:
        if place not in parts:
            yield _("“%(part)s” names “%(place)s”, which is missing.") % {"part": part, "place": place}
    for part in sorted(parts.keys() - {place for _part, place in named} - {"OFD.xml"}):
        yield _("Nothing in the OFD leads to “%(part)s”.") % {"part": part}


def _numbers(parts: dict[str, bytes]) -> Iterator[str]:
    """Each object has a number of its own, none is above MaxUnitID, and who names a number finds it."""
    owners: dict[str, str] = {}
    fonts, pictures, pages = set[str](), set[str](), set[str]()
    xml = _xml(parts)
    for part, root in xml.items():
        for item in root.iter():
            number, name = item.get("ID"), item.tag.removeprefix(OFD)
            if number is None or name == "Attachment":
                continue
            if number in owners:
                yield _("“%(part)s” uses the number %(number)s again.") % {"part": part, "number": number}
            owners[number] = part
            {"Font": fonts, "MultiMedia": pictures, "Page": pages}.get(name, set[str]()).add(number)
    for part, root in xml.items():
        for attribute, known in (("Font", fonts), ("ResourceID", pictures), ("PageID", pages)):
            for item in root.iter():
                if item.get(attribute, next(iter(known), None)) not in {None, *known}:
                    yield _("“%(part)s” names the number %(number)s, which is not there.") % {
                        "part": part,
                        "number": item.get(attribute),
                    }
        most = root.findtext(f"{OFD}CommonData/{OFD}MaxUnitID")
        if most is not None and not _is_highest(most, owners):
            yield _("“%(part)s” gives a highest number that is exceeded.") % {"part": part}


def _is_highest(most: str, numbers: Iterable[str]) -> bool:
    """Also false where one of them is no number."""
    return most.isdecimal() and all(number.isdecimal() and int(number) <= int(most) for number in numbers)


# --- the archive's limits ------------------------------------------------------------------------------------------------
def _archive(parts: dict[str, bytes]) -> Iterator[str]:
    if parsed(parts, "OFD.xml").get("DocType") != "OFD-A":
        yield _("The OFD does not call itself OFD-A.")
    for part, root in _xml(parts).items():
        yield from _archive_faults(part, root)


def _archive_faults(part: str, root: ElementTree.Element) -> Iterator[str]:
    for child in root:
        if (name := child.tag.removeprefix(OFD)) in NOT_IN_ARCHIVE:
            yield _("“%(part)s” has “%(name)s”, which the archive does not take.") % {"part": part, "name": name}
    for action in root.iter(f"{OFD}Action"):
        if action.find(f"{OFD}Goto") is None:
            yield _("“%(part)s” leads out of the document.") % {"part": part}
    for font in root.iter(f"{OFD}Font"):
        if font.find(f"{OFD}FontFile") is None:
            yield _("The font “%(name)s” is not embedded.") % {"name": font.get("FontName")}
