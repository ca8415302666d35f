"""The optional fields of the masthead, measured on the page."""

from dataclasses import replace

import pytest

from tests.typesetting.printed import article, issue, squeezed
from tests.typesetting.read_back import page_texts
from typesetting import reading, rendering
from typesetting.content import as_json, from_json
from typesetting.inspection import layout_check, structure
from typesetting.page.presets import MM, PRESETS

ALL = {
    "copy_number": "000001",
    "security": "秘密★1年",
    "notice": "内部资料 · 注意保存",
    "permit_number": "（沪）字第0123号",
    "signer": "方维舟",
}


def lines_by_text(content):
    pdf = rendering.render(content, photo_bytes=bytes)
    return pdf, {line.text: line for line in reading.lines_of(pdf)}


def first_line_with(lines, text):
    return next(line for key, line in lines.items() if text in key)


def edges(preset):
    left = preset.left_mm * MM
    return left, left + preset.measure


@pytest.mark.parametrize("layout", ["current", "gbt9704"])
def test_copy_number_and_security_class_stand_at_the_upper_left_one_under_the_other(layout):
    preset = PRESETS[layout]
    left, _right = edges(preset)
    _pdf, lines = lines_by_text(issue(layout=layout, copy_number="000001", security="秘密★1年"))
    number, security = lines["000001"], lines["秘密★1年"]
    for line in (number, security):
        assert line.left == pytest.approx(left, abs=0.5)
        assert line.characters[0].size == pytest.approx(preset.body_size, abs=0.05)
    assert number.baseline > (297 - preset.top_mm) * MM - preset.row_height
    assert number.baseline - security.baseline == pytest.approx(preset.row_height, abs=0.1)
    assert "Hei" in security.characters[0].font


def test_the_security_class_alone_stands_in_the_first_row():
    preset = PRESETS["current"]
    _pdf, lines = lines_by_text(issue(security="内部"))
    assert lines["内部"].baseline > (297 - preset.top_mm) * MM - preset.row_height


@pytest.mark.parametrize("layout", ["current", "gbt9704"])
def test_notice_and_permit_number_stand_at_the_upper_right(layout):
    _left, right = edges(PRESETS[layout])
    _pdf, lines = lines_by_text(issue(layout=layout, **ALL))
    for text in ("内部资料·注意保存", "准印证号：（沪）字第0123号"):
        assert first_line_with(lines, text).right == pytest.approx(right, abs=0.6)


def test_the_signer_stands_beside_the_number_with_the_name_in_kai():
    preset = PRESETS["current"]
    left, right = edges(preset)
    _pdf, lines = lines_by_text(issue(signer="方维舟"))
    line = first_line_with(lines, "签发人：方维舟")
    assert line.text == "2026年第9期（总第544期）签发人：方维舟"
    assert line.left == pytest.approx(left + preset.body_size, abs=0.5)
    assert line.right == pytest.approx(right - preset.body_size, abs=0.6)
    assert all("Kai" in character.font for character in line.characters[-3:])
    assert all("Kai" not in character.font for character in line.characters[:-3])


def test_the_number_stands_in_the_middle_without_a_signer():
    left, right = edges(PRESETS["current"])
    _pdf, lines = lines_by_text(issue())
    line = first_line_with(lines, "2026年第9期")
    assert line.left - left == pytest.approx(right - line.right, abs=9)


@pytest.mark.parametrize("layout", ["current", "gbt9704"])
def test_the_masthead_takes_whole_rows_with_all_fields(layout):
    preset = PRESETS[layout]
    pdf = rendering.render(issue(article(paragraphs=["今天开了会。"] * 40), layout=layout, **ALL), photo_bytes=bytes)
    top = (297 - preset.top_mm) * MM
    rows = [(top - line.baseline) / preset.row_height for line in reading.lines_of(pdf) if line.text == "今天开了会。"]
    assert {round((row - rows[0]) % 1, 2) % 1 for row in rows} == {0}
    assert (
        layout_check.check(
            pdf, replace(issue(article(paragraphs=["今天开了会。"] * 40), layout=layout), **ALL)
        ).findings
        == []
    )


