"""What became of a group of mails when its worker died in the middle: the worker's journal tells, or a person decides."""

import errno
import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.utils import timezone

from distribution import journal, queue, sending
from distribution.journal import Journal
from distribution.models import Delivery, DeliveryEvent, DeliveryStatus, Reminder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path / "sending"


@pytest.fixture
def dying(sent_out):
    """A worker's journal, and the three rows that it has begun: the server took the first, the second is in flight."""
    rows = queue.claim(sent_out, "dying")
    own = Journal("dying")
    own.open()
    assert queue.begin_group(rows, "dying", {}) == rows
    own.handed(rows[0])
    own.taken(rows[0], "250 kept")
    own.handed(rows[1])
    return own, rows


def die(own):
    """As the kernel does it: the file is closed, and so the lock is gone."""
    os.close(own.file)


def states(rows):
    known = dict(Delivery.objects.values_list("pk", "status"))
    return [known[row.pk] for row in rows]


def what_of(row):
    return list(row.events.values_list("what", flat=True))


def end_leases():
    Delivery.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_the_journal_of_a_dead_worker_tells_what_became_of_each(dying, folder):
    own, rows = dying
    die(own)

    queue.sweep()

    assert states(rows) == [DeliveryStatus.SENT, DeliveryStatus.UNSURE, DeliveryStatus.QUEUED]
    assert [what_of(row) for row in rows] == [["sending", "sent"], ["sending", "unsure"], []]
    sent = Delivery.objects.get(pk=rows[0].pk)
    assert (sent.smtp_reply, sent.attempts, sent.lease_by) == ("250 kept", 1, "")
    assert sent.sent_at == sent.events.last().at
    assert Delivery.objects.get(pk=rows[2].pk).attempts == 0
    assert list(folder.iterdir()) == []


def test_the_mail_that_nobody_heard_of_goes_out_at_once(dying, smtp):
    own, rows = dying
    die(own)
    assert sending.pump() == 1
    assert smtp.message_ids == [rows[2].message_id]


def test_a_worker_that_lives_is_left_alone(dying):
    own, rows = dying
    queue.sweep()
    assert states(rows) == [DeliveryStatus.SENDING] * 3
    die(own)


def test_nobody_knows_what_a_worker_does_that_lives_after_its_lease(dying):
    """It may go on at any moment: its journal is not finished."""
    own, rows = dying
    end_leases()
    queue.sweep()
    assert states(rows) == [DeliveryStatus.UNSURE] * 3
    die(own)


def test_what_was_called_unsure_while_it_lived_is_told_when_it_has_died(dying):
    own, rows = dying
    end_leases()
    queue.sweep()
    die(own)
    queue.sweep()
    assert states(rows) == [DeliveryStatus.SENT, DeliveryStatus.UNSURE, DeliveryStatus.QUEUED]
    assert [what_of(row)[-1] for row in rows] == ["sent", "unsure", "later"]


@pytest.mark.parametrize("content", [None, b"no journal\n", b'["taken", "delivery", 1, "2026-04-08", ""]\n'])
def test_without_a_readable_journal_every_one_of_the_group_is_unsure(content, dying, folder):
    own, rows = dying
    die(own)
    if content is None:
        own.path.unlink()
    else:
        own.path.write_bytes(content)

    queue.sweep()
    assert states(rows) == [DeliveryStatus.SENDING] * 3
    end_leases()
    queue.sweep()

    assert states(rows) == [DeliveryStatus.UNSURE] * 3
    assert [what_of(row) for row in rows] == [["sending", "unsure"]] * 3
    assert list(folder.iterdir()) == []


def test_a_line_that_was_not_written_whole_was_followed_by_nothing(dying):
    own, rows = dying
    own.handed(rows[2])
    os.truncate(own.path, own.path.stat().st_size - 4)
    die(own)
    queue.sweep()
    assert states(rows) == [DeliveryStatus.SENT, DeliveryStatus.UNSURE, DeliveryStatus.QUEUED]


def test_what_is_written_into_the_database_is_not_read_again(dying, cast):
    """The worker dies between the commit and the clearing of its journal."""
    own, rows = dying
    Delivery.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(status=DeliveryStatus.FAILED, lease_by="")
    die(own)
    queue.sweep()
    assert states(rows)[:2] == [DeliveryStatus.FAILED] * 2


def test_what_was_only_claimed_goes_back_at_once(sent_out, smtp):
    own = Journal("dying")
    own.open()
    assert len(queue.claim(sent_out, "dying")) == 3
    die(own)
    assert sending.pump() == 3


