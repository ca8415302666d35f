"""The line composer: nothing is lost, no line is too long, no mark stands where it must not, and lines are flush."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from typesetting.lines import classes
from typesetting.lines.composer import Run, compose
from typesetting.lines.paragraph import Paragraph

MARKS = "，。、；：！？“”‘’《》〈〉（）〔〕【】—…·"
chinese = st.text(
    alphabet=st.sampled_from("局快递小哥一二三中国邮政管理" + MARKS + "0123456789aXb.%- 　"), max_size=160
)
anything = st.text(max_size=120)
measures = st.sampled_from([2.0, 5.0, 12.5, 25.956, 26.0, 28.0])
printed = st.booleans()


def text_of(lines):
    """The text that the lines were set from: a forced break is a line feed again."""
    out = ""
    for line in lines:
        out += line.text + ("\n" if line.ends_paragraph else "")
    return out.removesuffix("\n")


def one_sign(line):
    """Whether the line is a single sign that can't be parted."""
    text = line.text.strip()
    paragraph = Paragraph(text, [classes.rule_width(character) for character in text])
    return not text or paragraph.cluster_end(0) == len(text)


def natural_breaks(text):
    return Paragraph(text, [classes.rule_width(character) for character in text]).legal


@given(st.one_of(chinese, anything), measures, printed)
@settings(max_examples=300, deadline=None)
def test_no_character_is_lost_or_added(text, measure, is_printed):
    assert text_of(compose([Run(text)], measure, indent=1.0, printed=is_printed)) == text


@given(st.lists(st.tuples(st.one_of(chinese, anything), st.integers(0, 3)), max_size=6), printed)
@settings(max_examples=150, deadline=None)
def test_styles_stay_with_their_characters(parts, is_printed):
    lines = compose([Run(text, style) for text, style in parts], 12.0, printed=is_printed)
    wanted = [(character, style) for text, style in parts for character in text if character != "\n"]
    assert [(c, piece.style) for line in lines for piece in line.pieces for c in piece.text] == wanted


@given(st.one_of(chinese, anything), measures, printed)
@settings(max_examples=300, deadline=None)
def test_no_line_is_wider_than_the_measure(text, measure, is_printed):
    for line in compose([Run(text)], measure, printed=is_printed):
        assert line.width <= measure + 1e-4 or one_sign(line)


@given(st.one_of(chinese, anything), printed)
@settings(max_examples=300, deadline=None)
def test_no_line_begins_or_ends_with_a_forbidden_mark_where_any_break_exists(text, is_printed):
    measure = 12.0
    for part in text.split("\n"):
        legal, end = natural_breaks(part), 0
        for line in compose([Run(part)], measure, printed=is_printed):
            start, end = end, end + len(line.text)
            # a cut is allowed only where the line had no other place to end
            assert legal[end] or not any(legal[start + 1 : end])


@given(chinese, printed)
@settings(max_examples=200, deadline=None)
def test_every_line_but_the_last_is_flush(text, is_printed):
    measure = 12.0
    for line in compose([Run(text)], measure, printed=is_printed):
        visible = line.text.rstrip(" 　")
        if not line.ends_paragraph and len(visible) > 1:
            assert line.width == pytest.approx(measure, abs=1e-4)


@given(chinese)
@settings(max_examples=200, deadline=None)
def test_the_pieces_add_up_to_the_width_of_the_line(text):
    for line in compose([Run(text)], 12.0):
        visible = line.text.rstrip(" 　")
        if not visible:
            continue
        places = [piece.spacing for piece in line.pieces for _ in piece.text][: len(visible) - 1]
        width = sum(classes.rule_width(character) for character in visible) + sum(places)
        hanging = 0.5 if visible[-1] in classes.CLOSING | classes.POINTS else 0.0
        assert -1e-3 <= width - line.width <= hanging + 1e-3


@given(anything)
@settings(max_examples=200, deadline=None)
def test_signs_of_several_characters_are_never_parted(text):
    for line in compose([Run(text)], 5.0):
        assert not line.text or unicodedata.category(line.text[0]) not in ("Mn", "Me") or text.startswith(line.text[0])


def lines(text, measure=26.0, **options):
    return [line.text for line in compose([Run(text)], measure, **options)]


def test_a_run_longer_than_the_line_is_cut():
    assert lines("W" * 100, 10.0) == ["W" * 20] * 5


def test_a_word_that_does_not_fit_goes_to_the_next_line():
    assert lines("一" * 9 + "ABCDEF", 10.0) == ["一" * 9, "ABCDEF"]


def test_a_closing_mark_is_pulled_in_and_the_line_keeps_its_measure():
    (first, last) = compose([Run("一" * 26 + "，" + "二" * 5)], 26.0)
    assert first.text == "一" * 25  # nothing but the mark itself could shrink, by half an em: too little
    assert first.adjusted == pytest.approx(1.0)
    (first, last) = compose([Run("一" * 12 + "、" + "一" * 12 + "，" + "二" * 5)], 25.0)
    assert first.text.endswith("，")
    assert first.width == pytest.approx(25.0)


def test_touching_marks_lose_half_an_em():
    (line,) = compose([Run("“甲”“乙”、丙")], 26.0)
    assert line.width == pytest.approx(8 - 2 * 0.5)


def test_figures_stand_a_quarter_em_from_han():
    (line,) = compose([Run("共3件")], 26.0)
    assert line.width == pytest.approx(3.0)
    assert [(piece.text, piece.spacing) for piece in line.pieces] == [("共3件", 0.25)]
    (line,) = compose([Run("共3件")], 26.0, has_gaps=False)
    assert line.width == pytest.approx(2.5)


def test_dashes_and_ellipses_are_neither_parted_nor_spread():
    (first, *_rest) = compose([Run("一二三四五六七八……九十")], 9.5)
    assert first.text == "一二三四五六七"  # …… can't begin a line, so it takes a character with it
    (first, *_rest) = compose([Run("一二三——四五六七“九十”")], 9.5)
    inside = next(piece for piece in first.pieces if piece.text.startswith("—"))
    assert inside.text == "—"
    assert inside.spacing == 0


def test_a_last_line_of_one_han_is_avoided():
    text = "本次活动，取得了良好的效果，受到了大家的一致好评，并将长期地坚持下去，直到目标实现。"
    for measure in (20.0, 20.5, 21.0, 13.5, 14.0):
        assert len(lines(text, measure)[-1].strip("。")) > 1


def test_a_forced_break_has_no_indent_after_it():
    assert lines("一二\n" + "三" * 12, 12.0, indent=2.0) == ["一二", "三" * 12]


def test_ten_thousand_characters_without_a_break_take_no_time():
    assert len(lines("长" * 9_000 + "W" * 9_000)) == 347 + 174
