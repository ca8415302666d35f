"""Writing an article in a real browser: Chinese input, saving by itself, nothing typed is lost, nothing pasted runs."""

import re
from io import BytesIO

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from articles.models import Article
from tests.articles.test_richtext import PAYLOADS
from tests.browser.conftest import settle
from tests.factories import make_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = re.compile(r"^已保存 \d\d:\d\d$")


def saved_state(page):
    return page.locator("[data-saved] [data-words]")


def body(page):
    return page.locator(".cke_wysiwyg_div")


def open_form(page, article=None):
    page.goto(reverse("articles:edit", args=[article.pk]) if article else reverse("articles:create"))
    body(page).wait_for()


def compose(page, text):
    """As an input method types: a composition of Latin letters first, then the chosen characters."""
    session = page.context.new_cdp_session(page)
    for character in text:
        session.send("Input.imeSetComposition", {"text": "zi", "selectionStart": 2, "selectionEnd": 2})
        session.send("Input.insertText", {"text": character})


def until(page, condition):
    """Wait until this is true on the page, whose own policy forbids Playwright to wait for words of script."""
    for _tenth in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"Not within twenty seconds: {condition}")


def everything_saved(page):
    """Wait until nothing is kept on this computer because the server hasn't it yet."""
    until(page, "Object.keys(localStorage).every(key => !key.startsWith('article-text:'))")


def picture():
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


def test_chinese_is_typed_saved_by_itself_and_there_after_a_reload(live_server, cast, browse):
    page = browse(cast.lin)
    open_form(page)

    page.locator("#id_title").click()
    compose(page, "青浦局开展消防演练")
    body(page).click()
    compose(page, "四月一日青浦局组织演练。")

    expect(saved_state(page)).to_have_text(SAVED)
    expect(page).to_have_url(re.compile(r"/articles/\d+/edit/$"))
    expect(page.locator("[data-count=title]")).to_have_text("9 字，印作 1 行")
    expect(page.locator("[data-count=body]")).to_have_text("正文 12 字")
    page.reload()
    expect(page.locator("#id_title")).to_have_value("青浦局开展消防演练")
    expect(body(page)).to_have_text("四月一日青浦局组织演练。")
    assert Article.objects.count() == 1
    assert page.faults == []


def test_it_does_not_save_inside_a_composition(live_server, cast, browse):
    article = make_article(cast.lin)
    page = browse(cast.lin)
    page.clock.install()
    open_form(page, article)
    posts = []

    def saves(request):
        # The panel beside the text asks for its proof, of what is saved already.
        return request.method == "POST" and "/proofreading/" not in request.url

    page.on("request", lambda request: posts.append(request.url) if saves(request) else None)

    body(page).click()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "qing pu", "selectionStart": 7, "selectionEnd": 7})
    page.clock.run_for(10_000)
    settle(page)
    assert posts == []

    with page.expect_response(lambda response: saves(response.request)):
        session.send("Input.insertText", {"text": "青浦"})
    expect(saved_state(page)).to_have_text(SAVED)
    assert "青浦" in Article.objects.get().body
    assert "qing" not in Article.objects.get().body


def test_without_a_network_the_text_stays_on_this_computer(live_server, cast, browse):
    article = make_article(cast.lin)
    page = browse(cast.lin)
    open_form(page, article)
    page.context.set_offline(True)

    page.locator("#id_title").fill("断网时写的标题")
    expect(saved_state(page)).to_have_text("网络断了，存在这台电脑上")
    page.close()
    page.context.set_offline(False)
    page = page.context.new_page()
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.goto(reverse("articles:edit", args=[article.pk]))

    expect(page.locator("[data-restored]")).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("断网时写的标题")
    expect(saved_state(page)).to_have_text(SAVED)
    assert Article.objects.get().title == "断网时写的标题"


def test_it_saves_by_itself_when_the_network_is_back(live_server, cast, browse):
    article = make_article(cast.lin)
    page = browse(cast.lin)
    open_form(page, article)
    page.context.set_offline(True)
    page.locator("#id_title").fill("断网时写的标题")
    expect(saved_state(page)).to_have_text("网络断了，存在这台电脑上")

    page.context.set_offline(False)

    expect(saved_state(page)).to_have_text(SAVED)
    assert Article.objects.get().title == "断网时写的标题"


