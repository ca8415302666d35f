"""Whatever is typed or pasted gives a page or a clear error, and gives it soon."""

import pytest

from tests.typesetting.printed import article, issue, photo, squeezed
from tests.typesetting.read_back import page_texts
from typesetting import reading, rendering
from typesetting.fonts import roles


def made(*articles, **changes):
    return rendering.render(issue(*articles, **changes), photo_bytes=lambda photo_id: b"")


def text_of(pdf):
    return squeezed("".join(page_texts(pdf)))


def test_a_word_of_ten_thousand_characters():
    assert text_of(made(article(paragraphs=["W" * 10_000]))).count("W") == 10_000


def test_a_title_of_four_hundred_characters():
    assert text_of(made(article(title="长" * 400))).count("长") == 400


def test_a_masthead_line_of_eighty_characters():
    pdf = made(name_lines=("上海市邮政快递行业" * 9,))
    assert "上海市邮政快递行业" * 9 in text_of(pdf)
    right = 210 * 72 / 25.4
    assert all(line.right < right - 70 for line in reading.lines_of(pdf))


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x85\x86", "\ud800", "\ufffe", "\x7f"])
def test_a_control_character_is_named_with_its_place(character):
    with pytest.raises(rendering.RenderingError, match="奉贤"):
        made(article(paragraphs=[f"一{character}二"]))


def test_a_character_that_no_font_has_is_named_with_its_place():
    character = "\U0001d800"  # of a sign language script
    assert roles.face_of(character, roles.BODY) is None
    with pytest.raises(rendering.RenderingError, match="奉贤局走访驿站") as refused:
        made(article(paragraphs=["前文。", f"这里有{character}字。"]))
    assert "U+1D800" in str(refused.value)
    assert "这里有" in str(refused.value)


ODD = ["مرحبا بالعالم", "שלום", "ไทย", "Ελληνικά", "Ünïcödé", "ﷺ", "a\u0301\u0302\u0303", "\u202eabc\u202c", "👨‍👩‍👧"]


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_script_is_set_or_refused(odd):
    try:
        text = text_of(made(article(paragraphs=[f"前{odd}后" * 40])))
    except rendering.RenderingError as refused:
        text = str(refused)
    assert text.count("前") >= 40 or "U+" in text


def test_three_thousand_photos_are_refused():
    with pytest.raises(rendering.RenderingError, match="3000"):
        made(article(photos=[photo(number) for number in range(3000)]))


def test_an_issue_of_a_million_characters_is_refused():
    with pytest.raises(rendering.RenderingError):
        made(article(paragraphs=["长" * 1_000_000]))


def test_deeply_nested_and_broken_html_keeps_its_text():
    body = "<ul><li><p>甲<strong><em>乙" + "<ul><li>" * 200 + "丙</p><table><tr><td>丁<table><tr><td>戊"
    text = text_of(made(article(body=body)))
    assert [character for character in text if character in "甲乙丙丁戊"] == list("甲乙丙丁戊")


def test_markup_in_plain_fields_is_text():
    pdf = made(article(title="<b>甲</b>&amp;", subtitle="<i>乙</i>"), publisher="<u>丙</u>", editor_note="<s>丁</s>")
    text = text_of(pdf)
    for wanted in ("<b>甲</b>&amp;", "<i>乙</i>", "<u>丙</u>", "<s>丁</s>"):
        assert wanted in text
