"""Each person's one list, and the menu of their roles."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from bulletin_cms import todo
from distribution import mailing, queue
from distribution.models import DeliveryStatus, Mailing, Receipt
from issues import signing
from tests import factories
from workflow.todo import SHOWN

pytestmark = pytest.mark.sqlite


def labels(response):
    return [str(item["label"]) for group in response.context["menu"] for item in group["items"]]


def kinds(user):
    return [task.kind for task in todo.tasks(user)]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("lin", ["首页", "我的稿件", "约稿", "采用通报", "往期"]),
        ("he", ["首页", "我的稿件", "约稿", "待我审签", "采用通报", "往期"]),
        (
            "lu",
            [
                "首页",
                "审稿",
                "组版台",
                "约稿",
                "分发与签收",
                "往期",
                "报送名单",
                "审稿理由",
                "词库与规则",
                "采用通报",
                "积分",
                "单位次序",
            ],
        ),
        ("fang", ["首页", "待我签发", "往期"]),
        ("tang", ["首页", "分发与签收", "往期", "报送名单", "收件人"]),
        ("shen", ["首页", "往期"]),
        (
            "admin",
            [
                "首页",
                "审稿",
                "组版台",
                "约稿",
                "分发与签收",
                "往期",
                "报送名单",
                "审稿理由",
                "词库与规则",
                "采用通报",
                "积分",
                "单位次序",
                "收件人",
                "日志",
                "用户与单位",
            ],
        ),
    ],
)
def test_the_menu_holds_what_the_role_may_do_and_no_more(as_user, cast, who, expected):
    assert labels(as_user(getattr(cast, who)).get("/")) == expected


def test_roles_add_up(as_user, cast):
    cast.lin.roles.create(role="signer")
    factories.give_phone(cast.lin)

    assert labels(as_user(cast.lin).get("/")) == ["首页", "我的稿件", "约稿", "待我签发", "采用通报", "往期"]


def test_the_page_one_is_on_is_marked(as_user, cast):
    response = as_user(cast.lu).get(reverse("issues:recipient_lists"))

    current = [item["url"] for group in response.context["menu"] for item in group["items"] if item["current"]]
    assert current == [reverse("issues:recipient_lists")]


def test_a_returned_article_is_to_do_with_its_reason_until_handed_in_again(cast):
    article = factories.submitted(cast.lin)
    article.apply(Article.RETURN, by=cast.lu, note="缺企业全称")

    [task] = todo.tasks(cast.lin)
    assert (task.kind, task.why) == ("returned", "缺企业全称")

    article.apply(Article.SUBMIT, by=cast.lin)
    assert todo.tasks(cast.lin) == []


def test_another_contributors_work_is_not_on_the_list(cast):
    factories.make_article(cast.lin)

    assert todo.tasks(cast.zhao) == []
    assert sum(todo.counts(cast.zhao).values()) == 0


def test_nobody_is_asked_to_review_their_own_article(cast, units):
    cast.lin.roles.create(role="editor")
    factories.submitted(cast.lin)

    assert "review" not in kinds(cast.lin)
    assert kinds(cast.lu) == ["review"]


def test_the_overdue_stands_first_then_the_dated_then_the_longest_waiting(cast, bulletin):
    today = timezone.localdate()
    factories.submitted(cast.lin)
    factories.make_issue(bulletin, cast.gu, dated_on=today + timedelta(days=1))
    factories.make_issue(bulletin, cast.gu, dated_on=today - timedelta(days=2))

    tasks = todo.tasks(cast.lu)

    assert [(task.kind, task.days_late) for task in tasks] == [("assemble", 2), ("assemble", 0), ("review", 0)]


def test_accepted_articles_without_an_issue_ask_for_one(cast):
    factories.accepted(cast.lin, cast.lu)

    assert kinds(cast.lu) == ["assemble"]
    assert todo.counts(cast.lu)["assemble"] == 1


def test_an_issue_goes_from_the_editor_to_the_signer_to_the_chief_editor(cast, bulletin):
    article = factories.accepted(cast.lin, cast.lu)
    issue = factories.make_issue(bulletin, cast.gu, [article], timezone.localdate())
    assert (kinds(cast.gu), kinds(cast.fang)) == (["assemble"], [])

    signing.send_for_sign_off(issue, by=cast.lu)
    assert (kinds(cast.gu), kinds(cast.fang)) == ([], ["sign"])
    assert todo.tasks(cast.fang)[0].why == "陆一鸣 送签"

    issue.refresh_from_db()
    proof = factories.set_pages(issue)
    signing.sign(issue, by=cast.fang, expected_digest=proof.digest, code=factories.code_of(cast.fang))
    assert (kinds(cast.gu), kinds(cast.lu), kinds(cast.fang)) == (["publish"], [], [])


def test_an_issued_issue_waits_to_be_sent_then_for_the_odd_copies_then_for_nobody(cast, bulletin):
    factories.make_reader()
    issue = factories.issued_issue(bulletin, cast)
    assert kinds(cast.tang) == ["send"]

    sent = mailing.start(issue, by=cast.tang)
    assert kinds(cast.tang) == []

    sent.deliveries.update(status=DeliveryStatus.UNSURE)
    [task] = todo.tasks(cast.tang)
    assert (task.kind, task.why) == ("trouble", "1 份要您处理")

    sent.deliveries.update(status=DeliveryStatus.SENT)
    assert kinds(cast.tang) == []


def test_the_distributor_is_told_of_a_mailing_that_paused_by_itself(bulletin, cast):
    issue = factories.issued_issue(bulletin, cast)
    factories.make_readers(1)
    started = mailing.start(issue, by=cast.tang)
    assert todo.tasks(cast.tang) == []
    queue.stop(started, "连不上邮件服务器")
    [task] = todo.tasks(cast.tang)
    assert (task.kind, task.why) == ("trouble", "已自动暂停：连不上邮件服务器")
    assert todo.counts(cast.tang)["trouble"] == 1
    started.deliveries.update(status=DeliveryStatus.UNSURE)
    [task] = todo.tasks(cast.tang)
    assert task.why == "已自动暂停：连不上邮件服务器"
    started.deliveries.update(status=DeliveryStatus.QUEUED)
    started.apply(Mailing.RESUME, by=cast.tang)
    assert todo.tasks(cast.tang) == []
    started.apply(Mailing.PAUSE, by=cast.tang)  # by a person, who knows
    assert todo.tasks(cast.tang) == []
    assert todo.counts(cast.tang)["trouble"] == 0


def test_a_reader_with_an_account_is_asked_to_confirm(cast, bulletin):
    factories.make_reader(user=cast.shen)
    sent = mailing.start(factories.issued_issue(bulletin, cast), by=cast.tang)
    assert kinds(cast.shen) == ["read"]
    assert kinds(cast.lin) == []

    Receipt.objects.create(delivery=sent.deliveries.get(), name="沈读之", how=Receipt.How.ACCOUNT)
    assert kinds(cast.shen) == []


@pytest.mark.parametrize("who", ["lin", "lu", "gu", "fang", "tang", "shen", "admin"])
def test_the_count_in_the_menu_is_the_count_of_the_list(cast, bulletin, who):
    factories.make_article(cast.lin)
    factories.submitted(cast.lin).apply(Article.RETURN, by=cast.lu, note="缺企业全称")
    factories.submitted(cast.zhao)
    factories.make_reader(user=cast.shen)
    mailing.start(factories.issued_issue(bulletin, cast), by=cast.tang).deliveries.update(status=DeliveryStatus.FAILED)
    factories.issued_issue(bulletin, cast)
    factories.make_issue(bulletin, cast.gu, [factories.accepted(cast.lin, cast.lu)])
    user = getattr(cast, who)

    assert sum(todo.counts(user).values()) == len(todo.tasks(user))


def test_a_long_list_shows_the_oldest_and_counts_the_rest(as_user, cast):
    for _ in range(SHOWN + 3):
        factories.submitted(cast.lin)

    context = as_user(cast.lu).get("/").context

    assert (len(context["tasks"]), context["total"], context["more"]) == (SHOWN, SHOWN + 3, 3)


@pytest.mark.parametrize("who", ["lin", "lu"])
def test_the_number_of_queries_does_not_grow_with_the_rows(as_user, cast, bulletin, who, django_assert_max_num_queries):
    factories.make_issue(bulletin, cast.gu, [factories.accepted(cast.lin, cast.lu)])
    client = as_user(getattr(cast, who))

    def queries():
        with django_assert_max_num_queries(40) as captured:
            client.get("/")
        return len(captured)

    factories.make_article(cast.lin)
    for _ in range(2):
        factories.submitted(cast.lin)
    before = queries()
    for _ in range(15):
        factories.submitted(cast.lin)
        factories.make_article(cast.lin)

    assert queries() == before


def test_ones_own_articles_say_what_comes_next(as_user, cast, bulletin):
    placed = factories.accepted(cast.lin, cast.lu)
    issue = factories.make_issue(bulletin, cast.gu, [placed])

    page = as_user(cast.lin).get("/").content.decode()

    assert f"已编入 {issue}" in page


def test_a_part_of_a_page_asks_for_no_menu(as_user, cast, bulletin):
    issue = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])
    client = as_user(cast.lu)

    def counts_what_waits(name, **headers):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name, args=[issue.pk]), **headers)
        return any('AS "review"' in query["sql"] for query in queries)

    assert counts_what_waits("issues:desk")
    assert not counts_what_waits("issues:pages", HTTP_HX_REQUEST="true")
