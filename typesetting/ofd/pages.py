"""What a page draws, as the objects of an OFD page: TextObject, PathObject, ImageObject (GB/T 33190-2016, chapters 8 to 11)."""

from collections.abc import Iterator
from typing import Protocol

from . import shapes
from .drawn import Color, Image, Page, Text
from .embedded import PdfFont, Picture
from .package import Markup, element, number
from .shapes import Box, Figure, Matrix, Path, Point

RULES = {"NonZero": {}, "Even-Odd": {"Rule": "Even-Odd"}}
# How far glyphs reach over and under their baseline, and beyond their first and last origin, in ems.
OVER, UNDER, ASIDE = 1.0, 0.35, 0.1
BEYOND_UTF_16 = 0xFFFF


class Resources(Protocol):
    """Gives every object its number, and the fonts and pictures theirs."""

    def next_id(self) -> int: ...
    def character(self, font: PdfFont, code: int) -> tuple[int, str]: ...
    def picture(self, picture: Picture) -> int: ...


def content_of(page: Page, resources: Resources) -> list[Markup]:
    """The objects of a page in the order in which they are drawn. Raises fonts.NoGlyph."""
    whole = (0.0, 0.0, page.width, page.height)
    objects: list[Markup] = []
    for item in page.items:
        if isinstance(item, Text):
            objects += _texts(item, whole, resources)
        elif isinstance(item, Path):
            objects.append(_path(item, resources))
        else:
            objects.append(_image(item, resources))
    return objects


def _texts(text: Text, whole: Box, resources: Resources) -> Iterator[Markup]:
    """One object for each run of one font; blanks at its ends are left out, because readers drop them with their places."""
    for font, run in _runs(text, resources):
        while run and run[0][0].isspace():
            run.pop(0)
        while run and run[-1][0].isspace():
            run.pop()
        if run:
            yield _text(text, font, run, whole, resources)


def _runs(text: Text, resources: Resources) -> Iterator[tuple[int, list[tuple[str, float]]]]:
    """Characters with their places in ems. One beyond U+FFFF stands alone: readers that count it twice would move the rest."""
    font, run = 0, list[tuple[str, float]]()
    for code, place in zip(text.codes, text.places, strict=True):
        this_font, character = resources.character(text.font, code)
        is_rare = ord(character) > BEYOND_UTF_16
        if run and (this_font != font or is_rare or ord(run[-1][0]) > BEYOND_UTF_16):
            yield font, run
            run = []
        font = this_font
        run.append((character, place))
    if run:
        yield font, run


def _text(text: Text, font: int, run: list[tuple[str, float]], whole: Box, resources: Resources) -> Markup:
    characters = "".join(character for character, _place in run)
    origin = (text.x, text.y)
    if text.matrix is None:
        start = text.x + run[0][1] * text.size
        width = (run[-1][1] - run[0][1] + 1 + 2 * ASIDE) * text.size
        box = (start - ASIDE * text.size, text.y - OVER * text.size, width, (OVER + UNDER) * text.size)
        x, y, turned = start - box[0], text.y - box[1], {}
    else:
        box = (0.0, 0.0, whole[2], whole[3])
        a, b, c, d = text.matrix[:4]
        turned = {"CTM": _array((a, b, c, d, *origin))}
        x, y = run[0][1] * text.size, 0.0
    places = [round((place - run[0][1]) * text.size, 3) for _character, place in run]
    steps = [after - before for before, after in zip(places, places[1:], strict=False)]
    code = {"X": number(x), "Y": number(y), **({"DeltaX": _array(steps)} if steps else {})}
    return element(
        "TextObject",
        _color("FillColor", text.color),
        element("TextCode", characters, **code),
        ID=resources.next_id(),
        Boundary=_array(box),
        **turned,
        **_alpha(text.alpha),
        Font=font,
        Size=number(text.size),
    )


def _path(path: Path, resources: Resources) -> Markup:
    stroke = path.stroke
    left, upper, right, lower = shapes.box_of(path.figures)
    margin = stroke.width * max(stroke.miter, 1) if stroke else 0.0
    box = (left - margin, upper - margin, right - left + 2 * margin, lower - upper + 2 * margin)
    how: dict[str, str | int] = {"Stroke": "true" if stroke else "false", "Fill": "true" if path.fill else "false"}
    if stroke:
        how |= {"LineWidth": number(stroke.width), "Cap": stroke.cap, "Join": stroke.join}
        how |= {"MiterLimit": number(stroke.miter)}
    if stroke and stroke.dashes:
        how |= {"DashOffset": number(stroke.offset), "DashPattern": _array(stroke.dashes)}
    return element(
        "PathObject",
        _color("StrokeColor", stroke.color) if stroke else "",
        _color("FillColor", path.fill) if path.fill else "",
        element("AbbreviatedData", _abbreviated(path.figures, (box[0], box[1]))),
        ID=resources.next_id(),
        Boundary=_array(box),
        **how,
        **RULES[path.rule],
        **_alpha(path.alpha),
    )


def _image(image: Image, resources: Resources) -> Markup:
    corners = [shapes.moved(corner, image.matrix) for corner in ((0, 0), (1, 0), (0, 1), (1, 1))]
    xs, ys = zip(*corners, strict=True)
    left, upper = min(xs), min(ys)
    box = (left, upper, max(xs) - left, max(ys) - upper)
    a, b, c, d, e, f = image.matrix
    matrix: Matrix = (a, b, c, d, e - box[0], f - box[1])
    return element(
        "ImageObject",
        ID=resources.next_id(),
        Boundary=_array(box),
        CTM=_array(matrix),
        **_alpha(image.alpha),
        ResourceID=resources.picture(image.picture),
    )


def _abbreviated(figures: tuple[Figure, ...], origin: Point) -> str:
    words = []
    for figure in figures:
        for kind, points in figure.segments:
            words.append(kind)
            words += [number(value - base) for point in points for value, base in zip(point, origin, strict=True)]
    return " ".join(words)


def _color(name: str, color: Color) -> Markup:
    return element(name, Value=" ".join(map(str, color)))


def _alpha(alpha: float) -> dict[str, int]:
    return {} if alpha == 1 else {"Alpha": round(alpha * 255)}


def _array(values: object) -> str:
    return " ".join(number(value) for value in values)  # type: ignore[attr-defined]