def test_leaving_at_once_loses_nothing(live_server, cast, browse):
    article = make_article(cast.lin)
    page = browse(cast.lin)
    open_form(page, article)

    page.locator("#id_title").fill("马上就离开")
    page.goto(reverse("articles:list"))
    open_form(page, article)

    expect(page.locator("#id_title")).to_have_value("马上就离开")


def test_an_ended_session_keeps_the_text_and_saves_it_after_signing_in(live_server, cast, browse):
    article = make_article(cast.lin)
    page = browse(cast.lin)
    open_form(page, article)
    Session.objects.all().delete()

    page.locator("#id_title").fill("登录过期时写的")

    expect(page.locator("#session-over")).to_be_visible()
    expect(saved_state(page)).to_have_text("存在这台电脑上")
    again = browse(cast.lin)
    page.context.add_cookies(again.context.cookies())
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    expect(saved_state(page)).to_have_text(SAVED)
    assert Article.objects.get().title == "登录过期时写的"


def test_nothing_that_is_pasted_runs_or_loads(live_server, cast, browse):
    article = make_article(cast.lin)
    page = browse(cast.lin)
    page.add_init_script("window.stolen = 0; window.steal = () => { window.stolen += 1; };")
    page.on("dialog", lambda dialog: page.faults.append(dialog.message))
    open_form(page, article)
    loaded = []
    page.on("request", lambda asked: loaded.append(asked.url) if asked.resource_type not in {"fetch", "xhr"} else None)

    for payload in PAYLOADS:
        body(page).evaluate(
            """(element, html) => {
              element.focus();
              const data = new DataTransfer();
              data.setData("text/html", html);
              element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
            }""",
            f"<p>贴入</p>{payload}",
        )
    until(page, f"CKEDITOR.instances.id_body.getData().split('贴入').length === {len(PAYLOADS) + 1}")
    page.keyboard.press("Control+s")
    everything_saved(page)

    assert loaded == []
    assert page.evaluate("window.stolen") == 0
    assert Article.objects.get().body.count("贴入") == len(PAYLOADS)
    for view in ("edit", "detail"):
        page.goto(reverse(f"articles:{view}", args=[article.pk]))
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.stolen") == 0
    assert page.faults == []


def test_a_stored_payload_never_runs(live_server, cast, browse):
    article = make_article(cast.lin)
    stored = "".join(PAYLOADS).replace("\0", "")  # PostgreSQL stores no NUL, so that none ever lies there
    Article.objects.filter(pk=article.pk).update(body=stored)
    page = browse(cast.lin)
    page.add_init_script("window.stolen = 0; window.steal = () => { window.stolen += 1; };")

    for view in ("edit", "detail"):
        page.goto(reverse(f"articles:{view}", args=[article.pk]))
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.stolen") == 0
    assert page.faults == []


def test_photos_are_added_captioned_and_moved_with_the_keyboard(live_server, cast, browse):
    page = browse(cast.lin)
    open_form(page)
    page.locator("#id_title").fill("带照片的稿")
    file = {"mimeType": "image/jpeg", "buffer": picture()}

    page.locator("#id_photos").set_input_files(
        [
            file | {"name": "一.jpg"},
            {"name": "坏.jpg", "mimeType": "image/jpeg", "buffer": b"x"},
            file | {"name": "二.jpg"},
        ]
    )

    expect(page.locator("#photos img")).to_have_count(2)
    expect(page.locator("#photos .note-err")).to_contain_text("“坏.jpg”")
    article = Article.objects.get()
    first, second = article.photos()
    page.locator(f"#caption-{first.pk}").fill("第一张")
    page.locator(f"#forward-{second.pk}").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_have_text("已移到第 1 张，共 2 张")
    expect(page.locator(f"#caption-{first.pk}")).to_have_value("第一张")
    expect(saved_state(page)).to_have_text(SAVED)
    page.locator(f"#remove-{second.pk}").click()
    expect(page.locator("#photos img")).to_have_count(1)
    page.locator("#photo-undo").click()
    expect(page.locator("#photos img")).to_have_count(2)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.keyboard.press("Control+s")
    first.refresh_from_db()
    assert first.caption == "第一张"
    assert [photo.pk for photo in Article.objects.get().photos()] == [second.pk, first.pk]


