"""The layouts a bulletin can have: figures only, so that another layout is another row here and never another code path."""

from dataclasses import dataclass

MM = 72 / 25.4  # points in a millimetre
PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210.0, 297.0


@dataclass(frozen=True)
class Preset:
    """One page layout. Sizes are in points unless the name says otherwise; `characters` is the measure in em of the body.

    `printed` chooses line breaks as the printed issues did (issues/layout/breaks.py); it is there as the proof of the
    composer and not meant for new issues.
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

    @property
    def measure(self) -> float:
        """The length of a line."""
        return self.characters * self.body_size

    @property
    def right_mm(self) -> float:
        return PAGE_WIDTH_MM - self.left_mm - self.measure / MM

    @property
    def bottom_mm(self) -> float:
        return PAGE_HEIGHT_MM - self.top_mm - self.height_mm

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
