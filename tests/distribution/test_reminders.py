"""Who has not confirmed is reminded: at most once a day, by mails that are sent as the copies are."""

from datetime import date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from distribution import links, mailing, queue, receipts, reminders, sending
from distribution.models import Delivery, DeliveryStatus, Mailing, MailingStatus, Reminder, ReminderStatus
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = pytest.mark.django_db


@scene
def arrived(sent_out):
    """The mailing to three readers, all sent."""
    sent_out.deliveries.update(status=DeliveryStatus.SENT, sent_at=timezone.now())
    Mailing.objects.filter(pk=sent_out.pk).update(status=MailingStatus.DONE, finished_at=timezone.now())
    sent_out.refresh_from_db()
    return sent_out


@scene
def reminded(arrived, cast):
    with factories.without_worker():
        reminders.remind(arrived, arrived.deliveries.all(), by=cast.tang)
    return arrived


def url(name, *args):
    return reverse(f"distribution:{name}", args=args)


def statuses(row):
    return sorted(row.reminders.values_list("status", flat=True))


# --- the act ---------------------------------------------------------------------------------------------------------
def test_it_reminds_those_who_have_not_confirmed_and_nobody_else(arrived, cast):
    receipts.confirm(arrived.deliveries.first(), "林向晚")

    assert reminders.remind(arrived, arrived.deliveries.all(), by=cast.tang) == 2
    assert not Reminder.objects.filter(delivery=arrived.deliveries.first()).exists()


def test_it_reminds_once_a_day(reminded, cast):
    with pytest.raises(Refused, match="没有可催的人"):
        reminders.remind(reminded, reminded.deliveries.all(), by=cast.tang)

    assert reminded.reminders.count() == 3


def test_it_reminds_again_on_another_day(reminded, cast):
    with factories.noon_of(timezone.localdate() + timedelta(days=1)):
        assert reminders.remind(reminded, reminded.deliveries.all(), by=cast.tang) == 3


def test_the_database_refuses_a_second_reminder_on_one_day(reminded):
    first = reminded.reminders.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(
            mailing=reminded, delivery=first.delivery, day=first.day, address=first.address, message_id="<x@y>"
        )


@pytest.mark.parametrize("status", [status for status in ReminderStatus if status not in ("sent", "dropped")])
def test_a_copy_that_has_not_arrived_is_not_reminded_of(status, arrived, cast):
    arrived.deliveries.update(status=status)

    with pytest.raises(Refused):
        reminders.remind(arrived, arrived.deliveries.all(), by=cast.tang)


def test_a_revoked_link_is_not_reminded_of(arrived, cast):
    mailing.revoke(arrived.deliveries.first(), by=cast.tang)

    assert reminders.remind(arrived, arrived.deliveries.all(), by=cast.tang) == 2


def test_nobody_without_the_permission_reminds(arrived, cast):
    for user in (cast.lin, cast.lu, cast.fang, cast.shen, None):
        with pytest.raises(Refused):
            reminders.remind(arrived, arrived.deliveries.all(), by=user)


def test_a_paused_mailing_does_not_remind(arrived, cast):
    Mailing.objects.filter(pk=arrived.pk).update(status=MailingStatus.PAUSED)

    with pytest.raises(Refused, match="继续"):
        reminders.remind(arrived, arrived.deliveries.all(), by=cast.tang)


def test_who_got_the_copy_after_the_page_was_shown_is_left_out(arrived, cast):
    shown_at = timezone.now()
    arrived.deliveries.filter(pk=arrived.deliveries.first().pk).update(sent_at=shown_at + timedelta(seconds=1))

    assert reminders.remind(arrived, arrived.deliveries.all(), by=cast.tang, shown_at=shown_at) == 2


