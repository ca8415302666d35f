"""Titles: balanced, at the editor's own breaks first, in three lines at most."""

import pytest

from issues import layout_check, pdf_pages, rendering
from issues.layout import parts, titles
from issues.layout.classes import rule_width
from issues.layout.presets import PRESETS
from tests.issues.printed import article, issue, real_issue, squeezed

CURRENT = PRESETS["current"]
SIZES = [22, 20, 18, 17]
LONG = "上海市邮政管理局联合属地公安机关、市场监督管理部门、消防救援机构和行业协会组织开展寄递渠道安全生产专项整治行动暨应急演练活动"


def fit(title):
    return titles.fit(title, CURRENT.measure, SIZES, rule_width)


def test_a_break_set_by_hand_wins():
    assert fit("上海\n市邮政管理局召开会议") == (22, ("上海", "市邮政管理局召开会议"))
    size, lines = fit("青浦邮政管理局联合区市场监管局、区消防救援支队\n开展寄递安全检查")
    assert size == 22
    assert len(lines) == 3
    assert lines[2] == "开展寄递安全检查"


def test_a_smaller_size_comes_before_a_break_undone():
    first, second = (
        "青浦邮政管理局会同属地各个街道全面走访驿站和网点",
        "奉贤邮政管理局会同属地各个街道全面走访驿站和网点",
    )
    size, lines = fit(f"{first}\n{second}")
    assert size < 22
    assert len(lines) <= 3
    assert any("".join(lines[:cut]) == first for cut in (1, 2))


@pytest.mark.parametrize(
    "title",
    [
        "快递小哥进社区服务千家万户　文明新风暖人心",
        "党建引领聚合力　暖蜂服务到身边　争当文明先锋队",
        "学先进　强作风　保安全　促发展　争创文明行业新高地",
    ],
)
def test_phrases_side_by_side_are_parted_only_between_them(title):
    _size, lines = fit(title)
    assert len(lines) > 1
    phrases = title.split("\u3000")
    assert [phrase for line in lines for phrase in line.split("\u3000")] == phrases


def test_a_phrase_too_long_for_a_line_is_the_one_that_is_broken():
    _size, lines = fit("上海市邮政管理局组织开展寄递安全专题培训活动　全力守护平安")
    assert lines[-1] == "全力守护平安"
    assert len(lines) == 3


def test_a_space_inside_quotes_parts_no_phrases():
    assert fit("宝山邮政管理局开展“守纪律　讲规矩”主题党日活动")[1] == (
        "宝山邮政管理局开展",
        "“守纪律　讲规矩”主题党日活动",
    )


def test_a_title_too_long_for_three_lines_is_set_smaller():
    size, lines = fit(LONG)
    assert size < 22
    assert len(lines) == 3
    assert "".join(lines) == LONG


def test_words_are_not_broken_in_a_smaller_size():
    _size, lines = fit(LONG)
    assert not any(line.endswith(("监", "消", "市")) for line in lines)


@pytest.mark.parametrize("layout", ["current", "gbt9704"])
def test_the_smaller_title_is_on_the_page(layout):
    content = issue(article(title=LONG), layout=layout)
    pdf = rendering.render(content, photo_bytes=bytes)
    lines = [line for line in pdf_pages.lines_of(pdf) if squeezed(line.text) and squeezed(line.text) in LONG]
    assert len(lines) == 3
    assert {character.size for line in lines for character in line.characters} < {17.0, 18.0, 20.0}
    assert not layout_check.check(pdf, content).findings


def test_an_endless_title_is_still_set():
    assert fit("长" * 400) is None
    assert parts.title("长" * 400, CURRENT).rows > 10


@pytest.mark.parametrize("layout", ["current", "gbt9704", "as-printed"])
@pytest.mark.parametrize("name", ["000", "003", "004"])
def test_no_title_of_a_real_issue_takes_more_than_three_lines(bulletins_dir, name, layout):
    content, _texts = real_issue(bulletins_dir, name)
    for entry in content.articles:
        title = parts.title(entry.title, PRESETS[layout])
        assert title.rows <= 3
        assert title.size >= 18


def test_a_subtitle_has_its_dash_and_keeps_its_phrases_apart():
    pdf = rendering.render(issue(article(subtitle="--学先进　促发展")), photo_bytes=bytes)
    line = next(line for line in pdf_pages.lines_of(pdf) if "学先进" in line.text)
    assert line.text == "——学先进促发展"
    assert all("Kai" in character.font for character in line.characters)
    gap = (
        next(c for c in line.characters if c.text == "促").left
        - next(c for c in line.characters if c.text == "进").left
    )
    assert gap == pytest.approx(2 * 16, abs=0.5)


@pytest.mark.parametrize("measure", [8, 12, 22, 24])
def test_the_contents_turn_a_title_between_words(measure):
    lines = titles.turned(LONG, measure, rule_width)
    assert "".join(lines) == LONG
    place, edges = 0, {0}
    for word in titles.segments(LONG):
        place += len(word)
        edges.add(place)
    place = 0
    for line in lines:
        assert sum(map(rule_width, line)) <= measure
        place += len(line)
        assert place in edges


@pytest.mark.parametrize("title", ["短题目", "长" * 90, "A" * 500, "、" * 60, "学先进　促发展　" * 9])
def test_the_contents_keep_every_character(title):
    assert squeezed("".join(titles.turned(title, 22, rule_width))) == squeezed(title)
