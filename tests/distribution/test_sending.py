"""Each answer of a mail server, and each way it can fall silent, leads to the one right state."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import connection
from django.utils import timezone

from distribution import mailing, queue, sending
from distribution.channels.email import smtp
from distribution.models import Delivery, DeliveryStatus, Mailing, MailingStatus
from tests import factories
from tests.scenes import scene

pytestmark = pytest.mark.django_db

READER_2 = "reader2@example.cn"


def states(sent_out):
    return dict(sent_out.deliveries.values_list("address", "status"))


@scene
def many(issue, cast):
    """A mailing to 25 readers."""
    factories.make_readers(25)
    return mailing.start(issue, by=cast.tang)


@scene
def many_with_a_big_pdf(bulletin, cast):
    issue = factories.issued_issue(bulletin, cast, pdf=factories.PDF + b"x" * 12_000_000)
    factories.make_readers(4)
    return mailing.start(issue, by=cast.tang)


@pytest.fixture(params=[True, False], ids=["in one", "step by step"])
def either_way(smtp, request):
    """A server that takes sender, recipient and DATA in one, and one that wants to answer each."""
    smtp.offers_pipelining = request.param
    return smtp


def assert_paused(sent_out, words):
    sent_out.refresh_from_db()
    assert sent_out.status == MailingStatus.PAUSED
    assert words in sent_out.paused_because
    assert words in sent_out.events.filter(transition="break", by=None).last().note


def test_every_reader_gets_the_mail_once_over_one_connection(sent_out, either_way):
    assert sending.pump() == 3
    assert sending.pump() == 0
    assert sorted(mail.recipients[0] for mail in either_way.received) == [f"reader{n}@example.cn" for n in (1, 2, 3)]
    assert set(states(sent_out).values()) == {DeliveryStatus.SENT}
    assert either_way.connections == 1


def test_the_mail_has_the_known_message_id_and_the_official_pdf(sent_out, smtp):
    sending.pump()
    assert sorted(smtp.message_ids) == sorted(sent_out.deliveries.values_list("message_id", flat=True))
    parsed = message_from_bytes(smtp.received[0].content, policy=policy.default)
    (pdf,) = parsed.iter_attachments()
    assert pdf.get_content() == factories.PDF
    assert pdf["Content-Type"].params["name"] == f"简报{sent_out.issue}.pdf"


def test_the_mailing_is_done_when_nothing_is_open(sent_out, smtp):
    sending.pump()
    sent_out.refresh_from_db()
    assert sent_out.status == MailingStatus.DONE
    assert sent_out.finished_at


def test_each_sending_is_recorded_with_the_servers_answer(sent_out, smtp):
    sending.pump()
    delivery = sent_out.deliveries.first()
    assert [event.what for event in delivery.events.all()] == ["sending", "sent"]
    assert delivery.smtp_reply == "250 kept"
    assert delivery.sent_at


@pytest.mark.parametrize("stage", ["rcpt", "data", "body"])
def test_a_5xx_answer_fails_that_copy_alone(stage, sent_out, either_way):
    either_way.refuse(stage, "550 5.1.1 no such user", READER_2)
    sending.pump()
    assert states(sent_out) == {
        "reader1@example.cn": DeliveryStatus.SENT,
        READER_2: DeliveryStatus.FAILED,
        "reader3@example.cn": DeliveryStatus.SENT,
    }
    assert "5.1.1" in sent_out.deliveries.get(address=READER_2).error


@pytest.mark.parametrize("stage", ["rcpt", "data", "body"])
def test_a_4xx_answer_is_tried_again_later(stage, sent_out, either_way):
    either_way.refuse(stage, "451 4.2.2 not now", READER_2)
    sending.pump()
    delivery = sent_out.deliveries.get(address=READER_2)
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.QUEUED, 1)
    assert timedelta(seconds=40) < delivery.next_try_at - timezone.now() < timedelta(seconds=80)
    assert sending.pump() == 0
    either_way.accept_all()
    sent_out.deliveries.filter(pk=delivery.pk).update(next_try_at=timezone.now())
    assert sending.pump() == 1


def test_waiting_grows_and_ends(sent_out, smtp):
    smtp.refuse("rcpt", "451 not now")
    delivery = sent_out.deliveries.first()
    waits = []
    for _try in range(6):
        Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now())
        sending.pump()
        delivery.refresh_from_db()
        waits.append(round((delivery.next_try_at - timezone.now()).total_seconds() / 60))
    assert delivery.status == DeliveryStatus.FAILED
    for wait, minutes in zip(waits, queue.BACKOFF_MINUTES, strict=False):
        assert minutes * 0.79 - 1 <= wait <= minutes * 1.21 + 1


@pytest.mark.parametrize("stage", ["connect", "mail", "rcpt", "data"])
@pytest.mark.parametrize("answer", ["hang up", "421 closing"])
def test_a_connection_that_breaks_before_the_body_is_tried_again(stage, answer, sent_out, either_way):
    either_way.refuse(stage, answer)
    sending.pump()
    assert set(states(sent_out).values()) == {DeliveryStatus.QUEUED}
    assert sorted(sent_out.deliveries.values_list("attempts", flat=True)) == [0, 0, 1]
    either_way.accept_all()
    sent_out.deliveries.update(next_try_at=timezone.now())
    assert sending.pump() == 3
    assert len(either_way.received) == 3


@pytest.mark.parametrize("answer", ["hang up", "silence"])
def test_without_an_answer_to_the_body_the_copy_is_unsure_and_stays_so(answer, sent_out, smtp):
    smtp.refuse("body", answer, READER_2)
    sending.pump()
    smtp.accept_all()
    sent_out.deliveries.filter(status=DeliveryStatus.QUEUED).update(next_try_at=timezone.now())
    sending.pump()
    assert states(sent_out)[READER_2] == DeliveryStatus.UNSURE
    assert len(smtp.received) == 3  # the unsure one did arrive, and was not sent again
    assert len(set(smtp.message_ids)) == 3


def test_a_server_that_closes_after_each_mail_costs_nothing(sent_out, smtp):
    """It answers the mail, then hangs up at the next MAIL: another connection is opened at once."""
    original = smtp._take

    def take_and_close(handler, *args):
        original(handler, *args)
        return False

    smtp._take = take_and_close
    assert sending.pump() == 3
    assert smtp.connections == 3


def test_twenty_connection_errors_pause_the_mailing_with_the_reason(issue, smtp, cast):
    factories.make_readers(25)
    started = mailing.start(issue, by=cast.tang)
    smtp.refuse("connect", "421 too busy")
    for _run in range(25):
        sending.pump()
    started.refresh_from_db()
    assert started.status == MailingStatus.PAUSED
    assert "421 too busy" in started.paused_because
    assert started.connection_errors == 20
    smtp.accept_all()
    started.apply(Mailing.RESUME, by=cast.tang)
    started.deliveries.update(next_try_at=timezone.now())
    assert sending.pump() == 25


def test_three_copies_in_a_row_without_an_answer_pause_the_mailing_with_the_reason(many, smtp):
    smtp.refuse("body", "hang up")
    sending.pump()
    assert_paused(many, "连续 3 份交给邮件服务器后没有得到答复")
    assert len(smtp.received) == many.deliveries.filter(status=DeliveryStatus.UNSURE).count() == 3
    assert not many.deliveries.exclude(status__in=(DeliveryStatus.UNSURE, DeliveryStatus.QUEUED)).exists()


def test_ten_equal_refusals_in_a_row_pause_the_mailing_with_the_reason(many, smtp):
    smtp.refuse("body", "554 5.7.1 message looks like spam")
    sending.pump()
    assert_paused(many, "连续 10 份被邮件服务器以同样的理由拒收（554 5.7.1 message looks like spam）")
    assert many.deliveries.filter(status=DeliveryStatus.FAILED).count() == 10
    assert many.deliveries.filter(status=DeliveryStatus.QUEUED).count() == 15


@pytest.mark.parametrize("stage", ["rcpt", "data", "body"])
def test_refusals_are_equal_whatever_address_or_number_they_name(stage, many, smtp):
    for n in range(1, 26):
        smtp.refuse(stage, f"550 5.1.1 <reader{n}@example.cn>: relaying denied, id {n}F3A", f"reader{n}@example.cn")
    sending.pump()
    assert_paused(many, "relaying denied")
    assert many.deliveries.filter(status=DeliveryStatus.FAILED).count() == 10


def test_refusals_for_different_reasons_are_the_readers_own(many, smtp):
    for n in range(1, 26):
        smtp.refuse("rcpt", ("550 no such user", "552 mailbox full")[n % 2], f"reader{n}@example.cn")
    sending.pump()
    many.refresh_from_db()
    assert many.deliveries.filter(status=DeliveryStatus.FAILED).count() == 25
    assert many.status == MailingStatus.DONE


@pytest.mark.parametrize(("stage", "answer", "limit"), [("body", "hang up", 3), ("rcpt", "550 no such user", 10)])
def test_a_sent_copy_sets_the_count_back(stage, answer, limit, many, smtp):
    for place, address in enumerate(many.deliveries.order_by("pk").values_list("address", flat=True), start=1):
        if place % limit:
            smtp.refuse(stage, answer, address)
    sending.pump()
    many.refresh_from_db()
    assert many.status == MailingStatus.DONE
    assert many.deliveries.filter(status=DeliveryStatus.SENT).count() == 25 // limit


def test_resuming_counts_anew(many, smtp, cast):
    smtp.refuse("body", "hang up")
    sending.pump()
    many.refresh_from_db()
    many.apply(Mailing.RESUME, by=cast.tang)
    assert many.paused_because == ""
    sending.pump()
    assert_paused(many, "连续 3 份")
    assert len(smtp.received) == 6
    smtp.accept_all()
    many.apply(Mailing.RESUME, by=cast.tang)
    assert sending.pump() == 19


@pytest.mark.parametrize("answer", ["hang up", "451 4.3.0 too much for me"])
def test_a_connection_that_breaks_in_the_middle_of_the_body_is_tried_again(answer, many_with_a_big_pdf, smtp):
    """The PDF is bigger than what lies in buffers, so that the break is surely before the final dot."""
    many = many_with_a_big_pdf
    smtp.refuse("half", answer)
    sending.pump()
    delivery = many.deliveries.get(attempts=1)
    assert (delivery.status, delivery.error != "") == (DeliveryStatus.QUEUED, True)
    assert delivery.next_try_at > timezone.now()
    assert not many.deliveries.filter(status=DeliveryStatus.UNSURE).exists()
    many.refresh_from_db()
    assert many.connection_errors == 1
    smtp.accept_all()
    many.deliveries.update(next_try_at=timezone.now())
    assert sending.pump(20) == 4
    assert len(smtp.received) == len(set(smtp.message_ids)) == 4


def test_a_server_that_hangs_up_before_a_small_body_gets_no_final_dot(sent_out, either_way):
    """All of a small mail lies in buffers at once; what the server has done is looked at before the dot is written."""
    either_way.refuse("data", "354 go on and hang up")
    sending.pump()
    assert set(states(sent_out).values()) == {DeliveryStatus.QUEUED}
    sent_out.refresh_from_db()
    assert sent_out.connection_errors == 1


def test_a_server_that_waits_for_a_mail_to_nobody_gets_none(sent_out, smtp):
    smtp.refuse("rcpt", "550 5.1.1 no such user", READER_2)
    smtp.refuse("data", "354 go on")
    assert sending.pump() == 2
    assert states(sent_out)[READER_2] == DeliveryStatus.FAILED
    assert [mail.recipients for mail in smtp.received] == [["reader1@example.cn"], ["reader3@example.cn"]]


def test_a_sender_that_is_refused_is_no_readers_fault(sent_out, either_way):
    either_way.refuse("mail", "550 who are you")
    sending.pump()
    sent_out.refresh_from_db()
    assert DeliveryStatus.FAILED not in states(sent_out).values()
    assert sent_out.connection_errors == 1


def test_an_address_that_is_none_does_not_hold_up_the_others(sent_out, smtp):
    sent_out.deliveries.filter(address=READER_2).update(address="not an address")
    assert sending.pump() == 2
    assert states(sent_out)["not an address"] == DeliveryStatus.FAILED


def test_a_pdf_that_was_changed_stops_the_mailing(sent_out, smtp):
    with open(sent_out.issue.pdf.path, "ab") as file:
        file.write(b"changed")
    sending.pump()
    sent_out.refresh_from_db()
    assert sent_out.status == MailingStatus.PAUSED
    assert sent_out.paused_because
    assert smtp.received == []


def test_a_claim_whose_worker_died_goes_back_to_the_queue(sent_out, smtp):
    queue.claim(sent_out, "dead")
    assert sending.pump() == 0
    sent_out.deliveries.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sending.pump() == 3


def test_a_copy_whose_worker_died_while_sending_is_unsure(sent_out, smtp):
    delivery = queue.claim(sent_out, "dead", 1)[0]
    assert queue.begin(delivery, "dead", delivery.token_hash)
    sent_out.deliveries.filter(pk=delivery.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sending.pump() == 2
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.UNSURE


def test_a_worker_that_was_only_slow_may_still_say_how_it_ended(sent_out):
    delivery = queue.claim(sent_out, "slow", 1)[0]
    queue.begin(delivery, "slow", delivery.token_hash)
    Delivery.objects.filter(pk=delivery.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    queue.sweep()
    assert queue.sent(delivery, "slow", "250 kept")
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SENT


def test_after_a_person_has_decided_the_slow_worker_comes_too_late(sent_out, cast):
    delivery = queue.claim(sent_out, "slow", 1)[0]
    queue.begin(delivery, "slow", delivery.token_hash)
    Delivery.objects.filter(pk=delivery.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    queue.sweep()
    mailing.resend(delivery, by=cast.tang)
    assert not queue.unsure(delivery, "slow", "")


def test_a_copy_that_another_worker_took_is_not_begun(sent_out):
    delivery = queue.claim(sent_out, "first", 1)[0]
    sent_out.deliveries.update(lease_by="second")
    assert not queue.begin(delivery, "first", delivery.token_hash)


def test_an_idle_pump_writes_nothing(sent_out, smtp, django_assert_num_queries):
    sending.pump()
    with django_assert_num_queries(4):  # nothing to sweep, nothing to send, of copies and of reminders
        sending.pump()


@pytest.mark.django_db(transaction=True)
def test_pumps_at_the_same_time_share_the_copies(issue, smtp, cast):
    factories.make_readers(40)
    with factories.without_worker():
        mailing.start(issue, by=cast.tang)
    smtp.delay = 0.01

    def pump(_n):
        try:
            return sending.pump(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        counts = list(pool.map(pump, range(3)))
    assert sum(counts) == 40
    assert len(smtp.received) == len(set(smtp.message_ids)) == 40


def test_a_line_that_begins_with_a_dot_arrives_as_it_was():
    stuffed = b"".join(smtp._dot_stuffed(b"Subject: x\r\n\r\n.\r\n..two\r\n", b"", b""))
    assert stuffed == b"Subject: x\r\n\r\n..\r\n...two\r\n"
    assert b"".join(smtp._dot_stuffed(b"head", b"pdf", b"\r\n--")) == b"headpdf\r\n--\r\n"
