"""Notices by mail: at once or once a day, and after a crash neither lost nor sent twice."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import mails, notices
from accounts.models import Mail, Notice
from articles.models import Article
from tests import factories
from tests.accounts.test_notices import EVENING, MORNING, returned, smtp

__all__ = ["returned", "smtp"]

pytestmark = pytest.mark.sqlite


# --- mails ---------------------------------------------------------------------------------------------------------
def test_an_urgent_one_is_mailed_at_once_with_its_reason_and_one_button(cast, returned):
    mails.send_due()

    [message] = mail.outbox
    [(html, _kind)] = message.alternatives
    place = "http://127.0.0.1:8000" + reverse("articles:edit", args=[returned.pk])
    assert (message.to, message.subject) == (["lin@example.cn"], "【退修】急救培训")
    for text in (message.body, html):
        assert "缺企业全称" in text
        assert place in text
    assert html.count('bgcolor="#A4161A"') == 1


def test_others_wait_for_the_one_mail_of_the_day(cast, returned):
    factories.submitted(cast.lin, title="第二篇")
    factories.submitted(cast.zhao, title="第三篇")
    Notice.objects.update(created_at=EVENING)

    notices.write_daily_mails(MORNING - timedelta(minutes=1))
    assert not Mail.objects.filter(kind=Mail.Kind.DAILY).exists()

    for _run in range(3):
        notices.write_daily_mails(MORNING)
    Mail.objects.filter(kind=Mail.Kind.NOTICE).delete()
    mails.send_due()
    mails.send_due()

    assert sorted(message.to[0] for message in mail.outbox) == ["admin@example.cn", "gu@example.cn", "lu@example.cn"]
    message = next(message for message in mail.outbox if message.to == ["lu@example.cn"])
    [(html, _kind)] = message.alternatives
    assert message.subject == "【今日事项】2 件要办，0 条消息"
    assert "第二篇" in message.body
    assert "第三篇" in message.body
    assert html.count('bgcolor="#A4161A"') == 2


def test_what_comes_after_the_hour_waits_for_the_next_day(cast):
    factories.submitted(cast.lin)
    Notice.objects.update(created_at=EVENING)
    notices.write_daily_mails(MORNING)
    factories.submitted(cast.lin)
    # Written before the hour, committed after it: still no second mail that day.
    Notice.objects.filter(mail=None).update(created_at=MORNING - timedelta(seconds=1))

    notices.write_daily_mails(MORNING + timedelta(minutes=1))
    assert cast.lu.mails.count() == 1
    notices.write_daily_mails(MORNING + timedelta(days=1))
    assert cast.lu.mails.count() == 2


def test_the_mail_of_a_day_on_which_nothing_ran_goes_later(cast):
    factories.submitted(cast.lin)
    Notice.objects.update(created_at=EVENING)

    notices.write_daily_mails(MORNING + timedelta(hours=5))

    assert cast.lu.mails.get().day == MORNING.date()


def test_the_database_refuses_a_second_mail_for_a_day(cast):
    fields = {"kind": Mail.Kind.DAILY, "user": cast.lu, "address": "lu@example.cn", "day": MORNING.date()}
    Mail.objects.create(**fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(**fields)


def test_what_was_read_or_settled_stands_in_no_daily_mail(as_user, cast):
    read, settled = factories.submitted(cast.lin, title="读过"), factories.submitted(cast.lin, title="办过")
    factories.submitted(cast.lin, title="还在等")
    settled.apply(Article.ACCEPT, by=cast.gu)
    notices.mark_read(cast.lu.notices.about(read))
    Notice.objects.update(created_at=EVENING)
    notices.write_daily_mails(MORNING)
    mails.send_due()

    [body] = [message.body for message in mail.outbox if message.to == ["lu@example.cn"]]
    assert "还在等" in body
    assert "读过" not in body
    assert "办过" not in body


def test_a_title_of_two_lines_stays_in_the_subject(cast):
    article = factories.submitted(cast.lin)
    article.apply(Article.RETURN, by=cast.lu, note="理由")
    Notice.objects.update(title="第一行\r\nBcc: someone@example.cn")
    mails.send_due()

    [message] = mail.outbox
    assert message.subject == "【退修】第一行 Bcc: someone@example.cn"
    assert message.message().get_all("Bcc") is None


# --- a crash loses nothing and sends nothing twice -----------------------------------------------------------------
def test_a_mail_whose_worker_died_before_it_began_is_sent_once(cast, returned):
    row = Mail.objects.get()
    assert row.claim(timezone.now())

    mails.send_due()
    assert mail.outbox == []  # it is another's for a minute

    Mail.objects.update(next_try_at=timezone.now())
    mails.send_due()
    mails.send_due()
    assert len(mail.outbox) == 1


def test_a_mail_whose_worker_died_while_it_went_out_is_never_sent_by_itself(cast, returned):
    row = Mail.objects.get()
    assert row.claim(timezone.now())
    assert row.begin()

    Mail.objects.update(next_try_at=timezone.now() - timedelta(hours=1))
    mails.send_due()

    assert mail.outbox == []
    row.refresh_from_db()
    assert row.state == "待核实：可能已送到"


def test_two_workers_take_a_mail_once(cast, returned):
    one, other = Mail.objects.get(), Mail.objects.get()

    assert (one.claim(timezone.now()), other.claim(timezone.now())) == (True, False)
    assert (one.begin(), one.begin()) == (True, False)


@pytest.mark.parametrize(
    ("stage", "answer", "is_tried_again"),
    [
        ("connect", "hang up", True),
        ("mail", "451 later", True),
        ("rcpt", "550 nobody here", True),
        ("body", "554 no", True),
        ("body", "hang up", False),
    ],
)
def test_only_an_answer_of_the_server_lets_a_mail_go_out_again(cast, returned, smtp, stage, answer, is_tried_again):
    smtp.refuse(stage, answer)
    mails.send_due()
    row = Mail.objects.get()
    assert (row.sent_at, row.begun_at is None, bool(row.error)) == (None, is_tried_again, True)

    smtp.accept_all()
    before = len(smtp.received)
    Mail.objects.update(next_try_at=timezone.now())
    mails.send_due()
    assert len(smtp.received) - before == is_tried_again


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("stage", "has_arrived"), [("connect", False), ("body", True)], ids=["before it began", "while it went out"]
)
def test_kill_9_between_the_claim_and_the_end_sends_nothing_twice(cast, returned, smtp, stage, has_arrived):
    if has_arrived:
        smtp.delay = 5
    else:
        smtp.refuse("connect", "silence")
    connections.close_all()
    child = os.fork()
    if child == 0:
        mails.send_due()
        os._exit(0)
    until = time.monotonic() + 20
    while time.monotonic() < until and not (smtp.received if has_arrived else smtp.connections):
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

    smtp.delay = 0
    smtp.accept_all()
    for _run in range(3):
        Mail.objects.update(next_try_at=timezone.now())
        mails.send_due()

    assert len(smtp.received) == 1
    assert bool(Mail.objects.get().sent_at) != has_arrived  # what may have arrived is left for a person
