"""Cuts a PDF's fonts anew for OFD, whose readers find a glyph by its character, not by its number.

Every character that is shown gets its glyph, also one that a font feature or our own press put in its place. Where one
character is shown by two different glyphs, the second is taken from a second copy of the font.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable

from ..fonts import cutting
from .embedded import PdfFont

EPOCH = 0  # of a font's dates: the same input gives the same bytes
ASCENT, DESCENT = 0.88, 0.12
OUTLINES = ("glyf", "loca", "cvt ", "fpgm", "prep")


class NoGlyph(Exception):
    """A character has no glyph of its own in the font, or the glyph no character."""

    def __init__(self, text: str):
        self.text = text
        super().__init__(text)


@dataclass
class FontCopy:
    """A font as it goes into the OFD: which glyph each character is."""

    source: PdfFont
    glyphs: dict[str, int] = field(default_factory=dict)

    def takes(self, text: str, glyph: int) -> bool:
        """Whether the character can be this glyph here."""
        known = self.glyphs.get(text, glyph)
        return known == glyph or self.source.outline(known) == self.source.outline(glyph)


@dataclass
class FontCopies:
    """The copies that a font takes; a single one nearly always."""

    source: PdfFont
    copies: list[FontCopy] = field(default_factory=list)
    known: dict[int, tuple[FontCopy, str]] = field(default_factory=dict)

    def character(self, code: int) -> tuple[FontCopy, str]:
        """The copy of the font and the character by which it shows what the code shows. Raises NoGlyph."""
        if code not in self.known:
            text, glyph = self.source.texts.get(code, ""), self.source.glyph(code)
            if len(text) != 1 or text == "\ufffd" or not glyph:
                raise NoGlyph(text or "\ufffd")
            copy = next((copy for copy in self.copies if copy.takes(text, glyph)), None)
            if copy is None:
                copy = FontCopy(self.source)
                self.copies.append(copy)
            copy.glyphs.setdefault(text, glyph)
            self.known[code] = copy, text
        return self.known[code]


def built(copy: FontCopy) -> tuple[bytes, str]:
    """The OpenType file, and its suffix. Raises cutting.CannotCut."""
    source = copy.source
    names = [".notdef", *(f"glyph{glyph:05}" for glyph in range(1, source.count))]
    cmap = {ord(text): names[glyph] for text, glyph in sorted(copy.glyphs.items())}
    if source.is_cff:
        units = round(1 / source.top.FontMatrix[0]) if hasattr(source.top, "FontMatrix") else 1000
        widths = {glyph: round(source.width(code) * units / 1000) for code, glyph in _codes(source)}
        metrics = b"".join(widths.get(glyph, 0).to_bytes(2) + bytes(2) for glyph in range(source.count))
        builder = _builder(source, names, cmap, units, metrics)
        builder.font["hhea"].numberOfHMetrics = source.count
        builder.font["hhea"].advanceWidthMax = max(widths.values())
        box = dict(zip(("xMin", "yMin", "xMax", "yMax"), map(round, source.top.FontBBox), strict=True))
        for field_name, edge in box.items():
            setattr(builder.font["head"], field_name, edge)
        builder.font["CFF "] = _table("CFF ", source.cff)
        # A font with 45,000 numbers, nearly all of them empty, is read otherwise by one program and another: ofd-cli leaves
        # out its last glyph.
        return cutting.subset(_saved(builder.font), 0, frozenset(cmap)), "otf"
    old = source.truetype
    builder = _builder(source, names, cmap, old["head"].unitsPerEm, old.reader["hmtx"])
    for tag in OUTLINES:
        if tag in old:
            builder.font[tag] = _table(tag, old.reader[tag])
    for field_name in ("indexToLocFormat", "xMin", "yMin", "xMax", "yMax", "flags"):
        setattr(builder.font["head"], field_name, getattr(old["head"], field_name))
    for field_name in ("numberOfHMetrics", "advanceWidthMax"):
        setattr(builder.font["hhea"], field_name, getattr(old["hhea"], field_name))
    builder.font["maxp"] = old["maxp"]
    return _saved(builder.font), "ttf"


def _codes(source: PdfFont) -> Iterable[tuple[int, int]]:
    for code in source.texts:
        glyph = source.glyph(code)
        if glyph is not None:
            yield code, glyph


def _builder(source: PdfFont, names: list[str], cmap: dict[int, str], units: int, metrics: bytes) -> FontBuilder:
    builder = FontBuilder(units, isTTF=not source.is_cff)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(cmap)
    builder.font["hmtx"] = _table("hmtx", metrics)
    builder.setupHorizontalHeader(ascent=round(units * ASCENT), descent=-round(units * DESCENT))
    builder.setupNameTable(
        {"familyName": source.name, "styleName": "Regular", "fullName": source.name, "psName": source.name}
    )
    builder.setupOS2(
        sTypoAscender=round(units * ASCENT), usWinAscent=units, usWinDescent=round(units * DESCENT), xAvgCharWidth=units
    )
    builder.setupPost(keepGlyphNames=False)
    if source.is_cff:
        builder.font.sfntVersion = "OTTO"  # without it FreeType looks for TrueType outlines and opens nothing
        builder.setupMaxp()
    return builder


def _table(tag: str, data: bytes) -> Any:
    """A table that is written as it is."""
    table = DefaultTable(tag)
    table.data = data
    return table


def _saved(font: TTFont) -> bytes:
    font.recalcTimestamp = font.recalcBBoxes = False
    font["head"].created = font["head"].modified = EPOCH
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()
