"""Pictures of pages: what of the text a reader sees on them, and their PNG files."""

import io
from collections.abc import Iterator, Sequence
from typing import Protocol

from PIL import Image, ImageChops

SCALE = 1.25  # pixels to a point: enough to tell ink from paper in the thinnest mark
FAINTEST = 225  # of 255: a box without any darker pixel shows nothing
DIFFERENT = 48  # shades by which a pixel differs when something lies upon it
LEAST_INK = 0.3  # points: what is smaller has no ink of its own

Origin = tuple[float, float]


class Placed(Protocol):
    """A character with the box of its ink, in points from the page's lower left corner."""

    @property
    def inked_left(self) -> float: ...
    @property
    def inked_right(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


def _shades(picture: Image.Image) -> tuple[float, float]:
    """The darkest and the lightest of a grey picture."""
    darkest, lightest = picture.getextrema()
    assert isinstance(darkest, int | float), "a picture of several channels"
    assert isinstance(lightest, int | float)
    return darkest, lightest


def unseen(picture: Image.Image, characters: Sequence[Placed], origin: Origin = (0, 0)) -> frozenset[int]:
    """The indexes of the characters in whose place the picture (grey) shows no ink at all. `origin` is its lower left corner."""
    return frozenset(
        index for index, box in _boxes(picture, characters, origin) if _shades(picture.crop(box))[0] > FAINTEST
    )


def covered(
    picture: Image.Image, alone: Image.Image, characters: Sequence[Placed], origin: Origin = (0, 0)
) -> frozenset[int]:
    """The indexes of the characters that look otherwise than where the text is drawn `alone`."""
    difference = ImageChops.difference(picture, alone)
    if not difference.getbbox():
        return frozenset()
    return frozenset(
        index for index, box in _boxes(picture, characters, origin) if _shades(difference.crop(box))[1] > DIFFERENT
    )


def _boxes(
    picture: Image.Image, characters: Sequence[Placed], origin: Origin
) -> Iterator[tuple[int, tuple[int, int, int, int]]]:
    """The pixels of each character that has ink and lies on the page."""
    width, height = picture.size
    for index, character in enumerate(characters):
        if character.high - character.low < LEAST_INK:
            continue
        left, right = ((edge - origin[0]) * SCALE for edge in (character.inked_left, character.inked_right))
        upper, lower = (height - (edge - origin[1]) * SCALE for edge in (character.high, character.low))
        box = (max(int(left), 0), max(int(upper), 0), min(int(right) + 1, width), min(int(lower) + 1, height))
        if box[0] < box[2] and box[1] < box[3]:
            yield index, box


def as_png(picture: Image.Image, *, is_text: bool) -> bytes:
    """A PNG file. Text alone is kept in sixteen greys, which show it as well at a fraction of the size."""
    stream = io.BytesIO()
    red, green, blue = picture.split()
    is_grey = not (ImageChops.difference(red, green).getbbox() or ImageChops.difference(green, blue).getbbox())
    if is_grey and is_text:
        shades = red.point([(shade + 8) // 17 for shade in range(256)])
        picture = Image.frombytes("P", shades.size, shades.tobytes())
        picture.putpalette([shade * 17 for shade in range(16) for _band in range(3)])
    picture.save(stream, "PNG", compress_level=4, **({"bits": 4} if picture.mode == "P" else {}))
    return stream.getvalue()