def test_an_expired_link_is_renewed(arrived, cast, smtp):
    copy = arrived.deliveries.first()
    Delivery.objects.filter(pk=copy.pk).update(link_expires_at=timezone.now() - timedelta(days=1))

    reminders.remind(arrived, arrived.deliveries.filter(pk=copy.pk), by=cast.tang)
    sending.pump()

    copy.refresh_from_db()
    assert copy.is_link_valid
    assert links.find(links.token_of(copy)) == copy
    assert links.url_of(links.token_of(copy)) in words_of(smtp.received[0])


# --- the mail --------------------------------------------------------------------------------------------------------
def words_of(received):
    return message_from_bytes(received.content, policy=policy.default).get_body(("plain",)).get_content()


def test_the_mail_has_the_link_and_the_day_and_no_pdf(arrived, cast, smtp):
    Mailing.objects.update(confirm_by=date(timezone.localdate().year, 4, 15))

    reminders.remind(arrived, arrived.deliveries.filter(address="reader1@example.cn"), by=cast.tang)
    sending.pump()

    [received] = smtp.received
    parsed = message_from_bytes(received.content, policy=policy.default)
    copy = Reminder.objects.get().delivery
    assert "4月15日前签收" in parsed["Subject"]
    assert "请在4月15日前" in words_of(received)
    assert links.url_of(links.token_of(copy)) in words_of(received)
    assert list(parsed.iter_attachments()) == []
    assert parsed["Message-ID"] == Reminder.objects.get().message_id != copy.message_id


def test_each_reminder_goes_out_once_and_leaves_the_mailing_done(reminded, smtp):
    assert sending.pump() == 3
    assert sending.pump() == 0

    reminded.refresh_from_db()
    assert statuses(reminded) == [ReminderStatus.SENT] * 3
    assert reminded.status == MailingStatus.DONE
    assert len(smtp.received) == len(set(smtp.message_ids)) == 3


def test_what_happened_stands_with_the_copy(reminded, smtp, cast):
    sending.pump()

    events = reminded.deliveries.first().events.all()
    assert [(event.what, event.by) for event in events] == [("reminded", cast.tang), ("sending", None), ("sent", None)]
    assert {event.reminder for event in events} == {reminded.reminders.first()}


def test_who_confirms_meanwhile_gets_no_reminder(reminded, smtp):
    receipts.confirm(reminded.deliveries.first(), "林向晚")

    assert sending.pump() == 2
    assert statuses(reminded) == [ReminderStatus.DROPPED, ReminderStatus.SENT, ReminderStatus.SENT]


def test_who_confirms_after_the_claim_gets_no_reminder(reminded):
    [row] = queue.claim(reminded, "me", 1, Reminder)
    receipts.confirm(row.delivery, "林向晚")

    assert not queue.begin(row, "me")


@pytest.mark.sqlite
def test_a_day_given_at_the_start_stands_in_the_copys_letter(issue, readers, cast, as_user, smtp):
    day = timezone.localdate() + timedelta(days=3)
    past = {"confirm_by": day - timedelta(days=9)}
    assert "已经过了" in as_user(cast.tang).post(url("start", issue.pk), past, follow=True).text
    assert not Mailing.objects.exists()

    as_user(cast.tang).post(url("start", issue.pk), {"confirm_by": day})
    sending.pump()

    assert f"请在{day.month}月{day.day}日前签收" in words_of(smtp.received[0])


# --- crashes ---------------------------------------------------------------------------------------------------------
def test_a_reminder_whose_worker_died_while_sending_is_unsure_and_not_sent_again(reminded, smtp):
    [row] = queue.claim(reminded, "dead", 1, Reminder)
    assert queue.begin(row, "dead")
    Reminder.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    assert sending.pump() == 2
    assert sending.pump() == 0
    row.refresh_from_db()
    assert row.status == ReminderStatus.UNSURE
    assert row.delivery.events.last().what == "unsure"


