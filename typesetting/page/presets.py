"""The layouts a bulletin can have: figures only, so that another layout is another row here and never another code path."""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import floor

from django.utils.translation import gettext as _

MM = 72 / 25.4  # points in a millimetre
PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210.0, 297.0
LEAST_MARGIN_MM, LEAST_FOOT_MM = 10.0, 20.0  # the page number stands under the type area
LEAST_LEADING, LEAST_ROW = 1.3, 24.0  # a row in sizes of the body; in points, for titles
SIZES, CHARACTERS, ROWS = (10.5, 18.0), (16, 45), (10, 26)
INDENT = 2.0  # em of a paragraph's first line, in every layout (GB/T 9704-2012 7.3.3)
ROUNDING = 0.8  # points kept free at the foot of the type area; without them its last row moves to the next page


@dataclass(frozen=True)
class Preset:
    """One page layout. Sizes are in points unless the name says otherwise; `characters` is the measure in em of the body.

    `printed` chooses line breaks as the printed issues did (typesetting/lines/breaks.py); it is there as the proof of the
    composer and not meant for new issues. `scale` is how much larger than it is set the whole page is printed, on A4: all that
    stands on it keeps its proportions. `remark` stands over the type area of every page.
    """

    name: str
    characters: float
    body_size: float
    left_mm: float
    rows: int = 22
    row_height: float = 28.95  # 22 rows in 225 mm; 225 mm / 22 exactly would overflow to 21
    top_mm: float = 37.0
    height_mm: float = 225.0
    page_number_padding: float = 11.0  # points above its line, so that the dashes are 7 mm under the type area
    title_size: float = 22.0
    printed: bool = False
    mirrored: bool = False  # even pages have the side margins the other way round, for printing on both sides
    scale: float = 1.0
    remark: str = ""

    @property
    def page_width_mm(self) -> float:
        """Of the paper as it is set on."""
        return PAGE_WIDTH_MM / self.scale

    @property
    def page_height_mm(self) -> float:
        return PAGE_HEIGHT_MM / self.scale

    @property
    def measure(self) -> float:
        """The length of a line."""
        return self.characters * self.body_size

    @property
    def right_mm(self) -> float:
        return self.page_width_mm - self.left_mm - self.measure / MM

    def left_mm_of(self, page: int) -> float:
        """The left margin of a page, counted from 1."""
        return self.right_mm if self.mirrored and page % 2 == 0 else self.left_mm

    @property
    def bottom_mm(self) -> float:
        return self.page_height_mm - self.top_mm - self.height_mm

    def em(self, size: float) -> float:
        """The measure in em of text of this size."""
        return self.measure / size


PRESETS = {
    preset.name: preset
    for preset in (
        # 现行版式: exactly 26 characters of 16 pt, in the middle of the sheet.
        Preset("current", characters=26, body_size=16, left_mm=(PAGE_WIDTH_MM - 26 * 16 / MM) / 2),
        # GB/T 9704-2012 5.2: 版心 156 mm x 225 mm, 订口 28 mm, 22 lines of 28 characters.
        Preset("gbt9704", characters=28, body_size=156 * MM / 28, left_mm=28),
        # The printed issues: A4 less Word's margins of 90 pt, by 16 pt.
        Preset("as-printed", characters=25.956, body_size=16, left_mm=90 / MM, printed=True),
    )
}

_LARGER = 22 / 16
_LARGE_HEIGHT = 225 / _LARGER
# 大字版: 18 lines of 16 characters of 22 pt, for old eyes. All that is smaller in an issue is larger in the same degree. It is
# no layout of a bulletin: what is signed is the official text.
LARGE_PRINT = Preset(
    "large",
    characters=16,
    body_size=16,
    left_mm=(PAGE_WIDTH_MM / _LARGER - 16 * 16 / MM) / 2,
    rows=18,
    row_height=floor((_LARGE_HEIGHT * MM - ROUNDING) / 18 * 100) / 100,
    top_mm=37 / _LARGER,
    height_mm=_LARGE_HEIGHT,
    scale=_LARGER,
    remark="大字版，非正式文本",
)


