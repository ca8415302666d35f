"""Photos with their captions: how large they stand, in whole rows of the page's grid.

A photo is as large as its place allows, and never so large that fewer than 150 of its pixels make an inch. Rows of two have
equal heights and, in one article, common edges wherever that makes none of them much smaller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import ClassVar

from ..content import PhotoContent
from . import parts
from .presets import Preset

MOST_ROWS, PAIR_MOST_ROWS = 10, 9  # of the page that photos take, without their captions
LEAST_DPI = 150
SINGLE_SHARE = 0.78  # of the measure that one photo may fill
COMMON_SHARE = 0.85  # of the measure: rows that can't be as wide have edges of their own
GUTTER = 12.0  # points between two photos side by side
AIR = 5.0  # points kept free above the photo and below its caption, at least
CAPTION_LEADING, CAPTION_GAP = 18.0, 5.0  # a line; between the photo and its caption
MOST_CAPTION_LINES = 2  # before a caption may be wider than its photo, or is set smaller
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
    """One photo, or two side by side, with their captions; `height` is that of whole rows."""

    template: ClassVar[str] = "typesetting/_pictures.html"
    pictures: tuple[Picture, ...]
    height: float
    above: float  # kept free over the photos
    is_placed: bool = False  # behind a paragraph of the writer's choice
    is_last: bool = False


def arrange(photos: Sequence[PhotoContent], preset: Preset) -> list[Pictures]:
    """Photos by two and two, an odd one first and alone, as is a panorama.

    `photos` have photo_id, caption, alternative, width and height in pixels.
    """
    groups: list[list[PhotoContent]] = []
    is_odd = len(photos) % 2
    for photo in photos:
        fits_beside = groups and len(groups[-1]) == 1 and not _is_wide(photo) and not _is_wide(groups[-1][0])
        if fits_beside and not (is_odd and len(groups) == 1):
            groups[-1].append(photo)
        else:
            groups.append([photo])
    common = _common_width(groups, preset)
    return [_side_by_side(group, common or preset.measure * SINGLE_SHARE, preset) for group in groups]


def _is_wide(photo: PhotoContent) -> bool:
    return photo.width > WIDE * photo.height


def _common_width(groups: Sequence[Sequence[PhotoContent]], preset: Preset) -> float | None:
    """The width that all rows of photos of an article have which can; None when no two stand side by side."""
    if not any(len(group) > 1 for group in groups):
        return None
    widths = [min(_width_at(group, _most_height(group, preset)), preset.measure) for group in groups]
    return min((width for width in widths if width >= COMMON_SHARE * preset.measure), default=preset.measure)


def _ratios(group: Sequence[PhotoContent]) -> float:
    return sum(max(photo.width, 1) / max(photo.height, 1) for photo in group)


def _width_at(group: Sequence[PhotoContent], height: float) -> float:
    return height * _ratios(group) + GUTTER * (len(group) - 1)


def _most_height(group: Sequence[PhotoContent], preset: Preset) -> float:
    """What the page and the photos' pixels allow."""
    rows = MOST_ROWS if len(group) == 1 else PAIR_MOST_ROWS
    pixels = min(max(photo.height, 1) for photo in group)
    return min(rows * preset.row_height - 2 * AIR, pixels * 72 / LEAST_DPI)


def _side_by_side(group: Sequence[PhotoContent], width: float, preset: Preset) -> Pictures:
    height = min((width - GUTTER * (len(group) - 1)) / _ratios(group), _most_height(group, preset))
    pictures = [_picture(photo, height, len(group) == 1, preset) for photo in group]
    captions = [picture.caption.rows for picture in pictures if picture.caption]
    under = max(captions) * CAPTION_LEADING + CAPTION_GAP if captions else 0.0
    rows = ceil((height + under + 2 * AIR) / preset.row_height - 0.01)
    above = (rows * preset.row_height - height - under) / 2
    is_placed = any(photo.after for photo in group)
    return Pictures(tuple(pictures), rows * preset.row_height, round(above, 3), is_placed)


def _picture(photo: PhotoContent, height: float, is_single: bool, preset: Preset) -> Picture:
    width = height * max(photo.width, 1) / max(photo.height, 1)
    caption = parts.caption(photo.caption, max(width, 6 * parts.CAPTION_SIZE))
    if caption and caption.rows > MOST_CAPTION_LINES:
        smaller = max(width, 6 * parts.SMALL_CAPTION_SIZE)
        caption = parts.caption(photo.caption, preset.measure if is_single else smaller, is_small=not is_single)
    alternative = " ".join((photo.alternative or photo.caption).split()) or "照片"
    cell = preset.measure if is_single else width
    return Picture(photo.photo_id, alternative, round(width, 3), round(height, 3), round(cell, 3), caption)
