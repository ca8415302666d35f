"""Puts a backup in the place of what is there: checked whole before anything is touched, taken back when it can't be done."""

import fcntl
import os
import shutil
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from distribution import queue
from distribution.models import Mailing, MailingStatus
from workflow import frozen
from workflow.refusals import Refused

from . import backup, backup_file, databases, verify
from .backup_file import FILES, Manifest


class Restored(NamedTuple):
    manifest: Manifest
    before: Path | None  # a backup of what was replaced
    stopped: list[Mailing]
    found: list[verify.Found]


def check(path: Path) -> Manifest:
    """All that can be known of a backup without touching anything. Raises Refused."""
    with backup.alone() as folder:
        return _staged(path, folder)


def restore(path: Path, *, replace: bool = False) -> Restored:
    """Nothing is touched before the backup was read whole; what is replaced is kept in a backup of its own. Raises Refused."""
    with backup.alone() as folder:
        require_ended_site()
        put_back()  # what a restore that was killed had set aside
        has_work = _holds_work()
        if has_work and not replace:
            raise Refused(
                _("This database or its files hold work. To replace all of it, add --replace; it is backed up before.")
            )
        manifest = _staged(path, folder)
        before = kept_before(folder) if has_work else None
        _switch(folder, manifest)
        return Restored(manifest, before, _stop_mailings(), verify.everything())


def _staged(path: Path, folder: Path) -> Manifest:
    """The whole backup, read and compared, unpacked into this folder."""
    manifest = backup_file.read_manifest(path)
    kind, member = manifest.about.database, databases.of(connection).MEMBER
    if kind != connection.vendor or member not in manifest.entries:
        raise Refused(
            _(
                "The backup is of a %(kind)s database, and this site has %(own)s. Please set DATABASE_URL to one of its kind."
            )
            % {"kind": kind, "own": connection.vendor}
        )
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations} | {
        f"{app}.{name}" for app, name in loader.replacements
    }
    if unknown := [name for name in manifest.about.migrations if name not in known]:
        raise Refused(
            _("The backup is from a newer version of this system (%(name)s). Please install that one first.")
            % {"name": unknown[-1]}
        )
    backup_file.require_room(folder.parent, manifest.size)
    backup_file.read(path, into=folder)
    (folder / FILES).mkdir(exist_ok=True)
    databases.of(connection).check(folder / member)
    return manifest


def _holds_work() -> bool:
    """People, or files. What can't be read may hold anything."""
    if any(True for _file in backup.stored()):
        return True
    try:
        is_made = User._meta.db_table in connection.introspection.table_names()
        return is_made and User.objects.exists()
    except DatabaseError:
        return True


def kept_before(folder: Path) -> Path:
    to = Path(settings.BACKUP_DIR) / f"before-restore-{timezone.localtime():%Y-%m-%d-%H%M%S-%f}.zip"
    place = folder / "before"
    place.mkdir()
    try:
        backup.make_in(place, to)
    except Refused as refused:
        raise Refused(
            _(
                "What is there now can't be backed up: %(why)s To go on without it, move %(files)s and the database away."
            )
            % {"why": refused, "files": backup.files_root()}
        ) from refused
    return to


def _switch(folder: Path, manifest: Manifest) -> None:
    """While the files are aside the restore is not done, and `put_back` undoes it, also after a kill."""
    files, aside, database = backup.files_root(), _aside(), databases.of(connection)
    try:
        os.rename(files, aside) if files.exists() else aside.mkdir()
        os.rename(folder / FILES, files)
        connection.close()
        database.put_in(connection, folder / database.MEMBER)
        _require_same(manifest)
        call_command("migrate", verbosity=0, interactive=False)
        _require_triggers()
    except BaseException:
        put_back()
        raise
    os.rename(aside, aside.with_name("media.discarded"))  # now it is done
    _let_go()


def _stop_mailings() -> list[Mailing]:
    """Who got a copy after the backup was made is not known here: without a person's look they would get it again."""
    unfinished = list(Mailing.objects.filter(status=MailingStatus.SENDING))
    for mailing in unfinished:
        queue.stop(mailing, _("It comes from a backup: please look who has a copy already, then go on."))
    return unfinished


def put_back() -> None:
    """What a restore that did not end had set aside takes its place again; of one that ended the rest is deleted."""
    if _aside().exists():
        connection.close()
        databases.of(connection).put_back(connection)
        shutil.rmtree(backup.files_root(), ignore_errors=True)
        os.rename(_aside(), backup.files_root())
    else:
        _let_go()


def _let_go() -> None:
    databases.of(connection).let_go(connection)
    shutil.rmtree(_aside().with_name("media.discarded"), ignore_errors=True)


def _aside() -> Path:
    return backup.files_root().with_name("media.replaced")


def _require_same(manifest: Manifest) -> None:
    found = backup.counted(databases.ask)
    if different := sorted(name for name, _count in found.items() ^ manifest.about.rows.items()):
        raise Refused(
            _(
                "The restored tables don't hold what was backed up: %(tables)s. What was there before is in its place again."
            )
            % {"tables": "、".join(dict.fromkeys(different))}
        )


def _require_triggers() -> None:
    if missing := frozen.missing(connection):
        raise Refused(
            _("The restored database lacks triggers: %(names)s. What was there before is in its place again.")
            % {"names": "、".join(rule.name for rule in missing)}
        )


def require_ended_site() -> None:
    """`make run` holds a lock as long as its processes run (ops/serve.py)."""
    lock = settings.VAR_DIR / "supervisord.lock"
    if not lock.exists():
        return
    with lock.open("r+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(
                _("The site is running. Please end it (Ctrl-C, or stop its service), then give this command again.")
            ) from error