@dataclass(frozen=True)
class Measures:
    """What a bulletin sets otherwise than its preset; None leaves the preset's own.

    `mirrored`: the binding edge (订口) is at the left of odd and at the right of even pages (GB/T 9704-2012 5.2.1, 6.2).
    """

    characters: int | None = None
    rows: int | None = None
    body_size: float | None = None
    top_mm: float | None = None
    bottom_mm: float | None = None
    left_mm: float | None = None
    mirrored: bool = False


class Misfit(ValueError):
    """Measures that no page can have; the message says why, `field` which of them to change."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field


@lru_cache(maxsize=64)
def customised(preset: Preset, measures: Measures | None) -> Preset:
    """The preset with these measures. A line of another length stands in the middle of the sheet unless the left margin is given;
    more or fewer rows share the height between the margins. Raises Misfit."""
    if measures is None:
        return preset
    changed = replace(
        preset,
        characters=measures.characters or preset.characters,
        rows=measures.rows or preset.rows,
        body_size=measures.body_size or preset.body_size,
        top_mm=measures.top_mm or preset.top_mm,
        mirrored=measures.mirrored,
    )
    _refuse_extremes(changed)
    if measures.top_mm or measures.bottom_mm:
        bottom = measures.bottom_mm or preset.bottom_mm
        changed = replace(changed, height_mm=PAGE_HEIGHT_MM - changed.top_mm - bottom)
    if (changed.rows, changed.height_mm) != (preset.rows, preset.height_mm):
        height = max(changed.height_mm * MM - ROUNDING, 0)
        changed = replace(changed, row_height=floor(height / changed.rows * 100) / 100)
    if measures.left_mm or changed.measure != preset.measure:
        middle = (PAGE_WIDTH_MM - changed.measure / MM) / 2
        changed = replace(changed, left_mm=measures.left_mm or middle)
    _refuse_misfit(changed)
    return changed


def _refuse_extremes(preset: Preset) -> None:
    limits = (("body_size", SIZES), ("characters", CHARACTERS), ("rows", ROWS))
    for field, (least, most) in limits:
        if not least <= getattr(preset, field) <= most:
            raise Misfit(
                field, _("Give a number from %(least)s to %(most)s.") % {"least": f"{least:g}", "most": f"{most:g}"}
            )


def _refuse_misfit(preset: Preset) -> None:
    """The type area must fit the paper with its margins, and a row must hold a line of the body and of a title."""
    width = {"width": f"{preset.measure / MM:.0f}", "size": f"{preset.body_size:g}", "count": f"{preset.characters:g}"}
    if min(preset.left_mm, preset.right_mm) < LEAST_MARGIN_MM:
        words = _(
            "%(count)s characters of %(size)s pt are %(width)s mm wide: the margins at the sides become too narrow."
        )
        raise Misfit("left_mm" if preset.left_mm < LEAST_MARGIN_MM else "characters", words % width)
    if preset.top_mm < LEAST_MARGIN_MM:
        words = _("The upper margin must be at least %(least)s mm.")
        raise Misfit("top_mm", words % {"least": f"{LEAST_MARGIN_MM:g}"})
    if preset.bottom_mm < LEAST_FOOT_MM:
        words = _("The lower margin must be at least %(least)s mm: the page number stands in it.")
        raise Misfit("bottom_mm", words % {"least": f"{LEAST_FOOT_MM:g}"})
    least = max(LEAST_LEADING * preset.body_size, LEAST_ROW)
    if preset.row_height < least:
        words = _("%(rows)s lines leave %(height)s pt for each, at least %(least)s pt are needed.")
        values = {"rows": preset.rows, "height": f"{preset.row_height:.1f}", "least": f"{least:.1f}"}
        raise Misfit("rows", words % values)
