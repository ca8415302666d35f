"""The office's wording becomes the text of the 采用通报: names are put in, what is empty is left out, headings get their numbers."""

import pytest

from points import wording
from workflow.refusals import Refused

SAID = {"时段": "2026年10月", "采用": "12", "好稿": "", "进步": "宝山局（上升2位）", "未采用": ""}


def test_names_are_put_in():
    assert wording.filled("{时段}采用{采用}篇。", SAID) == "2026年10月采用12篇。"


def test_a_paragraph_about_nothing_is_left_out_with_its_heading_and_the_numbers_go_on():
    text = (
        "{时段}的情况。\n# 进步\n{进步}。\n# 好稿\n好稿是{好稿}。\n# 不足\n没有采用的有{未采用}。\n# 要求\n请按时报送。"
    )

    assert wording.filled(text, SAID).splitlines() == [
        "2026年10月的情况。",
        *("一、进步", "宝山局（上升2位）。"),
        *("二、要求", "请按时报送。"),
    ]


def test_a_heading_at_the_end_without_a_text_is_left_out():
    assert wording.filled("{时段}。\n# 好稿\n{好稿}", SAID) == "2026年10月。"


def test_the_table_keeps_its_name_until_the_text_is_stored():
    text = wording.filled("见表。\n{排名表}", SAID)

    assert text == "见表。\n{排名表}"
    assert wording.html(text, "<table><tr><td>青浦局</td></tr></table>").count("<td>青浦局</td>") == 1


def test_headings_and_signs_become_an_articles_text():
    assert wording.html("一、得分<情况>\n甲局&乙局。", "") == "<h3>一、得分&lt;情况&gt;</h3>\n<p>甲局&amp;乙局。</p>"


def test_a_name_that_nothing_is_put_in_for_is_refused_with_those_that_are():
    with pytest.raises(Refused, match=r"\{单位数\}.*时段、采用"):
        wording.check("通报", "{时段}，{单位数}个单位。", SAID)


def test_the_table_within_a_sentence_is_refused():
    with pytest.raises(Refused, match=r"\{排名表\}"):
        wording.check("通报", "见{排名表}。", SAID)


def test_an_empty_wording_is_refused():
    with pytest.raises(Refused, match="请"):
        wording.check("通报", "  ", SAID)
