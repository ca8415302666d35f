"""Titles: balanced, at the editor's own breaks first, in three lines at most."""

import subprocess
import tempfile
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from PIL import Image

from tests.typesetting.printed import article, issue, real_issue, squeezed
from typesetting import reading, rendering
from typesetting.fonts import roles
from typesetting.inspection import layout_check
from typesetting.lines import titles
from typesetting.lines.classes import rule_width
from typesetting.page import parts
from typesetting.page.presets import MM, PRESETS

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


def test_the_full_size_comes_before_the_editors_breaks_where_others_read_well():
    first = "青浦邮政管理局会同属地各个街道全面走访驿站和网点"
    size, lines = fit(f"{first}\n奉贤邮政管理局会同属地各个街道全面走访驿站和网点")
    assert size == 22
    assert len(lines) == 3
    assert not any("".join(lines[:cut]) == first for cut in (1, 2))


def test_a_smaller_size_comes_before_a_break_undone_that_would_read_badly():
    first, second = "甲乙丙丁戊己庚辛壬癸" * 2 + "子", "丑寅卯辰巳午未申酉戌" * 2 + "亥"  # no word is known
    assert fit(f"{first}\n{second}") == (18, (first, second))


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
    lines = [line for line in reading.lines_of(pdf) if squeezed(line.text) and squeezed(line.text) in LONG]
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
    line = next(line for line in reading.lines_of(pdf) if "学先进" in line.text)
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


# Names of units


POST = "中国邮政集团有限公司上海邮政国际业务分公司"


def test_the_name_of_a_unit_is_one_word_however_long():
    names = titles.unit_names(["上海市寄递安全联合保障服务总队"])
    title = "上海市寄递安全联合保障服务总队赴各区开展旺季服务保障专题调研"
    assert "上海市寄递安全联合保障服务总队" in titles.segments(title, names)
    _size, lines = titles.fit(title, CURRENT.measure, SIZES, rule_width, names)
    assert lines[0].startswith("上海市寄递安全联合保障服务总队")


def test_a_name_longer_than_a_line_is_parted_behind_the_company():
    assert titles.unit_names([POST]) == {"中国邮政集团有限公司", "上海邮政国际业务分公司"}
    assert titles.segments(POST, titles.unit_names([POST])) == ("中国邮政集团有限公司", "上海邮政国际业务分公司")


def test_the_longest_known_word_is_found():
    assert "上海邮政国际业务分公司" in titles.segments("中国邮政集团有限公司上海邮政国际业务分公司跨国攻坚")


def test_a_name_that_no_line_can_hold_is_broken_all_the_same():
    names = titles.unit_names(["上海市寄递安全联合保障服务总队"])
    size, lines = titles.fit("上海市寄递安全联合保障服务总队赴各区调研", 200, SIZES, rule_width, names)
    assert all(len(line) * size <= 200 for line in lines)


def test_titles_on_the_page_know_the_issues_own_units():
    content = issue(
        replace(article(title="沪上同城快运联盟服务处举办第三期分拣能手交流比武"), unit="沪上同城快运联盟服务处")
    )
    pdf = rendering.render(content, photo_bytes=bytes)
    first = next(line.text for line in reading.lines_of(pdf) if line.text.startswith("沪上"))
    assert "沪上同城快运联盟服务处" in first


# Shape


def waists(lines):
    width = [sum(map(rule_width, line)) for line in lines]
    return [at for at in range(1, len(width) - 1) if min(width[at - 1], width[at + 1]) - width[at] > 1]


@pytest.mark.parametrize("layout", ["current", "gbt9704"])
@pytest.mark.parametrize("name", ["000", "003", "004"])
def test_titles_of_real_issues_are_large_and_have_no_waist(bulletins_dir, name, layout):
    content, _texts = real_issue(bulletins_dir, name)
    preset = PRESETS[layout]
    for entry in content.articles:
        size, lines = titles.fit(entry.title, preset.measure, SIZES, roles.widths(roles.TITLE))
        assert size == 22
        assert not waists(lines), lines
        edges, place = {0}, 0
        for word in titles.segments("".join(entry.title.split())):
            place += len(word)
            edges.add(place)
        ends = list(accumulate(len("".join(line.split())) for line in lines))
        assert set(ends) <= edges, lines


def test_the_editors_own_waist_is_kept():
    given = ("上海市邮政管理局召开", "工作会议", "部署旺季服务保障工作")
    assert fit("\n".join(given)) == (22, given)


def test_a_space_inside_a_word_is_dropped_and_one_between_phrases_kept():
    assert fit("推动产业工人 队伍建设改革") == (22, ("推动产业工人队伍建设改革",))
    assert fit("党建引领 一站多能") == (22, ("党建引领 一站多能",))


# Ink and addresses


def ink(pdf, line):
    """The left and right edge in points of what is drawn of one line, as poppler draws it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "issue.pdf"
        path.write_bytes(pdf)
        size = line.characters[0].size
        top = 297 * MM - line.baseline - size
        command = ["pdftoppm", "-r", "144", "-gray", "-f", str(line.page), "-l", str(line.page), "-x", "0"]
        command += [
            "-y",
            str(round(top * 2)),
            "-W",
            "1190",
            "-H",
            str(round(size * 2.2)),
            "-singlefile",
            str(path),
            f"{folder}/line",
        ]
        subprocess.run(command, check=True, timeout=60)
        with Image.open(f"{folder}/line.pgm") as image:
            left, _top, right, _bottom = image.point(lambda grey: 255 if grey < 128 else 0).getbbox()
    return left / 2, right / 2


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("宝山邮政管理局会同静安区检察院、\n静安公安分局召开座谈会", "宝山邮政管理局会同静安区检察院、"),
        ("宝山邮政管理局会同检察院，\n静安公安分局召开座谈会", "宝山邮政管理局会同检察院，"),
        ("《快递市场管理办法》宣讲\n在青浦举行", "《快递市场管理办法》宣讲"),
        ("“绿色站点”", "“绿色站点”"),
    ],
)
def test_the_ink_of_a_title_line_stands_in_the_middle(title, text):
    pdf = rendering.render(issue(article(title=title)), photo_bytes=bytes)
    line = next(line for line in reading.lines_of(pdf) if line.text == text)
    left, right = ink(pdf, line)
    assert (left + right) / 2 == pytest.approx(CURRENT.left_mm * MM + CURRENT.measure / 2, abs=1.2)


@pytest.mark.parametrize(
    "title",
    [
        "https://www.example.cn/news/2026/03/27/index_of_all_articles/title-of-the-story?from=bulletin&number=544",
        "Ａｌｌ全部半角URLhttps://www.example.cn/in/title",
    ],
)
def test_an_address_in_a_title_is_centred_and_never_spread(title):
    text = parts.title(title, CURRENT)
    pdf = rendering.render(issue(article(title=title)), photo_bytes=bytes)
    lines = [line for line in reading.lines_of(pdf) if line.characters[0].size == text.size][: text.rows]
    assert squeezed("".join(line.text for line in lines)) == squeezed(title)
    assert len(lines) > 1
    middle = CURRENT.left_mm * MM + CURRENT.measure / 2
    for line in lines:
        assert (line.left + line.right) / 2 == pytest.approx(middle, abs=1)
        assert line.right - line.left < CURRENT.measure + 1
        gaps = [following.left - this.right for this, following in pairwise(line.characters)]
        assert max(gaps) < 1
    for line in lines[:-1]:
        assert line.text[-1] in "/?&=._-" or not line.text[-1].isascii()
