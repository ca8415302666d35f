"""What a worker notes about each mail of a group that it sends, in a file of its own beside the database.

The database learns once a group what was begun and how it ended: a commit for each mail took longer than the mail. Should
the worker die in between, its journal tells what the database can't: which mails the server heard nothing of, which it
took, and which one was in flight. A line is on the disk before the final dot of the mail goes out, without which no server
may take it. As long as the worker lives it holds a lock on the file, which the kernel gives back when it dies, however that
happens.

A journal that is missing tells nothing: then each mail of the group may have gone out.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from .models import Outgoing

log = logging.getLogger(__name__)

Key = tuple[str, int]


def key_of(row: Outgoing) -> Key:
    return type(row).__name__.lower(), row.pk


@dataclass(frozen=True)
class Taken:
    """When a mail was begun, and when the server took it with which words."""

    begun_at: datetime
    at: datetime
    reply: str


@dataclass
class Told:
    """What the journal of a dead worker tells."""

    handed: dict[Key, datetime] = field(default_factory=dict)
    taken: dict[Key, Taken] = field(default_factory=dict)


class Journal:
    """One worker's. Its file is there, and locked, from `open` to `close`."""

    def __init__(self, worker: str):
        self.path = _folder() / worker
        self.file = -1

    def __enter__(self):
        return self

    def __exit__(self, kind, *_error):
        self.close(is_done=kind is None)

    def open(self) -> None:
        """Before anything is begun in the worker's name."""
        while self.file < 0:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file).st_nlink:  # otherwise somebody took it for a dead worker's before it was locked
                self.file = file
            else:
                os.close(file)

    def handed(self, row: Outgoing) -> None:
        """That the mail's final dot goes to the server now. Raises OSError where that can't be noted: then it must not."""
        size = os.fstat(self.file).st_size
        try:
            self._write("handed", row)
            os.fdatasync(self.file)
        except OSError:
            os.ftruncate(self.file, size)
            raise

    def taken(self, row: Outgoing, reply: str) -> None:
        self._write("taken", row, reply)

    def clear(self) -> None:
        """The database has it all."""
        os.ftruncate(self.file, 0)

    def close(self, *, is_done: bool = True) -> None:
        """What is not cleared is left for `of_the_dead`; so is an empty file where something went wrong, which tells that
        nothing was handed over of what is begun."""
        if self.file >= 0:
            if is_done and os.fstat(self.file).st_size == 0:
                self.path.unlink()
            os.close(self.file)
            self.file = -1

    def _write(self, what: str, row: Outgoing, reply: str = "") -> None:
        line = json.dumps([what, *key_of(row), timezone.now().isoformat(), reply]).encode() + b"\n"
        if os.write(self.file, line) != len(line):
            raise OSError(f"{self.path}: the line could not be written whole")


@contextmanager
def of_the_dead() -> Iterator[dict[str, Told]]:
    """The journals of workers that have died, by the workers' names; they are deleted when the block ends well.

    While it lasts nobody else gets them.
    """
    files, told = {}, {}
    try:
        for path in sorted(_folder().glob("*")):
            if (file := _locked(path)) >= 0:
                files[path] = file
                try:
                    told[path.name] = _read(path)
                except (ValueError, KeyError, TypeError):
                    log.exception("the journal %s can't be read: it is taken as missing", path)
        yield told
        for path in files:
            path.unlink()
    finally:
        for file in files.values():
            os.close(file)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "sending"


def _locked(path: Path) -> int:
    """The open file, or -1 where its worker lives or somebody else is reading it."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return -1
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return -1
    if not os.fstat(file).st_nlink:
        os.close(file)
        return -1
    return file


def _read(path: Path) -> Told:
    """A last line without its end was not written whole: nothing went out after it."""
    told = Told()
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            what, kind, key, at, reply = json.loads(line)
            moment = datetime.fromisoformat(at)
            if what == "handed":
                told.handed[kind, key] = moment
            else:
                told.taken[kind, key] = Taken(told.handed[kind, key], moment, reply)
    return told
