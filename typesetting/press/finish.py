"""The last hand on a PDF that WeasyPrint has made: fonts that every reader reads alike, black as grey, tags put right."""

import functools
import zlib
from typing import Any

import pydyf

from . import charsets, gaps, tags

MOST_FONTS = 24
PACKED_FROM = 4096  # bytes; packing less costs nothing
BLACK = {b"0 0 0 rg": b"0 g", b"0 0 0 RG": b"0 G"}


def finish(document: Any, pdf: pydyf.PDF) -> None:
    """A finisher of WeasyPrint's."""
    tags.put_right(document, pdf)
    gaps.close(pdf)
    _embed_bare_fonts(pdf)
    _set_black_in_grey(pdf)
    _name_the_source_once(pdf)
    _pack_fonts(pdf)


def _embed_bare_fonts(pdf: pydyf.PDF) -> None:
    """CFF fonts go in without OpenType round them, which no reader needs, and with the identity for their charset."""
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and stream.extra.get("Subtype") == "/OpenType":
            (font,) = stream.stream
            stream.stream = [charsets.bare(font) if font.startswith(b"OTTO") else font]  # else it is bare already
            stream.extra["Subtype"] = "/CIDFontType0C"


def _set_black_in_grey(pdf: pydyf.PDF) -> None:
    """Offset printers make four colours of an RGB black (ISO 19005-3 6.2.4.3 allows DeviceGray beside an output intent)."""
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and len(stream.stream) > 1:
            stream.stream = [BLACK.get(item, item) if isinstance(item, bytes) else item for item in stream.stream]


def _name_the_source_once(pdf: pydyf.PDF) -> None:
    """WeasyPrint 70 finds an attachment twice, by its name and by its type."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _pack_fonts(pdf: pydyf.PDF) -> None:
    """The same bytes that pydyf makes, from memory."""
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and stream.compress and len(stream.stream) == 1:
            (data,) = stream.stream
            if isinstance(data, bytes) and len(data) > PACKED_FROM:
                stream.stream, stream.compress = [_packed(data)], False
                stream.extra["Filter"] = "/FlateDecode"


@functools.lru_cache(maxsize=MOST_FONTS)
def _packed(data: bytes) -> bytes:
    packer = zlib.compressobj(level=9)
    return packer.compress(data) + packer.flush()
