"""Back up, wipe, restore: everything is as it was. And what can't be restored touches nothing."""

import fcntl
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from bulletin_cms import backup, databases, restore, verify
from bulletin_cms.databases import ask
from distribution import mailing
from issues.models import Issue
from tests import factories
from tests.keeping.test_backup import kill_me, killed
from tests.keeping.test_backup_file import rewritten
from workflow import frozen
from workflow.refusals import Refused


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
    with pytest.raises(DatabaseError, match="never changes"):
        Issue.objects.update(editor_note="X")
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


@pytest.mark.sqlite
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's database is there from the start")
def test_on_a_new_machine_a_failure_leaves_it_new_and_the_next_try_restores(office, tmp_path, monkeypatch):
    backup.make(tmp_path / "kept.zip")
    before = rows(), files()
    connection.close()
    Path(connection.settings_dict["NAME"]).unlink()
    shutil.rmtree(backup.files_root())

    with monkeypatch.context() as patch:
        patch.setattr(restore, "_require_same", lambda _manifest: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            restore.restore(tmp_path / "kept.zip")
    assert (backup.counted(ask), files()) == ({}, {})

    restore.restore(tmp_path / "kept.zip")
    assert (rows(), files()) == before


@pytest.mark.sqlite
def test_triggers_that_were_missing_in_the_backup_are_put_in(office, tmp_path, monkeypatch):
    frozen.remove(connection)
    backup.make(tmp_path / "kept.zip")
    with monkeypatch.context() as patch:
        patch.setattr(restore, "call_command", lambda *_args, **_options: None)  # which puts them in
        with pytest.raises(Refused, match="触发器"):
            restore.restore(tmp_path / "kept.zip", replace=True)

    restore.restore(tmp_path / "kept.zip", replace=True)

    assert frozen.missing(connection) == []


@pytest.mark.sqlite
def test_what_was_being_mailed_waits_for_a_person(office, cast, tmp_path):
    factories.make_reader()
    with factories.without_worker():
        sending = mailing.start(office, by=cast.tang)
    backup.make(tmp_path / "kept.zip")

    restored = restore.restore(tmp_path / "kept.zip", replace=True)

    sending.refresh_from_db()
    assert restored.stopped == [sending]
    assert (sending.status, sending.deliveries.get().status) == ("paused", "queued")
    assert "备份" in sending.paused_because


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


def test_a_restore_that_was_killed_is_undone_by_the_next_one(office, tmp_path, monkeypatch):
    backup.make(tmp_path / "kept.zip")
    factories.make_article(office.created_by, title="还在这里的一篇稿件")
    before = rows(), files()

    with monkeypatch.context() as patch:
        patch.setattr(restore, "call_command", kill_me)
        assert killed(lambda: restore.restore(tmp_path / "kept.zip", replace=True))
    assert (tmp_path / "media.replaced").exists()

    with pytest.raises(Refused, match="--replace"):
        restore.restore(tmp_path / "kept.zip")
    assert (rows(), files()) == before
    assert not (tmp_path / "media.replaced").exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("change", ["cut", "other kind", "newer", "no database"])
def test_what_can_not_be_restored_touches_nothing(office, tmp_path, change):
    kept = tmp_path / "kept.zip"
    backup.make(kept)
    before, member = (rows(), files()), databases.of(connection).MEMBER
    if change == "cut":
        kept.write_bytes(kept.read_bytes()[:-1000])
    elif change == "other kind":
        rewritten(kept, lambda manifest, _contents: manifest.update(database="oracle"))
    elif change == "newer":
        rewritten(kept, lambda manifest, _contents: manifest["migrations"].append("issues.9999_later"))
    else:
        rewritten(kept, lambda manifest, contents: (manifest["entries"].pop(member), contents.pop(member)))

    for act in (restore.check, lambda path: restore.restore(path, replace=True)):
        with pytest.raises(Refused):
            act(kept)
    assert (rows(), files()) == before
    assert not list((tmp_path / "backups").iterdir())


def test_a_database_that_can_not_be_read_touches_nothing(office, tmp_path):
    kept = tmp_path / "kept.zip"
    backup.make(kept)
    before, member, junk = (rows(), files()), databases.of(connection).MEMBER, b"no database"
    entry = {"size": len(junk), "sha256": sha256(junk).hexdigest()}
    rewritten(
        kept, lambda manifest, contents: (manifest["entries"].update({member: entry}), contents.update({member: junk}))
    )

    with pytest.raises(Refused):
        restore.restore(kept, replace=True)
    assert (rows(), files()) == before


@pytest.mark.sqlite
def test_other_rows_than_were_counted_are_not_taken(office, tmp_path):
    kept = tmp_path / "kept.zip"
    backup.make(kept)
    before = rows(), files()
    rewritten(kept, lambda manifest, _contents: manifest["rows"].update(issues_issue=2))

    with pytest.raises(Refused, match="issues_issue"):
        restore.restore(kept, replace=True)
    assert (rows(), files()) == before


@pytest.mark.sqlite
def test_a_check_touches_nothing(office, tmp_path):
    backup.make(tmp_path / "kept.zip")
    before = rows(), files()

    assert restore.check(tmp_path / "kept.zip").about.rows["issues_issue"] == 1
    assert (rows(), files()) == before


@pytest.mark.sqlite
def test_it_waits_for_the_end_of_the_site(transactional_db, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    with (tmp_path / "supervisord.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Refused, match="网站正在运行"):
            restore.restore(tmp_path / "kept.zip", replace=True)
