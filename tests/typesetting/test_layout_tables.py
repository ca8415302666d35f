"""Tables on the page: their columns, their rows, their numbers, and how they go on from page to page."""

import re

import pypdfium2 as pdfium
import pytest

from tests.typesetting.printed import article, issue, squeezed
from tests.typesetting.read_back import page_texts
from typesetting import reading, rendering
from typesetting.inspection import layout_check
from typesetting.page import body, tables
from typesetting.page.presets import MM, PRESETS

CURRENT = PRESETS["current"]
SENTENCE = "驿站每天早上七点开门，志愿者轮流值守，为过路的快递员准备热水和简餐，也替附近居民代收包裹。"
HEAD = "<thead><tr><th>序号</th><th>单位</th><th>件数</th><th>占比</th><th>备注</th></tr></thead>"
LEFT, RIGHT = CURRENT.left_mm * MM, CURRENT.left_mm * MM + CURRENT.measure


def long_table(count, *, caption="表1　各单位检查情况", head=HEAD):
    rows = "".join(
        f"<tr><td>{n}</td><td>第{n}分拨中心{'及其下属各营业网点' if n % 4 == 0 else ''}</td><td>{n * 137}</td>"
        f"<td>{n * 1.5:.{n % 3}f}%</td><td>已整改，检查次数第 10 快递</td></tr>"
        for n in range(1, count + 1)
    )
    caption = f"<caption>{caption}</caption>" if caption else ""
    return f"<table>{caption}{head}<tbody>{rows}</tbody></table>"


def with_table(html, **changes):
    return issue(article(body=f"<p>{SENTENCE * 2}</p>{html}<p>{SENTENCE * 3}</p>"), **changes)


def rendered(content):
    return rendering.render(content, photo_bytes=bytes)


def laid(html):
    (table,) = body.read(html)
    return tables.grid(table, CURRENT)


def ruled(pdf, page=1):
    """Left, bottom, right and top of every black rule of a page."""
    with pdfium.PdfDocument(pdf) as document:
        paths = document[page - 1].get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_PATH])
        boxes = [item.get_bounds() for item in paths]
    return [box for box in boxes if box[3] < reading.lines_of(pdf)[4].characters[0].baseline]


def upright(pdf, page=1):
    """The places of the upright rules of a page's table."""
    return sorted({round(left) for left, bottom, right, top in ruled(pdf, page) if top - bottom > 5 > right - left})


@pytest.mark.parametrize("layout", PRESETS)
@pytest.mark.parametrize("count", [2, 3, 11, 24, 25, 60])
def test_the_layout_check_finds_nothing(count, layout):
    content = with_table(long_table(count), layout=layout)
    assert layout_check.check(rendered(content), content).findings == []


def test_sixty_rows_take_three_pages_and_a_bit():
    assert reading.page_count(rendered(with_table(long_table(60)))) <= 4


def test_the_head_and_its_continuation_stand_over_each_further_page():
    pages = [squeezed(page) for page in page_texts(rendered(with_table(long_table(60))))]
    with_rows = [page for page in pages if "分拨中心" in page]
    assert len(with_rows) > 2
    assert all("序号单位件数占比备注" in page for page in with_rows)
    assert ["续表1" in page for page in pages] == [
        number > 0 and page in with_rows for number, page in enumerate(pages)
    ]
    assert sum("表1各单位检查情况" in page for page in pages) == 1


@pytest.mark.parametrize("ending", [20, 21, 22, 23, 24, 46, 47, 48, 49])
def test_nothing_says_that_a_table_goes_on_when_it_does_not(ending):
    pages = [squeezed(page) for page in page_texts(rendered(with_table(long_table(ending, caption=""))))]
    assert all(("续表" in page) == ("序号" in page and number > 0) for number, page in enumerate(pages))


def test_no_line_of_a_cell_crosses_a_rule():
    pdf = rendered(with_table(long_table(12, caption="")))
    rules = upright(pdf)
    assert len(rules) == 6
    for line in (line for line in reading.lines_of(pdf) if line.page == 1):
        cells = [character for character in line.characters if abs(character.size - 12) < 0.2]
        for left, right in zip(rules, rules[1:], strict=False):
            inside = [c for c in cells if left < (c.left + c.right) / 2 < right]
            assert all(c.left > left - 0.5 and c.right < right + 0.5 for c in inside)
    assert "序号" in squeezed(page_texts(pdf)[0])


def test_cells_are_centred_and_not_spread():
    pdf = rendered(
        with_table("<table><tr><th>检查次数与情况</th><th>备注</th></tr><tr><td>共第10次</td><td>无</td></tr></table>")
    )
    left, middle, right = upright(pdf)
    (line,) = [line for line in reading.lines_of(pdf) if line.text.startswith("共第10次")]
    first = [c for c in line.characters if c.left < middle]
    assert (first[0].left + first[-1].right) / 2 == pytest.approx((left + middle) / 2, abs=1)
    assert first[-1].right - first[0].left < 5.2 * 12
    assert line.characters[-1].left > (middle + right) / 2 - 12


def test_rows_are_as_high_as_their_text():
    grid = laid(long_table(8, caption=""))
    one, two = grid.body[0].height, grid.body[3].height
    assert one == pytest.approx(17 + 6)
    assert two == pytest.approx(2 * 17 + 6)


@pytest.mark.parametrize("count", range(1, 14))
def test_the_text_after_a_table_stands_on_the_grid(count):
    html = f"<table><tr><td>甲</td><td>{SENTENCE}</td></tr>" + "<tr><td>乙</td><td>丙</td></tr>" * count + "</table>"
    content = with_table(html)
    assert layout_check.check(rendered(content), content).findings == []


