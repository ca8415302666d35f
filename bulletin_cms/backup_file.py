"""The file of a backup: a zip with the database, all files, and a manifest that names each with its size and SHA-256.

A zip and not a tar: its directory stands at the end, so that one that was cut short is no zip at all; any office computer
opens it; the database is compressed in it, while photos and PDFs, which can't be made smaller, are stored as they are.
"""

import errno
import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from workflow.refusals import Refused

FORMAT = "bulletin_cms backup 1"
MANIFEST = "manifest.json"
FILES = "media/"
_CHUNK = 1024 * 1024
_MOST_MANIFEST = 500 * _CHUNK
_SPARE = 20 * _CHUNK  # left free on the disk
# What Python's zipfile raises for files that are damaged, cut short, encrypted or made by hand.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    ValueError,
)


@dataclass(frozen=True)
class Entry:
    size: int
    sha256: str


@dataclass(frozen=True)
class About:
    """What is said of the whole: `database` is the kind, `rows` the count of each table, `missing` are the files that the
    database names and that were gone already."""

    made_at: str
    database: str
    version: str
    migrations: list[str]
    rows: dict[str, int]
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Manifest:
    about: About
    entries: dict[str, Entry]

    @property
    def files(self) -> list[str]:
        return [name for name in self.entries if name.startswith(FILES)]

    @property
    def size(self) -> int:
        return sum(entry.size for entry in self.entries.values())


def write(path: Path, parts: Iterable[tuple[str, Path]], about: About) -> Manifest:
    """A new file at `path` with these parts, name -> file; each is hashed as it is written. Flushed to the disk."""
    entries = {}
    with path.open("xb") as raw:
        with zipfile.ZipFile(raw, "w") as archive:
            for name, source in parts:
                entries[name] = _add(archive, name, source)
            text = {
                "format": FORMAT,
                **asdict(about),
                "entries": {name: asdict(each) for name, each in entries.items()},
            }
            archive.writestr(MANIFEST, json.dumps(text, ensure_ascii=False, indent=1), zipfile.ZIP_DEFLATED)
        raw.flush()
        os.fsync(raw.fileno())
    return Manifest(about, entries)


def _add(archive: zipfile.ZipFile, name: str, source: Path) -> Entry:
    info = zipfile.ZipInfo.from_file(source, name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_STORED if name.startswith(FILES) else zipfile.ZIP_DEFLATED
    with source.open("rb") as read, archive.open(info, "w", force_zip64=True) as written:
        size, sha256 = _copy(read, written)
    return Entry(size, sha256)


def _copy(read: IO[bytes], written: IO[bytes] | None) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while chunk := read.read(_CHUNK):
        size += len(chunk)
        digest.update(chunk)
        if written is not None:
            written.write(chunk)
    return size, digest.hexdigest()


def read_manifest(path: Path) -> Manifest:
    """What the file says of itself, and that it holds just that. Raises Refused."""
    with _opened(path) as archive:
        return _manifest(archive, path)


def read(path: Path, into: Path | None = None) -> Manifest:
    """Read all of it and compare it with its manifest; with `into`, put it there. Raises Refused, naming what is wrong."""
    with _opened(path) as archive:
        manifest = _manifest(archive, path)
        for name, entry in manifest.entries.items():
            _read_part(archive, name, entry, into)
    return manifest


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError as error:
        raise Refused(_("There is no file %(file)s.") % {"file": path}) from error
    except _BROKEN as error:
        raise Refused(_not_whole(path)) from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # it names a place before its beginning
            raise Refused(_not_whole(path)) from error
        raise


def _read_part(archive: zipfile.ZipFile, name: str, entry: Entry, into: Path | None) -> None:
    with archive.open(name) as read:
        if into is None:
            found = _copy(read, None)
        else:
            target = into / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as written:
                found = _copy(read, written)
                os.fsync(written.fileno())
    if found != (entry.size, entry.sha256):
        raise Refused(
            _("%(name)s in the backup is not what was backed up. Please take another backup.") % {"name": name}
        )


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
        raise Refused(_not_whole(path))
    text = json.loads(archive.read(MANIFEST))
    try:
        if text.pop("format") != FORMAT:
            raise Refused(
                _("%(file)s was made by another version of this system. Please use that one.") % {"file": path}
            )
        entries = {str(name): Entry(**entry) for name, entry in text.pop("entries").items()}
        manifest = Manifest(About(**text), entries)
    except (TypeError, AttributeError) as error:
        raise Refused(_not_whole(path)) from error
    if unsafe := [name for name in entries if not _stays_inside(name)]:
        raise Refused(
            _("%(file)s would write outside its folder (%(name)s): it is not from this system.")
            % {"file": path, "name": unsafe[0]}
        )
    sizes = {info.filename: info.file_size for info in archive.infolist()}
    wanted = {name: entry.size for name, entry in entries.items()}
    if len(archive.infolist()) != len(sizes) or sizes.pop(MANIFEST) is None or sizes != wanted:
        raise Refused(_("%(file)s does not hold what it says. Please take another backup.") % {"file": path})
    return manifest


def _stays_inside(name: str) -> bool:
    """A plain relative path: the database itself, or a file below the folder of files."""
    parts = PurePosixPath(name).parts
    is_plain = "\\" not in name and "\0" not in name and "/".join(parts) == name and ".." not in parts
    return is_plain and (name.startswith(FILES) or len(parts) == 1)


def _not_whole(path: Path) -> str:
    return _("%(file)s is no backup of this system, or is damaged or only a part of one. Please take another one.") % {
        "file": path
    }


def require_room(folder: Path, needed: int) -> None:
    """Refuse when the disk of the folder has less than this left."""
    free = shutil.disk_usage(folder).free
    if free < needed + _SPARE:
        raise Refused(
            _(
                "The disk of %(folder)s has %(free)s left; %(needed)s are needed. Please make room, or take another folder."
            )
            % {"folder": folder, "free": filesizeformat(free), "needed": filesizeformat(needed + _SPARE)}
        )


def sync_folder(folder: Path) -> None:
    """Make sure that a file's new name is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
