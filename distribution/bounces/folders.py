"""A folder of returned mail: a Maildir, or one of .eml files. Nothing in it is changed, unless it is to be moved."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .reading import MOST_BYTES

# A file in a plain folder may still be written.
_AT_REST = 3


@dataclass(frozen=True)
class Found:
    """A message: where it lies, by a name that stays when a mail program marks it as read."""

    place: str
    path: Path

    def content(self) -> bytes:
        """Its beginning, which is all that is read."""
        with self.path.open("rb") as file:
            return file.read(MOST_BYTES)


def messages(folder: Path) -> Iterator[Found]:
    """The oldest first. Raises OSError where the folder can't be read."""
    is_maildir = (folder / "new").is_dir() and (folder / "cur").is_dir()
    places = (folder / "new", folder / "cur") if is_maildir else (folder,)
    files = [entry for place in places for entry in os.scandir(place) if _is_message(entry, is_maildir)]
    rows = [(entry.stat(follow_symlinks=False), entry) for entry in files]
    for status, entry in sorted(rows, key=lambda row: (row[0].st_mtime_ns, row[1].name)):
        if is_maildir or time.time() - status.st_mtime > _AT_REST:
            name = entry.name.partition(":2,")[0]
            yield Found(f"{name[:120]} {status.st_size} {status.st_mtime_ns}", Path(entry.path))


def _is_message(entry: os.DirEntry, is_maildir: bool) -> bool:
    """Neither a link nor a pipe, which a reader would wait for."""
    is_named_so = is_maildir or entry.name.lower().endswith(".eml")
    return is_named_so and not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)


def move(path: Path, target: Path) -> None:
    """Into a Maildir's `cur`, or into a plain folder; one of the same name stays. Within one file system."""
    into = target / "cur" if (target / "cur").is_dir() else target
    goal = into / path.name
    if goal.exists():
        goal = into / f"{time.time_ns()}-{path.name}"
    path.rename(goal)
