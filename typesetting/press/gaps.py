"""Gives the white between two characters to the first of them, as a glyph of that width, so that nobody reads a space there.

Programs that copy or search a PDF take any gap beyond about a tenth of an em for a space, and a character drawn into the one
before it for a new line: 3月27日 would be found nowhere. So a glyph that more or less white follows than its own becomes
another glyph, with the same shape and that width. Only what is left, less than a sixteenth of an em, stays a gap.

Widths are in thousandths of an em, as in the PDF.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pydyf

from . import charsets

STEP, LEAST, MOST = 125, 80, 600  # a gap of more than MOST is none of a line of text, but parts two columns
NARROWEST = 50
RAISED = 0.7  # em: a subscript or superscript stands on the same line
SHOWN = re.compile(r"<([0-9a-f]*)>|(-?[0-9.]+)")
MATRIX = re.compile(rb"1 0 0 -1 (\S+) (\S+) Tm")
FONT = re.compile(rb"/([A-Z]{6}) (\S+) Tf")
ENTRY = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]+)>")
MOST_ROWS = 100  # of a block in a ToUnicode map


@dataclass
class WrittenFont:
    """A font of the file: what its codes are in Unicode, how wide they are, and the glyphs that come in addition."""

    to_unicode: pydyf.Stream
    all_widths: pydyf.Array
    program: pydyf.Stream
    count: int
    widths: dict[int, int]
    added: dict[tuple[int, int], int] = field(default_factory=dict)

    def code(self, glyph: int, width: int) -> int:
        """The code of a glyph with this width; its own when there is no room for more."""
        if width == self.widths[glyph]:
            return glyph
        known = self.added.get((glyph, width))
        if known is None:
            if self.count + len(self.added) > 0xFFFF:
                return glyph
            known = self.added[glyph, width] = self.count + len(self.added)
        return known


def close(pdf: pydyf.PDF) -> None:
    """Close the gaps in the text of all pages, and put the glyphs that it takes into the fonts, which are still OpenType."""
    fonts = dict(_fonts(pdf))
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and b"BT" in stream.stream:
            _close_gaps(stream, fonts)
    for font in fonts.values():
        if font.added:
            _put_in(font)


def _fonts(pdf: pydyf.PDF) -> Iterator[tuple[str, WrittenFont]]:
    """The fonts that glyphs can be added to, by the name that pages call them."""
    names = {}
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Type") == "/Font" and item.get("Subtype") == "/Type0":
            names[item["BaseFont"][1:7].decode()] = item
    for name, item in names.items():
        below = _object(pdf, item["DescendantFonts"][0])
        descriptor = _object(pdf, below["FontDescriptor"])
        program = _object(pdf, descriptor["FontFile3"]) if "FontFile3" in descriptor else None
        count = charsets.glyph_count(program.stream[0]) if program else 0
        if count and item["Encoding"] == "/Identity-H":
            yield name, WrittenFont(_object(pdf, item["ToUnicode"]), below["W"], program, count, _widths(below["W"]))


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _widths(array: pydyf.Array) -> dict[int, int]:
    return {
        first + at: width for first, row in zip(array[::2], array[1::2], strict=True) for at, width in enumerate(row)
    }


@dataclass
class _ShownText:
    """Text that is shown at once: its place in the stream, where it begins, and its glyphs, each with the kerning behind it."""

    place: int
    x: float
    y: float
    size: float
    font: WrittenFont
    before: float
    glyphs: list[tuple[int, float]]

    def end(self) -> float:
        """Where the last glyph ends."""
        widths = sum(self.font.widths[glyph] for glyph, _kerning in self.glyphs)
        kerning = self.before + sum(kerning for _glyph, kerning in self.glyphs[:-1])
        return self.x + (widths - kerning) * self.size / 1000

    def written(self, gap: float) -> bytes:
        """The operator that shows it, with all gaps closed; `gap` follows behind."""
        text, (last, _free) = _kerning(self.before), self.glyphs[-1]
        for glyph, kerning in (*self.glyphs[:-1], (last, -gap)):
            wide = self._closed(glyph, -kerning)
            text += f"<{self.font.code(glyph, wide):04x}>" + _kerning(kerning + wide - self.font.widths[glyph])
        return f"[{text.replace('><', '')}] TJ".encode()

    def _closed(self, glyph: int, gap: float) -> int:
        """The width of the glyph that closes a gap."""
        width = self.font.widths[glyph]
        if not LEAST <= abs(gap) <= MOST:
            return width
        return max(width + round(gap / STEP) * STEP, NARROWEST)


def _close_gaps(stream: pydyf.Stream, fonts: dict[str, WrittenFont]) -> None:
    items = stream.stream
    pieces = list(_pieces(items, fonts))
    for piece, following in zip(pieces, [*pieces[1:], None], strict=False):
        gap = 0.0
        if following and abs(following.y - piece.y) < RAISED * piece.size:  # they stand on one line
            gap = (following.x - piece.end()) / piece.size * 1000
        items[piece.place] = piece.written(gap if abs(gap) <= MOST else 0.0)


def _pieces(items: list[Any], fonts: dict[str, WrittenFont]) -> Iterator[_ShownText]:
    x = y = size = 0.0
    font = None
    for place, item in enumerate(items):
        if not isinstance(item, bytes):
            continue
        if item.endswith(b" Tm"):
            found = MATRIX.fullmatch(item)
            x, y = map(float, found.groups()) if found else (0.0, 0.0)
            font = font if found else None
        elif item.endswith(b" Tf"):
            found = FONT.fullmatch(item)
            font, size = (fonts.get(found[1].decode()), float(found[2])) if found else (None, 0.0)
        elif item.endswith(b"] TJ") and font and size:
            before, glyphs = _read(item)
            if glyphs:
                yield _ShownText(place, x, y, size, font, before, glyphs)


def _read(item: bytes) -> tuple[float, list[tuple[int, float]]]:
    """The kerning before the first glyph, and the glyphs with the kerning behind each."""
    before, glyphs = 0.0, []
    for codes, kerning in SHOWN.findall(item.decode()):
        if codes:
            glyphs += [(int(codes[at : at + 4], 16), 0.0) for at in range(0, len(codes), 4)]
        elif kerning and glyphs:
            glyphs[-1] = glyphs[-1][0], glyphs[-1][1] + float(kerning)
        elif kerning:
            before += float(kerning)
    return before, glyphs


def _kerning(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".") if abs(number) >= 0.0005 else ""


def _put_in(font: WrittenFont) -> None:
    """The additional glyphs in the font itself, in its widths and in its map to Unicode."""
    wide = tuple(font.added)
    font.program.stream = [charsets.bare(font.program.stream[0], wide)]
    font.all_widths.extend((font.count, pydyf.Array([width for _glyph, width in wide])))
    items = font.to_unicode.stream
    texts = {code: text for item in items if isinstance(item, bytes) for code, text in ENTRY.findall(item)}
    rows = [b"<%04x> <%s>" % (code, texts[b"%04x" % glyph]) for (glyph, _width), code in font.added.items()]
    end = items.index(b"endcmap")
    for start in range(0, len(rows), MOST_ROWS):
        block = rows[start : start + MOST_ROWS]
        items[end:end] = [b"%d beginbfchar" % len(block), *block, b"endbfchar"]
        end += len(block) + 2
