"""Starting a mailing freezes who gets the issue; people pause it, add readers and decide about single copies."""

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from distribution import mailing, sending
from distribution.models import Delivery, DeliveryStatus, Mailing, MailingStatus, Reader
from tests import factories, old_issues
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = pytest.mark.django_db


def test_it_makes_one_copy_for_each_active_reader(issue, cast):
    factories.make_readers(4)
    factories.make_reader(is_active=False)
    started = mailing.start(issue, by=cast.tang)
    assert started.deliveries.count() == 4
    assert set(started.deliveries.values_list("status", flat=True)) == {DeliveryStatus.QUEUED}
    assert started.events.get().note == "4 位收件人" or "4" in started.events.get().note


def test_a_reader_without_address_gets_a_paper_copy(issue, cast):
    factories.make_reader(email="")
    started = mailing.start(issue, by=cast.tang)
    assert started.deliveries.get().status == DeliveryStatus.PAPER
    sending.pump()
    assert mail.outbox == []


def test_readers_of_later_days_are_not_in_it(sent_out):
    factories.make_reader()
    assert sent_out.deliveries.count() == 3


def test_a_changed_address_does_not_change_the_copy(sent_out):
    Reader.objects.update(email="new@example.cn")
    assert not sent_out.deliveries.filter(address="new@example.cn").exists()


def test_it_is_refused_a_second_time(sent_out, issue, cast):
    with pytest.raises(Refused):
        mailing.start(issue, by=cast.tang)
    assert Mailing.objects.count() == 1


def test_the_database_refuses_a_second_copy_for_a_reader(sent_out, readers):
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            mailing=sent_out,
            reader=readers[0],
            address="x@example.cn",
            message_id="<x@y>",
            token_hash="x",
            link_expires_at=sent_out.started_at,
        )


def test_an_issue_in_the_making_is_refused(bulletin, cast):
    factories.make_readers(1)
    issue = factories.make_issue(bulletin, cast.lu)
    with pytest.raises(Refused):
        mailing.start(issue, by=cast.tang)


def test_a_past_issue_is_refused(bulletin, cast):
    factories.make_readers(1)
    issue = old_issues.past_issue()
    with pytest.raises(Refused):
        mailing.start(issue, by=cast.tang)


def test_a_changed_pdf_is_refused(issue, readers, cast):
    with open(issue.pdf.path, "ab") as file:
        file.write(b"changed")
    with pytest.raises(Refused):
        mailing.start(issue, by=cast.tang)


def test_nobody_without_the_permission_starts_it(issue, readers, cast):
    for user in (cast.lin, cast.lu, cast.fang, cast.shen):
        with pytest.raises(Refused):
            mailing.start(issue, by=user)


def test_a_paused_mailing_sends_nothing_until_it_is_resumed(sent_out, cast):
    sent_out.apply(Mailing.PAUSE, by=cast.tang)
    sending.pump()
    assert mail.outbox == []
    sent_out.apply(Mailing.RESUME, by=cast.tang)
    sending.pump()
    assert len(mail.outbox) == 3


def test_pausing_in_the_middle_of_a_batch_sends_no_further_copy(sent_out, cast, monkeypatch):
    send = sending.SmtpConnection.send

    def send_and_pause(self, *letter, **options):
        sent_out.apply(Mailing.PAUSE, by=cast.tang)
        return send(self, *letter, **options)

    monkeypatch.setattr(sending.SmtpConnection, "send", send_and_pause)
    sending.pump()
    assert len(mail.outbox) == 1
    assert sent_out.deliveries.filter(status=DeliveryStatus.QUEUED, lease_by="").count() == 2


def test_only_the_program_makes_the_automatic_moves(sent_out, cast):
    automatic = [move for move in Mailing.TRANSITIONS if not move.permission]
    assert automatic == [Mailing.BREAK, Mailing.FINISH, Mailing.REOPEN]
    for move in automatic:
        assert not sent_out.may(move, cast.tang)
    with pytest.raises(Refused):
        sent_out.apply(Mailing.PAUSE, by=None)


def test_a_later_reader_is_added_and_the_mailing_reopened(sent_out, cast):
    sending.pump()
    late = factories.make_reader()
    assert mailing.add(sent_out, Reader.objects.all(), by=cast.tang) == 1
    sent_out.refresh_from_db()
    assert sent_out.status == MailingStatus.SENDING
    sending.pump()
    assert mail.outbox[-1].to[0].endswith(f"<{late.email}>")
    assert len(mail.outbox) == 4


