"""A past issue's masthead in every form: lines in any order, parts missing, dates split. Nothing is made up."""

import pytest

from issues.past.masthead import head_of
from issues.past.text import lines_in

NAMES = ["上海市邮政快递行业", "党建、文明创建工作简报"]
BY = "上海市邮政管理局党建办、文明办编"
OFFICE = "上海市邮政管理局党建办、文明办"
FULL = (2023, 5, 435, "2023-03-02", OFFICE, "".join(NAMES))

FORMS = [
    ([*NAMES, "2023年第5期（总第435期）", BY, "2023年3月2日"], FULL),
    ([*NAMES, "2023 年第 5 期 (总第 435 期)", BY + "    2023 年 3 月 2 日"], FULL),
    ([*NAMES, "(2023年第5期 总第435期)", BY + " 2023年3月2日"], FULL),
    ([*NAMES, "第5期", "（总第435期）", BY, "2023年3月2", "日"], FULL),
    ([*NAMES, "〔2023〕第5期", "总第435期", BY, "2023 年 3 月", "2 日"], FULL),
    ([BY + "    2023 年 3 月 2 日", *NAMES, "2023年第5期(总第435期)"], FULL),
    (["2023年第5期（总第435期）", "2023年3月2日", BY, *NAMES], FULL),
    ([*NAMES, "2023年第5期", "（总第435期）", f"{OFFICE}          2023年3月2日"], FULL),
    ([*NAMES, "２０２３年第５期（总第４３５期）", BY, "２０２３年３月２日"], FULL),
    ([*NAMES, "2023 年第", "5 期（总第 435", "期）", BY, "2023 年 3 月 2"], FULL),
    ([*NAMES, "总第 435 期 2023 年第 5 期", f"主办：{OFFICE}", "2023-03-02"], FULL),
    (["内部资料  注意保存", *NAMES, "2023 年第 5 期", "总第 435 期", OFFICE[:8], OFFICE[8:] + "编", "2023.3.2"], FULL),
    (["".join(NAMES), "2023年第五期（总第四三五期）", BY, "二〇二三年三月二日"], FULL),
    ([BY, "2023年3月2日"], (2023, None, None, "2023-03-02", OFFICE, None)),
    ([BY], (None, None, None, None, OFFICE, None)),
    (["2023年3月2日"], (2023, None, None, "2023-03-02", None, None)),
    ([], (None, None, None, None, None, None)),
    ([*NAMES, "第5期（总第435期）", BY, "2023年2月30日"], (None, 5, 435, None, OFFICE, "".join(NAMES))),
]
TITLES = [
    "上海市邮政管理局召开安全生产工作会议",
    "青浦邮政管理局2023年第5期简报培训班开班",
    "浦东邮政管理局完成《资料汇编》",
]


@pytest.mark.parametrize(("lines", "expected"), FORMS)
@pytest.mark.parametrize("title", TITLES)
def test_a_masthead_in_this_form(lines, expected, title):
    text_lines = lines_in("\n\n".join([*lines, title, "近日，局里召开了会议。"]))
    head, _contents, end = head_of(text_lines)
    date = head.date.isoformat() if head.date else None
    assert (head.year, head.number, head.total_number, date, head.publisher, head.series_title) == expected
    assert text_lines[end].text == title


@pytest.mark.parametrize(
    ("line", "number"), [("2024年增刊第1期", 1), ("2024年第1期增刊", 1), ("增刊（2）", 2), ("2024年增刊", None)]
)
def test_a_supplement_has_a_number_of_its_own(line, number):
    head, _contents, _end = head_of(lines_in("\n".join([*NAMES, line, BY, "2024年1月9日"])))
    assert (head.kind, head.year, head.number) == ("supplement", 2024, number)


def test_a_name_in_spaced_letters():
    head, _contents, _end = head_of(lines_in("党建、文明创建工作\n\n简　　报\n\n2024年第3期\n"))
    assert head.series_title == "党建、文明创建工作简报"
