"""Follows the operators of a PDF's pages to what they draw.

It knows the operators that our own press writes (ISO 32000-1, annex A) and their like. What it doesn't know stops it: a page
is carried whole or not at all.
"""

import copy
import io
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

from ..reading import UnreadablePdf
from . import shapes
from .drawn import MM, Attachment, Color, Drawing, Image, Page, Text
from .embedded import PdfFont, Picture, font_of, picture_of
from .shapes import EVEN_ODD, Box, CutOff, Figure, Matrix, Path, Stroke

IGNORED = frozenset(("BDC", "BMC", "EMC", "DP", "MP", "BX", "EX", "ri", "i"))
CAPS, JOINS = ("Butt", "Round", "Square"), ("Miter", "Round", "Bevel")
HARMLESS_STATES = {"/Type": None, "/BM": "/Normal", "/SMask": "/None", "/AIS": None, "/SA": None}


class CannotCarry(Exception):
    """The PDF holds something that can't be carried over as it is; the message says what and on which page."""


def read(pdf: bytes) -> Drawing:
    """Raises CannotCarry, or UnreadablePdf."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            fonts: dict[Any, PdfFont] = {}
            pictures: dict[Any, Picture] = {}
            pages = [_Walk(page, number, fonts, pictures).page() for number, page in enumerate(document.pages, 1)]
            return Drawing(tuple(pages), tuple(_attachments(document.Root)))
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise UnreadablePdf(str(error)) from error


def _attachments(root: Any) -> Iterator[Attachment]:
    for entry in root.get("/AF", []):
        if "/EF" in entry:
            yield Attachment(str(entry.get("/UF", entry.get("/F", ""))), entry.EF.F.read_bytes())


@dataclass
class _State:
    """What an operator finds set (ISO 32000-1 8.4)."""

    matrix: Matrix
    fill: Color = (0, 0, 0)
    line: Color = (0, 0, 0)
    fill_alpha: float = 1.0
    line_alpha: float = 1.0
    width: float = 1.0
    cap: int = 0
    join: int = 0
    miter: float = 10.0
    dashes: tuple[tuple[float, ...], float] = ((), 0.0)
    window: Box | None = shapes.EVERYTHING  # what shows; None when nothing does
    font: PdfFont | None = None
    size: float = 0.0


@dataclass
class _Walk:
    """Through the operators of one page."""

    source: Any
    number: int
    fonts: dict[Any, PdfFont]
    pictures: dict[Any, Picture]
    items: list[Text | Path | Image] = field(default_factory=list)

    def page(self) -> Page:
        box = [float(edge) for edge in self.source.obj.get("/CropBox", self.source.mediabox)]
        left, lower, right, upper = min(box[0::2]), min(box[1::2]), max(box[0::2]), max(box[1::2])
        if self.source.obj.get("/Rotate", 0) or self.source.obj.get("/UserUnit", 1) != 1:
            raise self._refusal(_("a page that is turned or scaled"))
        self.state = _State((MM, 0.0, 0.0, -MM, -left * MM, upper * MM))
        self.kept: list[_State] = []
        self.figures: list[Figure] = []
        self.point = (0.0, 0.0)
        self.clips = False
        self.text_matrix: Matrix = shapes.IDENTITY
        self.resources: Any = self.source.obj.get("/Resources", {})
        for instruction in pikepdf.parse_content_stream(self.source):
            self._follow(str(instruction.operator), list(instruction.operands))
        return Page((right - left) * MM, (upper - lower) * MM, tuple(self.items))

    def _refusal(self, what: str) -> CannotCarry:
        words = _("Page %(page)s of the PDF has %(what)s, which can't be carried over to OFD.")
        return CannotCarry(words % {"page": self.number, "what": what})

    def _follow(self, operator: str, operands: list[Any]) -> None:
        if operator in IGNORED:
            return
        method = OPERATORS.get(operator)
        if method is None:
            raise self._refusal(_("the operator “%(name)s”") % {"name": operator})
        method(self, operands)

    # --- what is set ------------------------------------------------------------------------------------------------
    def save(self, _operands: list[Any]) -> None:
        self.kept.append(copy.copy(self.state))

    def restore(self, _operands: list[Any]) -> None:
        self.state = self.kept.pop()

    def transform(self, operands: list[Any]) -> None:
        self.state.matrix = shapes.times(_matrix(operands), self.state.matrix)

    def fill_color(self, operands: list[Any]) -> None:
        self.state.fill = _color(operands)

    def line_color(self, operands: list[Any]) -> None:
        self.state.line = _color(operands)

    def line_width(self, operands: list[Any]) -> None:
        self.state.width = float(operands[0])

    def line_cap(self, operands: list[Any]) -> None:
        self.state.cap = int(operands[0])

    def line_join(self, operands: list[Any]) -> None:
        self.state.join = int(operands[0])

    def miter_limit(self, operands: list[Any]) -> None:
        self.state.miter = float(operands[0])

    def dash(self, operands: list[Any]) -> None:
        self.state.dashes = tuple(map(float, operands[0])), float(operands[1])

    def graphics_state(self, operands: list[Any]) -> None:
        for name, value in self.resources.ExtGState[str(operands[0])].items():
            if name == "/ca":
                self.state.fill_alpha = float(value)
            elif name == "/CA":
                self.state.line_alpha = float(value)
            elif name not in HARMLESS_STATES or HARMLESS_STATES[name] not in (None, str(value)):
                raise self._refusal(_("the graphics state “%(name)s”") % {"name": name[1:]})

    # --- paths ------------------------------------------------------------------------------------------------------
    def move(self, operands: list[Any]) -> None:
        self.figures.append(Figure())
        self._segment("M", operands)

    def line_to(self, operands: list[Any]) -> None:
        self._segment("L", operands)

    def curve(self, operands: list[Any]) -> None:
        self._segment("B", operands)

    def curve_from_here(self, operands: list[Any]) -> None:
        self._segment("B", [*self.point, *operands])

    def curve_to_end(self, operands: list[Any]) -> None:
        self._segment("B", [*operands, *operands[-2:]])

    def close(self, _operands: list[Any]) -> None:
        if self.figures:
            self.figures[-1].segments.append(("C", ()))

    def rectangle(self, operands: list[Any]) -> None:
        x, y, width, height = map(float, operands)
        self.move([x, y])
        for corner in ((x + width, y), (x + width, y + height), (x, y + height)):
            self.line_to(list(corner))
        self.close([])

    def _segment(self, kind: str, operands: Sequence[Any]) -> None:
        numbers = [float(number) for number in operands]
        self.point = numbers[-2], numbers[-1]
        points = tuple(shapes.moved(pair, self.state.matrix) for pair in zip(numbers[::2], numbers[1::2], strict=True))
        self.figures[-1].segments.append((kind, points))

    def clip(self, _operands: list[Any]) -> None:
        self.clips = True

    def _paint(self, *, fill: bool = False, stroke: bool = False, rule: str = "NonZero") -> None:
        state, figures = self.state, tuple(figure for figure in self.figures if figure.draws)
        if figures and (fill or stroke) and state.window:
            path = Path(
                figures=figures,
                fill=state.fill if fill else None,
                stroke=self._stroke() if stroke else None,
                rule=rule,
                alpha=self._alpha(fill, stroke),
            )
            try:
                visible = shapes.clipped(path, state.window)
            except CutOff as error:
                raise self._refusal(_("a shape that is cut off")) from error
            if visible:
                self.items.append(visible)
        if self.clips:
            self._narrow(figures)
        self.figures, self.clips = [], False

    def _narrow(self, figures: tuple[Figure, ...]) -> None:
        box = shapes.as_rectangle(figures[0]) if len(figures) == 1 else None
        if box is None:
            raise self._refusal(_("a clip that is no rectangle"))
        self.state.window = shapes.meet(box, self.state.window) if self.state.window else None

    def _stroke(self) -> Stroke:
        state = self.state
        a, b, c, d = state.matrix[:4]
        if not math.isclose(math.hypot(a, b), math.hypot(c, d), rel_tol=1e-6):
            raise self._refusal(_("a line that is scaled in one direction"))
        scale = math.hypot(a, b)
        dashes, offset = state.dashes
        scaled = tuple(length * scale for length in dashes)
        return Stroke(
            state.line, state.width * scale, CAPS[state.cap], JOINS[state.join], state.miter, scaled, offset * scale
        )

    def _alpha(self, fill: bool, stroke: bool) -> float:
        found = {self.state.fill_alpha for _one in range(fill)} | {self.state.line_alpha for _one in range(stroke)}
        if len(found) > 1:
            raise self._refusal(_("a shape whose line is less transparent than its inside"))
        return found.pop()

    # --- text -------------------------------------------------------------------------------------------------------
    def begin_text(self, _operands: list[Any]) -> None:
        self.text_matrix = shapes.IDENTITY

    def end_text(self, _operands: list[Any]) -> None:
        pass

    def text_place(self, operands: list[Any]) -> None:
        self.text_matrix = _matrix(operands)

    def font(self, operands: list[Any]) -> None:
        source = self.resources.Font[str(operands[0])]
        if source.objgen not in self.fonts:
            self.fonts[source.objgen] = font_of(source)
        self.state.font, self.state.size = self.fonts[source.objgen], float(operands[1])

    def must_be_zero(self, operands: list[Any]) -> None:
        if float(operands[0]):
            raise self._refusal(_("text in a way of its own (spaced, raised or outlined)"))

    def show(self, operands: list[Any]) -> None:
        state, font = self.state, self.state.font
        if font is None or not state.size:
            raise self._refusal(_("text without a font"))
        codes: list[int] = []
        places: list[float] = []
        place = 0.0
        for item in operands[0]:
            if isinstance(item, pikepdf.String):
                data = bytes(item)
                for at in range(0, len(data), 2):
                    codes.append(int.from_bytes(data[at : at + 2]))
                    places.append(place)
                    place += font.width(codes[-1]) / 1000
            else:
                place -= float(item) / 1000
        if codes:
            self._add_text(font, codes, places)
        along = (1.0, 0.0, 0.0, 1.0, place * state.size, 0.0)
        self.text_matrix = shapes.times(along, self.text_matrix)

    def _add_text(self, font: PdfFont, codes: list[int], places: list[float]) -> None:
        state = self.state
        whole = shapes.times(self.text_matrix, state.matrix)
        a, b, c, d, x, y = whole
        length = math.hypot(a, b)
        is_upright = a > 0 and abs(b) + abs(c) + abs(a + d) < 1e-6 * length
        matrix = None if is_upright else (a / length, b / length, -c / length, -d / length, 0.0, 0.0)
        text = Text(font, tuple(codes), tuple(places), x, y, state.size * length, matrix, state.fill, state.fill_alpha)
        if font.refused:
            raise self._refusal(font.refused)
        last = shapes.moved((places[-1] * state.size, 0), whole)
        ends = (min(x, last[0]), min(y, last[1]), max(x, last[0]), max(y, last[1]))
        if state.window is None or not shapes.holds(state.window, ends):
            raise self._refusal(_("text that is cut off"))
        self.items.append(text)

    # --- pictures ---------------------------------------------------------------------------------------------------
    def draw_object(self, operands: list[Any]) -> None:
        source = self.resources.XObject[str(operands[0])]
        if source.get("/Subtype") != "/Image":
            raise self._refusal(_("a group of its own (a form)"))
        if source.objgen not in self.pictures:
            picture = picture_of(source)
            if picture is None:
                raise self._refusal(_("a picture in the four colours of print (CMYK)"))
            self.pictures[source.objgen] = picture
        a, b, c, d, e, f = self.state.matrix
        matrix = (a, b, -c, -d, c + e, d + f)  # its y runs downwards in OFD
        xs, ys = zip(*(shapes.moved(corner, matrix) for corner in ((0, 0), (1, 0), (0, 1), (1, 1))), strict=True)
        box = (min(xs), min(ys), max(xs), max(ys))
        if self.state.window is None or not shapes.holds(self.state.window, box):
            raise self._refusal(_("a picture that is cut off"))
        self.items.append(Image(self.pictures[source.objgen], matrix, self.state.fill_alpha))


def _matrix(operands: list[Any]) -> Matrix:
    a, b, c, d, e, f = map(float, operands)
    return a, b, c, d, e, f


def _color(operands: list[Any]) -> Color:
    """Of one grey or of red, green and blue, each from 0 to 1."""
    red, green, blue = [round(float(part) * 255) for part in operands] * (3 // len(operands))
    return red, green, blue


def _painter(*, closed: bool = False, **how: Any) -> Callable[[_Walk, list[Any]], None]:
    def paint(walk: _Walk, _operands: list[Any]) -> None:
        if closed:
            walk.close([])
        walk._paint(**how)

    return paint


OPERATORS: dict[str, Callable[[_Walk, list[Any]], None]] = {
    "q": _Walk.save,
    "Q": _Walk.restore,
    "cm": _Walk.transform,
    "g": _Walk.fill_color,
    "rg": _Walk.fill_color,
    "G": _Walk.line_color,
    "RG": _Walk.line_color,
    "w": _Walk.line_width,
    "J": _Walk.line_cap,
    "j": _Walk.line_join,
    "M": _Walk.miter_limit,
    "d": _Walk.dash,
    "gs": _Walk.graphics_state,
    "m": _Walk.move,
    "l": _Walk.line_to,
    "c": _Walk.curve,
    "v": _Walk.curve_from_here,
    "y": _Walk.curve_to_end,
    "h": _Walk.close,
    "re": _Walk.rectangle,
    "W": _Walk.clip,
    "W*": _Walk.clip,
    "n": _painter(),
    "f": _painter(fill=True),
    "F": _painter(fill=True),
    "f*": _painter(fill=True, rule=EVEN_ODD),
    "S": _painter(stroke=True),
    "s": _painter(stroke=True, closed=True),
    "B": _painter(fill=True, stroke=True),
    "B*": _painter(fill=True, stroke=True, rule=EVEN_ODD),
    "b": _painter(fill=True, stroke=True, closed=True),
    "b*": _painter(fill=True, stroke=True, closed=True, rule=EVEN_ODD),
    "BT": _Walk.begin_text,
    "ET": _Walk.end_text,
    "Tm": _Walk.text_place,
    "Tf": _Walk.font,
    "Tc": _Walk.must_be_zero,
    "Tw": _Walk.must_be_zero,
    "Tr": _Walk.must_be_zero,
    "Ts": _Walk.must_be_zero,
    "TJ": _Walk.show,
    "Do": _Walk.draw_object,
}
