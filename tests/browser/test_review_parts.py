"""Steps taken in another's absence, and corrections that wait for agreement: what the next person, the desk and the signer see."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles import revision
from articles.models import Article
from issues import assembly
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE
from tests.scenes import scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("three_reviews")]

BODY = "<p>会上形成{}，压实全员安全责任。</p><p>下一步，青浦局将督促企业补齐短板。</p>"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@scene
def mei(cast):
    return factories.make_user("mei", "梅映雪", "editor", unit=cast.lu.unit)


@scene
def stood_in(cast, bulletin):
    """Lu passed the first review and, nobody else being there, the second one too; Gu accepted it."""
    bulletin.review_steps = 3
    bulletin.save()
    article = factories.passed(cast.lin, cast.lu, title="青浦邮政管理局召开安全生产座谈会", body=BODY.format("公示"))
    article.apply(Article.STAND_IN_SECOND, by=cast.lu, note="复审人员出差，本期今天付印")
    article.apply(Article.ACCEPT, by=cast.gu)
    return article


@SIZES
def test_a_step_taken_in_anothers_absence_is_confirmed_on_the_articles_page(stood_in, browse, mei, axe, shot, size):
    page = browse(mei, size, reverse("articles:detail", args=[stood_in.pk]))
    expect(page.get_by_text("复审人员出差，本期今天付印").first).to_be_visible()
    shot(page, "stand-in")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.get_by_role("button", name="补审通过").first.click()

    expect(page.get_by_text("待补审")).to_have_count(0)
    shot(page, "stand-in-confirmed")
    assert axe(page) + page.faults == []


@SIZES
def test_the_sheet_names_it_to_the_signer(stood_in, bulletin, browse, cast, axe, shot, size):
    pages = {"pdf": factories.blank_pdf(), "pages": 2}
    issue = factories.pending_issue(bulletin, cast, [stood_in], **pages)

    page = browse(cast.fang, size, reverse("issues:sign_off", args=[issue.pk]))

    expect(page.get_by_text("复审人员出差，本期今天付印")).to_be_visible()
    expect(page.get_by_text("无人审自己的稿件")).to_have_text("无人审自己的稿件；以下为代审：")
    shot(page, "sign-off-stand-in")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert axe(page) + page.faults == []


@SIZES
def test_a_correction_on_the_desk_is_agreed_to_on_its_comparison(
    stood_in, bulletin, browse, cast, mei, axe, shot, size
):
    issue = factories.make_issue(bulletin, cast.lu, [stood_in])
    placement = issue.placements.get()
    wording = revision.Wording({"body": BODY.format("共识")}, {})
    assembly.revise(placement, wording, by=cast.lu, seen=stood_in.current_version_id)
    page = browse(mei, size, reverse("articles:detail", args=[stood_in.pk]))
    shot(page, "correction")
    assert axe(page) == []

    expect(page.locator("ins", has_text="共识")).to_be_visible()
    page.get_by_role("button", name="同意改动").click()

    expect(page.get_by_role("button", name="同意改动")).to_have_count(0)
    assert page.faults == []
