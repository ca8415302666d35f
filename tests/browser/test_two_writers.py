"""Two people write in one article: both texts stand in it, or both are shown."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests.browser.test_article_editing import SAVED, body, open_form, saved_state
from tests.factories import make_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def type_behind(page, text, more):
    """Behind the last character of the paragraph that holds `text`."""
    body(page).locator("p", has_text=text).click()
    page.keyboard.press("End")
    page.keyboard.type(more)


def test_two_people_write_in_one_article_and_both_texts_stand_in_it(live_server, cast, browse):
    article = make_article(cast.lin, body="<p>第一段</p><p>第二段</p><p>第三段</p>")
    lin, he = browse(cast.lin), browse(cast.he)
    open_form(lin, article)
    open_form(he, article)
    expect(he.locator("[data-presence]")).to_have_text("林向晚 也在编辑")

    type_behind(he, "第三段", "贺改")
    expect(saved_state(he)).to_have_text(SAVED)
    type_behind(lin, "第一段", "林改")

    # Her page takes in what he changed, her cursor stays where it was.
    expect(saved_state(lin)).to_have_text(re.compile("并入了别人的改动"))
    expect(body(lin).locator("p")).to_have_text(["第一段林改", "第二段", "第三段贺改"])
    lin.keyboard.type("，又改")
    expect(saved_state(lin)).to_have_text(SAVED)
    type_behind(he, "第二段", "贺改")
    expect(body(he).locator("p")).to_have_text(["第一段林改，又改", "第二段贺改", "第三段贺改"])
    article.refresh_from_db()
    assert article.body.splitlines() == ["<p>第一段林改，又改</p>", "<p>第二段贺改</p>", "<p>第三段贺改</p>"]
    assert lin.faults + he.faults == []


def test_two_people_are_shown_both_texts_and_choose(live_server, cast, browse, axe, shot):
    article = make_article(cast.lin, body="<p>第一段</p><p>第二段</p>")
    lin, he = browse(cast.lin), browse(cast.he)
    open_form(lin, article)
    open_form(he, article)

    he.locator("#id_title").fill("贺思齐的标题")
    type_behind(he, "第一段", "贺改")
    expect(saved_state(he)).to_have_text(SAVED)
    lin.locator("#id_title").fill("林向晚的标题")
    type_behind(lin, "第一段", "林改")

    note = lin.locator("#conflict-note")
    expect(note).to_contain_text("贺思齐 也改了这篇")
    expect(note.locator("[data-clash]")).to_have_count(2)
    expect(note).to_contain_text("贺思齐的标题")
    expect(lin.locator("#id_title")).to_have_value("林向晚的标题")
    assert Article.objects.get().title == "贺思齐的标题"
    shot(lin, "both-changed-the-same")
    faults = axe(lin)

    # Nothing more is saved until the choice is made, and a page that is opened again asks once more.
    lin.reload()
    body(lin).wait_for()
    expect(note.locator("[data-clash]")).to_have_count(2)
    note.locator("[data-clash]").nth(0).get_by_label("用我的").check()
    note.locator("[data-clash]").nth(1).get_by_label("两段都留").check()
    note.get_by_role("button", name="按所选合并").click()

    expect(note).to_have_count(0)
    expect(body(lin).locator("p")).to_have_text(["第一段贺改", "第一段林改", "第二段"])
    article.refresh_from_db()
    assert (article.title, article.versions.last().title) == ("林向晚的标题", "贺思齐的标题")
    assert article.body.splitlines() == ["<p>第一段贺改</p>", "<p>第一段林改</p>", "<p>第二段</p>"]
    assert faults + he.faults == []


def test_after_the_network_was_away_both_texts_are_put_together(live_server, cast, browse):
    article = make_article(cast.lin, body="<p>第一段</p><p>第二段</p>")
    lin, he = browse(cast.lin), browse(cast.he)
    open_form(lin, article)
    lin.context.set_offline(True)
    type_behind(lin, "第一段", "断网时写的")
    expect(saved_state(lin)).to_have_text("网络断了，存在这台电脑上")
    lin.close()
    open_form(he, article)
    type_behind(he, "第二段", "贺改")
    expect(saved_state(he)).to_have_text(SAVED)

    lin.context.set_offline(False)
    again = lin.context.new_page()
    open_form(again, article)

    expect(body(again).locator("p")).to_have_text(["第一段断网时写的", "第二段贺改"])
    assert Article.objects.get().body.splitlines() == ["<p>第一段断网时写的</p>", "<p>第二段贺改</p>"]
