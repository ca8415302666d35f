"""Makes a font that is cut for a PDF say the same to every reader: the code in the text is the glyph's number.

ISO 32000-1 9.7.4.2 leads from the code through the charset of a CID-keyed CFF font to the glyph. HarfBuzz cuts fonts
without changing their charset, and WeasyPrint writes glyph numbers, so that readers which follow the standard show other
glyphs or none. Here the charset becomes the identity. (The format: Adobe Technical Note 5176.)
"""

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from operator import itemgetter

ROS, CID_COUNT, FD_ARRAY, FD_SELECT = (12, 30), (12, 34), (12, 36), (12, 37)
CHARSET, ENCODING, CHAR_STRINGS, PRIVATE, SUBRS, NOMINAL_WIDTH = 15, 16, 17, 18, 19, 21
STANDARD_STRINGS = 391
MOST_FONTS = 24
ESCAPE, MOST_OPERATOR, REAL, SHORT, LONG = 12, 21, 30, 28, 29
# What an outline begins with: hints, which have pairs of numbers, or a move (or the end) with so many; one more is the width.
STEMS = frozenset((1, 3, 18, 19, 20, 23))
MOVES = {21: 2, 22: 1, 4: 1, 14: 0}
REAL_SIGNS = (*"0123456789.E", "E-", "", "-")

Operator = int | tuple[int, int]


class UnknownFont(Exception):
    """The font is built in a way that this module doesn't know."""


@lru_cache(maxsize=MOST_FONTS)
def bare(font: bytes, widened: tuple[tuple[int, int], ...] = ()) -> bytes:
    """The CFF inside an OpenType font, its charset the identity where it is CID-keyed.

    `widened` are glyphs, each with a width of its own, that are put behind the others: copies of those they name.
    """
    cff = table(font, b"CFF ")
    parsed = Cff(cff)
    return parsed.written(widened) if parsed.is_cid else cff


@lru_cache(maxsize=MOST_FONTS)
def glyph_count(font: bytes) -> int:
    """How many glyphs an OpenType font with CID-keyed outlines has; 0 when it has others."""
    parsed = Cff(table(font, b"CFF ")) if font[:4] == b"OTTO" else None
    return len(parsed.outlines) if parsed and parsed.is_cid else 0


def table(font: bytes, tag: bytes) -> bytes:
    """One table of an OpenType font."""
    for at in range(12, 12 + 16 * int.from_bytes(font[4:6]), 16):
        if font[at : at + 4] == tag:
            start, length = int.from_bytes(font[at + 8 : at + 12]), int.from_bytes(font[at + 12 : at + 16])
            return font[start : start + length]
    raise UnknownFont(tag.decode(errors="replace"))


@dataclass(frozen=True, slots=True)
class DictEntry:
    """An operator of a DICT with its operands, as numbers and as they are written."""

    operator: Operator
    numbers: tuple[float, ...]
    written: bytes

    def data(self) -> bytes:
        return self.written + (bytes(self.operator) if isinstance(self.operator, tuple) else bytes((self.operator,)))


