"""校对 in a real browser: from a finding to its place, taken or ignored; and an error that stands on the sign-off sheet."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

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
    assert page.faults == []

    settle(page)
    page.get_by_role("button", name="报送").first.click()
    page.wait_for_url("**/articles/*/")
    article.refresh_from_db()
    assert article.is_in_review
    assert "部门部门" not in article.body

    review = browse(cast.lu)
    review.goto(reverse("articles:detail", args=[article.pk]))
    expect(card(review, ",")).to_contain_text("林向晚已忽略：原稿如此")
    shot(review, "proofreading-review")


def test_an_error_blocks_sign_off_until_it_is_let_through_and_stands_on_the_sheet(
    live_server, cast, bulletin, browse, shot
):
    text = TEXT.replace("4月1日,", "4月1日，").replace("部门部门开展", "部门开展")
    article = factories.accepted(cast.lin, cast.gu, title="青浦局联合消防部门开展演练", body=text)
    issue = factories.make_issue(bulletin, cast.lu, [article])
    desk = reverse("issues:desk", args=[issue.pk])
    article.text_proofs.all().delete()
    page = browse(cast.lu)
    page.goto(desk)
    expect(page.locator("#blk")).to_contain_text("1 篇还没有按现在的词库校对")

    page.get_by_role("button", name="现在校对").click()
    expect(page.locator("#blk")).to_contain_text("有 1 处校对错误（“部门部门”）")
    expect(page.locator("#send")).to_have_attribute("aria-disabled", "true")
    shot(page, "proofreading-desk")
    page.locator("#blk").get_by_role("link", name="看错误").click()
    found = card(page, "部门部门")
    found.wait_for()
    page.wait_for_load_state()  # the jump comes with the page's scripts
    found.locator("[data-jump-to]").click()
    expect(page.locator("mark.found-now")).to_have_text("部门部门")
    shot(page, "proofreading-detail")
    found.locator("summary").click()
    found.get_by_label("为什么可以不改").fill("引文，原文如此")
    found.get_by_role("button", name="放行", exact=True).click()
    expect(page.locator("#settled-findings summary")).to_have_text("已放行 1")
    assert page.faults == []

    page.goto(desk)
    page.get_by_role("button", name="送签发").click()
    page.wait_for_load_state()
    assert Issue.objects.get().is_pending
    for size in (None, PHONE):
        sheet = browse(cast.fang, size) if size else browse(cast.fang)
        sheet.goto(reverse("issues:sign_off", args=[issue.pk]))
        expect(sheet.locator("#sheet")).to_contain_text("放行 1 处错误")
        expect(sheet.locator("#sheet")).to_contain_text("理由：引文，原文如此（陆一鸣")
        shot(sheet, "proofreading-sheet")
