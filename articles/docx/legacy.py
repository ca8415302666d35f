"""Turns .doc, .wps and .rtf files into .docx by LibreOffice, where it is installed."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from .losses import NotWord
from .package import LARGEST_FILE, save_as_docx

SECONDS = 60
OLE, RTF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"
# Streams of an OLE file, as its directory writes their names.
ENCRYPTED, TEXT = ("EncryptedPackage".encode("utf-16-le"), "WordDocument".encode("utf-16-le"))


def is_legacy(data: bytes) -> bool:
    return data.startswith((OLE, RTF))


def to_docx(data: bytes, name: str) -> bytes:
    """Raises NotWord for a file with a password, for one that is no text, and where LibreOffice isn't installed."""
    if ENCRYPTED in data or _has_password(data):
        words = _("“%(file)s” has a password and can't be opened. Please take the password off, then hand it in again.")
        raise NotWord(words % {"file": name})
    if data.startswith(OLE) and TEXT not in data:
        words = _("“%(file)s” is no Word file. %(advice)s")
        raise NotWord(words % {"file": name, "advice": save_as_docx()})
    office = shutil.which("soffice")
    if not office:
        words = _("“%(file)s” is of an older kind (.doc, .wps, .rtf) that can't be read here. %(advice)s")
        raise NotWord(words % {"file": name, "advice": save_as_docx()})
    return _converted(office, data, name)


def _has_password(data: bytes) -> bool:
    """FibBase.fEncrypted of [MS-DOC] 2.5.2, which stands in the first sector after the header in files of Word."""
    return data.startswith(OLE) and data[512:514] == b"\xec\xa5" and bool(data[523:524] and data[523] & 1)


def _converted(office: str, data: bytes, name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / ("in.rtf" if data.startswith(RTF) else "in.doc")
        source.write_bytes(data)
        command = [office, f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", f"{folder}/out", str(source)]
        try:
            subprocess.run(command, timeout=SECONDS, capture_output=True, check=True, cwd=folder, env=_alone(folder))
            made = Path(folder) / "out" / "in.docx"
            if made.stat().st_size > LARGEST_FILE:
                raise OSError("too large")
            return made.read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            words = _("“%(file)s” could not be read. %(advice)s")
            raise NotWord(words % {"file": name, "advice": save_as_docx()}) from error


def _alone(folder: str) -> dict[str, str]:
    """An environment of its own, whose proxy leads nowhere: a document that names a picture on the net gets none."""
    nowhere = "http://127.0.0.1:9"
    return {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": folder, "http_proxy": nowhere, "https_proxy": nowhere}
