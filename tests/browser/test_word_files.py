"""A Word file is picked or dropped; the draft opens with the report beside it. Looked at on both sizes."""

import pytest
from django.urls import reverse

from articles.models import Article, SourceFile
from tests import factories
from tests.articles.test_source_files import word_file
from tests.browser.conftest import DESKTOP, NARROW, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def payload(name, **options):
    upload = word_file(name, **options)
    return {"name": name, "mimeType": "application/octet-stream", "buffer": upload.read()}


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_picked_file_opens_its_draft_with_its_report(browse, cast, bulletin, axe, shot, size):
    page = browse(cast.lin, size, reverse("home"))
    shot(page, "word-home")
    assert axe(page) == []

    page.set_input_files("[data-word-form] input[type=file]", payload("消防演练稿.docx", comment=True))
    page.wait_for_url("**/edit/")

    assert page.get_by_text("“消防演练稿.docx”已装入：").is_visible()
    page.get_by_text("逐条查看").click()
    assert page.get_by_role("cell", name="批注").is_visible()
    shot(page, "word-edit")
    assert axe(page) == []
    page.get_by_role("button", name="知道了").click()
    page.wait_for_load_state()
    assert page.get_by_text("已装入：").count() == 0
    assert page.faults == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_words_of_a_text_box_are_put_at_the_end_of_the_text(browse, cast, bulletin, axe, shot, size):
    words = "安全生产月：每周自查一次用电线路。"
    page = browse(cast.lin, size, reverse("home"))
    page.set_input_files("[data-word-form] input[type=file]", payload("稿.docx", box=words))
    page.wait_for_url("**/edit/")
    page.get_by_text("逐条查看").click()
    text = page.locator(".cke_editable")
    assert words not in text.inner_text()

    with page.expect_response(lambda response: response.request.method == "POST" and "autosave" in response.url):
        page.get_by_role("button", name="插到文末").click()

    assert text.locator("p").last.inner_text() == words
    there = page.get_by_role("button", name="已在文中")
    assert there.get_attribute("aria-disabled") == "true"
    shot(page, "word-words")
    assert axe(page) == []
    assert words in Article.objects.get().body
    page.reload()
    page.get_by_text("逐条查看").click()
    assert there.is_visible()

    text.press("Control+End")
    for _character in words:
        text.press("Backspace")
    page.get_by_role("button", name="插到文末").click()
    assert words in text.inner_text()
    text.press("Control+z")
    page.get_by_role("button", name="插到文末").wait_for()
    assert words not in text.inner_text()
    assert page.faults == []


def drop(page, *files):
    """What the browser does when files are let go over the page."""
    page.evaluate(
        """files => {
            const data = new DataTransfer();
            for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name));
            for (const kind of ["dragover", "drop"])
                document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        [[name, list(data)] for name, data in files],
    )


def test_dropped_files_become_a_draft_each_and_a_bad_one_says_why(browse, cast, bulletin, shot):
    page = browse(cast.lin, path=reverse("home"))

    good = word_file().read()
    drop(page, ("一.docx", good), ("坏.docx", b"?"), ("二.docx", good))

    page.get_by_role("link", name="去核对").nth(1).wait_for()
    assert page.get_by_text("“坏.docx”不是 Word 文件。").is_visible()
    shot(page, "word-dropped")
    assert Article.objects.count() == 2
    assert SourceFile.objects.count() == 3
    page.goto(reverse("articles:list"))
    assert page.get_by_text("“坏.docx”不是 Word 文件。").is_visible()
    shot(page, "word-list")


def test_a_file_dropped_on_an_article_leaves_its_text_alone(browse, cast, bulletin):
    article = factories.make_article(cast.lin, title="原来的标题")
    page = browse(cast.lin, path=reverse("articles:edit", args=[article.pk]))

    drop(page, ("稿.docx", word_file().read()))
    page.wait_for_url(lambda url: f"/{article.pk}/" not in url)

    article.refresh_from_db()
    assert article.title == "原来的标题"
    assert Article.objects.exclude(pk=article.pk).get().title == "青浦邮政管理局开展消防演练"


def test_a_file_too_large_is_not_sent(browse, cast, bulletin):
    page = browse(cast.lin, path=reverse("home"))

    page.evaluate("document.querySelector('[data-word-form]').dataset.largest = 10")
    drop(page, ("大.docx", word_file().read()))

    page.locator("main").get_by_text("超过 20 MB").wait_for()
    assert SourceFile.objects.count() == 0


def test_it_works_without_javascript_and_reflows(chromium, live_server, browse, cast, bulletin):
    page = browse(cast.lin, NARROW, reverse("home"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(reverse("home"))

    plain.set_input_files("input[type=file]", payload("稿.docx"))
    plain.get_by_role("button", name="装入").click()

    assert plain.get_by_text("“稿.docx”已装入：").is_visible()
    context.close()