def test_reminders_have_their_lines_too(mailed, smtp):
    copy = mailed.deliveries.first()
    row = Reminder.objects.create(
        mailing=mailed, delivery=copy, day=timezone.localdate(), address=copy.address, message_id="<r@example.cn>"
    )
    [claimed] = queue.claim(mailed, "dying", kind=Reminder)
    own = Journal("dying")
    own.open()
    queue.begin_group([claimed], "dying", {})
    own.handed(claimed)
    own.taken(claimed, "250 kept")
    die(own)

    assert sending.pump() == 0
    row.refresh_from_db()
    assert (row.status, row.smtp_reply) == ("sent", "250 kept")


def test_after_a_good_run_no_file_is_left(sent_out, smtp, folder):
    assert sending.pump() == 3
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("act", ["write", "fdatasync"])
def test_nothing_goes_out_that_could_not_be_noted(act, sent_out, smtp, monkeypatch):
    """The disk is full. Everything goes out when there is room again."""

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(journal.os, act, full)
        with pytest.raises(OSError, match="No space"):
            sending.pump()
    assert smtp.received == []

    assert sending.pump() == 3
    assert set(sent_out.deliveries.values_list("status", "attempts")) == {(DeliveryStatus.SENT, 1)}


def test_what_arrived_is_known_when_the_database_is_away_at_the_end(sent_out, smtp, monkeypatch):
    def away(*_args, **_options):
        raise RuntimeError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(queue, "end_group", away)
        with pytest.raises(RuntimeError):
            sending.pump()
    assert len(smtp.received) == 1

    assert sending.pump() == 2
    assert sorted(smtp.message_ids) == sorted(sent_out.deliveries.values_list("message_id", flat=True))
    assert set(sent_out.deliveries.values_list("status", flat=True)) == {DeliveryStatus.SENT}


def test_a_pause_is_seen_by_the_next_group(sent_out, smtp, monkeypatch):
    begin_group = queue.begin_group

    def paused_after_one(rows, by, hashes):
        if smtp.received:
            type(sent_out).objects.filter(pk=sent_out.pk).update(status="paused")
        return begin_group(rows, by, hashes)

    monkeypatch.setattr(queue, "begin_group", paused_after_one)
    sending.pump()
    assert sorted(sent_out.deliveries.values_list("status", flat=True)) == ["queued", "queued", "sent"]


def test_a_group_ends_when_its_time_is_over(sent_out, smtp, monkeypatch):
    """What it did not come to is claimed as before, and no try is counted."""
    monkeypatch.setattr(sending, "GROUP_SECONDS", 0)
    rows = queue.claim(sent_out, "slow")
    with Journal("slow") as own, sending.SmtpConnection() as connection:
        own.open()
        run = sending.Run(connection, float("inf"), "slow", own, size=3)
        assert sending._send_group(rows, sending.Press(), run) == rows[1:]
        assert run.size == 1
    assert states(rows) == [DeliveryStatus.SENT, DeliveryStatus.CLAIMED, DeliveryStatus.CLAIMED]
    assert set(Delivery.objects.filter(status="claimed").values_list("attempts", flat=True)) == {0}
    assert DeliveryEvent.objects.count() == 2


def test_a_worker_whose_lease_was_thought_over_says_what_had_not_gone_out(sent_out, smtp, monkeypatch):
    """The clock jumps while it sends; another worker looks after what seems to be left."""
    send = sending.SmtpConnection.send

    def sent_when_the_clock_has_jumped(self, *letter, **options):
        end_leases()
        queue.sweep()
        return send(self, *letter, **options)

    monkeypatch.setattr(sending.SmtpConnection, "send", sent_when_the_clock_has_jumped)
    monkeypatch.setattr(sending, "GROUP_SECONDS", 0)
    rows = queue.claim(sent_out, "slow")
    with Journal("slow") as own, sending.SmtpConnection() as connection:
        own.open()
        sending._send_group(rows, sending.Press(), sending.Run(connection, float("inf"), "slow", own, size=3))

    assert states(rows) == [DeliveryStatus.SENT, DeliveryStatus.CLAIMED, DeliveryStatus.CLAIMED]
    first, *others = (what_of(row) for row in rows)
    assert first == ["sending", "sending", "unsure", "sent"]
    assert others == [["sending", "unsure", "later"]] * 2


def test_a_journal_that_was_taken_for_a_dead_ones_is_begun_anew(folder):
    folder.mkdir()
    (folder / "young").touch()
    own = Journal("young")
    with ThreadPoolExecutor() as pool:
        with journal.of_the_dead() as dead:
            opening = pool.submit(own.open)
            assert list(dead) == ["young"]
        opening.result(timeout=5)
    assert own.path.exists()
    with own.path.open() as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    own.close()
    assert not own.path.exists()