@pytest.mark.parametrize("length", [6, 12, 20, 30])
def test_long_fields_stay_inside_the_type_area(length):
    left, right = edges(PRESETS["current"])
    content = issue(
        copy_number="000001",
        security="绝密★长期",
        notice="内部资料注意保存" * 4,
        permit_number="沪" * length,
        signer="欧" * length,
    )
    pdf, _lines = lines_by_text(content)
    assert "签发人：" + "欧" * length in squeezed(page_texts(pdf)[0])
    for line in reading.lines_of(pdf):
        assert line.left > left - 1
        assert line.right < right + 0.6 * line.characters[0].size


def test_a_supplement_has_its_own_number_line():
    _pdf, lines = lines_by_text(issue(kind="supplement", number=1, total_number=None))
    assert "2026年增刊第1期" in lines


def test_the_content_inside_the_file_has_the_fields():
    content = issue(**ALL)
    pdf = rendering.render(content, photo_bytes=bytes)
    stored = structure.read(pdf).source.decode()
    assert from_json(stored) == content
    assert all(f'"{value}"' in stored for value in ALL.values())


def test_a_content_without_them_is_written_as_it_was_before_them():
    assert not any(name in as_json(issue()) for name in (*ALL, "measures"))


# The name and the red rule


def name_line(pdf, start):
    return next(line for line in reading.lines_of(pdf) if line.text.startswith(start))


@pytest.mark.parametrize("layout", ["current", "gbt9704"])
@pytest.mark.parametrize("with_signer", [False, True])
def test_the_red_rule_lies_four_millimetres_under_the_last_line(layout, with_signer):
    pdf = rendering.render(issue(layout=layout, signer="方维舟" if with_signer else ""), photo_bytes=bytes)
    line = name_line(pdf, "上海市邮政管理局党建办")
    lowest = min(character.low for character in line.characters if character.text in "上海市邮政管理局党建办文明编")
    red = max(reading.read(pdf).sheets[0].rules, key=lambda rule: rule.color[0])
    assert (lowest - red.top) / MM == pytest.approx(4, abs=0.3)


def test_what_stands_under_the_masthead_stays_on_the_grid():
    pdf = rendering.render(issue(), photo_bytes=bytes)
    assert not layout_check.check(pdf, issue()).findings


@pytest.mark.parametrize("layout", ["current", "gbt9704"])
@pytest.mark.parametrize(
    "name", ["简报", "工作简报", "党建简报", "邮政工作简报", "行业党建、文明工作简报", "党建、文明创建工作简报"]
)
def test_the_name_fills_much_of_the_measure_and_stands_in_its_middle(layout, name):
    pdf = rendering.render(issue(name_lines=(name,), layout=layout), photo_bytes=bytes)
    preset = PRESETS[layout]
    line = name_line(pdf, name[:2])
    assert line.text == name
    assert 0.58 <= (line.right - line.left) / preset.measure <= 0.91
    left, right = edges(preset)
    assert (line.left + line.right) / 2 == pytest.approx((left + right) / 2, abs=1)
    assert not layout_check.check(pdf, issue(name_lines=(name,), layout=layout)).findings


def test_a_mark_inside_the_name_takes_half_an_em():
    pdf = rendering.render(issue(name_lines=("党建、文明创建工作简报",)), photo_bytes=bytes)
    line = name_line(pdf, "党建、")
    _a, _b, mark, following = line.characters[:4]
    assert following.left - mark.left == pytest.approx(mark.size / 2, abs=0.3)


def test_the_line_above_the_name_is_not_letter_spaced():
    pdf = rendering.render(issue(name_lines=("上海市邮政", "工作简报")), photo_bytes=bytes)
    line = name_line(pdf, "上海市邮政")
    first, second = line.characters[:2]
    assert second.left - first.left == pytest.approx(first.size, abs=0.1)
    assert first.size == pytest.approx(27, abs=0.1)
