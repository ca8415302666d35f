"""Pasting in a real browser: at its place, undone in one step, nothing lost without the server, looked at on both sizes."""

import re
from base64 import b64decode

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article
from tests.articles import clipboards
from tests.articles.test_wrapping import PARAGRAPH, wrapped
from tests.browser.conftest import DESKTOP, PHONE, first_of
from tests.browser.test_article_editing import SAVED, body, everything_saved, open_form, saved_state
from tests.factories import make_article, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PICTURE = f'<p>检查现场</p><img src="data:image/png;base64,{clipboards.PIXEL}">'


def paste(page, **kinds):
    """What the browser does on Ctrl+V, where the caret is; `html`, `text` and `rtf` by their names."""
    types = {"html": "text/html", "text": "text/plain", "rtf": "text/rtf"}
    body(page).evaluate(
        """(element, kinds) => {
          const data = new DataTransfer();
          for (const [type, words] of kinds) data.setData(type, words);
          element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [[types[name], words] for name, words in kinds.items()],
    )


def said(page):
    return page.locator("[data-pasted] [data-said]")


def caret(page, text):
    """Put the caret behind these words."""
    page.evaluate(
        """text => {
          const editor = CKEDITOR.instances.id_body;
          editor.focus();
          const walker = document.createTreeWalker(editor.editable().$, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(text);
            if (at >= 0) getSelection().collapse(node, at + text.length);
          }
        }""",
        text,
    )


def paragraphs(page):
    """Without the zero-width marks that the editor puts at the caret and never gives away."""
    texts = body(page).locator("p, h3, h4, li").all_inner_texts()
    return [text for each in texts if (text := each.replace("\u200b", "").strip())]


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_text_from_word_stands_where_it_was_pasted(live_server, cast, browse, shot, size):
    article = make_article(cast.lin, body="<p>开头。</p><p>前后</p><p>结尾。</p>")
    page = browse(cast.lin, size)
    open_form(page, article)
    caret(page, "前")

    paste(page, html=clipboards.WORD, text="不用")

    expect(said(page)).to_have_text("粘贴了 4 段、1 张表；1 张图片、1 处删去的文字、1 处批注没有带入")
    found = paragraphs(page)
    assert found[:4] == ["开头。", "前", "秋季安全检查", "一、检查安排"]
    assert found[-2:] == ["后", "结尾。"]
    shot(page, "pasted")
    page.keyboard.press("Control+s")
    expect(saved_state(page)).to_have_text(SAVED)
    assert page.faults == []


def test_one_step_takes_the_paste_back(live_server, cast, browse):
    page = browse(cast.lin)
    open_form(page, make_article(cast.lin, body="<p>前后</p>"))
    caret(page, "前")

    paste(page, html="<p>甲甲</p><p>乙乙</p>")
    expect(said(page)).to_have_text("粘贴了 2 段")
    page.keyboard.press("Control+z")

    assert paragraphs(page) == ["前后"]
    page.keyboard.press("Control+y")
    assert paragraphs(page) == ["前", "甲甲", "乙乙", "后"]


def test_words_go_into_the_sentence_and_replace_what_is_selected(live_server, cast, browse):
    page = browse(cast.lin)
    open_form(page, make_article(cast.lin, body="<p>青浦局检查了快递网点。</p>"))
    caret(page, "检查了")
    for _time in range(3):
        page.keyboard.press("Shift+ArrowLeft")

    paste(page, html="<p>走访了</p>", text="走访了")
    expect(said(page)).to_have_text("粘贴了 1 段")

    assert paragraphs(page) == ["青浦局走访了快递网点。"]
    page.keyboard.press("Control+z")
    assert paragraphs(page) == ["青浦局检查了快递网点。"]


def test_who_types_on_while_the_answer_is_on_its_way_finds_both(live_server, cast, browse):
    page = browse(cast.lin)
    open_form(page, make_article(cast.lin, body="<p>前后</p>"))
    waiting = []
    page.route("**/articles/paste/", lambda route: waiting.append(route))
    caret(page, "前")

    paste(page, html="<p>甲甲</p><p>乙乙</p>")
    expect(said(page)).to_have_text("正在整理粘贴的内容…")
    page.keyboard.insert_text("打的字")
    first_of(waiting, page).continue_()
    expect(said(page)).to_have_text("粘贴了 2 段")
    page.keyboard.insert_text("接着打")

    assert paragraphs(page) == ["前", "甲甲", "乙乙", "打的字接着打后"]
    page.keyboard.press("Control+s")
    everything_saved(page)
    stored = Article.objects.get().body.replace("\n", "")
    assert stored == "<p>前</p><p>甲甲</p><p>乙乙</p><p>打的字接着打后</p>"


def test_a_composition_is_not_disturbed_by_the_answer(live_server, cast, browse):
    page = browse(cast.lin)
    open_form(page, make_article(cast.lin, body="<p>前后</p>"))
    waiting = []
    page.route("**/articles/paste/", lambda route: waiting.append(route))
    caret(page, "前")
    paste(page, html="<p>甲甲</p><p>乙乙</p>")
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "qing", "selectionStart": 4, "selectionEnd": 4})

    with page.expect_response("**/articles/paste/"):
        first_of(waiting, page).continue_()
    page.evaluate("new Promise(resolve => setTimeout(resolve, 50))")  # what the answer would have done is done
    session.send("Input.insertText", {"text": "青"})

    expect(said(page)).to_have_text("粘贴了 2 段")
    assert paragraphs(page) == ["前", "甲甲", "乙乙", "青后"]


def test_without_the_server_the_words_come_in_as_paragraphs(live_server, cast, browse):
    page = browse(cast.lin)
    open_form(page, make_article(cast.lin, body="<p>前后</p>"))
    page.context.set_offline(True)
    caret(page, "前")

    paste(page, html="<p>甲<b>甲</b></p><p>乙 &lt; 丙</p>")

    expect(said(page)).to_have_text("没有连上服务器，按纯文字粘贴了 2 段")
    assert paragraphs(page) == ["前", "甲甲", "乙 < 丙", "后"]
    page.keyboard.press("Control+z")
    assert paragraphs(page) == ["前后"]


def test_a_picture_in_the_clipboard_becomes_a_photo(live_server, cast, browse):
    article = make_article(cast.lin, body="<p>开头。</p>")
    page = browse(cast.lin)
    open_form(page, article)
    caret(page, "开头。")

    paste(page, html=PICTURE)

    expect(said(page)).to_have_text("粘贴了 1 段、照片 1 张")
    expect(page.locator("#photos img")).to_have_count(1)
    assert Article.objects.get().photos()[0].width == 1


def test_a_picture_of_words_document_comes_out_of_its_rtf(live_server, cast, browse):
    digits = b64decode(clipboards.PIXEL).hex()
    picture = (
        rf"{{\pict{{\*\picprop{{\sp{{\sn a}}{{\sv 1}}}}}}\picscalex100\pngblip\bliptag12{{\*\blipuid 00ff}}{digits}}}"
    )
    rtf = rf"{{\rtf1\ansi {{\*\shppict{picture}}}{{\nonshppict{{\pict\wmetafile8 0100}}}}}}"
    page = browse(cast.lin)
    open_form(page, make_article(cast.lin, body="<p>开头。</p>"))
    caret(page, "开头。")

    paste(page, html=clipboards.WORD, rtf=rtf)

    expect(said(page)).to_contain_text("照片 1 张")
    expect(page.locator("#photos img")).to_have_count(1)


def test_the_office_pastes_too_and_a_picture_is_named_as_lost(live_server, cast, browse):
    article = submitted(cast.lin)
    page = browse(cast.lu, path=reverse("articles:revise", args=[article.pk]))
    body(page).wait_for()
    body(page).click()

    paste(page, html=PICTURE)

    expect(said(page)).to_have_text("粘贴了 1 段；1 张图片没有带入")
    assert page.faults == []


def test_what_is_copied_within_the_text_stays_as_it_is(live_server, cast, browse):
    page = browse(cast.lin)
    open_form(page, make_article(cast.lin, body="<ol><li>甲</li></ol><p>乙</p>"))
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/paste/") else None)
    body(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+v")

    expect(body(page).locator("ol")).to_have_count(2)
    assert asked == []
    assert re.findall("[甲乙]", "".join(paragraphs(page))) == list("甲乙甲乙")


def test_broken_lines_are_put_together_where_they_were_pasted(live_server, cast, browse, axe, shot):
    page = browse(cast.lin, PHONE)
    open_form(page, make_article(cast.lin, body="<p>前后</p>"))
    caret(page, "前")
    paste(page, text="\n".join(wrapped()))
    expect(said(page)).to_have_text("粘贴了 4 段")
    shot(page, "broken-lines")
    assert axe(page) == []

    page.locator("[data-join]").click()

    expect(said(page)).to_have_text("断行整理好了，按 Ctrl+Z 可以撤回")
    assert "".join(paragraphs(page)) == f"前{PARAGRAPH}后"
    page.keyboard.press("Control+z")
    assert paragraphs(page) == ["前", *wrapped(), "后"]
    page.keyboard.press("Control+z")
    assert paragraphs(page) == ["前后"]
    assert page.faults == []


def test_the_toolbar_puts_the_lines_of_the_whole_text_together(live_server, cast, browse):
    lines = "".join(f"<p>{line}</p>" for line in wrapped())
    page = browse(cast.lin)
    open_form(page, make_article(cast.lin, body=f"<h3>一、检查</h3>{lines}<p>结尾。</p>"))
    body(page).click()

    page.get_by_role("button", name="整理断行", exact=True).click()

    expect(said(page)).to_have_text("断开的行接成了 1 段")
    assert paragraphs(page) == ["一、检查", PARAGRAPH, "结尾。"]
    page.keyboard.press("Control+z")
    assert paragraphs(page) == ["一、检查", *wrapped(), "结尾。"]
