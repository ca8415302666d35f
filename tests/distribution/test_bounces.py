"""What comes back moves the copy it is about, through one state machine, and is kept whatever it was."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from distribution import access, links, mailing, progress, queue, receipts, reminders, sending
from distribution.bounces import filing, verp
from distribution.models import (
    Delivery,
    DeliveryEvent,
    DeliveryStatus,
    HeldAddress,
    MailingStatus,
    Reader,
    ReturnedMail,
)
from tests import factories

from . import returned_mail

pytestmark = pytest.mark.django_db

What, Outcome = DeliveryEvent.What, ReturnedMail.Outcome


def state(row):
    row.refresh_from_db()
    return row.status


def file(mail):
    return filing.file(mail, "somewhere")


def bounce(copy, **fields):
    return file(returned_mail.postfix(copy.message_id, copy.address, **fields))


def test_a_returned_copy_is_refused_with_the_servers_words_and_needs_a_person(copy):
    kept = bounce(copy)

    assert state(copy) == DeliveryStatus.FAILED
    assert copy.sent_at is None
    event = copy.events.last()
    assert (event.what, event.by) == (What.BOUNCED, None)
    assert event.note.startswith("没有这个邮箱：550 5.1.1")
    assert event.note.endswith("（来源：退信）")
    assert (kept.outcome, kept.delivery, kept.found_by) == (Outcome.FAILED, copy, ReturnedMail.FoundBy.MESSAGE_ID)
    assert progress.advice(copy).cause == "没有这个邮箱"
    assert copy.mailing.deliveries.shown_as("trouble").get() == copy


def test_the_same_mail_counts_once(copy, cast):
    bounce(copy)
    HeldAddress.objects.update(taken_off_at=copy.mailing.started_at)
    mailing.resend(copy, by=cast.tang)

    assert bounce(copy) is None
    assert state(copy) == DeliveryStatus.QUEUED


def test_a_hard_bounce_holds_the_address_and_a_soft_one_does_not(copy):
    bounce(copy, status="5.2.2", said="552 5.2.2 mailbox full")
    assert state(copy) == DeliveryStatus.FAILED
    assert not HeldAddress.objects.exists()

    bounce(copy)
    held = HeldAddress.objects.get()
    assert (held.address, held.delivery, held.reason) == (copy.address, copy, "没有这个邮箱")
    assert "User unknown" in held.words


@pytest.mark.parametrize("write", [returned_mail.exim, returned_mail.exchange, returned_mail.qq, returned_mail.netease])
def test_each_systems_mail_finds_its_copy(copy, write):
    kept = file(write(copy.message_id, copy.address))

    assert kept.delivery == copy
    assert state(copy) == DeliveryStatus.FAILED


def test_words_with_an_address_alone_find_the_one_copy_that_was_sent_there(copy):
    kept = file(returned_mail.qq(address=copy.address.upper()))

    assert (kept.delivery, kept.found_by) == (copy, ReturnedMail.FoundBy.ADDRESS)
    assert state(copy) == DeliveryStatus.FAILED
    assert HeldAddress.objects.current().get().address == copy.address


def test_an_address_named_by_no_mail_server_finds_nothing(copy):
    mail = returned_mail.qq(address=copy.address).replace(b"PostMaster@qq", b"someone@qq")

    assert file(mail).outcome == Outcome.UNKNOWN
    assert state(copy) == DeliveryStatus.SENT


@pytest.mark.parametrize(
    ("mail", "outcome", "is_waiting"),
    [
        (returned_mail.away, Outcome.AUTOMATIC, False),
        (returned_mail.answer, Outcome.UNKNOWN, True),
        (returned_mail.qq, Outcome.UNKNOWN, True),
        (lambda: returned_mail.nested(3000), Outcome.UNKNOWN, True),
    ],
    ids=["away", "answer", "of somebody else", "nested"],
)
def test_what_is_no_bounce_of_ours_changes_nothing_and_is_kept(copy, mail, outcome, is_waiting):
    kept = file(mail())

    assert kept.outcome == outcome
    assert ReturnedMail.objects.waiting().filter(pk=kept.pk).exists() == is_waiting
    assert state(copy) == DeliveryStatus.SENT


def test_a_delay_is_written_at_the_copy_and_changes_nothing(copy):
    bounce(copy, action="delayed", status="4.4.1", said="connect timed out")

    assert state(copy) == DeliveryStatus.SENT
    assert copy.events.last().what == What.DELAYED


def test_a_report_settles_an_unsure_copy_either_way(mailed):
    first, second, third = mailed.deliveries.select_related("mailing").order_by("pk")
    mailed.deliveries.update(status=DeliveryStatus.UNSURE, lease_by="a worker that died")

    bounce(first)
    bounce(second, action="delivered", status="2.0.0", said="250 2.0.0 ok")

    assert [state(row) for row in (first, second, third)] == ["failed", "sent", "unsure"]
    assert second.events.last().what == What.ARRIVED
    assert second.events.last().note == "对方服务器的回报：250 2.0.0 ok"
    assert first.lease_by == second.lease_by == ""


def test_a_report_that_is_faster_than_the_worker_wins(mailed):
    row = mailed.deliveries.select_related("mailing").first()
    mailed.deliveries.update(status=DeliveryStatus.SENDING, lease_by="a worker")
    bounce(row)

    assert not queue.sent(row, "a worker", "250 ok")
    assert state(row) == DeliveryStatus.FAILED


def test_a_report_about_a_former_address_says_nothing_of_the_present_one(copy, cast):
    former = copy.address
    bounce(copy, status="5.2.2", said="552 5.2.2 mailbox full")
    mailing.send_to(copy, "new@example.cn", by=cast.tang)
    Delivery.objects.filter(pk=copy.pk).update(status=DeliveryStatus.SENT)
    copy.refresh_from_db()
    copy.event(What.SENDING, copy.address).save()

    file(returned_mail.postfix(copy.message_id, former))

    assert state(copy) == DeliveryStatus.SENT
    assert [row.address for row in HeldAddress.objects.all()] == [former]


def test_a_report_of_where_mail_is_forwarded_holds_no_address(copy):
    file(returned_mail.postfix(copy.message_id, "private@elsewhere.example"))

    assert state(copy) == DeliveryStatus.FAILED
    assert not HeldAddress.objects.exists()


def test_a_returned_reminder_is_not_the_copy(copy, cast):
    reminders.remind(copy.mailing, Delivery.objects.filter(pk=copy.pk), by=cast.tang)
    copy.reminders.update(status=DeliveryStatus.SENT)
    reminder = copy.reminders.get()

    kept = file(returned_mail.postfix(reminder.message_id, reminder.address, status="5.2.2", said="552 full"))

    assert (kept.reminder, kept.delivery) == (reminder, copy)
    assert (state(reminder), state(copy)) == ("failed", "sent")
    assert copy.events.last().is_of_reminder


# --- the envelope --------------------------------------------------------------------------------------------------
def test_each_mail_has_a_sender_of_its_own_which_finds_it_and_is_not_made_up(sent_out, smtp, settings):
    settings.BOUNCE_ADDRESS = "bounces@office.example"
    sending.pump()
    senders = {mail.sender for mail in smtp.received}
    copy = sent_out.deliveries.get(address=smtp.received[0].recipients[0])
    sender = smtp.received[0].sender

    assert len(senders) == 3
    assert verp.find(sender) == verp.find(sender.upper().lower()) == copy
    assert len(sender.partition("@")[0]) <= 64
    assert verp.find(sender.replace(f"+c{copy.pk}-", f"+c{copy.pk + 1}-")) is None
    assert verp.find(sender.replace("+c", "+r")) is None
    assert b"bounces+" not in smtp.received[0].content

    kept = file(returned_mail.postfix("<nobody@x.example>", copy.address, to=sender))
    assert (kept.delivery, kept.found_by) == (copy, ReturnedMail.FoundBy.ENVELOPE)
    assert state(copy) == DeliveryStatus.FAILED


@pytest.mark.sqlite
def test_without_the_setting_the_sender_is_the_offices(sent_out, smtp):
    sending.pump()
    assert {mail.sender for mail in smtp.received} == {"bulletin@localhost"}


# --- found out otherwise -------------------------------------------------------------------------------------------
@pytest.mark.sqlite
def test_the_archive_opened_by_account_shows_nothing_but_a_receipt_does(copy, cast):
    mailed_to = Reader.objects.filter(pk=copy.reader_id)
    mailed_to.update(user=cast.shen)
    Delivery.objects.update(status=DeliveryStatus.UNSURE)
    copy = Delivery.objects.get(pk=copy.pk)
    access.log(copy.mailing.issue, access.Kind.OPEN, delivery=copy, user=cast.shen)
    assert state(copy) == DeliveryStatus.UNSURE
    receipts.confirm(copy, "沈", by=cast.shen)

    assert state(copy) == DeliveryStatus.SENT
    assert copy.events.last().note == "收件人签收了"


@pytest.mark.sqlite
def test_an_opened_link_shows_that_an_unsure_copy_arrived_and_settles_the_notice(sent_out, client, as_user, cast):
    unsure = sent_out.deliveries.first()
    Delivery.objects.filter(pk=unsure.pk).update(status=DeliveryStatus.UNSURE)
    sending.pump()
    assert cast.tang.notices.asking().exists()
    link = reverse("distribution:reader_page", args=[links.token_of(unsure)])
    client.head(link)
    assert state(unsure) == DeliveryStatus.UNSURE
    client.get(link)

    assert state(unsure) == DeliveryStatus.SENT
    assert not cast.tang.notices.asking().exists()
    event = unsure.events.last()
    assert (event.what, event.note, event.by) == (What.ARRIVED, "收件人打开了专用链接", None)
    page = as_user(cast.tang).get(reverse("distribution:delivery", args=[unsure.pk])).content.decode()
    assert "核实依据" in page
    assert "收件人打开了专用链接" in page


@pytest.mark.sqlite
def test_a_person_is_shown_as_the_source_too(copy, as_user, cast):
    Delivery.objects.update(status=DeliveryStatus.UNSURE)
    mailing.mark_received(copy, by=cast.tang)

    page = as_user(cast.tang).get(reverse("distribution:delivery", args=[copy.pk])).content.decode()
    assert "核实依据" in page


# --- the page ------------------------------------------------------------------------------------------------------
@pytest.mark.sqlite
def test_the_page_shows_what_was_not_recognised_until_somebody_has_looked(as_user, cast):
    kept = file(returned_mail.qq())
    office = as_user(cast.tang)
    page = office.get(reverse("distribution:returned")).content.decode()
    assert "抱歉，您的邮件被退回来了" in page
    assert reverse("distribution:hold") + "?address=zhang%40qq.example" in page
    assert "未能识别的退信" in office.get(reverse("home")).content.decode()

    office.post(reverse("distribution:returned_look", args=[kept.pk]))
    kept.refresh_from_db()

    assert kept.looked_by == cast.tang
    assert "抱歉" not in office.get(reverse("distribution:returned")).content.decode()
    assert "抱歉" in office.get(reverse("distribution:returned"), {"show": "all", "q": "zhang@qq"}).content.decode()
    again = office.post(reverse("distribution:returned_look", args=[kept.pk]), follow=True).content.decode()
    assert "已有人看过这封" in again


@pytest.mark.sqlite
def test_its_queries_do_not_grow_with_the_mails(mailed, as_user, cast):
    office = as_user(cast.tang)
    counts = []
    for row in mailed.deliveries.all():
        ReturnedMail.objects.create(digest=str(row.pk), place="x", outcome=Outcome.UNKNOWN, delivery=row)
        with CaptureQueriesContext(connection) as captured:
            office.get(reverse("distribution:returned"))
        counts.append(len(captured))

    assert counts[-1] == counts[0] <= 14


@pytest.mark.sqlite
def test_the_way_of_a_reader_with_a_dead_address_to_the_next_issue(copy, bulletin, cast, as_user):
    """Bounced, held, shown before the next issue goes out, not mailed, and mailed again at another address."""
    bounce(copy)
    issue = factories.issued_issue(bulletin, cast)
    factories.make_reader("单位4", "办公室", "")
    page = as_user(cast.tang).get(reverse("distribution:prepare", args=[issue.pk])).content.decode()
    assert "地址暂停投递：不会寄出" in page

    started = mailing.start(issue, by=cast.tang)
    held = started.deliveries.get(reader=copy.reader)
    assert held.status == DeliveryStatus.HELD
    assert held.events.get().note == "这个地址暂停投递：没有这个邮箱"
    sending.pump()
    started.refresh_from_db()
    assert (started.status, state(held)) == (MailingStatus.DONE, DeliveryStatus.HELD)

    mailing.send_to(held, "new@example.cn", by=cast.tang)
    sending.pump()
    assert state(held) == DeliveryStatus.SENT
