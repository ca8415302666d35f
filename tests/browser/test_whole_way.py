"""The whole way in a real browser, on the real site: web server, Celery worker with beat, mails as files."""

import hashlib
import re
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import expect

from bulletin_cms.sample import PASSWORD
from tests.browser.conftest import DESKTOP, PHONE
from tests.site import site

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.slow]

TITLE = "青浦邮政管理局为快递员开办夜间书屋"
TEXT = "4月6日，青浦邮政管理局在徐泾镇开办夜间书屋，供快递员收工后阅读、充电。"
READER = "上海市快递行业协会"


@pytest.fixture
def office(tmp_path):
    """The sample's people without any article, behind the processes that `make run` starts."""
    with site(tmp_path) as here:
        here.shell("from bulletin_cms import sample; sample.load_people()")
        with here.web(), here.worker("--beat"):
            yield here


@pytest.fixture
def sign_in(chromium, office):
    """sign_in("lin") fills in the sign-in page as that person and gives the page behind it."""
    contexts = []

    def enter(username="", size=DESKTOP):
        context = chromium.new_context(viewport=size, locale="zh-CN", base_url=office.url, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if username:
            page.goto("/")
            page.get_by_label("用户名或邮箱").fill(username)
            page.get_by_label("密码", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="登录", exact=True).click()
            if username == "fang":
                page.get_by_label("手机动态码").fill(office.manage("sample_code", "fang").strip())
                page.get_by_role("button", name="登录", exact=True).click()
        return page

    yield enter
    for context in contexts:
        context.close()


def submit_an_article(page):
    page.get_by_role("link", name="直接写稿").first.click()
    page.get_by_label(re.compile("标题")).fill(TITLE)
    page.get_by_label(re.compile("事件日期")).fill("4月6日")
    page.locator(".cke_editable").click()
    page.keyboard.insert_text(TEXT)
    page.get_by_role("button", name="送单位审签").first.click()
    expect(page.get_by_text("单位审签中").first).to_be_visible()


def approve_it(page):
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("button", name="同意报送…").click()
    page.get_by_role("dialog").get_by_role("button", name="同意报送").click()
    expect(page.get_by_text("已报送").first).to_be_visible()


def review_it(page, act, said):
    page.get_by_role("link", name=re.compile("^审稿")).first.click()
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("button", name=act, exact=True).click()
    expect(page.get_by_text(said).first).to_be_visible()


def assemble_an_issue(page):
    page.get_by_role("link", name=re.compile("^组版")).first.click()
    page.get_by_role("link", name=re.compile("开新一期")).first.click()
    page.get_by_role("button", name="开这一期").click()
    page.get_by_role("button", name=f"编入：{TITLE}").click()
    expect(page.locator("[data-column=issue]").get_by_text(TITLE).first).to_be_visible()
    page.get_by_role("button", name="送签发").click()
    expect(page.get_by_text("待签发").first).to_be_visible()


def sign_it(page, office):
    page.get_by_role("link", name=re.compile("第10期")).first.click()
    page.get_by_role("button", name="签发…").click()
    page.get_by_label("手机动态码").fill(office.manage("sample_code", "fang").strip())
    page.get_by_role("button", name="签发第10期").click()
    expect(page.get_by_text("已签发").first).to_be_visible()


def issue_and_mail_it(page):
    page.reload()
    page.get_by_role("button", name="印发…").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^印发")).click()
    expect(page.get_by_text("已印发").first).to_be_visible()
    page.get_by_role("main").get_by_role("link", name=re.compile("分发")).first.click()
    page.get_by_role("button", name="开始分发…").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^开始分发")).click()
    expect(page.get_by_text("已送出 16 / 16").first).to_be_visible(timeout=60_000)


def mailed_link(office, organisation):
    """The link and the attached PDF of the mail to this reader."""
    for file in (office.folder / "var" / "mail").glob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        text = mail.get_body(("plain",)).get_content()
        if organisation in text:
            (attachment,) = mail.iter_attachments()
            return re.search(r"http://\S+/r/\S+", text).group(), attachment.get_content()
    pytest.fail(f"no mail to {organisation}")


def test_an_article_goes_the_whole_way_from_its_unit_to_a_confirmed_receipt(office, sign_in):
    submit_an_article(sign_in("lin"))
    approve_it(sign_in("he", PHONE))
    review_it(sign_in("lu"), "初审通过", "已通过初审")
    review_it(sign_in("qin"), "复审通过", "已通过复审")
    editor = sign_in("gu")
    review_it(editor, "终审通过", "已采用")
    assemble_an_issue(editor)
    sign_it(sign_in("fang", PHONE), office)
    issue_and_mail_it(editor)
    stored = office.shell("from issues.models import Issue; print(Issue.objects.get().pdf_sha256)")

    link, attached = mailed_link(office, READER)
    reader = sign_in("", PHONE)
    reader.goto(link)
    expect(reader.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(reader.get_by_text(TEXT)).to_be_visible()
    with reader.expect_download() as download:
        reader.get_by_role("link", name=re.compile("下载 PDF")).first.click()
    downloaded = download.value.path().read_bytes()
    reader.get_by_role("button", name=re.compile("确认签收")).or_(
        reader.get_by_role("link", name="确认签收")
    ).first.click()
    reader.get_by_label(re.compile("姓名")).fill("周予安")
    reader.get_by_role("button", name="签收", exact=True).click()
    expect(reader.get_by_text(re.compile("已签收")).first).to_be_visible()

    assert hashlib.sha256(downloaded).hexdigest() == stored
    assert hashlib.sha256(attached).hexdigest() == stored
    editor.get_by_role("main").get_by_role("link", name="签收", exact=True).first.click()
    expect(editor.get_by_text("周予安").first).to_be_visible()
