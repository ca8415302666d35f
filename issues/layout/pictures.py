"""Photos with their captions: how large they stand, in whole rows of the page's grid."""

from dataclasses import dataclass
from math import ceil
from typing import ClassVar

from . import parts
from .presets import Preset

MOST_ROWS, PAIR_MOST_ROWS = 10, 8
SINGLE_SHARE = 0.78  # of the measure that one photo may fill
GUTTER = 12.0  # points between two photos side by side
AIR = 5.0  # points kept free above and below a photo
LEAST_ROWS = 3
WIDE = 2.5  # times as wide as high: never beside another


@dataclass(frozen=True)
class Picture:
    photo_id: int
    alt: str
    width: float
    height: float
    cell_width: float
    caption: parts.Text | None


@dataclass(frozen=True)
class Pictures:
    """One photo, or two side by side; `height` is that of whole rows, without the captions."""

    template: ClassVar[str] = "issues/print/_pictures.html"
    pictures: tuple[Picture, ...]
    height: float
    above: float  # kept free over the photos
    is_last: bool = False


def arrange(photos, preset: Preset) -> list[Pictures]:
    """Photos by two and two, an odd one first and alone, as is a panorama. `photos` have photo_id, caption, width, height."""
    groups: list[list] = []
    is_odd = len(photos) % 2
    for photo in photos:
        fits_beside = groups and len(groups[-1]) == 1 and not _is_wide(photo) and not _is_wide(groups[-1][0])
        if fits_beside and not (is_odd and len(groups) == 1):
            groups[-1].append(photo)
        else:
            groups.append([photo])
    return [_side_by_side(group, preset) for group in groups]


def _is_wide(photo) -> bool:
    return photo.width > WIDE * photo.height


def _side_by_side(group, preset: Preset) -> Pictures:
    ratios = [max(photo.width, 1) / max(photo.height, 1) for photo in group]
    is_single = len(group) == 1
    room = preset.measure * SINGLE_SHARE if is_single else preset.measure - GUTTER
    most = (MOST_ROWS if is_single else PAIR_MOST_ROWS) * preset.row_height - 2 * AIR
    height = min(room / sum(ratios), most)
    rows = max(ceil((height + 2 * AIR) / preset.row_height - 0.01), LEAST_ROWS)
    scale = height / (room / sum(ratios))
    above = max((rows * preset.row_height - height) / 2, AIR)
    pictures = []
    for photo, ratio in zip(group, ratios, strict=True):
        cell = preset.measure if is_single else (preset.measure - GUTTER) * ratio / sum(ratios)
        caption = parts.caption(photo.caption, preset.measure if is_single else max(cell, 6 * parts.CAPTION_SIZE))
        width = min(height * ratio, room * ratio / sum(ratios) * scale)
        alternative = " ".join(photo.caption.split()) or "照片"
        pictures.append(Picture(photo.photo_id, alternative, width, height, cell, caption))
    return Pictures(tuple(pictures), rows * preset.row_height, above)
