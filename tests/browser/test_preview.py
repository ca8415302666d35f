"""The pages beside the work, in a browser: they follow by themselves, and lead to the articles and back."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from bulletin_cms.sample import PASSWORD
from issues import setting, signing
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE
from tests.scenes import scene
from tests.site import site

TEXT = "<p>" + "青浦邮政管理局组织辖区企业检查消防通道，讲解灭火器的使用方法，逐一登记需要整改的地方。" * 6 + "</p>"
FURNISH = """
from accounts.models import User
from articles.models import Article
from bulletin_cms import sample
bulletin, lin = sample.load_people(), User.objects.get(username="lin")
bulletin.review_steps = 1
bulletin.save()
def write(title):
    return Article.objects.create(created_by=lin, unit=lin.unit, title=title, body="<p>" + title * 30 + "</p>")
articles = [write(title) for title in ("青浦局检查消防通道", "青浦局登记整改事项", "青浦局走访网点")]
for article in articles:
    article.apply(Article.ASK_APPROVAL, by=lin)
    article.apply(Article.APPROVE, by=User.objects.get(username="he"))
    article.apply(Article.ACCEPT, by=User.objects.get(username="lu"))
print(sample.assemble(bulletin, articles).pk, write("青浦局组织急救培训").pk)
"""


# --- on the desk -----------------------------------------------------------------------------------------------------
@scene
def issue(bulletin, cast):
    articles = [
        factories.accepted(by, cast.lu, title=title, body=TEXT)
        for by, title in (
            (cast.lin, "青浦局检查消防通道"),
            (cast.lin, "青浦局登记整改事项"),
            (cast.zhao, "宝山局走访网点"),
        )
    ]
    issue = factories.make_issue(bulletin, cast.lu, articles)
    setting.render_proof(signing.present_proof(issue))
    return issue


@pytest.fixture
def open_desk(browse, cast, issue):
    def open_page(**options):
        page = browse(cast.lu, path=reverse("issues:desk", args=[issue.pk]), **options)
        page.wait_for_load_state("networkidle")
        return page

    return open_page


def articles_of(issue):
    return [placement.article_id for placement in issue.placements.order_by("section", "position")]


def click_on(page, frame):
    """A click in the middle of what is to be seen of a frame."""
    frame.scroll_into_view_if_needed()
    frame.click()


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_click_on_a_page_chooses_the_article_that_stands_there(size, open_desk, issue, shot):
    page, last = open_desk(size=size), articles_of(issue)[-1]
    if size == PHONE:
        page.locator("a[data-column=pages]").click()
        shot(page, "preview-desk")

    click_on(page, page.locator(f"rect[data-place='{last}']").last)

    assert page.evaluate("document.activeElement.id") == f"t-{last}"
    assert page.locator(f"#p-{last}.sel").is_visible()
    assert page.locator("rect.sel").count() == page.locator(f"rect[data-place='{last}']").count()
    assert page.faults == []


@pytest.mark.browser
def test_an_article_that_is_chosen_is_framed_and_its_page_turned_to(open_desk, issue, axe, shot):
    page, last = open_desk(), articles_of(issue)[-1]

    page.click(f"#t-{last}")

    frames = page.locator("rect.sel")
    assert {frame.get_attribute("data-place") for frame in frames.all()} == {str(last)}
    expect(frames.first).to_be_in_viewport()
    assert axe(page) == []
    shot(page, "preview-desk")


@pytest.mark.browser
def test_unchanged_pages_are_not_asked_for_again(open_desk, issue):
    page = open_desk()
    page.locator("#pages-scroll").evaluate(
        "scroller => scroller.querySelectorAll('img').forEach(img => img.loading = 'eager')"
    )
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/pages/" in request.url else None)
    first = page.locator("#page-1 img").get_attribute("src")
    page.focus(f"#t-{articles_of(issue)[-1]}")

    with page.expect_response(lambda response: response.request.method == "POST"):
        page.keyboard.press("Delete")
    expect(page.locator("#page-1 .wait")).to_have_count(0)

    assert page.locator("#page-1 img").get_attribute("src") == first
    assert not [url for url in asked if first.split("?")[0] in url]
    assert page.faults == []


def look_of_page_one(page):
    """The head of page 1 as it is drawn on the screen."""
    page.evaluate("document.getElementById('pages-scroll').scrollTop = 0")
    box = page.locator("#page-1 img").bounding_box()
    return page.screenshot(clip={"x": box["x"] + 20, "y": box["y"] + 50, "width": box["width"] - 40, "height": 60})


@pytest.mark.browser
def test_an_old_picture_stands_and_says_so_until_the_new_one_has_come(open_desk, issue):
    page, first = open_desk(), articles_of(issue)[0]
    picture, mark = page.locator("#page-1 img"), page.locator("#page-1 .wait.is-loading")
    old, look, held = picture.get_attribute("src"), look_of_page_one(page), []
    page.route("**/pages/**", lambda route: held.append(route))

    page.focus(f"#t-{first}")
    page.keyboard.press("Delete")

    expect(mark).to_have_text("正在排…")
    assert picture.get_attribute("src") != old
    assert look_of_page_one(page) == look
    for route in held:
        route.continue_()
    expect(mark).to_have_count(0)
    assert picture.evaluate("picture => picture.complete && picture.naturalWidth > 0")


# --- beside the text -------------------------------------------------------------------------------------------------
@pytest.fixture
def writing(browse, cast, bulletin, transactional_db):
    def open_page(size=DESKTOP, **fields):
        article = factories.make_article(cast.lin, **({"title": "青浦局组织急救培训", "body": TEXT} | fields))
        page = browse(cast.lin, size=size, path=reverse("articles:edit", args=[article.pk]))
        page.wait_for_selector(".cke_editable")
        return page

    return open_page


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_of_an_article_are_opened_beside_it(size, writing, axe, shot):
    page = writing(size)
    toggle = page.get_by_role("button", name="看版面")

    toggle.click()

    expect(page.locator("#preview figure img")).to_be_in_viewport()
    expect(page.locator("[data-preview-state]")).to_contain_text("1 页，末页余")
    assert page.get_by_role("button", name="收起版面").get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert axe(page) == []
    shot(page, "preview-article")
    page.reload()
    expect(page.locator("#preview figure img")).to_be_visible()
    page.get_by_role("button", name="收起版面").click()
    assert not page.locator("#preview").is_visible()
    assert page.faults == []


@pytest.mark.browser
def test_what_cannot_be_set_is_told_beside_the_old_pages(writing):
    page = writing()
    page.get_by_role("button", name="看版面").click()
    expect(page.locator("#preview figure img")).to_be_visible()

    page.get_by_label(re.compile("标题")).fill("青浦局组织\U0001f9ff培训")

    expect(page.locator("#preview .note-err")).to_contain_text("1F9FF")
    expect(page.locator("#preview .wait")).to_have_text("这是上一次修改之前的版面")
    page.get_by_label(re.compile("标题")).fill("青浦局组织培训")
    expect(page.locator("#preview .note-err")).to_have_count(0)


# --- with a worker of its own ----------------------------------------------------------------------------------------
@pytest.fixture
def office(tmp_path):
    with site(tmp_path) as here:
        issue, draft = map(int, here.shell(FURNISH).split()[-2:])
        with here.web():
            yield here, issue, draft


@pytest.fixture
def sign_in(chromium, office):
    contexts = []

    def enter(username, path):
        context = chromium.new_context(viewport=DESKTOP, locale="zh-CN", base_url=office[0].url)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto("/")
        page.get_by_label("用户名或邮箱").fill(username)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url("**/")
        page.goto(path)
        return page

    yield enter
    for context in contexts:
        context.close()


def looks(page, root):
    return [picture.get_attribute("src") for picture in page.locator(f"{root} figure img").all()]


@pytest.mark.browser
@pytest.mark.worker
@pytest.mark.slow
def test_the_pages_follow_every_change_without_a_click(office, sign_in):
    here, issue, draft = office
    desk = sign_in("gu", f"/issues/{issue}/")
    expect(desk.locator("#col-pages")).to_contain_text("正在排版…")
    with here.worker():
        expect(desk.locator("#page-1 img")).to_be_visible(timeout=30_000)
        expect(desk.locator("#iss-count")).to_contain_text(re.compile("3 篇，. 页，末页余 \\d+ 行"))
        before = looks(desk, "#pages-scroll")
        desk.locator("#issue-list a.ttl").first.focus()
        desk.keyboard.press("Alt+End")
        expect(desk.locator("#page-1 img")).not_to_have_attribute("src", before[0], timeout=30_000)
        expect(desk.locator("#pages-scroll .wait")).to_have_count(0, timeout=30_000)
        assert desk.evaluate("document.activeElement.className") == "ttl"

        text = sign_in("lin", f"/articles/{draft}/edit/")
        text.click("#preview-toggle")
        expect(text.locator("#preview figure img")).to_be_visible(timeout=30_000)
        before = looks(text, "#preview")
        text.locator(".cke_editable p").first.click()
        text.keyboard.insert_text("又添了一句。")
        expect(text.locator("#preview figure img").first).not_to_have_attribute("src", before[0], timeout=30_000)

    # Without the worker the last pages stay, and say that they are older.
    text.keyboard.insert_text("再添一句。")
    expect(text.locator("#preview .wait").first).to_have_text("正在排…")
    assert looks(text, "#preview")


# --- the sign-off sheet ----------------------------------------------------------------------------------------------
def test_a_page_on_its_way_says_so(browse, cast, issue, live_server, shot):
    signing.send_for_sign_off(issue, by=cast.lu)
    issue.refresh_from_db()
    page = browse(cast.fang, size=PHONE)
    page.route("**/pages/**/*.png*", lambda route: None)

    page.goto(reverse("issues:sign_off_pages", args=[issue.pk]), wait_until="commit")

    words = page.get_by_text("正在取第 1 页…")
    expect(words).to_be_in_viewport()
    shot(page, "page-on-its-way")
    page.unroute("**/pages/**/*.png*")
    page.reload()
    page.wait_for_function("document.querySelector('figure img').naturalWidth")
    hidden = "(words) => { const box = words.getBoundingClientRect(); return document.elementFromPoint(box.x + 9, box.y + 9).tagName; }"
    assert words.evaluate(hidden) == "IMG"
    shot(page, "page-is-there")
