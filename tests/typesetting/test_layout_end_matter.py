"""The end matter of an issue with many recipients: whole, inside the type area, or refused with words."""

import pytest

from tests.typesetting.printed import article, issue, photo, squeezed
from tests.typesetting.read_back import page_texts, picture_boxes
from tests.typesetting.test_layout_parts import jpeg
from typesetting import reading, rendering
from typesetting.inspection import layout_check
from typesetting.page import flow, parts
from typesetting.page.presets import MM, PRESETS

SENTENCE = "驿站每天早上七点开门，志愿者轮流值守，为过路的快递员准备热水和简餐，也替附近居民代收包裹。"
NAMES = (
    "上海市邮政管理局",
    "上海市交通委员会文明办",
    "中国邮政集团有限公司上海市分公司党委宣传部",
    "上海圆通速递有限公司",
)
LEAST = {35: 5, 40: 5, 60: 4}  # rows of text on a page; sixty recipients leave no smaller size to choose


def long_issue(count, *, paragraphs=4, photos=(), body=None, **changes):
    send_to = tuple(f"{NAMES[number % len(NAMES)]}第{number}支部" for number in range(1, count + 1))
    texts = [SENTENCE * 3] * paragraphs
    return issue(article(paragraphs=texts, photos=photos, body=body), send_to=send_to, **changes)


def _size(line):
    return line.characters[0].size


def rendered(content):
    return rendering.render(content, photo_bytes=lambda photo_id: jpeg(900, 900))


@pytest.mark.parametrize("layout", ["current", "gbt9704"])
@pytest.mark.parametrize("has_more", [False, True], ids=["plain", "with contents and 发"])
@pytest.mark.parametrize("count", [30, 33, 35, 40, 60])
def test_every_recipient_stands_inside_the_type_area(count, has_more, layout):
    content = long_issue(
        count, has_contents=has_more, issue_to=("各派出机构", "各品牌企业") if has_more else (), layout=layout
    )
    pdf = rendered(content)
    last = squeezed(page_texts(pdf)[-1])
    assert all(entry in last for entry in (*content.report_to, *content.send_to, *content.issue_to))
    preset, end = PRESETS[layout], last.count("报：")
    assert end == 1
    for line in reading.lines_of(pdf):
        assert line.left > preset.left_mm * MM - 1
        assert line.right < preset.left_mm * MM + preset.measure + 0.6 * _size(line)
    assert layout_check.check(pdf, content).findings == []


@pytest.mark.parametrize("count", [35, 40, 60])
@pytest.mark.parametrize("paragraphs", range(1, 9))
def test_no_page_is_left_nearly_empty(count, paragraphs):
    lines = reading.lines_of(rendered(long_issue(count, paragraphs=paragraphs)))
    pages = {line.page for line in lines}
    rows = [sum(line.page == page and _size(line) > parts.END_SIZE + 1 for line in lines) for page in sorted(pages)]
    assert all(on_page >= LEAST[count] for on_page in rows[:-1])
    assert rows[-1]


@pytest.mark.parametrize("has_more", [False, True])
def test_more_than_a_page_holds_are_refused_with_words(has_more):
    content = long_issue(100, has_contents=has_more, issue_to=("各派出机构",) if has_more else ())
    with pytest.raises(rendering.RenderingError, match=f"共 {101 + has_more} 条.*请把") as refused:
        rendered(content)
    assert "最多" in str(refused.value)


def test_few_recipients_are_set_in_the_usual_size():
    assert rendering.end_matter(issue(), PRESETS["current"], row=9).size == parts.END_SIZE


def test_it_is_set_smaller_where_it_would_leave_a_page_nearly_empty():
    preset, content = PRESETS["current"], long_issue(28)
    near, between, far = [rendering.end_matter(content, preset, row=22 + used).size for used in (2, 6, 12)]
    assert near == far == parts.END_SIZE
    assert between < parts.END_SIZE


@pytest.mark.parametrize("paragraphs", [0, 1, 3])
def test_it_never_lies_over_a_photo(paragraphs):
    content = long_issue(60, paragraphs=paragraphs, photos=[photo(1, "说明", 900, 900)])
    pdf = rendered(content)
    ((page, _left, bottom, _right, _top),) = picture_boxes(pdf)
    on_page = [line for line in reading.lines_of(pdf) if line.page == page and line.text.startswith("报：")]
    assert not on_page or bottom > on_page[0].characters[0].baseline + 10
    assert layout_check.check(pdf, content).errors == []


def test_it_follows_a_table():
    table = "<table>" + "<tr><td>甲</td><td>乙</td></tr>" * 6 + "</table>"
    content = long_issue(60, body=f"<p>{SENTENCE * 9}</p>{table}")
    pdf = rendered(content)
    assert "共印60份" in squeezed(page_texts(pdf)[-1])
    assert layout_check.check(pdf, content).errors == []


def test_its_height_is_counted_as_it_is_set():
    content = long_issue(12)
    end = rendering.end_matter(content, PRESETS["current"])
    assert flow.stands_with(end.height, parts.ROWS_OVER_END, PRESETS["current"])
    rules = [rule for rule in reading.read(rendered(content)).sheets[-1].rules if max(rule.color) < 60]
    assert max(rule.top for rule in rules) - min(rule.bottom for rule in rules) == pytest.approx(end.height, abs=0.5)
