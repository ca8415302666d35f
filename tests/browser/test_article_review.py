"""Reviewing in a real browser: through the queue by keys, decide, and on to the next."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_queue_is_walked_by_keys(live_server, cast, browse):
    articles = [submitted(cast.lin), submitted(cast.zhao)]
    page = browse(cast.lu, path=reverse("articles:queue"))

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=articles[1].flat_title)).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text(articles[1].flat_title)
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
    shot(page, "queue")
