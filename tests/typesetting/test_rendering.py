"""The real issues, set: every character is on the page, in order, on the grid, in embedded fonts."""

import hashlib
import re

import pytest

from tests.typesetting.printed import article, issue, real_issue, squeezed
from tests.typesetting.read_back import bookmark_pages, page_texts
from typesetting import reading as pdf_pages
from typesetting import rendering
from typesetting.content import as_json
from typesetting.inspection import structure
from typesetting.page.presets import MM, PRESETS

PAGES = {"000": (8,), "003": (9, 10), "004": (9, 10)}
NEVER_FIRST = "，。、；：！？”’》〉）】』」〕"
NEVER_LAST = "“‘《〈（【『「〔"


def no_photo(photo_id):
    raise AssertionError(f"photo {photo_id} was asked for")


_made = {}


@pytest.fixture(params=["000", "003", "004"])
def real(request, bulletins_dir):
    content, texts = real_issue(bulletins_dir, request.param)
    if request.param not in _made:
        _made[request.param] = rendering.render(content, photo_bytes=no_photo)
    return request.param, content, texts, _made[request.param]


def page_text(pdf):
    """The text of all pages without the page numbers."""
    pages = []
    for number, text in enumerate(page_texts(pdf), 1):
        text = squeezed(text)
        mark = f"—{number}—"
        assert text.endswith(mark) or text.startswith(mark), text[-20:]
        pages.append(text.removesuffix(mark).removeprefix(mark))
    return "".join(pages)


def body_lines(pdf):
    """Lines of text in the type area, page by page."""
    bottom = PRESETS["current"].bottom_mm * MM
    return [line for line in pdf_pages.lines_of(pdf) if line.baseline > bottom]


def test_they_take_as_many_pages_as_in_print(real):
    name, _content, _texts, pdf = real
    assert pdf_pages.page_count(pdf) in PAGES[name]


def test_every_character_is_on_the_page_in_order(real):
    _name, _content, texts, pdf = real
    found, place = page_text(pdf), 0
    for text in texts:
        wanted = squeezed(text).replace("(", "（").replace(")", "）") if "总第" in text else squeezed(text)
        place = found.find(wanted, place)
        assert place >= 0, wanted
        place += len(wanted)


def test_all_fonts_are_embedded(real):
    _name, _content, _texts, pdf = real
    assert pdf_pages.read(pdf).unembedded == set()


def test_no_font_but_those_of_the_roles_is_used(real):
    _name, _content, _texts, pdf = real
    names = {character.font.split("+")[-1] for line in pdf_pages.lines_of(pdf) for character in line.characters}
    assert names
    assert not any("JP" in name or "DejaVu" in name for name in names)


def test_the_page_number_stands_outside_right_and_left_in_turn(real):
    _name, _content, _texts, pdf = real
    preset = PRESETS["current"]
    left, right = preset.left_mm * MM, preset.left_mm * MM + preset.measure
    numbers = [line for line in pdf_pages.lines_of(pdf) if line.baseline < preset.bottom_mm * MM]
    assert [line.text for line in numbers] == [f"—{line.page}—" for line in numbers]
    for line in numbers:
        if line.page % 2:
            assert right - 14 - line.right == pytest.approx(0, abs=1.5)
        else:
            assert line.left - left - 14 == pytest.approx(0, abs=1.5)
        assert all(character.size == pytest.approx(14, abs=0.1) for character in line.characters)


def rows_of(pdf, preset):
    """The rows that body lines stand on, by page, the first page and the last left out."""
    inner = range(2, pdf_pages.page_count(pdf))
    body = [
        line
        for line in pdf_pages.lines_of(pdf)
        if line.page in inner and line.baseline > preset.bottom_mm * MM and line.characters[0].size < 17
    ]
    rows = {page: [] for page in inner}
    for line in body:
        rows[line.page].append((body[0].baseline - line.baseline) / preset.row_height)
    return rows


@pytest.mark.parametrize("layout", PRESETS)
def test_all_rows_stand_on_one_grid(bulletins_dir, layout):
    content, _texts = real_issue(bulletins_dir, "004")
    pdf = rendering.render(content, photo_bytes=no_photo, layout=layout)
    for rows in rows_of(pdf, PRESETS[layout]).values():
        assert [row - round(row) for row in rows] == pytest.approx([0] * len(rows), abs=0.02)
        assert max(rows) < 21.1


@pytest.mark.parametrize("layout", PRESETS)
def test_a_full_page_has_22_rows(layout):
    long = article(paragraphs=["这一段文字写得很长，用来占满整整几页，其中镕喆堃等字要用别的字体来印。" * 42] * 2)
    for rows in rows_of(rendering.render(issue(long), photo_bytes=no_photo, layout=layout), PRESETS[layout]).values():
        assert [round(row, 1) for row in rows] == [float(row) for row in range(22)]


