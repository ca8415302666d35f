"""Whom each move tells, what the bell counts, and what is mailed when."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import mails
from accounts.models import Mail, Notice, User
from articles import revision
from articles.models import Article
from bulletin_cms import todo
from distribution import mailing, queue
from distribution.models import Delivery, DeliveryStatus, Mailing
from issues import signing
from issues.models import Issue
from tests import factories
from tests.scenes import scene
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.sqlite

EVENING = datetime(2026, 4, 7, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MORNING = datetime(2026, 4, 8, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def told(*words):
    """Who was told one of these words, as sorted user names."""
    return sorted(Notice.objects.filter(word__in=words).values_list("user__username", flat=True))


def bell(client):
    return client.get(reverse("home")).context["unread_notices"]


@scene
def returned(cast):
    article = factories.submitted(cast.lin, title="急救培训")
    article.apply(Article.RETURN, by=cast.lu, note="缺企业全称")
    return article


@pytest.fixture
def smtp(settings):
    """A real mail server in a thread; Django sends to it."""
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 2
        yield sink


# --- who is told ---------------------------------------------------------------------------------------------------
def test_what_is_handed_in_is_told_to_those_who_review_but_not_to_its_writer(cast):
    cast.lin.roles.create(role="editor")
    factories.submitted(cast.lin)

    assert told("请审稿") == ["admin", "gu", "lu"]


def test_the_writer_is_told_of_each_decision_and_of_the_print(cast, bulletin):
    factories.submitted(cast.lin).apply(Article.RETURN, by=cast.lu, note="缺企业全称")
    factories.issued_issue(bulletin, cast, [factories.accepted(cast.zhao, cast.lu)])

    assert [(notice.word, notice.note) for notice in cast.lin.notices.all()] == [("退修", "缺企业全称")]
    assert [notice.word for notice in cast.zhao.notices.all()] == ["已刊用", "已采用"]


def test_the_writer_is_told_when_the_office_changes_the_text(cast):
    article = factories.submitted(cast.lin)
    wording = revision.Wording({"title": "改过的题目"}, {})
    revision.revise(article, wording, by=cast.lu, seen=article.current_version_id)

    assert told("编辑改稿") == ["lin"]


def test_the_writer_is_told_when_an_article_is_declined_or_kept_and_reviewers_when_it_is_taken_up(cast):
    declined, held = factories.submitted(cast.lin), factories.submitted(cast.zhao)
    declined.apply(Article.DECLINE, by=cast.lu, note="内容重复", reason=factories.make_reason("decline", "内容重复"))
    held.apply(Article.HOLD, by=cast.lu, note="下期再用", until=timezone.localdate() + timedelta(days=7))
    assert [(notice.word, notice.note) for notice in cast.lin.notices.all()] == [("不采用", "内容重复")]
    assert [(notice.word, notice.note) for notice in cast.zhao.notices.all()] == [("待用", "下期再用")]
    assert not cast.gu.notices.unread().exists()

    declined.apply(Article.RECONSIDER, by=cast.lu)
    held.apply(Article.RESUME, by=cast.lu)
    assert cast.gu.notices.unread().filter(word="请审稿").count() == 2


def test_a_second_change_that_nobody_has_read_of_replaces_the_first(cast):
    article = factories.submitted(cast.lin)
    for title in ("改一次", "改两次"):
        article.refresh_from_db()
        wording = revision.Wording({"title": title}, {})
        revision.revise(article, wording, by=cast.lu, seen=article.current_version_id)

    [notice] = cast.lin.notices.all()
    assert notice.title == "改两次"


def test_an_issue_is_told_to_the_signer_then_to_the_office(cast, bulletin):
    issue = factories.pending_issue(bulletin, cast, [factories.accepted(cast.lin, cast.lu)])
    assert told("请签发") == ["fang"]

    digest = signing.present_proof(issue).digest
    signing.sign(issue, by=cast.fang, expected_digest=digest, code=factories.code_of(cast.fang))
    assert (told("请印发"), told("已签发")) == (["admin", "gu"], ["lu"])


@pytest.mark.parametrize("move", [Issue.REFUSE, Issue.UNSIGN])
def test_what_the_signer_returns_is_told_to_the_editors_with_the_reason(cast, bulletin, move):
    article = factories.accepted(cast.lin, cast.lu)
    make = factories.pending_issue if move == Issue.REFUSE else factories.signed_issue
    issue = make(bulletin, cast, [article])

    issue.apply(move, by=cast.fang, note="第二段请核对")

    assert told("签发人退回") == ["admin", "gu", "lu"]
    assert {notice.note for notice in Notice.objects.filter(word="签发人退回")} == {"第二段请核对"}


def test_who_did_it_and_who_left_are_told_nothing(cast):
    User.objects.filter(pk=cast.gu.pk).update(is_active=False)
    cast.lu.roles.create(role="contributor")
    factories.submitted(cast.lu)

    assert told("请审稿") == ["admin"]


def test_those_who_send_are_told_of_a_mailing_that_stops_and_of_copies_in_trouble(cast, bulletin):
    factories.make_reader()
    sent = mailing.start(factories.issued_issue(bulletin, cast), by=cast.tang)
    queue.stop(sent, "邮件服务器不应答")
    assert told("分发已停") == ["admin", "gu", "tang"]
    assert {notice.note for notice in Notice.objects.filter(word="分发已停")} == {"邮件服务器不应答"}

    sent.refresh_from_db()
    sent.apply(Mailing.RESUME, by=cast.tang)
    Delivery.objects.update(status=DeliveryStatus.UNSURE)
    queue.finish(sent)
    assert told("分发要您处理") == ["admin", "gu", "tang"]

    mailing.mark_received(Delivery.objects.get(), by=cast.tang)
    assert not Notice.objects.filter(word="分发要您处理", settled_at=None).exists()


def test_a_mailing_without_trouble_ends_in_silence(cast, bulletin):
    factories.make_reader()
    sent = mailing.start(factories.issued_issue(bulletin, cast), by=cast.tang)
    Delivery.objects.update(status=DeliveryStatus.SENT)
    queue.finish(sent)

    assert told("分发要您处理") == []


def test_a_move_that_is_refused_tells_nobody(cast):
    article = factories.submitted(cast.lin)
    before = Notice.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        article.apply(Article.RETURN, by=cast.lu, note="缺企业全称")
        raise IntegrityError

    assert Notice.objects.count() == before


# --- settled -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("move", [Article.ACCEPT, Article.RETURN])
def test_a_decision_settles_what_was_asked_of_all_reviewers(cast, move):
    factories.submitted(cast.lin).apply(move, by=cast.lu, note="理由")

    assert not Notice.objects.filter(word="请审稿", settled_at=None).exists()


def test_withdrawing_settles_too_though_it_tells_nobody(cast):
    factories.submitted(cast.lin).apply(Article.WITHDRAW, by=cast.lin)

    assert not cast.lu.notices.unread().exists()


def test_news_stay_unread_when_the_article_moves_on(cast, bulletin):
    factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])

    assert [notice.word for notice in cast.lin.notices.unread()] == ["已采用"]


def test_what_is_settled_is_shown_as_such_and_not_counted(as_user, cast, returned):
    client = as_user(cast.lin)
    assert bell(client) == 1

    returned.apply(Article.SUBMIT, by=cast.lin)

    assert bell(client) == 0
    page = client.get(reverse("accounts:notices")).text
    assert "急救培训" in page
    assert "已办结" in page
    assert ("查看：急救培训" in page, "去修改：急救培训" in page) == (True, False)


def test_what_is_settled_before_its_mail_goes_is_not_mailed(cast, returned):
    returned.apply(Article.SUBMIT, by=cast.lin)
    mails.send_due()

    assert mail.outbox == []
    assert not Mail.objects.exists()


# --- the bell and its list -----------------------------------------------------------------------------------------
def test_the_bell_asks_once_by_its_index_and_only_where_a_menu_is_drawn(as_user, cast, bulletin, returned):
    issue = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])
    client = as_user(cast.lu)

    def asked(name):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name, args=[issue.pk]), headers={"HX-Request": str(name == "issues:pages").lower()})
        return sum('FROM "accounts_notice"' in query["sql"] for query in queries)

    assert (asked("issues:desk"), asked("issues:pages")) == (1, 0)
    if connection.vendor == "sqlite":
        assert "notice_unread" in cast.lu.notices.unread().order_by().explain()


def test_the_list_is_the_persons_own_newest_first(as_user, cast, returned):
    returned.apply(Article.SUBMIT, by=cast.lin)
    returned.apply(Article.ACCEPT, by=cast.lu)

    answer = as_user(cast.lin).get(reverse("accounts:notices"))

    assert [notice.word for notice in answer.context["page_obj"]] == ["已采用", "退修"]
    assert "缺企业全称" in answer.text
    assert "请审稿" not in answer.text


def test_opening_one_leads_to_its_place_and_reads_it(as_user, cast, returned):
    client, notice = as_user(cast.lin), cast.lin.notices.get()

    answer = client.post(reverse("accounts:notice_open", args=[notice.pk]))

    assert answer.url == reverse("articles:edit", args=[returned.pk])
    assert bell(client) == 0


def test_nobody_opens_anothers_notice(as_user, cast, returned):
    notice = cast.lin.notices.get()

    assert as_user(cast.zhao).post(reverse("accounts:notice_open", args=[notice.pk])).status_code == 404
    assert as_user(cast.lin).get(reverse("accounts:notice_open", args=[notice.pk])).status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_are_read_at_once_but_only_ones_own(as_user, cast, returned):
    factories.submitted(cast.zhao)
    as_user(cast.lin).post(reverse("accounts:notices_read"))

    assert not cast.lin.notices.unread().exists()
    assert cast.lu.notices.unread().exists()


def test_the_list_asks_as_often_for_40_as_for_4(as_user, cast, django_assert_num_queries):
    client, page = as_user(cast.lu), reverse("accounts:notices")
    for _n in range(4):
        factories.submitted(cast.lin)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for _n in range(36):
        factories.submitted(cast.lin)

    with django_assert_num_queries(len(few)):
        assert len(client.get(page).context["page_obj"]) == 30


# --- a choice for everyone, and nobody without ---------------------------------------------------------------------
@pytest.mark.parametrize(("choice", "at_once", "daily"), [("at_once", 1, 0), ("daily", 0, 1), ("here", 0, 0)])
def test_everyone_chooses_how_soon(as_user, cast, choice, at_once, daily):
    wanted = {"urgent_mails": choice, "work_mails": "here", "news_mails": "here"}
    answer = as_user(cast.lin).post(reverse("accounts:notice_choices"), wanted)
    assert answer.url == reverse("accounts:notices")

    factories.submitted(cast.lin).apply(Article.RETURN, by=cast.lu, note="理由")

    assert (cast.lin.mails.count(), cast.lin.notices.filter(is_for_daily_mail=True).count()) == (at_once, daily)
    assert bell(as_user(cast.lin)) == 1


def test_a_choice_that_is_none_is_refused(as_user, cast):
    wanted = {"urgent_mails": "never", "work_mails": "here", "news_mails": "here"}

    assert as_user(cast.lin).post(reverse("accounts:notice_choices"), wanted).status_code == 422


def test_who_has_no_address_has_the_bell_and_stands_on_the_administrators_list(as_user, cast):
    User.objects.filter(pk=cast.lin.pk).update(email="")
    cast.lin.refresh_from_db()
    factories.submitted(cast.lin).apply(Article.RETURN, by=cast.lu, note="理由")

    assert not cast.lin.mails.exists()
    assert bell(as_user(cast.lin)) == 1
    assert "您没有邮箱" in as_user(cast.lin).get(reverse("accounts:notice_choices")).text
    [task] = [task for task in todo.tasks(cast.admin) if task.kind == "no_address"]
    assert task.why == "林向晚"
    listed = as_user(cast.admin).get(task.url).text
    assert "林向晚" in listed
    assert "赵知远" not in listed
    assert "no_address" not in todo.counts(cast.gu)


def test_the_administrator_looks_at_the_mails_and_changes_none(as_user, cast, returned):
    client = as_user(cast.admin)
    row = cast.lin.mails.get()

    assert "lin@example.cn" in client.get(reverse("admin:accounts_mail_changelist")).text
    assert client.post(reverse("admin:accounts_mail_delete", args=[row.pk])).status_code == 403
