"""A folder of returned mail is read once, file by file, and left as it is unless it is to be moved."""

import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from distribution.bounces import filing, mailbox
from distribution.models import DeliveryStatus, ReadingMark, ReturnedMail

from . import returned_mail
from .test_bounces import state

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def put(folder: Path, name: str, content: bytes, age=60) -> Path:
    path = folder / name
    path.write_bytes(content)
    past = path.stat().st_mtime - age
    os.utime(path, (past, past))
    return path


@pytest.fixture
def folder(tmp_path, settings):
    folder = tmp_path / "returned"
    folder.mkdir()
    settings.BOUNCES = {"folder": str(folder), "move_to": ""}
    return folder


def test_new_files_of_a_folder_are_read_once_and_left_where_they_are(copy, folder):
    mail = put(folder, "1.eml", returned_mail.postfix(copy.message_id, copy.address))
    put(folder, "2.eml", b"half a ma", age=0)  # is still written
    put(folder, "notes.txt", b"no mail")
    os.mkfifo(folder / "3.eml")
    mailbox.read_new()
    put(folder, "2.eml", returned_mail.answer())
    mailbox.read_new()
    with CaptureQueriesContext(connection) as third:
        mailbox.read_new()

    assert state(copy) == DeliveryStatus.FAILED
    assert ReturnedMail.objects.count() == 2
    assert mail.exists()
    assert len(third) <= 6
    assert ReadingMark.objects.get().error == ""


def test_a_maildir_is_read_however_a_mail_program_marks_what_is_in_it(copy, folder):
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir()
    path = put(folder / "new", "1712538751.M1P2.host", returned_mail.postfix(copy.message_id, copy.address), age=0)
    mailbox.read_new()
    path.rename(folder / "cur" / "1712538751.M1P2.host:2,S")
    mailbox.read_new()

    assert ReturnedMail.objects.count() == 1
    assert state(copy) == DeliveryStatus.FAILED


def test_what_was_read_is_moved_where_it_is_wanted(folder, settings, tmp_path):
    done = tmp_path / "done"
    done.mkdir()
    settings.BOUNCES["move_to"] = str(done)
    for text in ("一", "二"):
        put(folder, "1.eml", returned_mail.answer(text))
        mailbox.read_new()

    assert not list(folder.iterdir())
    assert len(list(done.iterdir())) == 2


def test_a_folder_that_is_not_there_is_told(settings, tmp_path, as_user, cast):
    settings.BOUNCES = {"folder": str(tmp_path / "nowhere"), "move_to": ""}
    mailbox.read_new()

    page = as_user(cast.tang).get(reverse("distribution:returned")).content.decode()
    assert "退信文件夹读不到" in page


def test_one_message_that_breaks_the_reading_is_kept_and_the_next_is_read(copy, folder, monkeypatch):
    def read(content, real=filing.read):
        if b"breaks" in content:
            raise RecursionError
        return real(content)

    monkeypatch.setattr(filing, "read", read)
    put(folder, "1.eml", b"Subject: breaks\r\n\r\n", age=90)
    put(folder, "2.eml", returned_mail.postfix(copy.message_id, copy.address))
    mailbox.read_new()

    assert state(copy) == DeliveryStatus.FAILED
    kept = ReturnedMail.objects.waiting().get()
    assert (kept.words, kept.head) == ("读不出来，原因在运行日志里。", "Subject: breaks\r\n\r\n")
