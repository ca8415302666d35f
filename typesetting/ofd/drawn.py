"""A PDF's pages as they are carried over: text glyph by glyph, paths and pictures, in millimetres from the upper left corner."""

from dataclasses import dataclass

from .embedded import PdfFont, Picture
from .shapes import Matrix, Path

MM = 25.4 / 72  # a point

Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Text:
    """Glyphs shown at once. `places` are their origins in ems of `size`, along the line from the first one's at `x`, `y`;
    `matrix` turns or slants the line, None for one that stands upright."""

    font: PdfFont
    codes: tuple[int, ...]
    places: tuple[float, ...]
    x: float
    y: float
    size: float
    matrix: Matrix | None
    color: Color
    alpha: float


@dataclass(frozen=True, slots=True)
class Image:
    """A picture on the unit square that `matrix` places; y downwards in both."""

    picture: Picture
    matrix: Matrix
    alpha: float


@dataclass(frozen=True, slots=True)
class Page:
    """Width and height in millimetres, and what is drawn, in its order."""

    width: float
    height: float
    items: tuple[Text | Path | Image, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the PDF carries with it."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole file."""

    pages: tuple[Page, ...]
    attachments: tuple[Attachment, ...]
