"""Where photos stand is chosen on the page of the text, by keys and by dragging."""

import pytest
from playwright.sync_api import expect

from articles.models import Photo
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_article_editing import body, everything_saved, open_form
from tests.browser.test_paste import caret
from tests.factories import make_article, make_photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def article(live_server, cast):
    return make_article(cast.lin, body="<h3>一、走访</h3><p>甲甲甲。</p><p>乙乙乙。</p>")


def order():
    return list(Photo.objects.order_by("position").values_list("caption", "after"))


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_photo_is_put_behind_a_paragraph_and_stays_there(article, cast, browse, shot, size):
    make_photo(article, caption="会场", position=1)
    photo = make_photo(article, caption="合影", position=2)
    page = browse(cast.lin, size)
    open_form(page, article)
    caret(page, "甲甲甲。")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("新写的一段。")
    choice = page.locator(f"#place-{photo.pk}")

    choice.focus()
    offered = choice.locator("option").all_inner_texts()
    choice.select_option(label="排在“新写的一段。”之后")
    expect(page.locator("#live")).to_have_text("照片已换位置")

    assert offered == ["排在正文之后", *(f"排在“{words}”之后" for words in ("甲甲甲。", "新写的一段。", "乙乙乙。"))]
    assert order() == [("合影", 3), ("会场", None)]
    shot(page, "photo-places")
    caret(page, "一、走访")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("又一段。")
    page.keyboard.press("Control+s")
    everything_saved(page)
    assert order() == [("合影", 4), ("会场", None)]
    expect(choice.locator("option:checked")).to_have_text("排在“新写的一段。”之后")
    assert page.faults == []


def test_photos_are_dragged_into_their_order(article, cast, browse):
    one, two = (make_photo(article, caption=words, position=at) for at, words in ((1, "会场"), (2, "合影")))
    page = browse(cast.lin)
    open_form(page, article)
    body(page).wait_for()
    tiles = page.locator("#photos [data-move] img")

    tiles.nth(1).drag_to(tiles.nth(0), target_position={"x": 5, "y": 20})

    expect(page.locator("#live")).to_have_text("已移到第 1 张，共 2 张")
    assert order() == [("合影", None), ("会场", None)]
    expect(page.locator("#photos input[name^=caption]").first).to_have_value("合影")
    page.locator(f"#back-{two.pk}").press("Enter")
    expect(page.locator("#live")).to_have_text("已移到第 2 张，共 2 张")
    assert order() == [("会场", None), ("合影", None)]
