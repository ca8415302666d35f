"""Nothing is sent to an address that a mail server does not know, or that the office holds; and it is said wherever it matters."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.tables import importing, writing
from distribution import addressing, holding, mailing, queue, receipt_table, reminders, sending
from distribution.models import Delivery, DeliveryStatus, HeldAddress, MailingStatus, Reader
from distribution.reader_table import READERS
from tests import factories
from workflow.models import Change
from workflow.refusals import Refused

from .mailings import make_mailings
from .test_receipt_table import cells

pytestmark = pytest.mark.django_db

DEAD = "reader2@example.cn"
Source = HeldAddress.Source


def hold(address=DEAD, **fields):
    fields = {"source": Source.REFUSED, "kind": "user", "words": "550 5.1.1 user unknown"} | fields
    holding.put(address, **fields)
    return HeldAddress.objects.current().get(address=address.lower())


def states(mailing):
    return dict(mailing.deliveries.values_list("address", "status"))


# --- while sending -------------------------------------------------------------------------------------------------
def test_an_address_that_the_server_does_not_know_is_held(sent_out, smtp):
    smtp.refuse("rcpt", "550 5.1.1 user unknown", DEAD)
    sending.pump()

    held = HeldAddress.objects.get()
    assert (held.address, held.source, held.kind, held.words) == (DEAD, "refused", "user", "550 5.1.1 user unknown")
    assert held.delivery == sent_out.deliveries.get(address=DEAD)
    assert Change.objects.get(about="distribution.heldaddress").note == "没有这个邮箱：550 5.1.1 user unknown"


@pytest.mark.sqlite
@pytest.mark.parametrize("answer", ["552 5.2.2 mailbox full", "554 5.7.1 spam", "450 4.1.1 user unknown"])
def test_another_refusal_holds_nothing(sent_out, smtp, answer):
    smtp.refuse("rcpt", answer, DEAD)
    sending.pump()

    assert not HeldAddress.objects.exists()


@pytest.mark.parametrize(("answer", "taken_off"), [("550 5.1.1 user unknown", 9), ("554 5.7.1 spam", 0)])
def test_a_server_that_refuses_everybody_means_us_so_that_nothing_of_it_stays_held(
    issue, cast, smtp, answer, taken_off
):
    factories.make_readers(14)
    started = mailing.start(issue, by=cast.tang)
    before = started.deliveries.order_by("pk")[0].address
    smtp.refuse("rcpt", "550 5.1.1 unknown user before", before)
    for copy in started.deliveries.order_by("pk")[2:]:
        smtp.refuse("rcpt", answer, copy.address)
    sending.pump()

    assert HeldAddress.objects.past().count() == taken_off
    assert HeldAddress.objects.current().get().address == before


def test_what_waits_in_a_queue_or_is_claimed_already_is_held_too(sent_out, smtp):
    waiting, claimed = sent_out.deliveries.order_by("-pk")[:2]
    hold(waiting.address.upper())
    assert states(sent_out)[waiting.address] == DeliveryStatus.HELD
    batch = queue.claim(sent_out, "me")
    HeldAddress.objects.create(address=claimed.address, source=Source.OFFICE, note="已停用")
    rest = holding.sendable(batch, "me")

    assert [row.address for row in rest] == ["reader1@example.cn"]
    assert claimed.events.get().note == "这个地址暂停投递：已停用"
    queue.release("me")
    sending.pump()
    sent_out.refresh_from_db()
    assert [mail.recipients[0] for mail in smtp.received] == ["reader1@example.cn"]
    assert sent_out.status == MailingStatus.DONE


# --- before and after sending --------------------------------------------------------------------------------------
@pytest.mark.sqlite
def test_the_office_holds_an_address_and_takes_it_off(sent_out, as_user, cast):
    office = as_user(cast.tang)
    page = office.post(reverse("distribution:hold"), {"address": "Reader2@Example.cn", "note": ""})
    assert page.status_code == 422
    assert "Reader2@Example.cn" in page.content.decode()
    office.post(reverse("distribution:hold"), {"address": "Reader2@Example.cn", "note": "机构合并"})
    again = office.post(reverse("distribution:hold"), {"address": DEAD, "note": "再"})
    assert "已在名单里" in again.content.decode()
    row = HeldAddress.objects.get()
    page = office.get(reverse("distribution:held"), {"q": "机构"}).content.decode()
    for words in (DEAD, "机构合并", "编辑部登记", str(row.put_by), str(Reader.objects.get(email=DEAD))):
        assert words in page

    office.post(reverse("distribution:held_take_off", args=[row.pk]))
    row.refresh_from_db()
    assert row.taken_off_by == cast.tang
    assert "已恢复投递" in office.get(reverse("distribution:held")).content.decode()
    assert DEAD not in office.get(reverse("distribution:held")).content.decode()
    assert DEAD in office.get(reverse("distribution:held"), {"show": "past"}).content.decode()
    twice = office.post(reverse("distribution:held_take_off", args=[row.pk]), follow=True).content.decode()
    assert "已不在名单里" in twice
    assert [change.what for change in Change.objects.filter(about="distribution.heldaddress")] == ["added", "removed"]


@pytest.mark.sqlite
def test_a_copy_is_not_sent_again_to_a_held_address(sent_out, cast):
    row = hold()
    copy = sent_out.deliveries.get(address=DEAD)
    with pytest.raises(Refused, match="暂停投递（没有这个邮箱）"):
        mailing.resend(copy, by=cast.tang)
    with pytest.raises(Refused, match="暂停投递"):
        mailing.send_to(copy, DEAD, by=cast.tang)
    holding.take_off(row, by=cast.tang)
    mailing.resend(copy, by=cast.tang)

    assert states(sent_out)[DEAD] == DeliveryStatus.QUEUED


@pytest.mark.sqlite
def test_an_expired_link_brings_no_mail_to_a_held_address(sent_out):
    copy = sent_out.deliveries.get(address=DEAD)
    Delivery.objects.filter(pk=copy.pk).update(status=DeliveryStatus.SENT, link_expires_at=timezone.now())
    hold()
    mailing.renew_expired(Delivery.objects.get(pk=copy.pk))

    assert states(sent_out)[DEAD] == DeliveryStatus.SENT


@pytest.mark.sqlite
def test_nobody_is_reminded_at_a_held_address(sent_out, cast, as_user):
    sending.pump()
    hold(kind="", source=Source.OFFICE, note="已停用")
    plan = reminders.plan(receipt_table.listed(sent_out))
    assert [copy.address for copy in plan.not_arrived] == [DEAD]
    assert reminders.remind(sent_out, sent_out.deliveries.all(), by=cast.tang) == 2


@pytest.mark.sqlite
def test_a_reminder_that_waits_is_refused_once_its_address_is_held(sent_out, cast):
    sending.pump()
    reminders.remind(sent_out, sent_out.deliveries.all(), by=cast.tang)
    hold()
    sending.pump()

    assert sent_out.reminders.get(address=DEAD).status == "failed"
    assert sent_out.reminders.filter(status="sent").count() == 2


@pytest.mark.sqlite
def test_it_is_said_wherever_the_reader_stands(sent_out, cast, as_user):
    sending.pump()
    hold()
    reader, office = Reader.objects.get(email=DEAD), as_user(cast.tang)
    pages = [
        reverse("distribution:readers"),
        reverse("distribution:reader", args=[reader.pk]),
        reverse("distribution:reader_copies", args=[reader.pk]),
        reverse("distribution:receipts", args=[sent_out.pk]),
        reverse("distribution:remind", args=[sent_out.pk]),
        reverse("distribution:delivery", args=[sent_out.deliveries.get(address=DEAD).pk]),
    ]
    for page in pages:
        assert "暂停投递</span>" in (text := office.get(page).content.decode()) or "起暂停投递：没有这个邮箱" in text, (
            page
        )
    place = [name for name, _width in receipt_table.head()].index("地址暂停")
    rows = receipt_table.rows(receipt_table.listed(sent_out))
    assert sorted(row[place] for row in rows) == ["", "", "暂停投递"]


@pytest.mark.sqlite
def test_the_readers_table_of_excel_says_it_and_takes_nothing_back_from_there(cast):
    factories.make_readers(3)
    hold()
    data = writing.export(READERS)
    rows, _formulas = cells(data)
    held = [row for row in rows if "暂停投递" in row.values()]
    assert [DEAD in row.values() for row in held] == [True]
    wanted = importing.upload(READERS, data, "收件人.xlsx", by=cast.tang)

    assert wanted.unused == []
    assert importing.check(wanted, by=cast.tang).written_count == 0


@pytest.mark.sqlite
def test_a_printed_line_says_to_how_many_of_its_readers_nothing_is_sent(db):
    for number, email in enumerate((DEAD, "b@example.cn"), 1):
        factories.make_reader("上海市文明办", f"收文{number}", email)
    hold()
    whole, one, other = addressing.addressed(["上海市文明办", "上海市文明办收文1", "上海市文明办收文2"])

    assert [(line.count, line.held, line.is_all_held) for line in (whole, one, other)] == [
        (2, 1, False), (1, 1, True), (1, 0, False),
    ]  # fmt: skip


@pytest.mark.sqlite
def test_the_list_costs_the_same_however_long_it_is(bulletin, cast, as_user):
    office, counts = as_user(cast.tang), []
    [mailed] = make_mailings(bulletin, [timezone.localdate()])
    for number in range(3):
        reader = factories.make_reader(f"单位{number}", "办公室", f"r{number}@x.example")
        copy = Delivery.objects.create(
            mailing=mailed, reader=reader, address=reader.email, status="failed", message_id=f"<{number}@x>",
            token_hash=str(number), link_expires_at=timezone.now(),
        )  # fmt: skip
        hold(reader.email, delivery=copy, by=cast.tang)
        with CaptureQueriesContext(connection) as captured:
            office.get(reverse("distribution:held"), {"q": "单位"})
        counts.append(len(captured))

    assert counts[-1] == counts[0] <= 14


def test_an_address_is_held_once():
    hold()
    assert not holding.put(DEAD.upper(), source=Source.LOG, kind="user")
    assert HeldAddress.objects.count() == 1
