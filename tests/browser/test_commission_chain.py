"""From what the office asks for to the announcement of who gave it, through the pages: commission, story, issue, points,
announcement, and this in the next issue."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Unit
from articles.models import Article, Commissioned
from issues.models import Issue
from points import ledger
from points.models import Announcement
from tests import factories
from tests.articles import word_files
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WANTED, TITLE = "循环箱使用情况", "青浦邮政管理局推广循环箱"
TEXT = "4月1日，青浦邮政管理局向辖区企业推广循环箱，逐家讲解使用办法。"


@pytest.fixture
def office(bulletin, cast, units):
    """A unit that hands in without a second person, and rules by which a short article in time gives thirteen points."""
    Unit.objects.filter(pk=units.qingpu.pk).update(approval=Unit.Approval.NEVER)
    factories.make_rules(cast.gu, valid_from=timezone.localdate().replace(day=1), short=10, on_time=3)


def commission(page):
    page.get_by_role("link", name="新约稿…").first.click()
    page.get_by_label("主题").fill(WANTED)
    page.get_by_label("截止日期").fill(f"{timezone.localdate():%Y-%m-%d}")
    page.get_by_label("青浦局").check()
    page.get_by_role("button", name="向各单位约稿").click()
    expect(page.get_by_text("已向 1 个单位约稿")).to_be_visible()


def answer(page):
    page.get_by_role("button", name=f"应约：{WANTED}").click()
    page.get_by_role("button", name=f"去交稿：{WANTED}").click()
    page.wait_for_url("**/edit/")
    document = word_files.Document()
    word_files.centred(document, TITLE, size=22)
    document.add_paragraph(TEXT)
    file = {"name": "来稿.docx", "mimeType": "application/octet-stream", "buffer": word_files.data_of(document)}
    page.wait_for_load_state()  # the script that takes the file
    page.set_input_files("[data-word-form] input[type=file]", file)
    expect(page.get_by_label(re.compile("标题"))).to_have_value(TITLE)
    expect(page.get_by_role("link", name=WANTED)).to_be_visible()
    page.get_by_role("button", name="报送", exact=True).first.click()
    page.wait_for_url("**/articles/*/")


def accept(page, title):
    page.goto(reverse("articles:queue"))
    page.get_by_role("link", name=title).first.click()
    page.get_by_role("button", name="采用", exact=True).click()
    expect(page.get_by_text("已采用").first).to_be_visible()


def place(page, title):
    page.goto(reverse("issues:list"))
    page.get_by_role("link", name=re.compile("开新一期")).first.click()
    page.get_by_role("button", name="开这一期").click()
    page.get_by_role("button", name=f"编入：{title}").click()
    expect(page.locator("[data-column=issue]").get_by_text(title).first).to_be_visible()


def sign(page):
    page.get_by_role("button", name="签发…").click()
    page.get_by_label("手机动态码").fill(page.code)
    page.get_by_role("button", name=re.compile("^签发.*第")).click()
    expect(page.get_by_text("已签发").first).to_be_visible()


def issue(page):
    page.reload()
    page.get_by_role("button", name="印发…").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^印发")).click()
    expect(page.get_by_text("已印发").first).to_be_visible()


def test_from_a_commission_to_the_announcement_in_the_next_issue(office, live_server, cast, browse, shot):
    month = f"{timezone.localdate():month=%Y-%m}"
    editor, chief = browse(cast.lu, DESKTOP, reverse("articles:commissions")), browse(cast.gu)
    commission(editor)
    unit = browse(cast.lin, PHONE, reverse("home"))
    answer(unit)
    accept(editor, TITLE)
    with factories.without_worker():
        place(editor, TITLE)
        editor.get_by_role("button", name="送签发").click()
        expect(editor.get_by_text("待签发").first).to_be_visible()
        first = Issue.objects.get()
        factories.set_pages(first, pdf=factories.blank_pdf(1))
    signer = browse(cast.fang, PHONE, reverse("issues:sign_off", args=[first.pk]))
    signer.code = factories.code_of(cast.fang)
    sign(signer)
    with factories.without_worker():
        chief.goto(reverse("issues:desk", args=[first.pk]))
        issue(chief)
    ledger.bring_up_to_date()  # beat asks for it each minute

    unit.goto(f"{reverse('points:report')}?{month}")
    expect(unit.get_by_role("link", name=TITLE).first).to_be_visible()
    shot(unit, "chain-own-points")
    editor.goto(f"{reverse('points:report')}?{month}")
    row = editor.get_by_role("row", name=re.compile("^青浦局"))
    expect(row.get_by_role("link", name="13").first).to_be_visible()
    shot(editor, "chain-report")
    row.get_by_role("link", name="13").first.click()
    expect(editor.get_by_text("按时完成约稿").first).to_be_visible()
    editor.go_back()

    editor.get_by_role("link", name="起草通报…").click()
    editor.get_by_role("button", name="作为稿件报送").click()
    editor.wait_for_url("**/articles/*/")
    announcement = Announcement.objects.get()
    assert "青浦局（13分，采用1篇）" in announcement.text
    accept(chief, announcement.title)
    with factories.without_worker():
        place(chief, announcement.title)
        shot(chief, "chain-next-issue")

    # The chain from each end.
    row, article = Commissioned.objects.get(), Article.objects.get(pk=announcement.article_id)
    assert row.article.placement.issue == first
    assert article.placement.issue == Issue.objects.exclude(pk=first.pk).get()
    assert [page.faults for page in (editor, chief, unit, signer)] == [[], [], [], []]