class Cff:
    """A font's outlines, read as far as it takes to write them anew."""

    def __init__(self, data: bytes):
        self.data = data
        self.names, at = _index(data, data[2])
        (top, *others), at = _index(data, at)
        if others:
            raise UnknownFont("several fonts in one")
        self.strings, at = _index(data, at)
        _subroutines, end = _index(data, at)
        self.subroutines = data[at:end]
        self.top = _entries(top)
        self.is_cid = any(entry.operator == ROS for entry in self.top)

    def _offset(self, operator: Operator) -> int:
        return int(next(entry.numbers[-1] for entry in self.top if entry.operator == operator))

    def written(self, widened: Sequence[tuple[int, int]] = ()) -> bytes:
        """The font with glyph g as CID g. Registry and ordering become Adobe-Identity."""
        outlines, fonts = self.outlines, [_entries(font) for font in _index(self.data, self._offset(FD_ARRAY))[0]]
        glyphs = len(outlines) + len(widened)
        charset = bytes((2,)) + (1).to_bytes(2) + (glyphs - 2).to_bytes(2) if glyphs > 1 else bytes(1)
        owners = [self._owner(glyph) for glyph, _width in widened]
        select = self._select(owners)
        nominal = [_first(_entries(self._private(font)), NOMINAL_WIDTH) for font in fonts]
        more = [
            _with_width(outlines[glyph], width - nominal[owner])
            for (glyph, width), owner in zip(widened, owners, strict=True)
        ]
        shapes = outlines.written(more)
        strings = [*self.strings, b"Adobe", b"Identity"]
        head = self.data[: self.data[2]] + _written_index(self.names)
        tail = _written_index(strings) + self.subroutines

        def top_dict(start: int) -> bytes:
            places = accumulate((len(charset), len(select), len(shapes)), initial=start)
            offsets: dict[Operator, int] = dict(zip((CHARSET, FD_SELECT, CHAR_STRINGS, FD_ARRAY), places, strict=True))
            return _written_index([self._top_dict(offsets, len(strings), glyphs)])

        start = len(head) + len(top_dict(0)) + len(tail)
        body = head + top_dict(start) + tail + charset + select + shapes
        return body + self._font_dicts(fonts, len(body))

    @cached_property
    def outlines(self) -> "Outlines":
        return Outlines(self.data, self._offset(CHAR_STRINGS))

    @cached_property
    def _ranges(self) -> list[tuple[int, int]]:
        """The glyphs from which on another of the font's DICTs holds, each with its DICT."""
        start = self._offset(FD_SELECT)
        if self.data[start] == 0:
            owners = self.data[start + 1 : start + 1 + len(self.outlines)]
            return [(glyph, one) for glyph, one in enumerate(owners) if not glyph or owners[glyph - 1] != one]
        if self.data[start] != 3:
            raise UnknownFont("FDSelect")
        count = int.from_bytes(self.data[start + 1 : start + 3])
        places = range(start + 3, start + 3 + 3 * count, 3)
        return [(int.from_bytes(self.data[place : place + 2]), self.data[place + 2]) for place in places]

    def _owner(self, glyph: int) -> int:
        return self._ranges[bisect(self._ranges, glyph, key=itemgetter(0)) - 1][1]

    def _select(self, owners: Sequence[int]) -> bytes:
        """Which of the font's DICTs each glyph belongs to; `owners` are those of the glyphs that come in addition."""
        first = len(self.outlines)
        ranges = [*self._ranges, *((first + at, owner) for at, owner in enumerate(owners))]
        rows = b"".join(glyph.to_bytes(2) + bytes((owner,)) for glyph, owner in ranges)
        return bytes((3,)) + len(ranges).to_bytes(2) + rows + (first + len(owners)).to_bytes(2)

    def _top_dict(self, offsets: dict[Operator, int], strings: int, glyphs: int) -> bytes:
        adobe = STANDARD_STRINGS + strings - 2
        out = b"".join(map(_long, (adobe, adobe + 1, 0))) + bytes(ROS)
        for entry in self.top:
            if entry.operator not in (ROS, CID_COUNT, ENCODING, *offsets):
                out += entry.data()
        out += _long(glyphs) + bytes(CID_COUNT)
        for operator, offset in offsets.items():
            out += DictEntry(operator, (), _long(offset)).data()
        return out

    def _font_dicts(self, fonts: list[list[DictEntry]], start: int) -> bytes:
        """The array of DICTs, and behind it the private ones that they point to."""
        private = [self._private(font) for font in fonts]

        def array(place: int) -> bytes:
            places = accumulate(map(len, private), initial=place)
            return _written_index(
                [_pointing(*pair) for pair in zip(fonts, zip(private, places, strict=False), strict=True)]
            )

        length = len(array(0))
        return array(start + length) + b"".join(private)

    def _private(self, font: Iterable[DictEntry]) -> bytes:
        size, offset = map(int, next(entry.numbers for entry in font if entry.operator == PRIVATE))
        data = self.data[offset : offset + size]
        if any(entry.operator == SUBRS for entry in _entries(data)):
            raise UnknownFont("subroutines")  # HarfBuzz was told to leave none
        return data


