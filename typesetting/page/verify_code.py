"""The QR code under the type area of the last page, which leads to what became of the issue: its squares and its place.

It hangs in the middle of the lower margin, where no page number stands on any page, and takes no room from the text.
"""

from dataclasses import dataclass
from functools import lru_cache

import qrcode

from .presets import MM, PRESETS, Measures, Misfit, Preset, customised

CAPTION = "扫码核验"
ALTERNATIVE = "核验二维码"  # what is read aloud
SIDE_MM = 15.0  # of its squares, without the white around them
UNDER_MM = 3.0  # from the type area down to them
QUIET = 4  # squares of white that a reader needs around the code (ISO/IEC 18004:2015 6.3.8)
CAPTION_SIZE, CAPTION_LEADING = 9.0, 11.0
CAPTION_GAP_MM = 2.5
FREE_MM = 5.0  # of the sheet's edge, where many printers print nothing
LEAST_FOOT_MM = 30.0
LEAST_WIDTH_MM = 80.0  # of a line: the page number stands at its end


@dataclass(frozen=True)
class VerifyCode:
    """`path` draws the dark squares in SVG, one unit each, `side` of them in a row; places are in mm."""

    path: str
    side: int
    top_mm: float  # from the upper edge of the type area down to the squares
    side_mm: float = SIDE_MM
    caption: str = CAPTION
    alternative: str = ALTERNATIVE
    size: float = CAPTION_SIZE
    leading: float = CAPTION_LEADING
    caption_mm: float = SIDE_MM + CAPTION_GAP_MM  # from the upper edge of the squares down to the caption's line


def verify_code(link: str, preset: Preset) -> VerifyCode:
    rows = squares(link)
    path = "".join(
        f"M{start} {y}h{end - start}v1h-{end - start}z" for y, row in enumerate(rows) for start, end in _runs(row)
    )
    return VerifyCode(path, len(rows), round(preset.height_mm + UNDER_MM, 3))


@lru_cache(maxsize=64)
def squares(link: str) -> tuple[tuple[bool, ...], ...]:
    """The rows of the code from above, True where it is dark; error correction M."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(link)
    return tuple(tuple(map(bool, row)) for row in code.get_matrix())


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Where the dark stretches of a row begin and end."""
    edges = [x for x in range(len(row) + 1) if (x > 0 and row[x - 1]) != (x < len(row) and row[x])]
    return list(zip(edges[::2], edges[1::2], strict=True))


def has_room(preset: Preset) -> bool:
    return preset.bottom_mm >= LEAST_FOOT_MM - 0.01 and preset.measure / MM >= LEAST_WIDTH_MM


def has_room_in(layout: str, measures: Measures | None) -> bool:
    """The same by a bulletin's measures. No page at all has none: that is said where it is set."""
    try:
        return has_room(customised(PRESETS[layout], measures))
    except Misfit:
        return False
