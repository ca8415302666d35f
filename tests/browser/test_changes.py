"""What changed since the signer returned an issue, on the sheet and by character."""

import pytest
from django.urls import reverse

from articles import review, revision
from articles.models import Article
from issues import assembly, signing, tasks
from issues.models import Issue, RedlinePdf
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE
from tests.scenes import scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BODY = "<p>广泛凝聚安全{}，压实全员安全责任。</p><p>演练模拟二层起火，值班人员立即启动预案。</p>"


@scene
def issue(bulletin, cast):
    """Returned by the signer, corrected on the desk, sent again with one article less."""
    stories = [
        factories.accepted(cast.lin, cast.lu, title="青浦邮政管理局开展快递分拨中心消防演练", body=BODY.format("公示")),
        factories.accepted(cast.zhao, cast.lu, title="宝山邮政管理局走访网点"),
        factories.accepted(cast.zhao, cast.lu, title="宝山邮政管理局推进循环箱进网点"),
    ]
    issue = factories.pending_issue(bulletin, cast, stories, pdf=factories.blank_pdf(), pages=2, first_pages=[1, 2])
    signing.back_to_the_desk(issue, Issue.REFUSE, by=cast.fang, note="请改“公示”")
    placement = issue.placements.get(article=stories[0])
    wording = revision.Wording({"body": BODY.format("共识")}, {})
    version = assembly.revise(placement, wording, by=cast.lu, seen=placement.version_id)
    review.agree(stories[0], by=cast.gu, version=version.pk)
    assembly.take_out(issue.placements.get(article=stories[1]), by=cast.lu)
    factories.proofread_clean(issue)
    signing.send_for_sign_off(Issue.objects.get(pk=issue.pk), by=cast.lu)
    issue.refresh_from_db()
    factories.set_pages(issue, pdf=factories.blank_pdf(), pages=2, first_pages=[1, 2])
    return issue


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_signer_reads_the_changes_from_the_sheet(size, issue, browse, cast, axe, shot):
    page = browse(cast.fang, size, reverse("issues:sign_off", args=[issue.pk]))
    shot(page, "sign-off-again")
    faults = axe(page)

    page.get_by_role("link", name="逐字看改了什么").click()

    page.locator("del", has_text="公示").wait_for()
    assert page.locator("ins", has_text="共识").is_visible()
    shot(page, "sign-off-changes")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert faults + axe(page) + page.faults == []


# --- from one change to the next ---------------------------------------------------------------------------------------
MOVED = "<h3>一、起因</h3><p>短的一段。</p>{}<table><tr><td>青浦局</td><td>{}</td></tr></table>"


@scene
def revised(cast):
    """Handed in anew with changes of every kind: a title, words, a moved paragraph, a cell, photos."""
    article = factories.submitted(cast.lin, title="青浦局开展演练", body=MOVED.format(BODY.format("公示"), "16"))
    article.apply(Article.RETURN, by=cast.lu, note="请核对")
    article.title, article.body = "青浦局组织演练", BODY.format("共识") + MOVED.format("", "18").replace("h3>", "p>")
    article.save()
    factories.make_photo(article, caption="演练现场")
    article.apply(Article.SUBMIT, by=cast.lin)
    return article


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_keys_and_buttons_go_from_one_change_to_the_next(size, revised, browse, cast, axe, shot):
    page = browse(cast.lu, size, reverse("articles:detail", args=[revised.pk]))
    counter, here = page.locator("[data-count]"), page.locator(".changes .is-focus")
    places = page.locator(".changes [role=note] b").inner_text()

    assert f"改 {counter.inner_text().strip('共处 ')} 处：" == places

    page.keyboard.press("n")
    assert (counter.inner_text(), here.all_text_contents()) == ("第 1 处 / 共 7 处", ["删：开展", "增：组织"])
    page.get_by_role("button", name="下一处改动（N）").click()
    assert counter.inner_text() == "第 2 处 / 共 7 处"
    page.keyboard.press("p")
    page.keyboard.press("p")
    assert counter.inner_text() == "第 1 处 / 共 7 处"
    for _turn in range(9):
        page.keyboard.press("n")
    assert counter.inner_text() == "第 7 处 / 共 7 处"
    assert page.evaluate("document.activeElement.matches('.is-focus')")
    assert page.locator("#live").inner_text() == "第 7 处 / 共 7 处"
    shot(page, "changes-steps")
    page.evaluate("scrollTo(0, 0)")  # what the bar of acts happens to lie upon counts as too small
    assert axe(page) + page.faults == []


def test_the_help_lists_the_keys_of_a_comparison(revised, browse, cast):
    page = browse(cast.lu, DESKTOP, reverse("articles:compare", args=[revised.pk]))

    page.keyboard.press("?")

    assert "下一处、上一处改动" in page.locator("#help").inner_text()


def test_two_equal_texts_have_nothing_to_step_through(revised, browse, cast):
    page = browse(cast.lu, DESKTOP, reverse("articles:compare", args=[revised.pk]) + "?a=1&b=1")

    page.keyboard.press("n")

    assert page.locator("[data-change-steps]").is_hidden()
    assert page.faults == []


def test_a_comparison_is_taken_away_as_a_word_file(revised, browse, cast):
    page = browse(cast.lin, PHONE, reverse("articles:compare", args=[revised.pk]))

    with page.expect_download() as download:
        page.get_by_role("link", name="下载花脸稿（Word）").click()

    assert download.value.suggested_filename == "青浦局组织演练（花脸稿）.docx"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_comparison_as_pdf_appears_where_it_was_asked_for(size, revised, browse, cast, axe, shot):
    page = browse(cast.lu, size, reverse("articles:detail", args=[revised.pk]))
    shot(page, "redline-acts")
    page.get_by_role("button", name="生成花脸稿（PDF）").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 PDF").click()
    assert download.value.suggested_filename == "青浦局组织演练（花脸稿）.pdf"
    shot(page, "redline-ready")
    faults = axe(page)

    RedlinePdf.objects.get().ask_again()
    page.reload()
    page.get_by_text("正在生成 PDF").wait_for()
    shot(page, "redline-waits")
    faults += axe(page)
    tasks.render_waiting_redlines()
    page.get_by_role("link", name="下载 PDF").wait_for()

    assert faults + page.faults == []
    page.get_by_role("link", name="返回").click()
    page.locator(".changes ins").first.wait_for()
