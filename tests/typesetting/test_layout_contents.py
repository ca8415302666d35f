"""The contents (目录): turned entries are indented, their lines are full, the pages stand under each other."""

import pytest

from tests.typesetting.printed import article, issue
from typesetting import reading, rendering
from typesetting.inspection import layout_check
from typesetting.page.presets import MM, PRESETS

TITLES = (
    "青浦邮政管理局召开2026年度全区邮政快递行业安全生产工作会议",
    "奉贤局走访驿站",
    "上海市邮政管理局联合属地公安机关组织开展寄递渠道安全生产专项整治行动暨春节旺季服务保障动员部署会",
    "宝山邮政管理局开展“守纪律　讲规矩”主题党日活动",
    "松江邮政管理局推进末端网点标准化建设提质增效",
)


@pytest.fixture(scope="module", params=["current", "gbt9704"])
def printed(request):
    content = issue(
        *[article(number, title=title) for number, title in enumerate(TITLES, 1)],
        has_contents=True,
        layout=request.param,
    )
    pdf = rendering.render(content, photo_bytes=bytes)
    lines = [line for line in reading.lines_of(pdf) if line.page == 1 and line.text != "目录"]
    start = next(at for at, line in enumerate(lines) if line.text.startswith(TITLES[0][:8]))
    ends = [at for at, line in enumerate(lines) if at >= start and line.text[-1].isdigit()]
    return content, pdf, lines[start : ends[len(TITLES) - 1] + 1], PRESETS[request.param]


def test_turned_lines_are_two_characters_in(printed):
    _content, _pdf, lines, preset = printed
    edge, begins = preset.left_mm * MM, True
    for line in lines:
        assert line.left == pytest.approx(edge + (0 if begins else 2 * preset.body_size), abs=2)
        begins = line.text[-1].isdigit()


def test_a_line_that_is_turned_is_nearly_full(printed):
    _content, _pdf, lines, preset = printed
    turned = [line for line in lines if not line.text[-1].isdigit()]
    assert turned
    assert all(line.right > preset.left_mm * MM + 0.8 * preset.measure for line in turned)


def test_the_pages_stand_at_the_right_edge(printed):
    _content, _pdf, lines, preset = printed
    edge = preset.left_mm * MM + preset.measure
    last = [line for line in lines if line.text[-1].isdigit()]
    assert len(last) == len(TITLES)
    assert all(line.right == pytest.approx(edge, abs=2) for line in last)


def test_the_layout_check_finds_nothing(printed):
    content, pdf, _lines, _preset = printed
    assert layout_check.check(pdf, content).findings == []
