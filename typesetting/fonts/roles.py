"""Which installed font serves each role of the page, how wide its characters are, and which characters it lacks.

FONT_DIR is made known to fontconfig by a configuration of our own (VAR_DIR/fonts.conf), which takes in the system's.
"""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings
from fontTools.ttLib import TTFont
from PIL import ImageFont

from ..lines import classes

BODY, TITLE, MASTHEAD, KAI, HEI, SONG = "body", "title", "masthead", "kai", "hei", "song"

_TITLE_STACK = (
    "方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋_GBK",
    "Noto Serif SC", "Noto Serif CJK SC", "FandolSong",
)  # fmt: skip

# Licensed fonts first, free ones last: what is installed is used.
STACKS = {
    BODY: ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "FandolFang", "Noto Serif CJK SC"),
    TITLE: _TITLE_STACK,
    MASTHEAD: _TITLE_STACK,
    KAI: ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "FandolKai", "LXGW WenKai", "Noto Serif CJK SC"),
    HEI: ("黑体", "SimHei", "FandolHei", "Noto Sans CJK SC"),
    SONG: ("宋体", "SimSun", "FandolSong", "Noto Serif CJK SC"),
}
WEIGHTS = {TITLE: 700, MASTHEAD: 900}
# 仿宋 and 楷体 are so light that the thinnest weight of another font comes nearest to them.
FALLBACK_WEIGHTS = {BODY: 200, KAI: 200}
# Drawn as something else: the Fandol fonts have a dollar for ￥, a hyphen for ￣, a letter in a box for 〆.
MISDRAWN = dict.fromkeys(("FandolFang", "FandolKai", "FandolHei", "FandolSong"), frozenset("￥￣〆"))
CUT = " Cut"  # behind the family name of a font cut to what is usual
DRAWN_SIZE = 200  # pixels of an em, to see where ink begins and ends
_FONTCONFIG_WEIGHTS = {200: 40, 400: 80, 700: 200, 900: 210}


@dataclass(frozen=True)
class Face:
    """One installed font: a file, its index inside a collection, and fontconfig's weight (80 regular, 200 bold)."""

    family: str
    file: str
    index: int
    weight: int


def misdrawn(face: Face) -> frozenset[str]:
    """The characters that the face has wrong."""
    return MISDRAWN.get(face.family.removesuffix(CUT), frozenset())


@dataclass
class _Glyphs:
    """What is known of a face's characters, read from its file once: the width of each, in units of the font."""

    face: Face
    characters: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        with TTFont(self.face.file, fontNumber=self.face.index, lazy=True) as font:
            # Glyphs are known by their numbers: their names would be read out of the outlines, megabytes of them.
            font.setGlyphOrder(range(font["maxp"].numGlyphs))
            widths = font["hmtx"].metrics
            wrong = {ord(character) for character in misdrawn(self.face)}
            self.characters = {c: widths[glyph][0] for c, glyph in font.getBestCmap().items() if c not in wrong}
            self._units = font["head"].unitsPerEm

    def width(self, character: str) -> float:
        width: float = self.characters[ord(character)] / self._units
        return width


def fontconfig_file() -> Path:
    """Write VAR_DIR/fonts.conf and make this process use it; safe to call again. Call it before fonts are loaded."""
    path = Path(settings.VAR_DIR) / "fonts.conf"
    system = os.environ.get("FONTCONFIG_FILE") or "/etc/fonts/fonts.conf"
    if system == str(path):
        return path
    text = (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f'  <include ignore_missing="yes">{escape(system)}</include>\n'
        f"  <dir>{escape(str(settings.FONT_DIR))}</dir>\n"
        f"  <cachedir>{escape(str(Path(settings.VAR_DIR) / 'fontconfig'))}</cachedir>\n</fontconfig>\n"
    )
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        new.write_text(text)
        new.replace(path)
    os.environ["FONTCONFIG_FILE"] = str(path)
    return path


@cache
def installed() -> dict[str, tuple[Face, ...]]:
    """All installed faces by each of their family names, in a settled order."""
    fontconfig_file()
    found: dict[str, set[Face]] = {}
    out = _ask("fc-list", "--format", "%{family}\t%{file}\t%{index}\t%{weight}\n", ":")
    for row in out.splitlines():
        families, file, index, weight = row.split("\t")
        if not weight.isdigit():
            continue  # a variable font's range
        for family in families.split(","):
            found.setdefault(family, set()).add(Face(family, file, int(index) & 0xFFFF, int(weight)))
    return {family: tuple(sorted(faces, key=lambda face: (face.file, face.index))) for family, faces in found.items()}


