"""Who sees which page of distribution, what the pages do, and that their queries do not grow with the rows."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from distribution import access, mailing, progress, queue, sending
from distribution.models import AccessLog, Delivery, DeliveryStatus, Mailing, MailingStatus, Reader, Receipt
from issues.models import FrozenContent, Issue
from tests import factories

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]


def url(name, *args):
    return reverse(f"distribution:{name}", args=args)


def office_pages(sent_out):
    """(address, whether it needs the distributor's permission)"""
    delivery = sent_out.deliveries.first()
    yield url("list"), False
    yield url("detail", sent_out.pk), False
    yield url("progress", sent_out.pk), False
    yield url("letter", sent_out.pk), False
    yield url("receipts", sent_out.pk), False
    yield url("delivery", delivery.pk), False
    yield url("add", sent_out.pk), True
    yield url("readdress", delivery.pk), True
    yield url("enter_receipt", delivery.pk), True
    yield url("readers"), True
    yield url("reader_new"), True
    yield url("reader", delivery.reader_id), True


def test_the_office_sees_what_its_roles_allow_and_others_nothing(sent_out, cast, as_user):
    for address, needs_distributor in office_pages(sent_out):
        for user in (cast.tang, cast.gu):
            assert as_user(user).get(address).status_code == 200, address
        assert as_user(cast.lu).get(address).status_code == (403 if needs_distributor else 200), address
        for user in (cast.lin, cast.he, cast.fang, cast.shen):
            assert as_user(user).get(address).status_code == 403, address


def test_a_stranger_is_asked_to_sign_in(sent_out, client):
    for address, _needs_distributor in office_pages(sent_out):
        answer = client.get(address)
        assert answer.status_code == 302
        assert reverse("accounts:login") in answer["Location"]


def test_an_editor_sees_no_button_that_is_not_theirs_and_can_press_none(sent_out, cast, as_user):
    delivery = sent_out.deliveries.first()
    Delivery.objects.filter(pk=delivery.pk).update(status=DeliveryStatus.UNSURE)
    page = as_user(cast.lu).get(url("detail", sent_out.pk)).content.decode()
    assert url("pause", sent_out.pk) not in page
    assert url("act", delivery.pk, "received") not in page
    for address in (
        url("pause", sent_out.pk),
        url("resume", sent_out.pk),
        url("start", sent_out.issue_id),
        url("act", delivery.pk, "received"),
    ):
        assert as_user(cast.lu).post(address).status_code == 403
        assert as_user(cast.tang).get(address).status_code == 405


def test_the_check_page_shows_the_subject_and_counts_the_readers(issue, readers, cast, as_user):
    factories.make_reader(email="")
    page = as_user(cast.tang).get(url("prepare", issue.pk))
    text = page.content.decode()
    assert mailing.subject_of(issue) in text
    assert (page.context["audience"].by_mail, len(page.context["audience"].on_paper)) == (3, 1)
    assert not Mailing.objects.exists()


def test_without_readers_the_button_is_blocked_with_the_reason(issue, cast, as_user):
    page = as_user(cast.tang).get(url("prepare", issue.pk)).content.decode()
    assert 'aria-disabled="true"' in page
    assert "data-dialog" not in page.split("<main")[1].split("</main")[0]


@pytest.mark.django_db(transaction=True)
def test_the_button_sends(issue, readers, cast, as_user):
    answer = as_user(cast.tang).post(url("start", issue.pk), follow=True)
    assert answer.redirect_chain[-1][0] == url("detail", Mailing.objects.get().pk)
    assert len(mail.outbox) == 3
    again = as_user(cast.tang).post(url("start", issue.pk), follow=True)
    assert again.status_code == 200
    assert Mailing.objects.count() == 1


def test_an_issue_in_the_making_has_no_check_page(bulletin, cast, as_user):
    draft = factories.make_issue(bulletin, cast.lu)
    assert as_user(cast.tang).get(url("prepare", draft.pk)).status_code == 404
    assert as_user(cast.tang).post(url("start", draft.pk)).status_code == 404


def test_pause_and_resume(sent_out, cast, as_user):
    as_user(cast.tang).post(url("pause", sent_out.pk))
    sent_out.refresh_from_db()
    assert sent_out.status == MailingStatus.PAUSED
    as_user(cast.tang).post(url("resume", sent_out.pk))
    sent_out.refresh_from_db()
    assert sent_out.status == MailingStatus.SENDING


def test_the_polled_part_answers_only_when_something_changed(sent_out, cast, as_user):
    address = url("progress", sent_out.pk)
    first = as_user(cast.lu).get(address, {"status": "sending"})
    seen = first.context["progress"].version
    assert as_user(cast.lu).get(address, {"seen": seen, "status": "sending"}).status_code == 204
    sent_out.deliveries.filter(pk=sent_out.deliveries.first().pk).update(
        status=DeliveryStatus.SENT, sent_at=timezone.now()
    )
    moved = as_user(cast.lu).get(address, {"seen": seen, "status": "sending"})
    assert "1 / 3" in moved.content.decode()
    sending.pump()
    assert as_user(cast.lu).get(address, {"seen": seen, "status": "sending"})["HX-Refresh"] == "true"


def test_it_never_says_all_sent_while_a_copy_is_unsure(sent_out):
    sending.pump()
    sent_out.refresh_from_db()
    everything = progress.of(sent_out).outcome
    sent_out.deliveries.filter(pk=sent_out.deliveries.first().pk).update(status=DeliveryStatus.UNSURE)
    all_but_one = progress.of(sent_out).outcome
    assert everything
    assert all_but_one.split("，")[0] != everything.split("，")[0]
    assert "1" in all_but_one.split("，")[-1]


def test_a_tile_shows_its_copies(sent_out, cast, as_user):
    first, second, third = sent_out.deliveries.all()
    Delivery.objects.filter(pk=first.pk).update(status=DeliveryStatus.FAILED, error="550 5.1.1 user unknown")
    Delivery.objects.filter(pk=second.pk).update(attempts=1)
    shown = {
        name: list(as_user(cast.lu).get(url("detail", sent_out.pk), {"show": name}).context["object_list"])
        for name in ("", "trouble", "later", "queued", "all")
    }
    assert shown == {
        "": [first],
        "trouble": [first],
        "later": [second],
        "queued": [third],
        "all": [first, second, third],
    }


def test_why_a_mailing_paused_by_itself_stands_on_its_page(sent_out, cast, as_user):
    queue.stop(sent_out, "连续 3 份交给邮件服务器后没有得到答复")
    page = as_user(cast.tang).get(url("detail", sent_out.pk)).content.decode()
    assert "已自动暂停，原因：连续 3 份交给邮件服务器后没有得到答复。修好后点“继续”。" in page
    as_user(cast.tang).post(url("resume", sent_out.pk))
    assert "已自动暂停" not in as_user(cast.tang).get(url("detail", sent_out.pk)).content.decode()


def test_each_act_on_a_copy_has_its_button(sent_out, cast, as_user):
    delivery = sent_out.deliveries.first()
    for act, before, after in (
        ("received", DeliveryStatus.UNSURE, DeliveryStatus.SENT),
        ("resend", DeliveryStatus.UNSURE, DeliveryStatus.QUEUED),
        ("link-only", DeliveryStatus.FAILED, DeliveryStatus.QUEUED),
        ("new-link", DeliveryStatus.SENT, DeliveryStatus.QUEUED),
        ("revoke", DeliveryStatus.SENT, DeliveryStatus.SENT),
    ):
        Delivery.objects.filter(pk=delivery.pk).update(status=before)
        as_user(cast.tang).post(url("act", delivery.pk, act))
        delivery.refresh_from_db()
        assert delivery.status == after, act
    assert as_user(cast.tang).post(url("act", delivery.pk, "anything")).status_code == 404


def test_a_refused_act_is_said(sent_out, cast, as_user):
    delivery = sent_out.deliveries.first()
    page = as_user(cast.tang).post(url("act", delivery.pk, "received"), follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]


def test_another_address_is_taken_from_the_form(sent_out, cast, as_user):
    delivery = sent_out.deliveries.first()
    Delivery.objects.filter(pk=delivery.pk).update(status=DeliveryStatus.FAILED)
    assert as_user(cast.tang).post(url("readdress", delivery.pk), {"address": "no"}).status_code == 422
    as_user(cast.tang).post(url("readdress", delivery.pk), {"address": "right@example.cn"})
    delivery.refresh_from_db()
    assert delivery.address == "right@example.cn"


def test_a_slip_is_entered_from_the_form(sent_out, cast, as_user):
    delivery = sent_out.deliveries.first()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert as_user(cast.tang).post(url("enter_receipt", delivery.pk), {"name": "某", "on": tomorrow}).status_code == 422
    as_user(cast.tang).post(url("enter_receipt", delivery.pk), {"name": "某人", "on": "2026-04-09"})
    assert Receipt.objects.get(delivery=delivery).name == "某人"


def test_readers_are_added_changed_and_found(cast, as_user, db):
    fields = {"organisation": "行业协会", "name": "秘书处", "email": "office@example.org", "is_active": "on"}
    fields |= {"channel": "pdf"}
    as_user(cast.tang).post(url("reader_new"), fields)
    reader = Reader.objects.get()
    assert as_user(cast.tang).post(url("reader_new"), fields).status_code == 422
    as_user(cast.tang).post(url("reader", reader.pk), fields | {"email": "new@example.org"})
    reader.refresh_from_db()
    assert reader.email == "new@example.org"
    assert list(as_user(cast.tang).get(url("readers"), {"q": "行业 秘书"}).context["object_list"]) == [reader]
    assert list(as_user(cast.tang).get(url("readers"), {"q": "邮政"}).context["object_list"]) == []


def test_late_readers_are_chosen_and_added(sent_out, cast, as_user):
    late = factories.make_reader()
    as_user(cast.tang).post(url("add", sent_out.pk), {"reader": [late.pk, "x"]})
    assert sent_out.deliveries.filter(reader=late).exists()


def test_a_signed_in_download_is_the_official_pdf_and_is_logged(sent_out, issue, cast, as_user):
    Reader.objects.filter(pk=sent_out.deliveries.first().reader_id).update(user=cast.shen)
    answer = as_user(cast.shen).get(url("download", issue.pk))
    assert answer.getvalue() == access.official_pdf(issue) == factories.PDF
    assert answer["ETag"] == f'"{issue.pdf_sha256}"'
    entry = AccessLog.objects.get()
    assert (entry.user, entry.kind, entry.delivery) == (cast.shen, "download", sent_out.deliveries.first())


def test_an_issue_that_is_not_issued_is_not_downloaded(bulletin, cast, as_user):
    draft = factories.make_issue(bulletin, cast.lu)
    assert as_user(cast.shen).get(url("download", draft.pk)).status_code == 404


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_queries_are_the_same_for_ten_and_a_thousand_rows(issue, cast, units, as_user):
    """Every list page, with ten copies and then with a thousand, all confirmed or in trouble."""
    factories.make_readers(10, unit=units.yunda)
    started = mailing.start(issue, by=cast.tang)
    client = as_user(cast.tang)
    addresses = [
        url("detail", started.pk) + "?show=all",
        url("detail", started.pk) + "?show=trouble",
        url("receipts", started.pk),
        url("readers"),
    ]
    Delivery.objects.update(status=DeliveryStatus.UNSURE)
    few = [queries(client, address) for address in addresses]
    Reader.objects.bulk_create(
        Reader(organisation=f"第{n}分公司", name="办公室", email=f"more{n}@example.cn", unit=units.qingpu)
        for n in range(990)
    )
    mailing.add(started, Reader.objects.all(), by=cast.tang)
    Delivery.objects.update(status=DeliveryStatus.UNSURE)
    assert started.deliveries.count() == 1000
    assert [queries(client, address) for address in addresses] == few


def test_freezing_a_thousand_readers_takes_few_queries(issue, cast):
    factories.make_readers(1000)
    with CaptureQueriesContext(connection) as captured:
        mailing.start(issue, by=cast.tang)
    assert len(captured) < 40  # SQLite takes some fifty rows at a time


def test_the_queries_are_the_same_for_ten_and_a_thousand_mailings(bulletin, cast, as_user):
    def make(numbers):
        frozen, _created = FrozenContent.objects.get_or_create(digest="0" * 64, text="{}")
        past = {"bulletin": bulletin, "status": "issued", "is_past": True, "frozen": frozen}
        issues = Issue.objects.bulk_create(
            Issue(year=2000, number=n, dated_on=date(2000, 1, 1), **past) for n in numbers
        )
        Mailing.objects.bulk_create(Mailing(issue=issue, subject="x", created_by=cast.tang) for issue in issues)

    client = as_user(cast.tang)
    make(range(1, 11))
    few = queries(client, url("list"))
    make(range(11, 1001))
    assert queries(client, url("list")) == few


def test_a_second_reader_with_the_same_address_is_refused(as_user, cast, db):
    factories.make_reader("行业协会", "秘书处", "office@example.org")
    fields = {"organisation": "快递公司", "name": "党群部", "email": "Office@example.org", "is_active": "on"}

    answer = as_user(cast.tang).post(url("reader_new"), fields)

    assert answer.status_code == 422
    assert "“行业协会 秘书处”已在用这个邮箱" in answer.text


def test_a_slip_is_not_older_than_the_issue(sent_out, cast, as_user):
    delivery = sent_out.deliveries.first()

    answer = as_user(cast.tang).post(url("enter_receipt", delivery.pk), {"name": "某人", "on": "2026-04-07"})

    assert answer.status_code == 422
    assert "签收不会早于这一天" in answer.text