def test_adding_readers_who_have_a_copy_is_refused(sent_out, cast):
    with pytest.raises(Refused):
        mailing.add(sent_out, Reader.objects.all(), by=cast.tang)


def unsure_copy(sent_out):
    delivery = sent_out.deliveries.first()
    Delivery.objects.filter(pk=delivery.pk).update(status=DeliveryStatus.UNSURE)
    return delivery


def test_an_unsure_copy_is_marked_as_received(sent_out, cast):
    delivery = unsure_copy(sent_out)
    mailing.mark_received(delivery, by=cast.tang)
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SENT
    assert delivery.events.get().by == cast.tang


def test_an_unsure_copy_is_sent_again_when_a_person_says_so(sent_out, cast):
    delivery = unsure_copy(sent_out)
    sending.pump()
    assert len(mail.outbox) == 2
    mailing.resend(delivery, by=cast.tang)
    sending.pump()
    assert len(mail.outbox) == 3


def test_a_sent_copy_is_not_sent_again(sent_out, cast):
    sending.pump()
    with pytest.raises(Refused):
        mailing.resend(sent_out.deliveries.first(), by=cast.tang)


def test_a_refused_copy_goes_to_another_address_which_the_reader_keeps(sent_out, cast):
    delivery = sent_out.deliveries.first()
    Delivery.objects.filter(pk=delivery.pk).update(status=DeliveryStatus.FAILED, attempts=1)
    mailing.send_to(delivery, "right@example.cn", by=cast.tang)
    sending.pump()
    delivery.refresh_from_db()
    assert delivery.address == delivery.reader.email == "right@example.cn"
    assert delivery.status == DeliveryStatus.SENT


def test_a_copy_sent_as_a_link_has_no_pdf(sent_out, cast):
    delivery = unsure_copy(sent_out)
    mailing.send_link_only(delivery, by=cast.tang)
    sending.pump()
    letter = next(letter for letter in mail.outbox if delivery.address in letter.to[0])
    assert letter.attachments == []


def test_nobody_without_the_permission_decides_about_a_copy(sent_out, cast):
    delivery = unsure_copy(sent_out)
    for act in (mailing.resend, mailing.send_link_only, mailing.mark_received, mailing.revoke, mailing.new_link):
        with pytest.raises(Refused):
            act(delivery, by=cast.lu)


@pytest.mark.parametrize("table", ["deliveryevent", "mailingevent", "receipt", "accesslog"])
def test_the_database_refuses_to_change_a_record(table, sent_out, issue):
    delivery = sent_out.deliveries.first()
    delivery.events.create(what="sent")
    delivery.access_logs.create(issue=issue, kind="open")
    delivery.receipt = delivery.__class__.receipt.related.related_model.objects.create(delivery=delivery, name="林向晚")
    with pytest.raises(Exception, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE distribution_{table} SET id = id")


# --- telling a worker ----------------------------------------------------------------------------------------------
@scene
def settled(sent_out):
    """A copy that was refused, so that a person has to decide."""
    Delivery.objects.update(status=DeliveryStatus.FAILED)
    return sent_out.deliveries.first()


@pytest.mark.parametrize(
    "act",
    [
        mailing.resend,
        mailing.send_link_only,
        mailing.new_link,
        lambda copy, *, by: mailing.send_to(copy, "new@example.cn", by=by),
        lambda copy, *, by: mailing.add(copy.mailing, Reader.objects.filter(pk=factories.make_reader().pk), by=by),
    ],
    ids=["resend", "send_link_only", "new_link", "send_to", "add"],
)
def test_an_act_that_makes_work_tells_a_worker(act, settled, cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        act(settled, by=cast.tang)
        assert mail.outbox == []
    assert len(mail.outbox) == 1


def test_starting_and_resuming_tell_a_worker(issue, readers, cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as told:
        started = mailing.start(issue, by=cast.tang)
        started.apply(Mailing.PAUSE, by=cast.tang)
    told[0]()
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        started.apply(Mailing.RESUME, by=cast.tang)
    assert len(mail.outbox) == 3


def test_an_expired_link_that_is_asked_for_again_tells_a_worker(settled, django_capture_on_commit_callbacks):
    Delivery.objects.update(link_expires_at=settled.mailing.started_at)
    settled.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        mailing.renew_expired(settled)
    assert len(mail.outbox) == 1
