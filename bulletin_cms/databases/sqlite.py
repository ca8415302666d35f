"""SQLite: a copy by VACUUM INTO, which is one moment of it whatever is written meanwhile, and files that change places."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from workflow.refusals import Refused

MEMBER = "database.sqlite3"
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_WAIT = 20  # seconds for a writer to end
_COMPANIONS = ("", "-wal", "-shm")


def size(connection) -> int:
    return sum(path.stat().st_size for path in _files(_path(connection)) if path.exists())


def version(_ask: Callable) -> str:
    return sqlite3.sqlite_version


@contextmanager
def snapshot(connection, to: Path) -> Iterator[Callable[[str], list]]:
    try:
        with closing(sqlite3.connect(_path(connection), timeout=_WAIT)) as present:
            present.execute("VACUUM INTO ?", [str(to)])
        with closing(sqlite3.connect(to)) as copy:
            yield lambda query: copy.execute(query).fetchall()
    except sqlite3.DatabaseError as error:
        raise Refused(_("The database can't be read: %(fault)s.") % {"fault": error}) from error


def check(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            [answer, *_more] = [row[0] for row in copy.execute("PRAGMA integrity_check")]
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        raise Refused(_("The database in the backup can't be read: %(fault)s.") % {"fault": answer})


def put_in(connection, staged: Path) -> None:
    connection.close()
    path = _path(connection)
    _require_alone(path)
    for present, aside in zip(_files(path), _files(_aside(path)), strict=True):
        if present.exists():
            os.rename(present, aside)
    os.rename(staged, path)


def put_back(connection) -> None:
    connection.close()
    path = _path(connection)
    if not _aside(path).exists():
        return
    for present, aside in zip(_files(path), _files(_aside(path)), strict=True):
        present.unlink(missing_ok=True)
        if aside.name != _aside(path).name and aside.exists():
            os.rename(aside, present)
    os.rename(_aside(path), path)  # last: as long as it is aside, this can be done again


def let_go(connection) -> None:
    for aside in _files(_aside(_path(connection))):
        aside.unlink(missing_ok=True)


def _require_alone(path: Path) -> None:
    """Only who is alone with it may end its write-ahead log; what can't be read at all is nobody's.

    Where there was none, opening makes an empty one, so that something stands aside and a failure leaves all as new.
    """
    try:
        with closing(sqlite3.connect(path, timeout=1)) as present:
            present.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise Refused(_("The database is in use. Please end the site, then restore again.")) from error
    except sqlite3.DatabaseError:
        return


def _path(connection) -> Path:
    return Path(connection.settings_dict["NAME"])


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.name}.replaced")


def _files(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in _COMPANIONS]