def test_a_claim_whose_worker_died_goes_back_to_the_queue(reminded, smtp):
    queue.claim(reminded, "dead", kind=Reminder)
    assert sending.pump() == 0

    Reminder.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert sending.pump() == 3


def test_without_an_answer_a_reminder_is_unsure(reminded, smtp):
    smtp.refuse("body", "hang up", "reader2@example.cn")
    sending.pump()

    assert statuses(reminded) == [ReminderStatus.SENT, ReminderStatus.SENT, ReminderStatus.UNSURE]
    assert set(reminded.deliveries.values_list("status", flat=True)) == {DeliveryStatus.SENT}


def test_a_systematic_fault_pauses_and_resuming_goes_on(reminded, smtp, cast):
    finished_at = reminded.finished_at
    smtp.refuse("body", "hang up")
    sending.pump()
    reminded.refresh_from_db()
    assert reminded.status == MailingStatus.PAUSED
    assert "连续 3 份" in reminded.paused_because

    smtp.accept_all()
    Reminder.objects.filter(pk=reminded.reminders.first().pk).update(status=ReminderStatus.QUEUED)
    assert sending.pump() == 0
    reminded.apply(Mailing.RESUME, by=cast.tang)
    assert sending.pump() == 1
    reminded.refresh_from_db()
    assert (reminded.status, reminded.finished_at) == (MailingStatus.DONE, finished_at)


def test_a_mailing_that_is_through_is_paused_while_it_reminds(reminded, cast, smtp):
    reminded.apply(Mailing.PAUSE, by=cast.tang)
    assert sending.pump() == 0
    reminded.apply(Mailing.RESUME, by=cast.tang)
    assert sending.pump() == 3
    reminded.refresh_from_db()
    with pytest.raises(Refused):
        reminded.apply(Mailing.PAUSE, by=cast.tang)


# --- by itself -------------------------------------------------------------------------------------------------------
@scene
def set_to_two_days(arrived, cast):
    """To be confirmed by 15 April, reminding on the 13th and the 15th; sent on the 8th."""
    arrived.deliveries.update(sent_at=datetime(2026, 4, 8, 4, tzinfo=timezone.get_current_timezone()))
    with factories.noon_of(date(2026, 4, 8)):
        reminders.set_deadline(arrived, date(2026, 4, 15), 2, by=cast.tang)
    return arrived


def days(row):
    return sorted({f"{day:%m-%d}" for day in row.reminders.values_list("day", flat=True)})


def on(*days_of_april):
    for day in days_of_april:
        with factories.noon_of(date(2026, 4, day)), factories.without_worker():
            reminders.remind_by_itself()


@pytest.mark.sqlite
def test_by_itself_it_reminds_before_the_day_and_on_it(set_to_two_days):
    on(8, 12, 13, 13, 14, 15, 15, 16, 17)

    assert days(set_to_two_days) == ["04-13", "04-15"]
    assert set_to_two_days.reminders.count() == 6


@pytest.mark.sqlite
def test_a_day_on_which_nothing_ran_is_made_up_for(set_to_two_days):
    on(14)

    assert days(set_to_two_days) == ["04-14"]


@pytest.mark.sqlite
def test_a_clock_that_jumps_back_reminds_nobody_twice(set_to_two_days):
    on(13, 9, 13, 14)

    assert days(set_to_two_days) == ["04-13"]


@pytest.mark.sqlite
def test_who_got_the_copy_today_is_not_reminded_by_itself(set_to_two_days):
    arrived_today = datetime(2026, 4, 13, 8, tzinfo=timezone.get_current_timezone())
    first = set_to_two_days.deliveries.first()
    Delivery.objects.filter(pk=first.pk).update(sent_at=arrived_today)

    on(13)

    assert set_to_two_days.reminders.count() == 2


@pytest.mark.sqlite
def test_before_nine_it_reminds_nobody(set_to_two_days, monkeypatch):
    early = datetime(2026, 4, 13, 8, 59, tzinfo=timezone.get_current_timezone())
    monkeypatch.setattr(timezone, "now", lambda: early)

    reminders.remind_by_itself()

    assert not Reminder.objects.exists()