@pytest.mark.parametrize("layout", ["current", "gbt9704"])
def test_lines_are_flush_and_their_ends_are_allowed(bulletins_dir, layout):
    content, _texts = real_issue(bulletins_dir, "004")
    preset = PRESETS[layout]
    left, right = preset.left_mm * MM, preset.left_mm * MM + preset.measure
    pdf = rendering.render(content, photo_bytes=no_photo, layout=layout)
    lines = [
        line
        for line in pdf_pages.lines_of(pdf)
        if abs(line.characters[0].size - preset.body_size) < 0.1 and "报：" not in line.text
    ]
    for line, following in zip(lines, lines[1:], strict=False):
        assert line.text[0] not in NEVER_FIRST
        assert line.text[-1] not in NEVER_LAST
        assert line.right < right + 0.6 * preset.body_size
        continues = abs(following.left - left) < 1 and following.page == line.page
        if continues and following.baseline > line.baseline - 30:
            blank = 0.5 * preset.body_size if line.text[-1] in NEVER_FIRST else 0
            assert -blank - 0.1 * preset.body_size < right - line.right < blank + 0.1 * preset.body_size, line.text


def test_the_same_content_gives_the_same_bytes(real):
    name, content, _texts, pdf = real
    again = rendering.render(content, photo_bytes=no_photo)
    assert hashlib.sha256(again).digest() == hashlib.sha256(pdf).digest()


def test_it_has_a_title_a_date_a_language_and_a_bookmark_for_each_article(real):
    _name, content, _texts, pdf = real
    reading = pdf_pages.read(pdf)
    marks = [title for title, _page in reading.bookmarks]
    assert [re.sub(r"\s", "", mark) for mark in marks[: len(content.articles)]] == [
        squeezed(entry.title) for entry in content.articles
    ]
    assert len(bookmark_pages(pdf)) == len(marks)
    assert reading.metadata["Title"].startswith("上海市邮政快递行业党建、文明创建工作简报")
    assert reading.language == "zh-CN"


def test_the_end_matter_stands_at_the_foot_of_the_last_page(real):
    _name, content, _texts, pdf = real
    pages = page_texts(pdf)
    assert "报：" in pages[-1]
    assert all("报：国家邮政局" not in page for page in pages[:-1])
    preset = PRESETS["current"]
    last = min(line.baseline for line in body_lines(pdf) if line.page == len(pages))
    assert last - preset.bottom_mm * MM < 14  # the last rule lies on the edge of the type area


def test_the_line_that_carries_the_end_matter_stands_on_the_grid_too():
    preset = PRESETS["current"]
    content = issue(article(paragraphs=["今天开了会。"] * 30))
    lines = [line for line in pdf_pages.lines_of(rendering.render(content, photo_bytes=no_photo)) if line.page == 2]
    rows = [(lines[0].baseline - line.baseline) / preset.row_height for line in lines if line.text == "今天开了会。"]
    assert len(rows) > 5
    assert [row - round(row) for row in rows] == pytest.approx([0] * len(rows), abs=0.01)


def test_the_file_carries_the_content_it_was_made_from(real):
    _name, content, _texts, pdf = real
    assert structure.read(pdf).source.decode() == as_json(content)


def test_what_is_not_known_is_left_out():
    content = issue(number=None, year=None, total_number=None, dated_on=None, publisher="", print_run=0)
    text = page_text(rendering.render(content, photo_bytes=no_photo))
    assert "None" not in text
    assert "第期" not in text
    assert "共印" not in text


def test_a_supplement_says_so():
    content = issue(kind="supplement", number=1, total_number=None)
    assert "2026年增刊第1期" in page_text(rendering.render(content, photo_bytes=no_photo))


def test_an_issue_without_anything_is_still_a_page():
    content = issue(
        articles=(), name_lines=(), publisher="", report_to=(), send_to=(), print_run=0, dated_on=None, number=None
    )
    assert pdf_pages.page_count(rendering.render(content, photo_bytes=no_photo)) == 1


def test_contents_name_each_article_with_its_page():
    articles = [article(n, title=f"第{n}篇报道的题目", paragraphs=["正文一句话。" * 60] * 4) for n in (1, 2, 3)]
    pdf = rendering.render(issue(*articles, has_contents=True), photo_bytes=no_photo)
    first = re.sub(r"[\s….]", "", page_texts(pdf)[0])
    for entry, page in zip(articles, bookmark_pages(pdf), strict=True):
        assert f"{entry.title}{page}" in first


def test_an_unknown_layout_is_refused():
    with pytest.raises(rendering.RenderingError):
        rendering.render(issue(), photo_bytes=no_photo, layout="wide")
