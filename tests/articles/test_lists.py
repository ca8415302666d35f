from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import search
from articles.models import Article, ArticleEvent, ArticleVersion, Status
from articles.recent import LIMIT, RecentPaginator
from tests.factories import accepted, make_article, make_issue, submitted


def make_many(author, count, status=Status.SUBMITTED):
    """Rows without going through the transitions, for their number alone."""
    now = timezone.now()
    articles = Article.objects.bulk_create(
        Article(unit=author.unit, created_by=author, title=f"稿件{n}", body="<p>正文</p>", submitted_at=now)
        for n in range(count)
    )
    versions = ArticleVersion.objects.bulk_create(
        ArticleVersion(article=article, number=1, title=article.title, body=article.body, created_by=author)
        for article in articles
    )
    for article, version in zip(articles, versions, strict=True):
        article.status, article.current_version = status, version
    Article.objects.bulk_update(articles, ["status", "current_version"], batch_size=200)
    ArticleEvent.objects.bulk_create(
        ArticleEvent(article=article, by=author, transition="x", from_status="draft", to_status=status, note="理由")
        for article in articles
    )
    for article in articles:
        search.store(article.pk, [article.title])


@pytest.mark.parametrize(
    ("name", "query", "who"),
    [("list", "", "lin"), ("queue", "", "lu"), ("queue", "?show=all", "lu"), ("list", "?q=稿", "lin")],
)
def test_a_list_asks_as_often_for_10_rows_as_for_1000(
    as_user, cast, bulletin, django_assert_num_queries, django_assert_max_num_queries, name, query, who
):
    make_issue(bulletin, cast.lu, [accepted(cast.lin, cast.lu, title="已经编入的稿")])
    make_many(cast.lin, 10)
    client, page = as_user(getattr(cast, who)), reverse(f"articles:{name}") + query
    with django_assert_max_num_queries(29) as few:
        client.get(page)

    make_many(cast.lin, 500)
    make_many(cast.lin, 490, Status.RETURNED)
    make_issue(bulletin, cast.lu, [accepted(cast.lin, cast.lu, title="也编入的稿")])

    with django_assert_num_queries(len(few.captured_queries)):
        answer = client.get(page)
    assert len(answer.context["page_obj"]) == 30


def test_the_list_shows_the_units_articles_with_state_and_reason(as_user, cast):
    submitted(cast.lin, title="已经报送的稿")
    make_article(cast.he, title="同事的草稿")
    returned = submitted(cast.lin, title="退回来的稿")
    returned.apply(Article.RETURN, by=cast.lu, note="请补充参加人数")
    submitted(cast.zhao, title="别家的稿")

    page = as_user(cast.lin).get(reverse("articles:list")).text

    for words in ("已经报送的稿", "同事的草稿", "退修：请补充参加人数", "共 3 篇", "去修改"):
        assert words in page
    assert "别家的稿" not in page


def test_an_editor_who_also_writes_has_only_the_own_unit_in_the_list(as_user, cast):
    submitted(cast.zhao, title="别家的稿")
    cast.lu.roles.create(role="contributor")

    assert "别家的稿" not in as_user(cast.lu).get(reverse("articles:list")).text


def titles(answer):
    return [article.title for article in answer.context["page_obj"]]


def test_the_list_is_narrowed_by_state_and_words_and_sorted(as_user, cast):
    make_article(cast.lin, title="锦旗")
    submitted(cast.lin, title="小哥")
    client, page = as_user(cast.lin), reverse("articles:list")

    assert titles(client.get(page, {"status": "draft"})) == ["锦旗"]
    assert titles(client.get(page, {"q": "小哥"})) == ["小哥"]
    assert titles(client.get(page, {"sort": "-updated"})) == ["锦旗", "小哥"]
    assert titles(client.get(page, {"sort": "nonsense", "status": "nonsense"})) == ["小哥", "锦旗"]
    assert "没有合乎筛选的稿件" in client.get(page, {"q": "没有这个词"}).text


def test_the_queue_begins_with_what_has_waited_longest(as_user, cast):
    for title, days in (("昨天的", 1), ("三天前的", 3), ("前天的", 2)):
        article = submitted(cast.lin, title=title)
        Article.objects.filter(pk=article.pk).update(submitted_at=timezone.now() - timedelta(days=days))

    answer = as_user(cast.lu).get(reverse("articles:queue"))

    assert titles(answer) == ["三天前的", "前天的", "昨天的"]
    assert "共 3 篇" in answer.text


