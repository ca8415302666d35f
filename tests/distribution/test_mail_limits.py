"""No domain gets more mails a minute, or over more connections, than the setting says; all others go on meanwhile."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from bulletin_cms.environment import MailLimit
from distribution import mailing, queue, reminders, sending
from distribution.models import Delivery, DeliveryStatus, MailingStatus, Reader, Reminder
from tests import factories

pytestmark = pytest.mark.django_db


def make_readers(domain, count):
    Reader.objects.bulk_create(
        Reader(organisation=f"{domain} 第{n}处", name="办公室", email=f"r{n}@{domain}") for n in range(count)
    )


@pytest.fixture
def started(issue, cast, settings):
    """Five readers at qq.com, which takes two a minute, and three elsewhere, of which one looks like it."""
    settings.MAIL_LIMITS = {"qq.com": MailLimit(2, 1)}
    make_readers("qq.com", 5)
    make_readers("notqq.com", 1)
    make_readers("example.cn", 2)
    with factories.without_worker():
        return mailing.start(issue, by=cast.tang)


def got(smtp):
    return Counter(mail.recipients[0].partition("@")[2] for mail in smtp.received)


def minute_later():
    for kind in (Delivery, Reminder):
        kind.objects.exclude(begun_at=None).update(begun_at=timezone.now() - timedelta(seconds=61))


def test_a_domain_gets_so_many_a_minute_and_nobody_waits_for_it(started, smtp):
    begun = time.monotonic()
    assert sending.pump() == 5
    assert sending.pump() == 0
    assert time.monotonic() - begun < 4  # a pump that waited would use up its five seconds
    assert got(smtp) == {"qq.com": 2, "notqq.com": 1, "example.cn": 2}
    started.refresh_from_db()
    assert started.status == MailingStatus.SENDING

    minute_later()
    assert sending.pump() == 2
    minute_later()
    assert sending.pump() == 1

    started.refresh_from_db()
    assert started.status == MailingStatus.DONE
    assert got(smtp)["qq.com"] == 5


def test_what_was_refused_has_used_up_its_place(started, smtp):
    smtp.refuse("rcpt", "550 no such user")
    sending.pump()
    smtp.accept_all()

    assert sending.pump() == 0
    assert started.deliveries.filter(address__endswith="@qq.com", status=DeliveryStatus.QUEUED).count() == 3


def test_claimed_ones_count_until_they_are_put_back(started):
    first = queue.claim(started, "first", 50)
    assert Counter(row.address.partition("@")[2] for row in first)["qq.com"] == 2
    assert queue.claim(started, "first", 50) == []

    queue.release("first")
    assert len(queue.claim(started, "second", 50)) == len(first) == 5


def test_no_more_workers_than_connections_hold_copies_of_a_domain(started, settings):
    settings.MAIL_LIMITS = {"qq.com": MailLimit(60, 2)}
    held = [queue.claim(started, worker, 1) for worker in ("a", "b", "c")]

    assert [row.address.endswith("@qq.com") for (row,) in held] == [True, True, False]


def test_a_batch_is_no_larger_than_asked_for(started, settings):
    settings.MAIL_LIMITS = {"qq.com": MailLimit(60, 2), "example.cn": MailLimit(60, 2)}
    assert len(queue.claim(started, "a", 6)) == 6


def test_reminders_count_with_the_copies(started, smtp, cast):
    sending.pump()
    reminders.remind(started, started.deliveries.all(), by=cast.tang)

    sending.pump()
    assert got(smtp)["qq.com"] == 2
    assert Reminder.objects.filter(address__endswith="@qq.com", status="queued").count() == 2

    minute_later()
    sending.pump()
    assert got(smtp)["qq.com"] == 4  # two of the copies or reminders that waited


@pytest.mark.django_db(transaction=True)
def test_workers_that_claim_at_the_same_time_keep_it_together(started, settings):
    settings.MAIL_LIMITS = {"qq.com": MailLimit(2, 9)}

    def claim(n):
        try:
            return len(queue.claim(started, f"worker{n}", 50))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        counts = list(pool.map(claim, range(6)))

    claimed = Delivery.objects.filter(status=DeliveryStatus.CLAIMED)
    assert claimed.filter(address__endswith="@qq.com").count() == 2
    assert sum(counts) == 5
