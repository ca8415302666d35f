"""Which character each glyph of an installed font stands for: what the codes of a file's font must be taken for."""

from functools import lru_cache

from fontTools.ttLib import TTFont

from ..fonts import roles
from .book import is_leftwards
from .lines import bare, plain_name
from .structure import EmbeddedFont

BOLD = 200  # by fontconfig's count
MOST_OF_WIDTH = 5  # bytes of a number in a glyph's program


def taken_for_others(font: EmbeddedFont) -> str:
    """The characters that the file takes a code for although the installed font has another one's glyph there.

    Letters from right to left are left out: their glyphs change with their neighbours.
    """
    shown = _characters_of(plain_name(font.name))
    glyphs = {character: glyph for glyph, characters in shown.items() for character in characters}
    wrong = [
        text
        for code, text in sorted(font.texts.items())
        if len(text) == 1
        and not text.isspace()
        and code in shown
        and ord(text) not in shown[code]
        and not is_leftwards(text)
        and not _is_copy(font.outline(code), font.outline(glyphs.get(ord(text), 0)))
    ]
    # Another edition of the font has its glyphs in another order: then nothing can be said.
    return "" if 2 * len(wrong) > len(font.texts) else "".join(wrong)


def _is_copy(outline: bytes, original: bytes) -> bool:
    """Whether one draws what the other draws, though its width, the first number of the program, may be another."""
    starts = [(i, j) for i in range(MOST_OF_WIDTH + 1) for j in range(MOST_OF_WIDTH + 1)]
    return len(outline) > MOST_OF_WIDTH and any(outline[i:] == original[j:] for i, j in starts)


@lru_cache(maxsize=16)
def _characters_of(name: str) -> dict[int, set[int]]:
    """The characters of each glyph number of an installed font; empty when the font is not installed."""
    known = [face for faces in roles.installed().values() for face in faces if bare(name).startswith(bare(face.family))]
    if not known:
        return {}
    is_bold = bare(name).endswith(("bold", "black"))
    face = max(known, key=lambda face: (len(face.family), (face.weight >= BOLD) == is_bold))
    found: dict[int, set[int]] = {}
    with TTFont(face.file, fontNumber=face.index, lazy=True) as font:
        font.setGlyphOrder(range(font["maxp"].numGlyphs))  # glyphs by their numbers: their names would be slow to read
        for character, glyph in font.getBestCmap().items():
            found.setdefault(glyph, set()).add(character)
    return found