def test_a_caption_being_typed_outlives_the_answer_to_a_further_photo(live_server, cast, browse):
    page = browse(cast.lin)
    open_form(page, make_article(cast.lin))
    files = [{"name": name, "mimeType": "image/jpeg", "buffer": picture()} for name in ("一.jpg", "二.jpg")]
    sent = []

    def hold_the_second(route):
        sent.append(route)
        if len(sent) == 1:
            route.continue_()

    page.route("**/photos/", hold_the_second)

    page.locator("#id_photos").set_input_files(files)
    expect(page.locator("#photos img")).to_have_count(1)
    expect(page.locator(".uploads li")).to_have_text(re.compile("二.jpg"))
    caption = page.locator("[name^=caption-]")
    caption.press_sequentially("演练")
    page.evaluate("() => { window.field = document.activeElement; window.field.setSelectionRange(1, 1); }")
    sent[1].continue_()

    expect(page.locator("#photos img")).to_have_count(2)
    expect(page.locator(".uploads li")).to_have_count(0)
    expect(caption.first).to_have_value("演练")
    assert page.evaluate("document.activeElement === window.field && window.field.selectionStart") == 1
    assert page.faults == []


def test_the_pages_are_reckoned_with_the_indent_of_the_layout(live_server, cast, browse):
    page = browse(cast.lin)
    open_form(page, make_article(cast.lin, body=f"<p>{'字' * 24}</p>" * 22))
    expect(page.locator("[data-count=pages]")).to_have_text("约占 1.0 页")

    page.evaluate("document.querySelector('[data-article-form]').dataset.indent = '3'")
    page.locator("#id_title").fill("换了版式")

    expect(page.locator("[data-count=pages]")).to_have_text("约占 2.0 页")


def test_a_check_leads_to_its_place(live_server, cast, browse):
    article = make_article(cast.lin, body="<p>第一段。</p><p>一、加强领导</p>")
    page = browse(cast.lin)
    open_form(page, article)

    page.locator("#checks a", has_text="去看").first.click()

    assert page.evaluate("getSelection().toString()") == "一、加强领导"


def test_handing_in_right_after_typing_takes_the_last_word_along(live_server, cast, browse):
    article = make_article(cast.lin)
    page = browse(cast.lin)
    open_form(page, article)

    page.locator("#id_title").fill("最后一刻改的标题")
    page.get_by_role("button", name="报送", exact=True).first.click()

    expect(page).to_have_url(re.compile(rf"/articles/{article.pk}/$"))
    article.refresh_from_db()
    assert (article.status, article.current_version.title) == ("submitted", "最后一刻改的标题")


def test_what_a_refused_hand_in_asked_for_is_forgotten_when_it_is_there(live_server, cast, browse):
    article = make_article(cast.lin)
    page = browse(cast.lin)
    open_form(page, article)
    page.locator("#id_title").fill("")
    page.get_by_role("button", name="报送", exact=True).first.click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("请写标题")

    page.locator("#id_title").fill("补上的标题")

    expect(summary).to_have_count(0)
    page.get_by_role("button", name="报送", exact=True).first.click()
    expect(page).to_have_url(re.compile(rf"/articles/{article.pk}/$"))


def test_the_toolbar_makes_what_print_can_show(live_server, cast, browse):
    article = make_article(cast.lin, body="<p>基本情况</p>")
    page = browse(cast.lin)
    open_form(page, article)
    body(page).locator("p").click()

    page.get_by_role("button", name="一、", exact=True).click()
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.keyboard.press("Control+s")

    expect(saved_state(page)).to_have_text(SAVED)
    assert Article.objects.get().body == "<h3>基本情况</h3>"
