"""Back up, wipe, restore: everything is as it was. And what can't be restored touches nothing."""

import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from bulletin_cms import backup, restore, verify
from issues.models import Issue
from tests import factories
from workflow import frozen
from workflow.refusals import Refused


def ask(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def rows():
    """Every row of every table, as the database gives it."""
    return {table: sorted(map(repr, ask(f'SELECT * FROM "{table}"'))) for table in backup.counted(ask)}


def files():
    return {name: path.read_bytes() for name, path in backup.stored()}


def wipe():
    """As on a new machine: tables without rows, and no file."""
    frozen.remove(connection)
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    shutil.rmtree(backup.files_root())


def faults():
    return [fault for found in verify.everything() for fault in found.faults]


def test_everything_is_as_it_was_after_a_wipe(office, tmp_path):
    before = rows(), files()
    backup.make(tmp_path / "kept.zip")
    wipe()
    assert not Issue.objects.exists()

    restored = restore.restore(tmp_path / "kept.zip")

    assert (rows(), files()) == before
    assert restored.before is None
    assert frozen.missing(connection) == []
    assert faults() == []
    assert {str(found.label): found.looked_at for found in restored.found}[str(verify.CHECKS[2][0])] == 1


def test_it_replaces_work_only_when_told_and_keeps_it_in_a_backup(office, cast, tmp_path):
    backup.make(tmp_path / "kept.zip")
    factories.make_article(cast.lin, title="备份以后写的一篇稿件")
    later = rows(), files()

    with pytest.raises(Refused, match="--replace"):
        restore.restore(tmp_path / "kept.zip")
    assert (rows(), files()) == later

    restored = restore.restore(tmp_path / "kept.zip", replace=True)
    assert "备份以后写的一篇稿件" not in str(rows())

    restore.restore(restored.before, replace=True)
    assert (rows(), files()) == later


def test_a_restore_that_fails_half_way_puts_back_what_was_there(office, tmp_path, monkeypatch):
    backup.make(tmp_path / "kept.zip")
    before = rows(), files()

    def fail(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(restore, "call_command", fail)  # after the tables and the files changed places
    with pytest.raises(KeyboardInterrupt):
        restore.restore(tmp_path / "kept.zip", replace=True)

    assert (rows(), files()) == before
    assert frozen.missing(connection) == []
    assert not list(Path(tmp_path).glob("media.*"))