def test_the_queue_is_narrowed_by_unit_state_day_and_words(as_user, cast):
    old = submitted(cast.lin, title="青浦旧稿")
    Article.objects.filter(pk=old.pk).update(submitted_at=timezone.now() - timedelta(days=40))
    accepted(cast.zhao, cast.lu, title="宝山新稿")
    submitted(cast.lin, title="青浦新稿")
    client, page = as_user(cast.lu), reverse("articles:queue")
    week = (timezone.localdate() - timedelta(days=7)).isoformat()

    assert titles(client.get(page)) == ["青浦旧稿", "青浦新稿"]
    assert titles(client.get(page, {"show": "all", "unit": cast.zhao.unit_id})) == ["宝山新稿"]
    assert titles(client.get(page, {"show": "all", "status": "accepted"})) == ["宝山新稿"]
    assert titles(client.get(page, {"since": week})) == ["青浦新稿"]
    assert titles(client.get(page, {"until": week})) == ["青浦旧稿"]
    assert titles(client.get(page, {"show": "all", "q": "宝山"})) == ["宝山新稿"]


def test_a_day_that_cannot_be_read_is_named_and_narrows_nothing(as_user, cast):
    submitted(cast.lin, title="青浦新稿")

    answer = as_user(cast.lu).get(reverse("articles:queue"), {"since": "2月30日"})

    assert "2月没有 30 日" in answer.text
    assert titles(answer) == ["青浦新稿"]


@pytest.mark.parametrize(("page", "status"), [("2", 200), ("3", 404), ("x", 404)])
def test_pages_hold_30_rows(as_user, cast, page, status):
    make_many(cast.lin, 31)

    assert as_user(cast.lu).get(reverse("articles:queue"), {"page": page}).status_code == status


def test_empty_lists_say_what_will_be_there(as_user, cast):
    assert "没有等您审的稿件" in as_user(cast.lu).get(reverse("articles:queue")).text
    assert "还没有稿件" in as_user(cast.lin).get(reverse("articles:list")).text


def test_articles_by_nobody_known_are_shown_too(as_user, cast, units):
    """Stories of past issues have no author with an account."""
    make_many(cast.lin, 1)
    Article.objects.update(created_by=None)
    Article.objects.update(status=Status.ISSUED)
    article = Article.objects.get()

    assert as_user(cast.lu).get(reverse("articles:detail", args=[article.pk])).status_code == 200
    assert as_user(cast.lu).get(reverse("articles:queue") + "?show=all").status_code == 200


def test_the_stories_of_past_issues_are_read_in_the_archive_alone(as_user, cast, bulletin):
    past = accepted(cast.lin, cast.lu, title="两年前印过的")
    issue = make_issue(bulletin, cast.lu, [past])
    type(issue).objects.filter(pk=issue.pk).update(is_past=True)
    Article.objects.filter(pk=past.pk).update(status=Status.ISSUED, submitted_at=None)  # as import_issue leaves it

    assert "两年前印过的" not in as_user(cast.lu).get(reverse("articles:queue"), {"show": "all"}).text
    assert "两年前印过的" not in as_user(cast.lin).get(reverse("articles:list")).text


def test_all_articles_stand_in_the_order_of_their_submission(as_user, cast):
    first, second = submitted(cast.lin, title="先报送的"), submitted(cast.lin, title="后报送的")
    first.save()  # touched last

    page = as_user(cast.lu).get(reverse("articles:queue"), {"show": "all"})

    assert list(page.context["object_list"]) == [second, first]


@pytest.mark.parametrize(("name", "who"), [("list", "lin"), ("queue", "lu")])
def test_a_list_that_is_too_long_to_count_says_that_there_is_more(as_user, cast, name, who):
    make_many(cast.lin, LIMIT)
    client, page = as_user(getattr(cast, who)), reverse(f"articles:{name}")
    assert f"共 {LIMIT} 篇" in client.get(page).text

    make_many(cast.lin, 2)

    answer = client.get(page)
    assert answer.context["page_obj"].paginator.num_pages == LIMIT / 30
    assert f"先列 {LIMIT} 篇" in answer.text


def test_a_page_of_a_list_keeps_its_order(as_user, cast):
    make_many(cast.lin, 5)
    rows = Article.objects.order_by("title")

    assert [row.title for row in RecentPaginator([rows], 2, rows=rows).page(2)] == ["稿件2", "稿件3"]
    two = [rows.filter(title__in=["稿件4", "稿件1"]), rows.filter(title__in=["稿件1", "稿件3"])]
    assert [row.title for row in RecentPaginator(two, 3, rows=rows).page(1)] == ["稿件1", "稿件3", "稿件4"]
