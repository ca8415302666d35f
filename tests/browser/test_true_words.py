"""What a writer is told is true: what was saved, what was counted, what was handed in."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests.browser.conftest import settle
from tests.browser.test_article_editing import open_form, saved_state
from tests.factories import make_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_handing_in_without_a_network_keeps_the_page(live_server, cast, browse):
    article = make_article(cast.lin)
    page = browse(cast.lin)
    open_form(page, article)
    page.context.set_offline(True)

    page.locator(".head [value=submit]").click()

    expect(saved_state(page)).to_have_text("网络断了，没有报送；已存在这台电脑上")
    expect(page.locator("#id_title")).to_have_value(article.title)
    page.context.set_offline(False)
    page.locator(".head [value=submit]").click()
    page.wait_for_url(re.compile(r"/articles/\d+/$"))
    assert Article.objects.get().status == "submitted"


def test_a_date_that_was_not_saved_is_named_and_kept_over_a_reload(live_server, cast, browse):
    article = make_article(cast.lin)
    page = browse(cast.lin)
    open_form(page, article)

    page.locator("#id_event_on").fill("昨天")
    expect(saved_state(page)).to_have_text(re.compile(r"^已保存 \d\d:\d\d，除了事件日期$"))
    open_form(page, article)

    expect(page.locator("#id_event_on")).to_have_value("昨天")


def test_the_counts_are_those_of_the_printed_page(live_server, cast, browse):
    table = "<table><tr><td><p>甲乙</p></td><td><p>丙丁</p></td></tr></table>"
    article = make_article(cast.lin, title="青浦邮政管理局开展‘安全生产月’宣传咨询活动", body=f"<p>正文四字</p>{table}")
    page = browse(cast.lin)

    open_form(page, article)

    expect(page.locator("[data-count=title]")).to_have_text("22 字，印作 2 行")
    expect(page.locator("[data-count=body]")).to_have_text("正文 8 字")
    expect(page.locator("[data-count=paragraphs]")).to_have_text("3 段")


def test_choosing_a_kind_alone_begins_no_article(live_server, cast, browse):
    page = browse(cast.lin)
    page.clock.install()
    open_form(page)

    page.locator("input[name=kind][value=brief]").check()
    page.clock.run_for(10_000)
    settle(page)

    assert not Article.objects.exists()
