"""The package of an OFD: its XML and the zip round it (GB/T 33190-2016, chapters 6 and 7)."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "http://www.ofdspec.org/2016"
ROOT = "OFD.xml"
# What our files say of themselves in CustomDatas: the PDF they were made from, and each part with its SM3 digest.
SOURCE_SHA256, SOURCE_SM3, DIGESTS = "来源PDF的SHA-256", "来源PDF的SM3", "各部件的SM3"
MADE_AT = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name: the same input gives the same bytes
UNIX = 3
READABLE = 0o100644 << 16


class Markup(str):
    """XML that is escaped already."""

    __slots__ = ()


def element(name: str, *children: str, **attributes: str | int) -> Markup:
    """An element of the one namespace; what is empty among its children is left out."""
    inside = "".join(child if isinstance(child, Markup) else escape(child) for child in children)
    opening = f"ofd:{name}" + "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    return Markup(f"<{opening}>{inside}</ofd:{name}>" if inside else f"<{opening}/>")


def document(name: str, *children: str, **attributes: str | int) -> str:
    """A whole XML file."""
    inside = "".join(children)
    opening = f'ofd:{name} xmlns:ofd="{NAMESPACE}"'
    opening += "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{opening}>{inside}</ofd:{name}>\n'


def number(value: float) -> str:
    """To a thousandth, in millimetres a micrometre."""
    written = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


class Parts(dict[str, bytes]):
    """The files inside, by their path."""

    def add_xml(self, path: str, name: str, *children: str, **attributes: str | int) -> None:
        self[path] = document(name, *children, **attributes).encode()


def sm3(data: bytes) -> str:
    return hashlib.new("sm3", data).hexdigest()


def packed(parts: Parts, root: Callable[[str], str]) -> bytes:
    """The zip. `root` makes OFD.xml, given the digests of all other parts: a path, = and the digest, parted by ;"""
    digests = ";".join(f"{path}={sm3(data)}" for path, data in sorted(parts.items()))
    return zipped({ROOT: root(digests).encode(), **dict(sorted(parts.items()))})


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip without dates, in this order. OFD.xml is stored as it is, so that it has no bits that mean nothing."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, MADE_AT)
            entry.create_system, entry.external_attr = UNIX, READABLE
            entry.compress_type = zipfile.ZIP_STORED if path == ROOT else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return stream.getvalue()
