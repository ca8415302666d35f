"""Cuts the fonts that serve the page to GB 2312 and the usual rare names, once at set-up: smaller files, less memory.

The whole fonts stay behind the cut ones in every stack, so that no character is lost. HarfBuzz does the cutting (a tenth of
a second a font; fontTools takes fifteen).
"""

import ctypes
import hashlib
import io
from functools import cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

from . import roles
from .roles import Face

RARE_NAMES = (
    "镕喆堃赟龑珺玥昇旸翀璟昉彧烨炜玮琰祎翊垚淼鑫森晟昊旻珏瑄頔濬峣骙筠翾㛃䶮熠煊燊燚甯皞睿祺禤稹竑笪綦罡翯芃芮荻莜菡葳蒯薇蘅"
    "袆诃赑趱跶逯邗郗郄郦鄢酆钭锴镔闫闳阚隗霈霏霁霂霖靓韪韫颀颋飏飖馗骅骢骦鲲鸢麴黎黟鼐"
)
OTHERS = "—·～…“”‘’〔〕℃‰①②③④⑤⑥⑦⑧⑨⑩〇"
DROPPED_TABLES = ("GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx")

# hb-subset.h; the hints are for screens, and the PDF never has them
_NO_HINTING, _DESUBROUTINIZE, _NOTDEF_OUTLINE, _DROP_TABLES = 1, 4, 64, 3
FLAGS = _NO_HINTING | _DESUBROUTINIZE | _NOTDEF_OUTLINE
_FAMILY_NAMES, _FULL_NAMES, _POSTSCRIPT_NAMES = (1, 16), (4,), (6,)


class CannotCut(Exception):
    """HarfBuzz's subset library is not there, or refuses the font."""


def folder() -> Path:
    return Path(settings.FONT_DIR) / "cut"


@cache
def usual_characters() -> frozenset[int]:
    """GB 2312, ASCII and the rare names."""
    found = set(range(0x20, 0x7F)) | {ord(character) for character in RARE_NAMES + OTHERS}
    for lead in range(0xA1, 0xF8):
        for trail in range(0xA1, 0xFF):
            found.update(ord(character) for character in bytes((lead, trail)).decode("gb2312", "ignore"))
    return frozenset(found)


def cut_all() -> list[Path]:
    """Cut every font that serves a role. Returns the files."""
    return cut_faces({face for role in roles.STACKS if (face := roles.whole_face(role))})


def cut_faces(faces: set[Face]) -> list[Path]:
    """Cut these fonts; those cut before in the same way are kept, all others go."""
    folder().mkdir(parents=True, exist_ok=True)
    wanted = {folder() / _name(face): face for face in faces}
    for path, face in wanted.items():
        if not path.exists():
            new = path.with_suffix(".new")
            new.write_bytes(cut(face))
            new.replace(path)
    for path in folder().glob("*.otf"):
        if path not in wanted:
            path.unlink()
    roles.forget()
    return sorted(wanted)


def _name(face: Face) -> str:
    """A file name that tells what the font was cut from and how, so that anything else is cut anew."""
    source = Path(face.file).stat()
    how = DROPPED_TABLES, FLAGS, sorted(usual_characters())
    made_from = repr((source.st_size, source.st_mtime_ns, face.index, how))
    digest = hashlib.sha256(made_from.encode()).hexdigest()[:8]
    return f"{face.family.replace(' ', '')}-{face.weight}-{digest}.otf"


def cut(face: Face) -> bytes:
    """The font with the usual characters alone, under the family name `<family> Cut`."""
    small = TTFont(io.BytesIO(subset(Path(face.file).read_bytes(), face.index, usual_characters())), lazy=True)
    family = face.family + roles.CUT
    for record in small["name"].names:
        if record.nameID in _FAMILY_NAMES:
            record.string = family
        elif record.nameID in _FULL_NAMES + _POSTSCRIPT_NAMES:
            record.string = family.replace(" ", "-") if record.nameID in _POSTSCRIPT_NAMES else family
    stream = io.BytesIO()
    small.save(stream)
    return stream.getvalue()


@cache
def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL("libharfbuzz-subset.so.0")
    except OSError as error:
        raise CannotCut("libharfbuzz-subset0") from error
    pointer, number, names = ctypes.c_void_p, ctypes.c_uint, ctypes.c_char_p
    for name, result, arguments in (
        ("hb_blob_create", pointer, [names, number, ctypes.c_int, pointer, pointer]),
        ("hb_face_create", pointer, [pointer, number]),
        ("hb_subset_input_create_or_fail", pointer, []),
        ("hb_subset_input_unicode_set", pointer, [pointer]),
        ("hb_subset_input_set", pointer, [pointer, ctypes.c_int]),
        ("hb_subset_input_set_flags", None, [pointer, number]),
        ("hb_set_add", None, [pointer, number]),
        ("hb_subset_or_fail", pointer, [pointer, pointer]),
        ("hb_face_reference_blob", pointer, [pointer]),
        ("hb_blob_get_data", ctypes.c_void_p, [pointer, ctypes.POINTER(number)]),
        ("hb_subset_input_destroy", None, [pointer]),
        ("hb_face_destroy", None, [pointer]),
        ("hb_blob_destroy", None, [pointer]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def subset(data: bytes, index: int, characters: frozenset[int]) -> bytes:
    """The font file with these characters alone, its glyphs numbered anew without gaps. Raises CannotCut."""
    hb = _library()
    blob = hb.hb_blob_create(data, len(data), 0, None, None)
    face = hb.hb_face_create(blob, index)
    wanted = hb.hb_subset_input_create_or_fail()
    for character in characters:
        hb.hb_set_add(hb.hb_subset_input_unicode_set(wanted), character)
    for table in DROPPED_TABLES:
        hb.hb_set_add(hb.hb_subset_input_set(wanted, _DROP_TABLES), int.from_bytes(table.encode(), "big"))
    hb.hb_subset_input_set_flags(wanted, FLAGS)
    small = hb.hb_subset_or_fail(face, wanted)
    hb.hb_subset_input_destroy(wanted)
    hb.hb_face_destroy(face)
    hb.hb_blob_destroy(blob)
    if not small:
        raise CannotCut("hb_subset_or_fail")
    out = hb.hb_face_reference_blob(small)
    length = ctypes.c_uint()
    result = ctypes.string_at(hb.hb_blob_get_data(out, ctypes.byref(length)), length.value)
    hb.hb_blob_destroy(out)
    hb.hb_face_destroy(small)
    return result
