"""Reviewing in a real browser: through the queue by keys, decide, and on to the next."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from articles.models import Article, Assignment
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import submitted
from tests.scenes import scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The same text of two units would be one line of the list.
ANOTHER = "<p>四月七日，宝山邮政管理局在三个网点检查了消防器材，当场换下过期的灭火器八只。</p>"


def test_the_queue_is_walked_by_keys(live_server, cast, browse):
    articles = [submitted(cast.lin), submitted(cast.zhao, body=ANOTHER)]
    page = browse(cast.lu, path=reverse("articles:queue"))

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=articles[1].flat_title)).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text(articles[1].flat_title)
    page.wait_for_load_state()  # the keys come with the page's scripts
    page.keyboard.press("k")
    expect(page.locator("h1")).to_have_text(articles[0].flat_title)


def test_an_editor_returns_one_and_accepts_the_next(live_server, cast, browse):
    first, second = submitted(cast.lin), submitted(cast.zhao)
    page = browse(cast.lu, path=reverse("articles:detail", args=[first.pk]))

    page.get_by_role("button", name="退修…").click()
    reason = page.get_by_label("请写明要改什么")
    expect(reason).to_be_focused()
    reason.fill("请补充参加人数")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text(second.flat_title)
    page.wait_for_load_state()
    page.keyboard.press("Control+Enter")

    expect(page).to_have_url(re.compile(r"/articles/queue/$"))
    assert {article.pk: article.status for article in Article.objects.all()} == {
        first.pk: "returned",
        second.pk: "accepted",
    }
    assert page.faults == []


def test_a_contributor_withdraws_and_goes_on_writing(live_server, cast, browse):
    article = submitted(cast.lin)
    page = browse(cast.lin, path=reverse("articles:detail", args=[article.pk]))

    page.get_by_role("button", name="撤回修改").click()

    expect(page).to_have_url(re.compile(rf"/articles/{article.pk}/edit/$"))
    expect(page.locator(".cke_wysiwyg_div")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_queue_breaks_no_number_no_name_and_no_date(live_server, cast, browse, size, shot):
    long_title = "青浦邮政管理局联合属地公安机关组织开展寄递渠道安全生产专项整治行动暨春节旺季服务保障动员部署会议"
    for number in range(3):
        submitted(cast.lin, title=long_title, body=f"<p>{'字' * (1210 + number)}</p>")
    page = browse(cast.lu, path=reverse("articles:queue") + "?show=all", size=size)

    broken = page.evaluate(
        """() => [...document.querySelectorAll(".tbl tbody .num, .tbl tbody .name")].filter((cell) => {
             const range = document.createRange();
             range.selectNodeContents(cell);
             return new Set([...range.getClientRects()].map((box) => Math.round(box.bottom / 8))).size > 1;
           }).map((cell) => cell.textContent)"""
    )

    assert broken == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("details[data-fold][open]").count() == (2 if size == DESKTOP else 0)
    box, title = page.locator("tbody input").first.bounding_box(), page.locator("tbody a.t").first.bounding_box()
    assert title["y"] - 8 < box["y"] < title["y"] + title["height"]
    shot(page, "queue")


@scene
def reasons():
    return [factories.make_reason("decline", "内容重复"), factories.make_reason("return", "篇幅过长，请压缩")]


def _others(page, size):
    """A phone shows the rarer decisions when they are asked for."""
    if size == PHONE:
        expect(page.get_by_role("button", name="不采用…")).to_be_hidden()
        page.get_by_role("button", name="其他…").click()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_editor_declines_keeps_for_later_and_returns(live_server, cast, browse, reasons, size, shot, axe):
    first, second, third = submitted(cast.lin), submitted(cast.zhao), submitted(cast.lin)
    page = browse(cast.lu, path=reverse("articles:detail", args=[first.pk]), size=size)

    _others(page, size)
    page.get_by_role("button", name="不采用…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("理由")).to_be_focused()
    dialog.get_by_role("button", name="不采用").click()
    expect(dialog.get_by_role("alert")).to_have_text("请选理由，供稿单位看得到。")
    dialog.get_by_label("理由").select_option("内容重复")
    dialog.get_by_label("补充说明").fill("与上月一篇相同")
    shot(page, "decline")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    dialog.get_by_role("button", name="不采用").click()

    expect(page.locator("h1")).to_have_text(second.flat_title)
    _others(page, size)
    page.get_by_role("button", name="待用…").click()
    day = timezone.localdate() + timedelta(days=9)
    expect(dialog.get_by_label("留到哪一天")).to_be_focused()
    dialog.get_by_label("留到哪一天").fill(day.isoformat())
    shot(page, "hold")
    dialog.get_by_role("button", name="待用").click()

    expect(page.locator("h1")).to_have_text(third.flat_title)
    page.get_by_role("button", name="退修…").click()
    dialog.get_by_label("理由").select_option("篇幅过长，请压缩")
    words = dialog.get_by_label("请写明要改什么")
    expect(words).to_have_value("篇幅过长，请压缩")
    words.fill("篇幅过长，请压缩到 800 字")
    shot(page, "return")
    dialog.get_by_role("button", name="退修").click()

    expect(page).to_have_url(re.compile(r"/articles/queue/$"))
    found = {article.pk: article for article in Article.objects.all()}
    assert [found[each.pk].status for each in (first, second, third)] == ["declined", "held", "returned"]
    assert found[second.pk].held_until == day
    assert first.events.last().note == "内容重复：与上月一篇相同"
    assert third.events.last().note == "篇幅过长，请压缩到 800 字"
    assert page.faults == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_editor_makes_a_brief_and_an_article_again(live_server, cast, browse, size, shot):
    factories.make_reason("brief", "事项单一")
    article = submitted(cast.lin)
    page = browse(cast.lu, path=reverse("articles:detail", args=[article.pk]), size=size)

    _others(page, size)
    page.get_by_role("button", name="转简讯…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("理由")).to_be_focused()
    dialog.get_by_label("理由").select_option("事项单一")
    shot(page, "brief")
    dialog.get_by_role("button", name="转简讯").click()

    expect(page.get_by_text("已改为简讯：")).to_be_visible()
    page.get_by_role("button", name="转稿件").click()
    _others(page, size)
    expect(page.get_by_role("button", name="转简讯…")).to_be_visible()
    assert [event.reason_label for event in article.events.all()] == ["", "事项单一", ""]
    assert page.faults == []


def test_a_reason_chosen_later_leaves_what_was_typed(live_server, cast, browse, reasons):
    page = browse(cast.lu, path=reverse("articles:detail", args=[submitted(cast.lin).pk]))
    page.get_by_role("button", name="退修…").click()
    dialog = page.get_by_role("dialog")
    words = dialog.get_by_label("请写明要改什么")
    words.fill("第二段重复")

    dialog.get_by_label("理由").select_option("篇幅过长，请压缩")

    expect(words).to_have_value("第二段重复\n篇幅过长，请压缩")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_office_edits_its_reasons(live_server, cast, browse, reasons, size, shot, axe):
    page = browse(cast.lu, path=reverse("articles:reasons"), size=size)

    section = page.get_by_role("region", name="不采用")
    lines = section.get_by_role("textbox", name=re.compile("^理由 "))
    before = lines.count()
    page.get_by_label("新理由：不采用").fill("本期篇数已满")
    page.keyboard.press("Enter")
    expect(lines).to_have_count(before + 1)
    section.get_by_role("button", name="上移：本期篇数已满").click()

    expect(lines.nth(before - 1)).to_have_value("本期篇数已满")
    shot(page, "reasons")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.faults == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_marks_in_the_text_follow_the_remarks(live_server, cast, browse, size):
    article = submitted(
        cast.lin, body="<p>一。</p><ul><li>二。</li></ul><table><tbody><tr><td>三</td></tr></tbody></table>"
    )
    for number in range(4):
        factories.make_remark(article, cast.gu, f"批{number}", paragraph=number)
    page = browse(cast.lu, path=reverse("articles:detail", args=[article.pk]), size=size)
    expect(page.locator(".remark-mark")).to_have_count(4)

    with page.expect_response(lambda response: "/remarks/" in response.url):
        page.get_by_role("article", name="批注").filter(has_text="批2").get_by_role("button", name="办结").click()

    expect(page.locator(".remark-mark")).to_have_count(3)
    expect(page.locator("[data-paragraph='2'].has-remark")).to_have_count(0)
    page.reload()
    expect(page.locator(".remark-mark")).to_have_count(3)
    assert page.faults == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_remark_is_made_answered_and_closed(live_server, cast, browse, size, shot, axe):
    article = submitted(cast.lin, body="<p>会上有 12 人发言。</p><p>下一步将继续跟进。</p>")
    page = browse(cast.lu, path=reverse("articles:detail", args=[article.pk]), size=size)

    page.locator("[data-paragraph='2']").click()
    assert page.locator("#remark-paragraph").input_value() == "2"
    page.get_by_label("批注", exact=True).last.fill("请写明时间")
    page.keyboard.press("Control+Enter")  # sends the remark, and accepts nothing
    remark = page.get_by_role("article", name="批注")
    expect(remark).to_contain_text("下一步将继续跟进。")
    expect(page.locator("#open-remarks")).to_have_text("有 1 条批注未办结")
    mark = page.locator("[data-paragraph='2'] .remark-mark")
    mark.click()
    assert page.evaluate("location.hash") == f"#{remark.get_attribute('id')}"
    shot(page, "remarks")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    article.apply(Article.RETURN, by=cast.lu, note="见批注")
    unit = browse(cast.lin, path=reverse("articles:edit", args=[article.pk]), size=size)
    remark = unit.get_by_role("article", name="批注")
    remark.get_by_label("答复").fill("已写明 5 月完成")
    remark.get_by_role("button", name="办结").click()
    expect(unit.get_by_text("已办结的批注")).to_be_visible()
    expect(unit.locator(".remark-mark")).to_have_count(0)
    shot(unit, "remarks-of-the-unit")

    assert article.remarks.get().answers.get().text == "已写明 5 月完成"
    assert page.faults + unit.faults == []


def test_the_chosen_article_of_the_queue_shows_how_it_begins(live_server, cast, browse):
    submitted(cast.lin, body="<p>四月六日上午，青浦局组织三十名快递员参加培训。</p>")
    submitted(cast.zhao, body="<p>会议通报了一季度的情况。</p>")
    page = browse(cast.lu, path=reverse("articles:queue"))
    expect(page.get_by_text("四月六日上午")).to_be_hidden()

    page.keyboard.press("j")
    expect(page.get_by_text("四月六日上午")).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_text("会议通报了")).to_be_visible()
    expect(page.get_by_text("四月六日上午")).to_be_hidden()


def test_articles_are_given_to_a_colleague_by_keys(live_server, cast, browse):
    articles = [submitted(cast.lin), submitted(cast.zhao, body=ANOTHER), submitted(cast.lin)]
    page = browse(cast.lu, path=reverse("articles:queue"))

    for key in ("j", "x", "j", "x", "x", "j", "x", "g"):
        page.keyboard.press(key)
    expect(page.get_by_label("交给")).to_be_focused()
    expect(page.get_by_role("button", name="指派勾选的 2")).to_be_visible()
    page.get_by_label("交给").select_option("顾文岚")
    page.get_by_role("button", name="指派勾选的").click()

    expect(page.get_by_text("2 篇已指派。")).to_be_visible()
    held = {row.article_id: row.to for row in Assignment.objects.all()}
    assert held == {articles[0].pk: cast.gu, articles[2].pk: cast.gu}
    assert page.faults == []