@pytest.mark.sqlite
def test_without_a_day_it_can_not_remind_by_itself(arrived, cast):
    with pytest.raises(Refused):
        reminders.set_deadline(arrived, None, 2, by=cast.tang)


# --- the pages -------------------------------------------------------------------------------------------------------
@pytest.mark.sqlite
def test_the_page_shows_whom_and_the_words_and_sends_nothing(arrived, cast, as_user):
    arrived.deliveries.filter(pk=arrived.deliveries.first().pk).update(
        status=DeliveryStatus.PAPER, channel="paper", address=""
    )
    Mailing.objects.update(confirm_by=date(timezone.localdate().year, 4, 15))

    page = as_user(cast.tang).get(url("remind", arrived.pk))

    assert (len(page.context["plan"].ready), len(page.context["plan"].on_paper)) == (2, 1)
    assert "请在4月15日前" in page.text
    assert "催签 2 位" in page.text
    assert not Reminder.objects.exists()


@pytest.mark.sqlite
def test_one_press_reminds_all_but_those_left_out(arrived, cast, as_user):
    left_out = arrived.deliveries.first()

    page = as_user(cast.tang).post(url("remind", arrived.pk), {"without": [left_out.pk, "x"]}, follow=True)

    assert "已催签 2 位" in page.text
    assert not left_out.reminders.exists()


@pytest.mark.sqlite
def test_the_filter_chooses_whom(arrived, cast, as_user):
    as_user(cast.tang).post(url("remind", arrived.pk) + "?q=第2快递")

    assert [row.address for row in Reminder.objects.all()] == ["reader2@example.cn"]


@pytest.mark.sqlite
def test_who_was_reminded_today_is_said_with_the_time(reminded, cast, as_user):
    page = as_user(cast.tang).get(url("remind", reminded.pk))

    assert page.context["plan"].ready == []
    assert "今天已催过" in page.text
    assert f"今天 {timezone.localtime():%H:}" in page.text
    assert "催过 1 次" in as_user(cast.tang).get(url("receipts", reminded.pk)).text


@pytest.mark.sqlite
def test_the_day_is_set_and_stands_on_the_readers_page(arrived, cast, as_user, client):
    day = timezone.localdate() + timedelta(days=3)
    as_user(cast.tang).post(url("deadline", arrived.pk), {"confirm_by": day, "remind_days": "1"})

    arrived.refresh_from_db()
    assert (arrived.confirm_by, arrived.remind_days) == (day, 1)
    copy = arrived.deliveries.select_related("mailing__issue").first()
    assert f"请在{day.month}月{day.day}日前签收" in client.get(url("reader_page", links.token_of(copy))).text


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"confirm_by": "2026-02-30"}, "没有这一天"),
        ({"confirm_by": "2020-01-01"}, "这一天已经过了"),
        ({"confirm_by": "", "remind_days": "1"}, "请填期限"),
    ],
)
def test_a_day_that_can_not_be_is_refused_in_words(fields, words, arrived, cast, as_user):
    answer = as_user(cast.tang).post(url("deadline", arrived.pk), fields)

    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.sqlite
def test_the_queries_of_the_page_do_not_grow_with_the_rows(issue, cast, as_user):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            as_user(cast.tang).get(url("remind", started.pk))
        return len(captured)

    factories.make_reader()
    started = mailing.start(issue, by=cast.tang)
    Delivery.objects.update(status=DeliveryStatus.SENT, sent_at=timezone.now())
    queries()
    few = queries()
    mailing.add(started, type(factories.make_readers(30)[0]).objects.all(), by=cast.tang)
    Delivery.objects.update(status=DeliveryStatus.SENT, sent_at=timezone.now())
    assert queries() == few
