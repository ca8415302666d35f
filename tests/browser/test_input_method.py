"""Chinese input methods in the editor: a composition of Latin letters never leaves one behind, nothing is doubled or lost."""

import random
import re

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests.browser.test_article_editing import everything_saved, open_form
from tests.browser.test_paste import caret, paragraphs
from tests.factories import make_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENTENCE = "青浦局组织十六家企业开展安全检查。"
SPELLED = {"青": "qing", "浦": "pu", "局": "ju", "检": "jian", "查": "cha", "，": ","}


class InputMethod:
    """What the browser is told by one: letter by letter what is composed, then the words that were chosen."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)

    def spell(self, letters):
        for end in range(1, len(letters) + 1):
            self.press(letters[end - 1], lambda end=end: self._show(letters[:end]))

    def choose(self, words):
        self.session.send("Input.insertText", {"text": words})

    def cancel(self):
        self._show("")

    def press(self, key, effect):
        """A key that goes to the input method: the page is told only that there is one, and which one when it goes up."""
        code = 13 if key == "Enter" else ord(key.upper())
        self.session.send(
            "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": 229}
        )
        effect()
        self.session.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": key, "windowsVirtualKeyCode": code})

    def type(self, words):
        for word in words:
            self.spell(SPELLED.get(word, "zi"))
            self.choose(word)

    def _show(self, letters):
        values = {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)}
        self.session.send("Input.imeSetComposition", values)


@pytest.fixture
def write(live_server, cast, browse):
    """write(html) opens an article with this text: its page, and an input method on it."""

    def open_article(html):
        page = browse(cast.lin)
        open_form(page, make_article(cast.lin, body=html))
        return page, InputMethod(page)

    return open_article


def saved(page):
    """The text as it is stored."""
    page.keyboard.press("Control+s")
    everything_saved(page)
    return Article.objects.get().body


def test_what_is_typed_fast_is_there_once(write):
    page, method = write("<p>前后</p>")
    caret(page, "前")

    method.type(SENTENCE)
    page.keyboard.press("Enter")
    method.type("青浦局检查，")

    assert paragraphs(page) == [f"前{SENTENCE}", "青浦局检查，后"]
    assert saved(page).replace("\n", "") == f"<p>前{SENTENCE}</p><p>青浦局检查，后</p>"
    assert page.faults == []


def test_steps_back_and_forth_bring_no_letters(write):
    page, method = write("<p>前后</p>")
    caret(page, "前")
    method.type(SENTENCE)

    seen = []
    while (text := "".join(paragraphs(page))) != "前后" and len(seen) < 60:
        seen.append(text)
        page.keyboard.press("Control+z")
    for _step in seen:
        page.keyboard.press("Control+y")

    assert not re.search("[a-z]", "".join(seen))
    assert paragraphs(page) == [f"前{SENTENCE}后"]


def test_a_step_back_before_the_choice_leaves_no_letters(write):
    page, method = write("<p>前后</p>")
    caret(page, "前")
    method.type("青浦")
    method.spell("jian")

    method.cancel()
    page.evaluate("() => new Promise(resolve => setTimeout(resolve))")  # no person is quicker than the next task
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")

    assert paragraphs(page) == ["前青浦后"]


@pytest.mark.parametrize(
    ("html", "first", "last", "expected"),
    [
        ("<p>青浦局检查了网点。</p>", "青浦局", "检查了", ["青浦局查网点。"]),
        ("<p>前甲</p><p>乙</p><p>丙后</p>", "前", "丙", ["前查后"]),
        ("<h3>一、甲</h3><ul><li>乙</li><li>丙后</li></ul>", "一、", "丙", ["一、查后"]),
    ],
)
def test_a_composition_replaces_what_is_selected(write, html, first, last, expected):
    page, method = write(html)
    caret(page, first)
    page.evaluate("window.begun = [getSelection().anchorNode, getSelection().anchorOffset]")
    caret(page, last)
    page.evaluate("getSelection().setBaseAndExtent(...begun, getSelection().focusNode, getSelection().focusOffset)")

    before = paragraphs(page)

    method.type("查")

    assert paragraphs(page) == expected
    for _step in range(4):
        page.keyboard.press("Control+z")
    assert paragraphs(page) == before


def test_enter_chooses_a_candidate_and_begins_no_paragraph(write):
    page, method = write("<p>前后</p>")
    caret(page, "前")

    method.spell("qing")
    method.press("Enter", lambda: method.choose("青"))
    method.spell("pu")
    method.press("Enter", lambda: method.choose("pu"))  # as typed, which Enter means in some of them

    assert paragraphs(page) == ["前青pu后"]
    page.keyboard.press("Enter")
    assert paragraphs(page) == ["前青pu", "后"]


def test_enter_in_the_title_hands_nothing_in(write):
    page, method = write("<p>前后</p>")
    page.locator("#id_title").fill("")
    page.locator("#id_title").focus()

    method.spell("qing")
    method.press("Enter", lambda: method.choose("青"))
    method.type("浦局")

    expect(page.locator("#id_title")).to_have_value("青浦局")
    assert saved(page) == "<p>前后</p>"
    assert Article.objects.get().status == "draft"
    assert Article.objects.get().title == "青浦局"


def test_any_acts_leave_what_they_say(write):
    """Choosing, cancelling, deleting, beginning paragraphs, by chance: against a line of text that does the same."""
    page, method = write("<p>前后</p>")
    caret(page, "前")
    chance, text = random.Random(1), "前"

    for _act in range(40):
        act = chance.choice(["choose", "choose", "choose", "cancel", "delete", "paragraph"])
        if act == "choose":
            words = "".join(chance.choices("青浦局检查，", k=chance.randint(1, 4)))
            method.spell("qing pu ju"[: chance.randint(1, 10)])
            method.choose(words)
            text += words
        elif act == "cancel":
            method.spell("jian")
            method.cancel()
        elif act == "delete" and not text.endswith("\n") and len(text) > 1:
            page.keyboard.press("Backspace")
            text = text[:-1]
        elif act == "paragraph" and not text.endswith("\n"):
            page.keyboard.press("Enter")
            text += "\n"

    assert "\n".join(paragraphs(page)) == f"{text}后"
    assert saved(page).replace("\n", "") == "".join(f"<p>{line}</p>" for line in f"{text}后".split("\n"))