class Outlines:
    """The INDEX of a font's outlines, of which only those asked for are looked at."""

    def __init__(self, data: bytes, at: int):
        self.data, self.at = data, at
        self.count, self.size = int.from_bytes(data[at : at + 2]), data[at + 2]
        self.base = at + 3 + (self.count + 1) * self.size - 1
        self.length = self._offset(self.count)

    def __len__(self) -> int:
        return self.count

    def _offset(self, glyph: int) -> int:
        place = self.at + 3 + glyph * self.size
        return int.from_bytes(self.data[place : place + self.size])

    def __getitem__(self, glyph: int) -> bytes:
        return self.data[self.base + self._offset(glyph) : self.base + self._offset(glyph + 1)]

    def written(self, more: Sequence[bytes]) -> bytes:
        """The INDEX with more behind."""
        offsets = list(accumulate(map(len, more), initial=self.length))[1:]
        if offsets and offsets[-1] >= 256**self.size:
            return _written_index([*(self[glyph] for glyph in range(self.count)), *more])
        known = self.data[self.at + 3 : self.base + 1] + b"".join(offset.to_bytes(self.size) for offset in offsets)
        shapes = self.data[self.base + 1 : self.base + self.length]
        return (self.count + len(more)).to_bytes(2) + bytes((self.size,)) + known + shapes + b"".join(more)


def _with_width(outline: bytes, difference: float) -> bytes:
    """A glyph's outline with another width, written as the difference from the font's nominal one."""
    at, ends = 0, []
    while outline[at] >= 32 or outline[at] == SHORT:
        at += 5 if outline[at] == 255 else 3 if outline[at] == SHORT else 1 if outline[at] <= 246 else 2
        ends.append(at)
    if outline[at] not in MOVES and outline[at] not in STEMS:
        raise UnknownFont("an outline that begins in another way")
    has_width = len(ends) % 2 if outline[at] in STEMS else len(ends) > MOVES[outline[at]]
    return bytes((SHORT,)) + round(difference).to_bytes(2, signed=True) + outline[ends[0] if has_width else 0 :]


def _first(entries: Iterable[DictEntry], operator: Operator) -> float:
    return next((entry.numbers[0] for entry in entries if entry.operator == operator), 0)


def _pointing(font: list[DictEntry], private: tuple[bytes, int]) -> bytes:
    data, place = private
    rest = b"".join(entry.data() for entry in font if entry.operator != PRIVATE)
    return rest + _long(len(data)) + _long(place) + bytes((PRIVATE,))


def _index(data: bytes, at: int) -> tuple[list[bytes], int]:
    """The objects of an INDEX, and where it ends."""
    count = int.from_bytes(data[at : at + 2])
    if not count:
        return [], at + 2
    size, first = data[at + 2], at + 3
    base = first + (count + 1) * size - 1
    offsets = [int.from_bytes(data[place : place + size]) for place in range(first, base + 1, size)]
    found = [data[base + start : base + end] for start, end in zip(offsets, offsets[1:], strict=False)]
    return found, base + offsets[-1]


def _written_index(objects: Sequence[bytes]) -> bytes:
    if not objects:
        return bytes(2)
    offsets = list(accumulate(map(len, objects), initial=1))
    size = max((offsets[-1].bit_length() + 7) // 8, 1)
    head = len(objects).to_bytes(2) + bytes((size,))
    return head + b"".join(offset.to_bytes(size) for offset in offsets) + b"".join(objects)


def _entries(data: bytes) -> list[DictEntry]:
    """The operators of a DICT."""
    found: list[DictEntry] = []
    numbers: list[float] = []
    start = at = 0
    while at < len(data):
        byte = data[at]
        if byte <= MOST_OPERATOR:
            operator = (byte, data[at + 1]) if byte == ESCAPE else byte
            found.append(DictEntry(operator, tuple(numbers), data[start:at]))
            at += 2 if byte == ESCAPE else 1
            numbers, start = [], at
            continue
        number, at = _number(data, at)
        numbers.append(number)
    return found


def _number(data: bytes, at: int) -> tuple[float, int]:
    """A number of a DICT, and where it ends."""
    byte = data[at]
    if byte == SHORT:
        return int.from_bytes(data[at + 1 : at + 3], signed=True), at + 3
    if byte == LONG:
        return int.from_bytes(data[at + 1 : at + 5], signed=True), at + 5
    if byte == REAL:
        return _real(data, at + 1)
    if byte <= 246:
        return byte - 139, at + 1
    sign = 1 if byte <= 250 else -1
    return sign * (((byte - 247) % 4) * 256 + data[at + 1] + 108), at + 2


def _real(data: bytes, at: int) -> tuple[float, int]:
    text = ""
    while True:
        for half in divmod(data[at], 16):
            if half == 15:
                return float(text), at + 1
            text += REAL_SIGNS[half]
        at += 1


def _long(number: int) -> bytes:
    return bytes((LONG,)) + number.to_bytes(4, signed=True)
