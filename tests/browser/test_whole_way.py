"""The whole way in a real browser, on the real site: web server, Celery worker with beat, mails as files."""

import hashlib
import re
import time
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import expect

from bulletin_cms.sample import PASSWORD
from tests.articles import word_files
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


def hand_in_a_word_file(page):
    """Two clicks: the file is chosen, the draft is sent. What the file says is right as it came in."""
    document = word_files.Document()
    word_files.centred(document, TITLE, size=22)
    document.add_paragraph(TEXT)
    file = {"name": "来稿.docx", "mimeType": "application/octet-stream", "buffer": word_files.data_of(document)}
    expect(page.get_by_role("heading", name="首页")).to_be_visible()
    page.wait_for_load_state()  # the script that takes the file
    page.set_input_files("[data-word-form] input[type=file]", file)
    page.wait_for_url("**/edit/")
    expect(page.get_by_label(re.compile("标题"))).to_have_value(TITLE)
    page.get_by_role("button", name="送单位审签").first.click()
    expect(page.get_by_text("单位审签中").first).to_be_visible()


def approve_it(page, link):
    """Without an account, behind the link in the mail."""
    page.goto(link)
    expect(page.get_by_text(TEXT)).to_be_visible()
    page.get_by_role("link", name="同意报送…").click()
    page.get_by_role("dialog").get_by_role("button", name="同意报送").click()
    page.goto(link)
    expect(page.get_by_role("link", name="同意报送…")).to_have_count(0)


def open_from_menu(page, name):
    page.wait_for_load_state()  # the script that unfolds the menu
    button = page.locator("[data-menu]")  # on a phone the menu is folded
    if button.is_visible():
        button.click()
    page.get_by_role("navigation").get_by_role("link", name=re.compile(f"^{name}")).first.click()


def review_it(page, act, said):
    open_from_menu(page, "审稿")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("button", name=act, exact=True).click()
    expect(page.get_by_text(said).first).to_be_visible()


def show_column(page, name):
    expect(page.locator(f"[data-column={name}]").first).to_be_attached()  # the desk has come
    page.wait_for_load_state()
    tab = page.locator(f"a[data-column={name}]")  # on a phone the desk shows one column at a time
    if tab.is_visible():
        tab.click()


def assemble_an_issue(page):
    open_from_menu(page, "组版")
    page.get_by_role("link", name=re.compile("开新一期")).first.click()
    page.get_by_role("button", name="开这一期").click()
    show_column(page, "pool")
    page.get_by_role("button", name=f"编入：{TITLE}").click()
    show_column(page, "issue")
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


def mails_to(office, words):
    """Those whose text holds these words. Sending takes a worker a moment."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        files = (office.folder / "var" / "mail").glob("*.eml")
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        if found := [mail for mail in mails if words in text_of(mail)]:
            return found
        time.sleep(0.2)
    pytest.fail(f"no mail says {words}")


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def link_in(mail, path):
    return re.search(rf"http://\S+{path}\S+", text_of(mail)).group()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_article_goes_the_whole_way_from_its_unit_to_a_confirmed_receipt(office, sign_in, size):
    hand_in_a_word_file(sign_in("lin", size))
    (asked,) = mails_to(office, TITLE)
    approve_it(sign_in("", PHONE), link_in(asked, "/links/approve/"))
    review_it(sign_in("lu", size), "初审通过", "已通过初审")
    review_it(sign_in("qin", size), "复审通过", "已通过复审")
    editor = sign_in("gu", size)
    review_it(editor, "终审通过", "已采用")
    assemble_an_issue(editor)
    sign_it(sign_in("fang", size), office)
    issue_and_mail_it(editor)
    stored = office.shell("from issues.models import Issue; print(Issue.objects.get().pdf_sha256)")

    (mail,) = mails_to(office, READER)
    (attachment,) = mail.iter_attachments()
    reader = sign_in("", size)
    reader.goto(link_in(mail, "/r/"))
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
    assert hashlib.sha256(attachment.get_content()).hexdigest() == stored
    editor.get_by_role("main").get_by_role("link", name="签收", exact=True).first.click()
    expect(editor.get_by_text("周予安").first).to_be_visible()
