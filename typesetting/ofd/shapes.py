"""Matrices, paths and how they are cut, in the millimetres of a page with y downwards."""

import math
from dataclasses import dataclass, field, replace

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, upper, right, lower

EVEN_ODD = "Even-Odd"
EVERYTHING: Box = (-math.inf, -math.inf, math.inf, math.inf)
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
CLOSE = 1e-3  # a thousandth of a millimetre


class CutOff(Exception):
    """Only a part of it shows, in a way that can't be written without a clip."""


@dataclass(slots=True)
class Figure:
    """One figure of a path: M, L, B (a cubic curve) and C (closed), each with its points."""

    segments: list[tuple[str, tuple[Point, ...]]] = field(default_factory=list)

    @property
    def draws(self) -> bool:
        return any(kind in "LB" for kind, _points in self.segments)

    @property
    def points(self) -> list[Point]:
        return [point for _kind, points in self.segments for point in points]


@dataclass(frozen=True, slots=True)
class Stroke:
    color: tuple[int, int, int]
    width: float
    cap: str
    join: str
    miter: float
    dashes: tuple[float, ...]
    offset: float


@dataclass(frozen=True, slots=True)
class Path:
    """`rule` is NonZero or Even-Odd."""

    figures: tuple[Figure, ...]
    fill: tuple[int, int, int] | None
    stroke: Stroke | None
    rule: str
    alpha: float


def times(first: Matrix, then: Matrix) -> Matrix:
    """One matrix that does both (ISO 32000-1 8.3.4)."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def moved(point: Point, matrix: Matrix) -> Point:
    x, y = point
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def box_of(figures: tuple[Figure, ...]) -> Box:
    xs, ys = zip(*(point for figure in figures for point in figure.points), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def as_rectangle(figure: Figure) -> Box | None:
    """The figure as a rectangle that stands upright; None when it is none."""
    corners = figure.points
    if any(kind == "B" for kind, _points in figure.segments):
        return None
    if len(corners) == 5 and corners[4] == corners[0]:
        corners = corners[:4]
    if len(corners) != 4:
        return None
    left, upper, right, lower = box_of((figure,))
    ring = [(left, upper), (right, upper), (right, lower), (left, lower)]
    start = next((at for at, corner in enumerate(ring) if _is_at(corner, corners[0])), None)
    if start is None:
        return None
    ring = ring[start:] + ring[:start]
    backwards = [ring[0], *reversed(ring[1:])]
    for order in (ring, backwards):
        if all(_is_at(one, other) for one, other in zip(order, corners, strict=True)):
            return left, upper, right, lower
    return None


def _is_at(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) < CLOSE and abs(one[1] - other[1]) < CLOSE


def clipped(path: Path, window: Box) -> Path | None:
    """What of it shows in the window; None when nothing does. Raises CutOff for what can't be cut.

    Our press draws a border as two whole boxes, of which a clip leaves the rule. Rectangles are cut one by one, which leaves
    the rule itself. Clips are not handed on: there are readers that leave them out, and would show a slab.
    """
    margin = path.stroke.width / 2 if path.stroke else 0.0
    left, upper, right, lower = box_of(path.figures)
    around = (left - margin, upper - margin, right + margin, lower + margin)
    if holds(window, around):
        return path
    if meet(around, window) is None:
        return None
    boxes = [as_rectangle(figure) for figure in path.figures]
    # Of overlapping boxes that are not taken even-odd, the direction would count.
    if path.stroke or None in boxes or (len(boxes) > 1 and path.rule != EVEN_ODD):
        raise CutOff
    cut = [meet(box, window) for box in boxes if box]
    figures = tuple(_rectangle(box) for box in cut if box)
    return replace(path, figures=figures) if figures else None


def holds(window: Box, box: Box) -> bool:
    """Whether all of the box lies in the window."""
    return all(
        (
            box[0] >= window[0] - CLOSE,
            box[1] >= window[1] - CLOSE,
            box[2] <= window[2] + CLOSE,
            box[3] <= window[3] + CLOSE,
        )
    )


def meet(box: Box, window: Box) -> Box | None:
    """What two rectangles share; None when that has no area."""
    left, upper = max(box[0], window[0]), max(box[1], window[1])
    right, lower = min(box[2], window[2]), min(box[3], window[3])
    return (left, upper, right, lower) if right - left > CLOSE and lower - upper > CLOSE else None


def _rectangle(box: Box) -> Figure:
    left, upper, right, lower = box
    corners = ((right, upper), (right, lower), (left, lower))
    return Figure([("M", ((left, upper),)), *(("L", (corner,)) for corner in corners), ("C", ())])
