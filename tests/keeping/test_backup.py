"""One moment of the office in one file, whole or not there at all."""

import os
import shutil
import signal
import stat

import pytest
from django.core.files.storage import default_storage
from django.db import connections

from articles.models import Photo
from bulletin_cms import backup, backup_file
from issues.models import ArticlePreview
from tests import factories
from workflow.refusals import Refused


def killed(act):
    """Runs it in a process of its own, and tells whether that was killed."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            act()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def kill_me(*_args, **_options):
    os.kill(os.getpid(), signal.SIGKILL)


def test_it_holds_every_file_and_counts_every_table(office, tmp_path):
    manifest = backup.make(tmp_path / "kept.zip")

    assert {name.removeprefix("media/") for name in manifest.files} == {name for name, _path in backup.stored()}
    assert manifest.about.rows["accounts_user"] == 9
    assert manifest.about.rows["issues_issue"] == 1
    assert "issues.0001_initial" in manifest.about.migrations
    assert backup_file.read(tmp_path / "kept.zip") == manifest
    assert stat.S_IMODE((tmp_path / "kept.zip").stat().st_mode) == 0o600


@pytest.mark.parametrize("moment", ["_pinned", "write", "read"])
def test_a_kill_leaves_nothing_that_looks_whole(office, tmp_path, monkeypatch, moment):
    with monkeypatch.context() as patch:
        if moment == "write":  # in the middle of it: the database is written, the files are not
            add = backup_file._add
            patch.setattr(backup_file, "_add", lambda a, name, s: kill_me() if "media" in name else add(a, name, s))
        else:
            patch.setattr(backup if moment == "_pinned" else backup_file, moment, kill_me)
        assert killed(lambda: backup.make(tmp_path / "kept.zip"))

    assert not (tmp_path / "kept.zip").exists()
    backup.make(tmp_path / "kept.zip")
    assert not list(tmp_path.glob(".*")) + list(tmp_path.glob("backup.work"))


@pytest.mark.sqlite
def test_a_failure_leaves_nothing(office, tmp_path, monkeypatch):
    monkeypatch.setattr(backup_file, "read", lambda path: (_ for _ in ()).throw(Refused("no")))

    with pytest.raises(Refused):
        backup.make(tmp_path / "kept.zip")
    assert not list(tmp_path.glob("*kept*"))


@pytest.mark.sqlite
def test_it_overwrites_nothing(tmp_path, transactional_db):
    (tmp_path / "kept.zip").write_text("the only backup")

    with pytest.raises(Refused, match="kept.zip"):
        backup.make(tmp_path / "kept.zip")
    assert (tmp_path / "kept.zip").read_text() == "the only backup"


@pytest.mark.sqlite
def test_it_asks_for_a_folder_that_is_there(tmp_path, transactional_db):
    with pytest.raises(Refused, match="nowhere"):
        backup.make(tmp_path / "nowhere" / "kept.zip")


def test_a_file_that_goes_away_meanwhile_takes_its_row_along(office, tmp_path, monkeypatch):
    preview = ArticlePreview.objects.create(article=factories.make_article(office.created_by), digest="1")
    preview.pdf.save("1.pdf", factories.ContentFile(b"%PDF"))
    pinned, deleted = backup._pinned, []

    def delete_first(*args):
        if not deleted:
            preview.pdf.delete(save=False)
            deleted.append(preview.delete())
        return pinned(*args)

    monkeypatch.setattr(backup, "_pinned", delete_first)
    manifest = backup.make(tmp_path / "kept.zip")

    assert deleted
    assert (manifest.about.missing, manifest.about.rows["issues_articlepreview"]) == ([], 0)


@pytest.mark.sqlite
def test_a_file_that_was_missing_before_is_named(office, tmp_path):
    photo = Photo.objects.get()
    photo.file.storage.delete(photo.file.name)

    assert backup.make(tmp_path / "kept.zip").about.missing == [photo.file.name]


@pytest.mark.sqlite
def test_a_file_that_comes_after_the_moment_waits_for_the_next_backup(office, tmp_path, monkeypatch):
    pinned = backup._pinned

    def add_first(*args):
        default_storage.save("photos/later.jpg", factories.ContentFile(b"later"))
        return pinned(*args)

    monkeypatch.setattr(backup, "_pinned", add_first)

    assert "media/photos/later.jpg" not in backup.make(tmp_path / "kept.zip").files


@pytest.mark.sqlite
def test_links_and_what_they_point_to_stay_out(office, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (backup.files_root() / "link").symlink_to(tmp_path / "secret")

    assert "media/link" not in backup.make(tmp_path / "kept.zip").files


@pytest.mark.sqlite
def test_a_full_disk_is_told_before_anything_is_written(office, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(10**9, 10**9, 1000))

    with pytest.raises(Refused, match="1000"):
        backup.make(tmp_path / "kept.zip")
    assert not list(tmp_path.glob("*kept*"))


@pytest.mark.sqlite
def test_a_disk_without_second_names_gets_copies(office, tmp_path, monkeypatch):
    def refuse(*_args):
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)

    assert len(backup.make(tmp_path / "kept.zip").files) == len(list(backup.stored()))


@pytest.mark.sqlite
def test_two_are_not_made_at_once(transactional_db, tmp_path):
    with backup.alone(), pytest.raises(Refused):
        backup.make(tmp_path / "kept.zip")
