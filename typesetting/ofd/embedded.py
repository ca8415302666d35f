"""The fonts and pictures that a PDF carries, taken out of it."""

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf
from django.utils.translation import gettext as _
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from ..inspection.structure import code_texts

DEFAULT_WIDTH = 1000


@dataclass(frozen=True)
class Picture:
    """A picture file: `suffix` is jpg or png."""

    data: bytes
    suffix: str


@dataclass(frozen=True, eq=False)
class PdfFont:
    """A composite font: its program (CFF, OpenType or TrueType), and for each code the width in thousandths of an em and the
    text it stands for. `refused` says why it can't be used, empty when it can."""

    name: str
    program: bytes
    widths: dict[int, float]
    default_width: float
    texts: dict[int, str]
    refused: str = ""

    def width(self, code: int) -> float:
        return self.widths.get(code, self.default_width)

    @property
    def is_cff(self) -> bool:
        return self.program[:4] not in (b"\0\1\0\0", b"true")

    @cached_property
    def cff(self) -> bytes:
        """The outlines without the OpenType that may be round them."""
        if not self.program.startswith(b"OTTO"):
            return self.program
        with TTFont(io.BytesIO(self.program), lazy=True) as whole:
            found: bytes = whole.reader["CFF "]
            return found

    @cached_property
    def top(self) -> Any:
        """The one font inside a CFF."""
        file = CFFFontSet()
        file.decompile(io.BytesIO(self.cff), None)
        (top,) = file.topDictIndex
        return top

    @cached_property
    def truetype(self) -> Any:
        return TTFont(io.BytesIO(self.program), lazy=True)

    @cached_property
    def count(self) -> int:
        """How many glyphs it has."""
        return len(self.top.CharStrings) if self.is_cff else int(self.truetype["maxp"].numGlyphs)

    @cached_property
    def _glyphs(self) -> dict[str, int]:
        return {name: glyph for glyph, name in enumerate(self.top.charset)}

    def glyph(self, code: int) -> int | None:
        """The number of the glyph that a code draws (ISO 32000-1 9.7.4.2); None when the font has none."""
        if self.is_cff and hasattr(self.top, "ROS"):
            return self._glyphs.get(f"cid{code:05}") if code else 0
        return code if code < self.count else None

    def outline(self, glyph: int) -> Any:
        """What a glyph draws, to be compared."""
        pen = RecordingPen()
        if self.is_cff:
            self.top.CharStrings[self.top.charset[glyph]].draw(pen)
        else:
            shapes = self.truetype.getGlyphSet()
            shapes[self.truetype.getGlyphName(glyph)].draw(pen)
        return pen.value


def font_of(source: Any) -> PdfFont:
    """A font of the PDF, as its pages name it."""
    name = str(source.get("/BaseFont", ""))[1:].split("+")[-1]
    refused = _("the font “%(name)s”, which is built otherwise") % {"name": name}
    if source.get("/Subtype") != "/Type0" or source.get("/Encoding") != "/Identity-H" or "/ToUnicode" not in source:
        return PdfFont(name, b"", {}, 0, {}, refused)
    below = source.DescendantFonts[0]
    descriptor = below.get("/FontDescriptor", {})
    file = next((descriptor[key] for key in ("/FontFile3", "/FontFile2") if key in descriptor), None)
    if file is None or str(below.get("/CIDToGIDMap", "/Identity")) != "/Identity":
        return PdfFont(name, b"", {}, 0, {}, refused)
    return PdfFont(
        name=name,
        program=file.read_bytes(),
        widths=_widths(list(below.get("/W", []))),
        default_width=float(below.get("/DW", DEFAULT_WIDTH)),
        texts=code_texts(source.ToUnicode.read_bytes()),
    )


def _widths(array: list[Any]) -> dict[int, float]:
    """ISO 32000-1 9.7.4.3: a first code with the widths from it on, or two codes with the width of all between."""
    found: dict[int, float] = {}
    at = 0
    while at + 1 < len(array):
        first, second = int(array[at]), array[at + 1]
        if isinstance(second, pikepdf.Array):
            found |= {first + place: float(width) for place, width in enumerate(list(second))}
            at += 2
        else:
            found |= dict.fromkeys(range(first, int(second) + 1), float(array[at + 2]))
            at += 3
    return found


def picture_of(source: Any) -> Picture | None:
    """A JPEG as it is, every other picture as PNG; what is transparent stays so. None for one in the four colours of print, which
    each reader turns into others."""
    is_plain = source.get("/ColorSpace") in ("/DeviceRGB", "/DeviceGray") and "/SMask" not in source
    if is_plain and source.get("/Filter") == "/DCTDecode" and "/Decode" not in source:
        return Picture(source.read_raw_bytes(), "jpg")
    image = pikepdf.PdfImage(source).as_pil_image()
    if image.mode == "CMYK":
        return None
    if image.mode not in ("1", "L", "P", "RGB"):
        image = image.convert("RGB")
    if "/SMask" in source:
        mask = pikepdf.PdfImage(source.SMask).as_pil_image().convert("L")
        image = image.convert("RGB")
        image.putalpha(mask.resize(image.size))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return Picture(stream.getvalue(), "png")
