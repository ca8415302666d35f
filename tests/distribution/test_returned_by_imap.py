"""A mailbox of returned mail is read by IMAP: each message once, and left as it is unless it is to be moved."""

import pytest

from distribution.bounces import mailbox
from distribution.models import ReadingMark, ReturnedMail
from tests.imap_server import ImapServer

from . import returned_mail

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def server(settings):
    with ImapServer() as server:
        settings.BOUNCES = {
            "scheme": "imap", "host": "127.0.0.1", "port": server.port, "user": "office", "password": "secret",
            "mailbox": "INBOX", "move_to": "",
        }  # fmt: skip
        yield server


def read():
    mailbox.read_new()
    return list(ReturnedMail.objects.order_by("pk").values_list("place", flat=True))


def test_each_message_is_read_once_without_marking_it(server):
    server.put(returned_mail.answer("一"))
    server.put(returned_mail.answer("二" * 900_000))
    assert read() == ["7.1", "7.2"]
    server.put(returned_mail.answer("三"))
    assert read() == ["7.1", "7.2", "7.3"]
    assert read() == ["7.1", "7.2", "7.3"]

    assert len(server.mailboxes["INBOX"]) == 3
    assert sum("FETCH" in words for words in server.asked) == 3
    assert not any(words.startswith("SELECT") for words in server.asked)
    assert any(words.startswith("ID ") for words in server.asked)  # some open no mailbox without it


def test_a_mailbox_that_counts_anew_is_read_anew_and_nothing_counts_twice(server):
    server.put(returned_mail.answer("一"))
    read()
    server.validity, server.mailboxes["INBOX"] = 8, {1: returned_mail.answer("一"), 2: returned_mail.answer("二")}

    assert read() == ["7.1", "8.2"]


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 MOVE", "IMAP4rev1"])
def test_what_was_read_is_moved_where_it_is_wanted(server, settings, capabilities):
    settings.BOUNCES["move_to"], server.capabilities = "Done", capabilities
    server.put(returned_mail.answer())
    read()

    assert len(server.mailboxes["Done"]) == 1
    assert ("MOVE" in capabilities) == (not server.mailboxes["INBOX"])
    assert ("MOVE" in capabilities) or any("STORE 1 +FLAGS" in words for words in server.asked)


@pytest.mark.parametrize(("name", "value"), [("password", "wrong"), ("mailbox", "Nowhere"), ("port", 1)])
def test_what_goes_wrong_is_told_without_the_password(server, settings, name, value):
    settings.BOUNCES[name] = value
    read()
    mark = ReadingMark.objects.get()

    assert mark.error.startswith(("退信信箱读不到", "邮件服务器拒绝"))
    assert "secret" not in f"{mark} {mark.error}"
    assert "b'" not in mark.error
