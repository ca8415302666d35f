import pytest

from issues import assembly
from tests import factories
from tests.issues.desk.rows import articles_of, queries_of, url
from tests.scenes import scene

pytestmark = pytest.mark.sqlite

COMMA = "<p>4月1日,青浦局走访社区。</p>"
HALF_WIDTH = {"quote": ",", "suggestion": "，", "start": 4, "level": "warning", "why": "应为全角逗号。"}


@scene
def warned(bulletin, cast):
    """One article with a half-width comma, one without."""
    articles = [
        factories.accepted(cast.lin, cast.lu, title="青浦局走访社区", body=COMMA),
        factories.accepted(cast.zhao, cast.lu, title="宝山局推进循环箱进网点"),
    ]
    factories.proofread(articles[0], findings=[HALF_WIDTH])
    return factories.make_issue(bulletin, cast.lu, articles)


def test_the_warnings_of_an_article_stand_on_the_desk_until_they_are_checked(editor, warned):
    article = articles_of(warned)[0]
    before = editor.get(url("desk", warned)).text
    assert "1 篇稿件有 1 处提醒未核对" in before
    assert "应为全角逗号。" in before

    editor.post(url("settle", warned, article), {"note": "原稿如此，已改"})

    after = editor.get(url("desk", warned)).text
    assert "未核对" not in after
    assert "1 处提醒已由陆一鸣核对：原稿如此，已改" in after
    assert warned.events.last().act == "核对提醒"


def test_warnings_are_not_checked_without_a_word(editor, warned):
    editor.post(url("settle", warned, articles_of(warned)[0]), {"note": " "})

    assert "未核对" in editor.get(url("desk", warned)).text


def test_a_newer_version_has_warnings_of_its_own(editor, warned, cast):
    article = articles_of(warned)[0]
    editor.post(url("settle", warned, article), {"note": "原稿如此"})

    version = article.add_version(by=cast.lin)
    warned.placements.filter(article=article).update(version=version)

    assert "1 篇稿件有 1 处提醒未核对" in editor.get(url("desk", warned)).text


def test_only_those_who_assemble_check_warnings(as_user, warned, cast):
    article = articles_of(warned)[0]

    assert as_user(cast.lin).post(url("settle", warned, article), {"note": "好"}).status_code == 404
    assert not article.events.filter(transition="settle").exists()


def test_the_desk_asks_as_much_for_many_warnings_as_for_few(editor, warned, bulletin, cast):
    few = queries_of(editor, url("desk", warned))
    many = [factories.accepted(cast.lin, cast.lu, title=f"青浦局第{n}次走访", body=COMMA) for n in range(12)]
    for article in many:
        assembly.place(warned, article, by=cast.lu)

    assert queries_of(editor, url("desk", warned)) == few