def _ask(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@cache
def faces(role: str) -> tuple[Face, ...]:
    """The installed faces of a role's stack, first choice first; before each one the small font cut from it, if there is."""
    chosen: list[Face] = []
    for family in STACKS[role]:
        if family in installed():
            weight = FALLBACK_WEIGHTS.get(role) if chosen else WEIGHTS.get(role)
            wanted = _FONTCONFIG_WEIGHTS[weight or WEIGHTS.get(role, 400)]
            whole = min(installed()[family], key=lambda face: (abs(face.weight - wanted), face.file))
            chosen += [face for face in installed().get(family + CUT, ()) if face.weight == whole.weight][:1]
            chosen.append(whole)
    return tuple(chosen)


def whole_face(role: str) -> Face | None:
    """The font that serves the role, itself and not what was cut from it."""
    return next((face for face in faces(role) if not face.family.endswith(CUT)), None)


def css_stack(role: str) -> str:
    """The value of font-family: only what is installed, so that matching is quick and settled."""
    return ", ".join(f'"{face.family}"' for face in faces(role)) or "serif"


@lru_cache(maxsize=16)
def _glyphs(face: Face) -> _Glyphs:
    return _Glyphs(face)


@lru_cache(maxsize=65536)
def face_of(character: str, role: str) -> Face | None:
    """The face that will set this character: of the role's stack, else what fontconfig finds, else None."""
    for face in faces(role):
        if ord(character) in _glyphs(face).characters:
            return face
    return _foreign_face(ord(character))


@lru_cache(maxsize=2048)
def _foreign_face(codepoint: int) -> Face | None:
    """Any installed face with the character; the first by file name, which is as good a guess as another."""
    out = _ask("fc-list", "--format", "%{family[0]}\t%{file}\t%{index}\n", f":charset={codepoint:x}")
    rows = sorted((row.split("\t") for row in out.splitlines()), key=lambda row: (row[1], row[2]))
    if not rows:
        return None
    family, file, index = rows[0]
    return Face(family, file, int(index) & 0xFFFF, 80)


def is_own(character: str, role: str) -> bool:
    """Whether the face at the head of the stack has it: only then do its lines stand as high as their neighbours."""
    first = faces(role)[:1]
    return bool(first) and ord(character) in _glyphs(first[0]).characters


def passed_over(character: str, role: str) -> str:
    """The family that must be named for a character, because one before it in the stack has it wrong; empty otherwise."""
    if not any(character in misdrawn(face) for face in faces(role)):
        return ""
    face = face_of(character, role)
    return face.family if face else ""


def falls_back(character: str, role: str) -> bool:
    """Whether the role's font lacks it, so that another, perhaps heavier, steps in."""
    whole = whole_face(role)
    return whole is None or ord(character) not in _glyphs(whole).characters


def forget() -> None:
    """Look again at what is installed."""
    for cached in (installed, faces, face_of, width, ink, _foreign_face):
        cached.cache_clear()


@lru_cache(maxsize=512)
def ink(character: str, role: str) -> tuple[float, float]:
    """Where the ink of a character begins and ends, in em from where its width begins. A blank one fills its width."""
    face = face_of(character, role)
    box = None
    if face:
        mask, offset = ImageFont.truetype(face.file, DRAWN_SIZE, index=face.index).getmask2(character)
        box = mask.getbbox()
    if not box:
        return 0.0, width(character, role)
    return (offset[0] + box[0]) / DRAWN_SIZE, (offset[0] + box[2]) / DRAWN_SIZE


@cache
def widths(role: str) -> Callable[[str], float]:
    """The advances of characters set in this role's font."""
    return lambda character: width(character, role)


def whites(character: str, role: str) -> tuple[float, float]:
    """The white before and behind the ink of a character, in em."""
    start, end = ink(character, role)
    return start, width(character, role) - end


@lru_cache(maxsize=65536)
def width(character: str, role: str) -> float:
    """The advance of a character in em, in the face that will set it."""
    if classes.joins_previous(character):
        return 0.0
    face = face_of(character, role)
    return _glyphs(face).width(character) if face else classes.rule_width(character)
