"""The mail server's log settles what its answer left open, line by line, also when the log is rotated in between."""

import gzip

import pytest

from distribution.bounces import postfix
from distribution.models import Delivery, DeliveryStatus, HeldAddress, QueuedAtServer, ReadingMark

from .test_bounces import state

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(tmp_path, settings):
    path = tmp_path / "mail.log"
    settings.MAIL_LOG = str(path)
    return path


@pytest.fixture
def unsure(copy):
    Delivery.objects.update(status=DeliveryStatus.UNSURE, sent_at=None)
    return Delivery.objects.get(pk=copy.pk)


def line(program, queue_id, words):
    return f"Apr  8 09:12:31 mail postfix/{program}[1234]: {queue_id}: {words}\n"


def taken(row, queue_id="4FzQ1x2y3z"):
    return line("smtpd", queue_id, "client=web[192.0.2.1]") + line("cleanup", queue_id, f"message-id={row.message_id}")


def result(row, words, queue_id="4FzQ1x2y3z", *, relay="mx.post.example[192.0.2.7]:25", program="smtp"):
    return line(program, queue_id, f"to=<{row.address}>, relay={relay}, delay=0.5, delays=0.1/0/0.2/0.2, {words}")


SENT = "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 77AB)"
UNKNOWN = (
    "dsn=5.1.1, status=bounced (host mx.post.example[192.0.2.7] said: 550 5.1.1 user unknown (in reply to RCPT TO))"
)


def write(log, text, mode="a"):
    with log.open(mode) as file:
        file.write(text)


def test_what_the_server_has_sent_has_arrived(unsure, log):
    write(log, taken(unsure) + result(unsure, SENT) + line("qmgr", "4FzQ1x2y3z", "removed"))
    postfix.read_new()

    assert state(unsure) == DeliveryStatus.SENT
    assert unsure.events.last().note == "邮件服务器日志：250 2.0.0 Ok: queued as 77AB"
    assert not QueuedAtServer.objects.exists()


def test_what_came_back_to_the_server_has_not_and_an_unknown_address_is_held(unsure, log):
    write(log, taken(unsure) + result(unsure, UNKNOWN))
    postfix.read_new()

    assert state(unsure) == DeliveryStatus.FAILED
    assert "（来源：邮件服务器日志）" in unsure.events.last().note
    assert HeldAddress.objects.get().source == "log"


def test_a_copy_that_the_server_took_comes_back_later(copy, log):
    write(log, taken(copy) + result(copy, "dsn=4.4.1, status=deferred (connect timed out)"))
    postfix.read_new()
    assert state(copy) == DeliveryStatus.SENT
    write(log, line("qmgr", "4FzQ1x2y3z", "from=<bulletin@office.example>, status=expired, returned to sender"))
    postfix.read_new()

    assert state(copy) == DeliveryStatus.FAILED
    assert not HeldAddress.objects.exists()


def test_what_only_a_filter_on_the_same_machine_took_is_open_still(unsure, log):
    write(log, taken(unsure, "AAAAAA1") + result(unsure, SENT, "AAAAAA1", relay="127.0.0.1[127.0.0.1]:10024"))
    postfix.read_new()
    assert state(unsure) == DeliveryStatus.UNSURE
    write(log, taken(unsure, "BBBBBB2") + result(unsure, SENT, "BBBBBB2"))
    postfix.read_new()

    assert state(unsure) == DeliveryStatus.SENT


def test_mails_of_others_and_lines_of_others_are_left_alone(unsure, log):
    write(
        log,
        "\udcff broken\nApr  8 09:12:31 mail sshd[1]: 4FzQ1x2y3z: to=<a@b>, relay=x, dsn=2.0.0, status=sent (x)\n".encode(
            "utf-8", "replace"
        ).decode(),
    )
    write(log, line("cleanup", "CCCCCC3", "message-id=<someone@else.example>") + result(unsure, SENT, "CCCCCC3"))
    postfix.read_new()

    assert state(unsure) == DeliveryStatus.UNSURE
    assert not QueuedAtServer.objects.exists()


def test_half_a_line_is_read_when_it_is_whole(unsure, log):
    text = taken(unsure) + result(unsure, SENT)
    write(log, text[:-20])
    postfix.read_new()
    assert state(unsure) == DeliveryStatus.UNSURE
    write(log, text[-20:])
    postfix.read_new()

    assert state(unsure) == DeliveryStatus.SENT


@pytest.mark.parametrize("how", ["renamed", "packed", "copied", "twice"])
def test_a_rotated_log_is_read_to_its_end(unsure, log, how):
    write(log, "".join(line("anvil", f"AAAAA{n}", "statistics") for n in range(9)) + taken(unsure))
    postfix.read_new()
    write(log, result(unsure, SENT) * (how != "twice"))
    older = log.with_name("mail.log.1")
    if how == "packed":
        log.with_name("mail.log.2.gz").write_bytes(gzip.compress(log.read_bytes()))
        log.unlink()
    elif how == "copied":
        older.write_bytes(log.read_bytes())
    else:
        log.rename(log.with_name("mail.log.2") if how == "twice" else older)
    if how == "twice":
        write(older, line("anvil", "CCCCC1", "statistics") + result(unsure, SENT))
    write(log, line("anvil", "BBBBB1", "statistics"), mode="w")
    postfix.read_new()

    assert state(unsure) == DeliveryStatus.SENT
    assert ReadingMark.objects.get().mark["offset"] == log.stat().st_size


def test_a_log_that_is_not_there_is_told(log):
    postfix.read_new()

    assert ReadingMark.objects.get().error.startswith("邮件服务器日志读不到")


def test_what_is_read_is_not_read_again(unsure, log, django_assert_num_queries):
    write(log, taken(unsure) + result(unsure, SENT))
    postfix.read_new()
    with django_assert_num_queries(2):
        postfix.read_new()

    assert unsure.events.filter(what="arrived").count() == 1


def test_without_the_setting_nothing_is_read(settings):
    settings.MAIL_LOG = ""
    postfix.read_new()

    assert not ReadingMark.objects.exists()