def test_there_is_air_between_the_table_and_the_text():
    pdf = rendered(with_table(long_table(3, caption="")))
    heights = [(bottom, top) for left, bottom, right, top in ruled(pdf) if top - bottom > 5 > right - left]
    top, bottom = max(top for _bottom, top in heights), min(bottom for bottom, _top in heights)
    lines = [line.characters[0] for line in reading.lines_of(pdf) if line.page == 1 and line.characters[0].size > 15]
    above = min(c.baseline for c in lines if c.baseline > top)
    below = max(c.baseline for c in lines if c.baseline < bottom)
    assert above - top > 10
    assert bottom - (below + 14) > 10


def test_numbers_stand_by_their_points():
    rows = "".join(
        f"<tr><td>{name}</td><td>{figure}</td></tr>"
        for name, figure in zip("甲乙丙丁", ("7", "12.5", "1,234", "0.25"), strict=True)
    )
    pdf = rendered(with_table(f"<table><tr><th>单位</th><th>件数</th></tr>{rows}</table>"))
    ends = {}
    for line in reading.lines_of(pdf):
        found = re.match("([甲乙丙丁])([0-9,]+)([.]?)", line.text)
        if found:
            ends[found[1]] = line.characters[found.end(2) - 1].right
    assert len(ends) == 4
    assert max(ends.values()) - min(ends.values()) < 1.5


def test_a_caption_stands_in_the_middle_above_its_table():
    pdf = rendered(with_table(long_table(4)))
    (line,) = [line for line in reading.lines_of(pdf) if line.text.startswith("表1")]
    assert (line.left + line.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)
    head = next(line for line in reading.lines_of(pdf) if line.text.startswith("序号"))
    assert head.characters[0].baseline < line.characters[0].baseline


def test_merged_cells_stay_merged():
    html = (
        "<table><tr><th>类别</th><th>项目</th><th>一季度</th></tr><tr><td rowspan=2>快递</td><td>业务量</td><td>12</td></tr>"
        "<tr><td>投诉</td><td>7</td></tr><tr><td colspan=2>合计</td><td>19</td></tr></table>"
    )
    grid = laid(html)
    assert [[(cell.columns, cell.rows) for cell in row.cells] for row in grid.body] == [
        [(1, 2), (1, 1), (1, 1)], [(1, 1), (1, 1)], [(2, 1), (1, 1)],
    ]  # fmt: skip
    content = with_table(html)
    assert layout_check.check(rendered(content), content).findings == []


def test_a_cell_that_reaches_over_pages_keeps_its_text_and_its_rows():
    rows = "".join(
        f"<tr>{'<td rowspan=60>青浦区</td>' if n == 0 else ''}<td>网点{n}</td><td>{n * 3}</td></tr>" for n in range(60)
    )
    content = with_table(f"<table><tr><th>区</th><th>网点</th><th>件数</th></tr>{rows}</table>")
    pdf = rendered(content)
    assert reading.page_count(pdf) <= 5
    assert layout_check.check(pdf, content).findings == []


def test_rows_joined_by_a_cell_are_not_parted_by_a_page():
    rows = "".join(
        f"<tr><td rowspan=3>单位{n}</td><td>业务量</td><td>{n}</td></tr><tr><td>收入</td><td>{n}</td></tr><tr><td>投诉</td><td>{n}</td></tr>"
        for n in range(1, 20)
    )
    content = with_table(f"<table><tr><th>单位</th><th>项目</th><th>数</th></tr>{rows}</table>")
    pdf = rendered(content)
    assert layout_check.check(pdf, content).findings == []
    for page in map(squeezed, page_texts(pdf)):
        assert page.count("业务量") == page.count("收入") == page.count("投诉")


def test_empty_rows_and_columns_without_a_cell_are_left_out():
    grid = laid(
        "<table><tr><td colspan=40>甲</td><td rowspan=2>乙</td></tr><tr></tr><tr><td>丙</td><td>丁</td></tr></table>"
    )
    assert len(grid.widths) == 3
    assert [[cell.html for cell in row.cells] for row in grid.body] == [["甲", "乙"], ["丙", "丁"]]


def test_many_columns_are_set_smaller_with_their_numbers_whole():
    cells = "".join(f"<td>{n * 12345}</td>" for n in range(1, 15))
    content = with_table(
        f"<table><tr>{''.join(f'<th>第{n}季</th>' for n in range(1, 15))}</tr><tr>{cells}</tr><tr>{cells}</tr></table>"
    )
    pdf = rendered(content)
    assert layout_check.check(pdf, content).findings == []
    text = " ".join("".join(line.text for line in reading.lines_of(pdf)).split())
    assert all(str(n * 12345) in text for n in range(1, 15))


def test_too_many_columns_are_refused_with_words():
    html = "<table>" + ("<tr>" + "<td>123456</td>" * 40 + "</tr>") * 3 + "</table>"
    with pytest.raises(rendering.RenderingError, match="40 列"):
        rendered(with_table(html))


def test_a_long_address_in_a_cell_is_cut_and_does_not_widen_its_column():
    grid = laid(
        f"<table><tr><td>甲</td><td>https://example.cn/{'a' * 200}</td></tr><tr><td>乙</td><td>丙</td></tr></table>"
    )
    assert sum(grid.widths) == pytest.approx(CURRENT.measure)
    assert grid.size == 12


def test_a_thousand_cells_are_set_the_same_twice():
    content = with_table(long_table(200))
    assert rendered(content) == rendered(content)
