"""大字版: 22 pt, 18 lines of 16 characters, the same words, and on every page that it is not the official text."""

from dataclasses import replace

import pytest

from tests.typesetting.printed import real_issue
from tests.typesetting.word import samples
from typesetting import large_print, reading, rendering
from typesetting.page.presets import LARGE_PRINT, MM


def made(content):
    return large_print.large_print(content, photo_bytes=samples.jpeg)


@pytest.fixture(scope="module")
def full():
    content = samples.full()
    return content, made(content)


@pytest.fixture(scope="module")
def real(bulletins_dir):
    content, _texts = real_issue(bulletins_dir, "003")
    return content, made(content)


@pytest.mark.parametrize("name", ["full", "real"])
def test_it_says_what_was_signed(name, request):
    content, pdf = request.getfixturevalue(name)
    compared = large_print.compare(pdf, content)

    assert compared.difference == ""
    assert compared.equal == compared.characters > 300


def test_another_word_is_found(full):
    content, pdf = full
    other = replace(content, publisher="别的单位")

    assert "别的单位" in large_print.compare(pdf, other).difference


def test_each_page_says_that_it_is_not_the_official_text(real):
    for sheet in reading.read(real[1]).sheets:
        assert "大字版，非正式文本" in "".join(character.text for character in sheet.characters)
        assert (round(sheet.width / MM), round(sheet.height / MM)) == (210, 297)


def test_its_letters_are_22_points_on_lines_of_16(real):
    lines = [line for line in reading.lines_of(real[1]) if abs(line.characters[0].size - 22) < 0.1]

    assert len(lines) > 200
    assert max(len(line.characters) for line in lines) <= 20
    assert max(line.right - line.left for line in lines) <= 16 * 22 + 22 / 2
    assert min(sum(one.page == page for one in lines) for page in (2, 3)) >= 16


def test_what_is_smaller_in_an_issue_is_larger_in_the_same_degree(full):
    sizes = {round(one.size, 1) for sheet in reading.read(full[1]).sheets for one in sheet.characters}

    assert {16.5, 19.2, 22.0, 30.2} <= sizes  # captions and tables, end matter, text, titles
    assert min(sizes) > 12


def test_it_has_no_verification_code(full):
    content, pdf = full

    assert made(replace(content, verify_link="https://bulletin.example/v/abc")) == pdf


def test_its_remark_is_missed_where_it_is_missing(full):
    assert "大字版" in large_print.compare(rendered_small(full[0]), full[0]).difference


def rendered_small(content):
    return rendering.render(content, photo_bytes=samples.jpeg)


def test_it_is_set_with_whole_rows():
    assert LARGE_PRINT.rows * LARGE_PRINT.row_height <= LARGE_PRINT.height_mm * MM
    assert LARGE_PRINT.body_size * LARGE_PRINT.scale == 22
