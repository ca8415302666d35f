"""校对 in a real browser: from a finding to its place, taken or ignored; and an error that stands on the sign-off sheet."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article
from issues.models import Issue
from tests import factories
from tests.browser.conftest import PHONE, settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = (
    "<p>4月1日,青浦局会同消防部门部门开展演练。</p><p>演练设在快递分拨中心，企业安全负责人现场观摩。</p>"
    "<p>下一步，青浦局会同消防部门部门督促企业补齐短板，把演练中发现的问题逐项改到位。</p>"
)


def card(page, quote):
    return page.locator(".finding", has=page.locator("[data-jump-to]", has_text=quote))


def selected(page):
    return page.evaluate("() => String(getSelection())")


def text(page):
    return page.locator(".cke_wysiwyg_div").inner_text()


def test_a_finding_leads_to_its_place_and_is_taken_or_ignored(live_server, cast, browse, shot):
    article = factories.make_article(cast.lin, title="青浦局联合消防部门开展演练", body=TEXT)
    page = browse(cast.lin)
    page.goto(reverse("articles:edit", args=[article.pk]))

    doubled = card(page, "部门部门")
    expect(doubled).to_have_count(2)
    shot(page, "proofreading-editor")
    doubled.first.locator("[data-jump-to]").click()
    assert selected(page) == "部门部门"

    doubled.first.get_by_role("button", name="采纳", exact=False).first.click()
    expect(doubled).to_have_count(1)
    assert "消防部门开展演练" in text(page)
    assert "消防部门部门督促企业" in text(page)
    settle(page)
    page.locator(".cke_wysiwyg_div").press("Control+z")
    assert "消防部门部门开展演练" in text(page)
    expect(doubled.locator("visible=true")).to_have_count(2)

    doubled.locator("visible=true").first.get_by_role("button", name="采纳同类 2 处").click()
    expect(doubled.locator("visible=true")).to_have_count(0)
    assert "部门部门" not in text(page)

    comma = card(page, ",")
    comma.locator("[data-jump-to]").focus()
    page.keyboard.press("i")
    page.keyboard.type("原稿如此")
    page.keyboard.press("Enter")
    expect(page.locator("#settled-findings summary")).to_have_text("已忽略 1")
    page.locator("#settled-findings summary").click()
    expect(page.locator("#settled-findings")).to_contain_text("原稿如此（林向晚")
    shot(page, "proofreading-ignored")
