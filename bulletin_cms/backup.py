"""Keeps everything in one file: the database at one moment, all files that it names, and a manifest with their hashes."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.refusals import Refused

from . import backup_file, databases
from .backup_file import FILES, About, Manifest

TRIES = 5  # each a new moment of the database, when files went away after the one before


class Kept(NamedTuple):
    """A moment of the database, and the files beside it."""

    database: Path
    files: dict[str, Path]
    about: About


def make(to: Path) -> Manifest:
    """Write a new backup. What stands at `to` afterwards is whole and was read again. Raises Refused."""
    with alone() as folder:
        return make_in(folder, to)


def make_in(folder: Path, to: Path) -> Manifest:
    """As `make`, for who is `alone` already."""
    to = to.absolute()
    _require_new(to)
    _require_rooms(folder, to)
    kept = _moment(folder)
    partial = to.with_name(f".{to.name}.partial")
    partial.unlink(missing_ok=True)  # of one that was cut short: no other is being made now
    try:
        manifest = backup_file.write(partial, _parts(kept), kept.about)
        backup_file.read(partial)
        _require_new(to)
        os.rename(partial, to)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    backup_file.sync_folder(to.parent)
    return manifest


@contextmanager
def alone() -> Iterator[Path]:
    """One backup or restore at a time; gives a folder of its own, on the disk of the files, and empty."""
    folder = files_root().with_name("backup.work")
    with folder.with_name("backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(_("A backup is being made or restored just now. Please wait for it.")) from error
        shutil.rmtree(folder, ignore_errors=True)  # what one that was killed left
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def files_root() -> Path:
    return Path(settings.MEDIA_ROOT).resolve()


def stored() -> Iterator[tuple[str, Path]]:
    """All files under MEDIA_ROOT, by their names in the database. Links are not followed, sockets and pipes are none."""
    root = files_root()
    for folder, _folders, names in os.walk(root):
        for name in names:
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(root).as_posix(), path


def file_columns() -> Iterator[tuple[str, str]]:
    """Table and column of every field that names files."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.FileField):
                yield model._meta.db_table, field.column


def named(ask: Callable[[str], list]) -> set[str]:
    """The files that the rows name."""
    queries = [f"SELECT {column} FROM {table} WHERE {column} <> ''" for table, column in file_columns()]  # noqa: S608
    return {name for query in queries for (name,) in ask(query)}


def counted(ask: Callable[[str], list]) -> dict[str, int]:
    """table -> how many rows it has."""
    tables = sorted(name for (name,) in ask(databases.of(connection).TABLES))
    return {table: ask(f'SELECT COUNT(*) FROM "{table}"')[0][0] for table in tables}  # noqa: S608


def _moment(folder: Path) -> Kept:
    """The database first, then its files. A file that is not there was deleted since, or was missing already: what a
    second moment of the database names too was missing."""
    missing: set[str] = set()
    for attempt in range(TRIES):
        place = folder / str(attempt)
        place.mkdir()
        begun = time.time()
        database = place / databases.of(connection).MEMBER
        with databases.of(connection).snapshot(connection, database) as ask:
            names, about = named(ask), _about(ask)
        files = _pinned(place, names, begun)
        gone = names - files.keys()
        if gone <= missing:
            about.missing.extend(sorted(gone))
            return Kept(database, files, about)
        missing = gone
        shutil.rmtree(place / FILES)
    raise Refused(_("Files are deleted faster than they can be kept. Please try again when less is going on."))


def _pinned(place: Path, names: set[str], begun: float) -> dict[str, Path]:
    """name -> a second name of each file, so that nobody deletes it while it is being written into the backup.

    What no row of this moment names and was written since is left out: a later moment names it.
    """
    pins = place / FILES
    pins.mkdir()
    pinned = {}
    for number, (name, path) in enumerate(stored()):
        try:
            if name not in names and path.stat().st_mtime >= begun:
                continue
            pinned[name] = _pin(path, pins / str(number))
        except FileNotFoundError:
            continue  # deleted just now: `_moment` looks whether the database still names it
    return pinned


def _pin(path: Path, to: Path) -> Path:
    try:
        os.link(path, to)
    except FileNotFoundError:
        raise
    except OSError:  # a disk that gives a file no second name
        shutil.copy2(path, to)
    return to


def _about(ask: Callable[[str], list]) -> About:
    return About(
        made_at=timezone.localtime().isoformat(timespec="seconds"),
        database=connection.vendor,
        version=databases.of(connection).version(ask),
        migrations=[f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations ORDER BY id")],
        rows=counted(ask),
    )


def _parts(kept: Kept) -> Iterator[tuple[str, Path]]:
    yield kept.database.name, kept.database
    for name, path in sorted(kept.files.items()):
        yield FILES + name, path


def _require_new(to: Path) -> None:
    if to.exists():
        raise Refused(_("%(file)s is there already and is not overwritten. Please take another name.") % {"file": to})
    if not to.parent.is_dir():
        raise Refused(_("There is no folder %(folder)s. Please make it, or take another.") % {"folder": to.parent})


def _require_rooms(folder: Path, to: Path) -> None:
    database, files = databases.of(connection).size(connection), sum(path.stat().st_size for _name, path in stored())
    is_one_disk = folder.stat().st_dev == to.parent.stat().st_dev
    if not is_one_disk:
        backup_file.require_room(folder.parent, database)
    backup_file.require_room(to.parent, database + files + (database if is_one_disk else 0))
