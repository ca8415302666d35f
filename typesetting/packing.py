"""Packs files into a zip whose bytes depend on nothing but theirs."""

import zipfile
from collections.abc import Mapping
from io import BytesIO


def packed(files: Mapping[str, bytes | str], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The files by their names, in the order given, dated as zip's first day."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return out.getvalue()


def repacked(data: bytes) -> bytes:
    """A zip that a library wrote with the hour in it, packed anew."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()})
