import pytest

from articles.models import Article
from issues import assembly
from issues.models import Issue
from issues.models import Status as IssueStatus
from tests import factories
from tests.issues.desk.rows import HTMX, articles_of, url
from tests.scenes import scene


def test_an_article_is_put_in_without_scripts(editor, issue, cast):
    article = factories.accepted(cast.lin, cast.lu, title="青浦局走访社区")

    answer = editor.post(url("place", issue, article) + "?q=青浦&by=unit")

    assert answer.url.endswith(f"by=unit&sel={article.pk}#p-{article.pk}")
    assert [one.title for one in articles_of(issue)][1] == "青浦局走访社区"


def test_an_act_by_htmx_answers_with_the_desk_alone(editor, issue):
    first = articles_of(issue)[0]

    answer = editor.post(url("move", issue, first), {"to": "down"}, **HTMX)

    assert "<html" not in answer.text
    assert "已移到第 2 位，共 2 篇" in answer.text
    assert articles_of(issue)[1] == first


@pytest.mark.parametrize(
    ("fields", "place"),
    [({"to": "last"}, 2), ({"position": "2"}, 2), ({"number": "2"}, 2), ({"number": "99"}, 2), ({"to": "nowhere"}, 1)],
)
def test_an_article_is_moved_to_a_place(fields, place, editor, issue):
    first = articles_of(issue)[0]

    editor.post(url("move", issue, first), fields)

    assert articles_of(issue)[place - 1] == first


def test_what_was_taken_out_is_offered_back_at_its_place(editor, issue):
    first = articles_of(issue)[0]
    page = editor.post(url("take_out", issue, first), **HTMX).text
    undo = f"{url('place', issue, first)}?position=1"
    assert f'action="{undo}"' in page
    assert f"已把“{first.title}”撤出2026年第10期" in page

    editor.post(undo)

    assert articles_of(issue)[0] == first


def test_a_move_of_what_another_took_out_names_the_other(editor, issue, cast):
    article = articles_of(issue)[0]
    assembly.take_out(issue.placements.get(article=article), by=cast.gu)

    page = editor.post(url("move", issue, article), {"to": "down"}, **HTMX).text

    assert f"这一步没有做成：“{article.title}”刚被 顾文岚 撤出" in page


def test_two_editors_put_the_same_article_in_once(editor, issue, cast):
    article = factories.accepted(cast.lin, cast.lu)
    for _editor in range(2):
        answer = editor.post(url("place", issue, article), follow=True)

    assert "不能再“编入”" in answer.text
    assert issue.placements.filter(article=article).count() == 1


def test_the_default_order_is_restored(editor, issue):
    editor.post(url("move", issue, articles_of(issue)[0]), {"to": "down"})
    page = editor.get(url("desk", issue)).text
    assert "已手工排序" in page

    page = editor.post(url("restore_order", issue), follow=True).text

    assert "已手工排序" not in page
    assert [article.title for article in articles_of(issue)][0].startswith("青浦")


# --- several at once ------------------------------------------------------------------------------------------------
@scene
def waiting(cast):
    return [factories.accepted(cast.lin, cast.lu, title=title) for title in ("走访社区", "慰问站点", "检查网点")]


def test_the_ticked_articles_are_put_in(editor, issue, waiting):
    editor.post(url("place_many", issue), {"article": [waiting[2].pk, waiting[0].pk, "x"]})

    assert {article.title for article in articles_of(issue)} >= {"检查网点", "走访社区"}
    assert "慰问站点" not in {article.title for article in articles_of(issue)}


def test_all_that_the_search_shows_are_put_in(editor, issue, waiting):
    editor.post(url("place_many", issue) + "?q=网点", {"all": "1"})

    assert "检查网点" in {article.title for article in articles_of(issue)}
    assert Article.objects.ready_to_place().count() == 2


def test_they_come_in_the_default_order(editor, issue, waiting, cast):
    other = factories.accepted(cast.zhao, cast.lu, title="宝山的第二篇")

    editor.post(url("place_many", issue), {"article": [other.pk, *(article.pk for article in waiting)]})

    titles = ["青浦局新增夜间服务点", "走访社区", "慰问站点", "检查网点", "宝山局推进循环箱进网点", "宝山的第二篇"]
    assert [article.title for article in articles_of(issue)] == titles


def test_what_no_longer_waits_is_left_out_with_a_word(editor, issue, waiting, cast):
    assembly.place(issue, waiting[0], by=cast.gu)

    page = editor.post(url("place_many", issue), {"article": [article.pk for article in waiting]}, follow=True).text

    assert "2 篇稿件已编入2026年第10期。另有 1 篇已不在待编之列。" in page
    assert issue.placements.count() == 5


def test_they_are_taken_out_together_again(editor, issue, waiting):
    page = editor.post(url("place_many", issue), {"all": "1"}, follow=True)
    undo = next(str(m.extra_tags) for m in page.context["messages"]).partition("undo=")[2]

    page = editor.post(undo, follow=True).text

    assert "已撤出 3 篇稿件。" in page
    assert issue.placements.count() == 2
    assert Article.objects.ready_to_place().count() == 3


def test_without_a_tick_it_says_what_to_do(editor, issue, waiting):
    assert "请先勾选要编入的稿件" in editor.post(url("place_many", issue), follow=True).text
    assert issue.placements.count() == 2


def test_a_closed_issue_takes_no_more(editor, issue, waiting, cast):
    Issue.objects.filter(pk=issue.pk).update(status=IssueStatus.PENDING)

    editor.post(url("place_many", issue), {"article": [waiting[0].pk]})

    assert issue.placements.count() == 2
