"""The approver's page on a phone, from the mailed link: read to the end, agree or send back, without an account or a cookie."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from playwright.sync_api import expect

from accounts import links
from accounts.models import Unit
from articles import approvals, confirming, photos, revision
from articles.models import Article, Status, UnitConfirmation
from articles.revision import Wording
from tests import factories
from tests.browser.conftest import NARROW, PHONE
from tests.scenes import scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LAST = "最后一句：青浦局将督促企业补齐短板。"
BODY = "<p>4月1日，青浦邮政管理局组织企业开展消防演练，现场讲解灭火器的使用方法。</p>" * 12 + f"<p>{LAST}</p>"


@scene
def article(cast, units, bulletin):
    Unit.objects.filter(pk=units.qingpu.pk).update(approval=Unit.Approval.AUTO)
    article = factories.make_article(cast.lin, title="青浦邮政管理局组织企业\n开展消防演练", body=BODY)
    picture = BytesIO()
    Image.new("RGB", (1200, 800), "#8899AA").save(picture, "JPEG")
    photos.take_in(article, SimpleUploadedFile("演练.jpg", picture.getvalue()), caption="演练现场")
    article = Article.objects.get(pk=article.pk)
    article.apply(Article.ASK_APPROVAL, by=cast.lin)
    return article


@pytest.fixture
def address(article, cast, live_server, settings):
    settings.SITE_URL = live_server.url
    return links.url_of(links.make(cast.he, approvals.PAGE, article.current_version_id))


def width_of(page):
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "narrow"])
def test_the_whole_text_is_read_on_a_phone(address, browse, size, shot):
    page = browse(size=size, path=address)

    assert width_of(page) <= size["width"]
    page.get_by_alt_text("演练现场").scroll_into_view_if_needed()  # it is loaded when it is near the screen
    expect(page.get_by_alt_text("演练现场")).to_have_js_property("naturalWidth", 1200)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    end, bar = page.locator(".card-box").last.bounding_box(), page.locator(".phone-bar").bounding_box()
    assert end["y"] + end["height"] <= bar["y"]
    shot(page, "approval")
    assert page.faults == []


def test_agreeing_names_the_version_and_hands_it_in(article, address, browse, shot):
    page = browse(size=PHONE, path=address)
    page.get_by_role("link", name="同意报送…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("第1版")
    shot(page, "approval-dialog")
    assert Article.objects.get().status == Status.AWAITING

    dialog.get_by_role("button", name="同意报送").click()
    expect(page.get_by_text("您已同意第1版")).to_be_visible()
    shot(page, "approval-done")
    assert Article.objects.get().status == Status.SUBMITTED
    page.goto(address)
    expect(page.get_by_role("heading", name="链接无效")).to_be_visible()


def test_sending_back_asks_for_the_reason(article, address, browse):
    page = browse(size=PHONE, path=address)
    page.get_by_role("link", name="退给通讯员…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="退给通讯员").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("textbox").fill("请写清参加企业的全称")
    dialog.get_by_role("button", name="退给通讯员").click()
    expect(page.get_by_text("已退给林向晚修改")).to_be_visible()
    assert Article.objects.get().status == Status.SENT_BACK


def test_it_works_without_scripts(article, address, chromium):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="同意报送…").click()
    page.get_by_role("button", name="同意报送", exact=True).click()
    assert page.get_by_text("您已同意第1版").is_visible()
    assert context.cookies() == [] or all(cookie["name"] == "csrftoken" for cookie in context.cookies())
    context.close()


def test_axe_finds_no_fault(address, browse, axe):
    page = browse(size=PHONE, path=address)
    assert axe(page) == []
    page.get_by_role("link", name="退给通讯员…").click()
    assert axe(page) == []


def test_the_unit_puts_a_remark_beside_a_paragraph_by_its_link(article, cast, browse, axe, shot, live_server, settings):
    settings.SITE_URL = live_server.url
    article.apply(Article.APPROVE, by=cast.he)
    fields = {"title": article.title, "subtitle": "", "authors": "", "body": BODY.replace("补齐", "补上")}
    revision.revise(article, Wording(fields, {}), by=cast.lu, seen=article.current_version_id)
    article.refresh_from_db()
    asked = confirming.ask(article, by=cast.lu, seen=article.current_version_id)
    page = browse(size=PHONE, path=links.url_of(links.make(cast.he, confirming.PAGE, asked.pk)))
    assert width_of(page) <= PHONE["width"]
    assert axe(page) == []
    page.get_by_text("提意见（第 13 段）").click()
    page.get_by_label("对第 13 段的意见").fill("应为补齐")
    shot(page, "confirmation")

    page.get_by_role("button", name="送出意见").click()
    expect(page.get_by_text("1 条意见")).to_be_visible()
    assert UnitConfirmation.objects.get().remarks == [{"paragraph": 13, "text": "应为补齐"}]
