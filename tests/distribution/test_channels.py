"""How an issue reaches each reader: by mail with the PDF or the link alone, on paper, or in an account."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from distribution import mailing, receipts, reminders, sending
from distribution.models import Channel, Delivery, DeliveryStatus, MailingStatus, Reader
from tests import excel_files, factories
from tests.scenes import scene
from workflow.models import Change
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

ON_PAPER = "退休老干部"


@scene
def everybody(units, cast):
    """A reader of each channel, by the channel."""
    return {
        "pdf": factories.make_reader("青浦局", "办公室", "pdf@example.cn", unit=units.qingpu),
        "link": factories.make_reader("宝山局", "办公室", "link@example.cn", channel=Channel.LINK),
        "paper": factories.make_reader(ON_PAPER, "活动室", "paper@example.cn", channel=Channel.PAPER),
        "account": factories.make_reader("韵达", "党办", "account@example.cn", channel=Channel.ACCOUNT, user=cast.shen),
    }


@scene
def started(issue, everybody, cast):
    with factories.without_worker():
        return mailing.start(issue, by=cast.tang)


def copy_of(started, channel):
    return started.deliveries.get(channel=channel)


def test_each_reader_gets_a_copy_by_their_own_channel(started):
    found = {row.channel: (row.status, row.address) for row in started.deliveries.all()}

    assert found == {
        "pdf": ("queued", "pdf@example.cn"),
        "link": ("queued", "link@example.cn"),
        "paper": ("paper", ""),
        "account": ("account", ""),
    }


def test_only_what_goes_by_mail_is_mailed(started, smtp):
    assert sending.pump() == 2

    mails = {mail.recipients[0]: mail.content for mail in smtp.received}
    started.refresh_from_db()
    assert set(mails) == {"pdf@example.cn", "link@example.cn"}
    assert b"application/pdf" in mails["pdf@example.cn"]
    assert b"application/pdf" not in mails["link@example.cn"]
    assert len(mails["link@example.cn"]) < 8_000  # nothing but two short texts and their headers
    assert started.status == MailingStatus.DONE


@pytest.mark.parametrize(
    ("fields", "way"),
    [
        ({}, "pdf"),
        ({"channel": "link"}, "link"),
        ({"email": ""}, "paper"),
        ({"email": "", "channel": "link"}, "paper"),
        ({"channel": "paper"}, "paper"),
        ({"channel": "account"}, "paper"),  # with neither account nor unit nobody could read it there
    ],
)
def test_whom_their_channel_cannot_reach_gets_a_paper_copy(fields, way):
    assert factories.make_reader(**fields).way == way


def test_a_units_people_read_what_its_reader_gets_in_the_account(units):
    assert factories.make_reader(channel=Channel.ACCOUNT, unit=units.qingpu).way == Channel.ACCOUNT


def test_the_reader_with_an_account_reads_and_confirms_there(started, cast, as_user):
    copy = copy_of(started, "account")
    client = as_user(cast.shen)

    assert str(started.issue) in client.get(reverse("distribution:copies")).text
    client.post(reverse("distribution:copy_confirm", args=[copy.pk]), {"name": "沈读之"})

    copy.refresh_from_db()
    assert (copy.status, copy.receipt.how) == (DeliveryStatus.ACCOUNT, "account")


def test_the_database_refuses_a_state_that_the_channel_does_not_have(started):
    for channel, status in (("pdf", "paper"), ("paper", "queued"), ("account", "sent")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.filter(pk=copy_of(started, channel).pk).update(status=status)


# --- on paper --------------------------------------------------------------------------------------------------------
def test_the_office_marks_a_paper_copy_as_handed_over_and_may_take_it_back(started, cast):
    copy = copy_of(started, "paper")

    mailing.hand_over(copy, by=cast.tang)
    copy.refresh_from_db()
    assert (copy.status, copy.sent_at is not None) == (DeliveryStatus.HANDED, True)

    mailing.take_back(copy, by=cast.tang)
    copy.refresh_from_db()
    assert (copy.status, copy.sent_at) == (DeliveryStatus.PAPER, None)
    assert [(event.what, event.by) for event in copy.events.all()] == [
        ("handed", cast.tang),
        ("not_handed", cast.tang),
    ]


def test_who_signed_for_a_paper_copy_has_it_and_it_is_not_taken_back(started, cast):
    copy = copy_of(started, "paper")

    receipts.enter(copy, "王同志", started.issue.dated_on, by=cast.tang)

    copy.refresh_from_db()
    assert copy.status == DeliveryStatus.HANDED
    with pytest.raises(Refused, match="已签收"):
        mailing.take_back(copy, by=cast.tang)


def test_only_a_paper_copy_is_handed_over(started, cast):
    with pytest.raises(Refused):
        mailing.hand_over(copy_of(started, "pdf"), by=cast.tang)


def test_the_ticked_ones_are_handed_over_at_once(started, cast, as_user):
    other = Reader.objects.create(organisation="另一处", name="传达室", channel=Channel.PAPER)
    mailing.add(started, Reader.objects.filter(pk=other.pk), by=cast.tang)
    rows = started.deliveries.filter(channel="paper")
    url = reverse("distribution:detail", args=[started.pk]) + "?show=waiting"

    page = as_user(cast.tang).get(url)
    assert page.text.count('form="hand-over"') == 2
    address = reverse("distribution:hand_over", args=[started.pk])
    answer = as_user(cast.tang).post(address, {"delivery": [row.pk for row in started.deliveries.all()]}, follow=True)

    assert "已将 2 份记为已送交" in answer.text
    assert set(rows.values_list("status", flat=True)) == {"handed"}
    assert copy_of(started, "account").status == DeliveryStatus.ACCOUNT


def test_nothing_ticked_is_said(started, cast, as_user):
    answer = as_user(cast.tang).post(
        reverse("distribution:hand_over", args=[started.pk]), {"delivery": ["x"]}, follow=True
    )

    assert "没有勾选要送交的" in answer.text


def test_it_may_be_mailed_instead_and_later_issues_go_there_too(started, cast, smtp):
    copy = copy_of(started, "account")

    mailing.send_to(copy, "new@example.cn", by=cast.tang)
    sending.pump()

    assert sorted(mail.recipients[0] for mail in smtp.received) == [
        "link@example.cn",
        "new@example.cn",
        "pdf@example.cn",
    ]
    copy.reader.refresh_from_db()
    assert (copy.reader.channel, copy.reader.email) == ("pdf", "new@example.cn")
    notes = [change.note for change in Change.objects.filter(about="distribution.reader", row=copy.reader_id)]
    assert any("渠道：" in note and "邮件（附 PDF）" in note for note in notes)


# --- the pages -------------------------------------------------------------------------------------------------------
def test_the_check_page_says_how_many_go_which_way(issue, everybody, cast, as_user):
    page = as_user(cast.tang).get(reverse("distribution:prepare", args=[issue.pk]))
    audience = page.context["audience"]

    assert (audience.by_mail, audience.links, audience.accounts, audience.total) == (2, 1, 1, 4)
    assert [str(reader) for reader in audience.on_paper] == [f"{ON_PAPER} 活动室"]
    assert "4 位收件人：邮件 2 位，纸质 1 位" in page.text
    assert "账号内阅读 1 位" in page.text


def test_the_mailings_page_counts_paper_and_accounts_apart(started, cast, as_user, smtp):
    sending.pump()
    mailing.hand_over(copy_of(started, "paper"), by=cast.tang)
    page = as_user(cast.tang).get(reverse("distribution:detail", args=[started.pk]))

    numbers = page.context["progress"].numbers
    assert (numbers["sent"], numbers["paper"], numbers["handed"], numbers["account"]) == (2, 1, 1, 1)
    assert "已送出 2 / 2" in page.text
    assert "另有 1 份账号内阅读" in page.text


def test_receipts_name_channel_and_state_and_offer_to_mark_it(started, cast, as_user):
    page = as_user(cast.tang).get(reverse("distribution:receipts", args=[started.pk]))
    for words in ("邮件（附 PDF）", "邮件（只含链接）", "纸质", "账号内阅读"):
        assert words in page.text
    act = reverse("distribution:act", args=[copy_of(started, "paper").pk, "handed"])
    assert (page.text.count("/handed/"), page.text.count(act)) == (1, 1)

    answer = as_user(cast.tang).post(act, {"receipts": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("distribution:receipts", args=[started.pk])
    sheet = as_user(cast.tang).get(reverse("distribution:receipts_print", args=[started.pk]))
    assert "账号内阅读" in sheet.text
    table = as_user(cast.tang).get(reverse("distribution:receipts_xlsx", args=[started.pk]))
    states = {line[4]: line[6] for line in excel_files.lines_of(table.content)}
    assert (states["纸质"], states["账号内阅读"]) == ("纸质，已送交", "账号内阅读")


def test_a_reminder_goes_to_none_but_those_who_got_a_mail(started, cast, smtp, as_user):
    sending.pump()
    page = as_user(cast.tang).get(reverse("distribution:remind", args=[started.pk]))
    plan = page.context["plan"]

    assert [len(part) for part in (plan.ready, plan.on_paper, plan.not_by_mail, plan.not_arrived)] == [2, 1, 1, 0]
    assert reminders.remind(started, started.deliveries.all(), by=cast.tang) == 2


def test_an_account_must_be_one_that_somebody_has(cast, as_user):
    new = {"organisation": "某单位", "name": "办公室", "channel": "account", "is_active": "on"}
    answer = as_user(cast.tang).post(reverse("distribution:reader_new"), new)

    assert answer.status_code == 422
    assert "没有人能看到" in answer.text
    assert 'value="某单位"' in answer.text


# --- the table of Excel ----------------------------------------------------------------------------------------------
HEADERS = [*excel_files.READERS, "渠道"]


def line(name, channel, *, unit="", account="", email=""):
    return ["某单位", name, unit, email, account, "是", channel]


def test_the_channel_is_a_column(cast):
    factories.make_reader("某单位", "甲", "a@example.cn", channel=Channel.LINK)
    lines = [
        line("甲", "", email="a@example.cn"),  # an empty cell changes nothing
        line("乙", "纸质"),
        line("丙", "邮件(只含链接)", email="c@example.cn"),
        line("丁", "账号内阅读", unit="青浦局"),
        line("戊", "", email="e@example.cn"),
    ]

    excel_files.taken_in("readers", HEADERS, *lines, by=cast.tang)

    found = dict(Reader.objects.values_list("name", "channel"))
    assert found == {"甲": "link", "乙": "paper", "丙": "link", "丁": "account", "戊": "pdf"}


def test_a_channel_that_reaches_nobody_or_is_none_is_a_fault(cast):
    wanted = excel_files.uploaded("readers", HEADERS, line("甲", "账号内阅读"), line("乙", "传真"), by=cast.tang)

    (_n, column, words), (_m, other, no_such) = excel_files.faults(wanted, cast.tang)
    assert (column, other) == ("channel", "channel")
    assert "没有人能看到" in words
    assert "只能填" in no_such or "传真" in no_such
