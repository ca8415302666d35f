"""The layout check on sound pages: the real issues pass it, and whatever else an issue may be made of."""

import json
from dataclasses import replace

import pytest

from tests.typesetting import planting as plant
from tests.typesetting.planting import SENTENCE, found, jpeg, made, plain_issue, rules
from tests.typesetting.printed import article, issue, photo, real_issue
from typesetting import reading, rendering
from typesetting.inspection import layout_check
from typesetting.page.presets import PRESETS, Measures

CURRENT = PRESETS["current"]
LONG = SENTENCE * 12


# --- sound pages ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("layout", PRESETS)
@pytest.mark.parametrize("name", ["000", "003", "004"])
def test_the_real_issues_have_no_fault(bulletins_dir, name, layout):
    content, _texts = real_issue(bulletins_dir, name)
    report = layout_check.check(rendering.render(content, photo_bytes=jpeg, layout=layout), content, layout=layout)
    assert report.errors == []
    assert rules(report) <= {"fallback"}
    assert report.checked > 200


def rich_issue(layout):
    """Everything that a page may hold."""
    words = "负责人介绍，自3月1日起，网点配送快件3.8万件，“小哥驿站”服务856人次；——这是会变的数字……"
    rows = "".join(f"<tr><td>第{number}分拨中心</td><td>{number * 37}</td></tr>" for number in range(60))
    body = (
        f"<h3>一、现场</h3><p>{words * 6}<strong>要点很清楚。</strong>{words}</p><p>第一行<br>第二行，{words * 3}<br>第三行</p>"
        f"<h4>（一）驿站</h4><ul><li>{words}</li><li>短句。</li></ul><ol><li>{words * 2}</li><li><p>另一条。</p></li></ol>"
        f"<blockquote>{words}</blockquote><p>面积120m<sup>2</sup>，{words * 2}<em>楷体字。</em>H<sub>2</sub>O。</p>"
    )
    table = f"<p>见表。</p><table><thead><tr><th>单位</th><th>件数</th></tr></thead><tbody>{rows}</tbody></table><p>表后。</p>"
    photos = [photo(1, "走访现场"), photo(2, "座谈会"), photo(3, "")]
    return issue(
        article(1, title="奉贤局开展\n“暖蜂行动”走访", subtitle="——走进驿站", body=body, photos=photos),
        article(
            2, title="上海市邮政管理局召开邮政快递行业精神文明创建工作推进会暨先进集体和先进个人表彰大会", body=table
        ),
        article(
            3, title="COVID-19期间的test-case", paragraphs=["COVID-19 and some well-known words, " * 12, words * 9]
        ),
        briefs=(article(101, title="", paragraphs=["青浦局" + words], section="brief"), article(102, title="")),
        editor_note=f"本期刊发三篇稿件，{words}\n第二段。",
        has_contents=True,
        issue_to=("各派出机构", "各品牌快递企业上海总部"),
        layout=layout,
    )


@pytest.mark.parametrize("layout", PRESETS)
def test_an_issue_with_everything_in_it_has_no_fault(layout):
    content = rich_issue(layout)
    report = layout_check.check(rendering.render(content, photo_bytes=jpeg), content)
    assert report.findings == []


def test_corner_marks_and_a_bulletins_own_measures_have_no_fault():
    marks = {"copy_number": "000001", "security": "秘密★1年", "notice": "内部资料 注意保存", "signer": "方维舟"}
    content = plain_issue(permit_number="K-0123", **marks)
    data = rendering.render(content, photo_bytes=jpeg)
    assert layout_check.check(data, content).findings == []
    assert found(layout_check.check(data, replace(content, security="机密★1年")), "text")
    measured = plain_issue(measures=Measures(characters=27, rows=20, body_size=15, top_mm=40, bottom_mm=40))
    assert layout_check.check(rendering.render(measured, photo_bytes=jpeg), measured).findings == []


def test_an_issue_without_anything_has_no_fault_but_its_masthead():
    content = issue(articles=(), report_to=(), send_to=(), print_run=0, number=None, total_number=None, dated_on=None)
    report = layout_check.check(rendering.render(content, photo_bytes=jpeg), content)
    assert rules(report) <= {"metadata"}


WITHOUT_MASTHEAD = {
    "name_lines": (), "publisher": "", "year": None, "number": None, "total_number": None, "dated_on": None,
}  # fmt: skip
MARKS = {
    "copy_number": "000012", "security": "内部", "notice": "内部资料 注意保存", "permit_number": "K-01", "signer": "方维舟",
}  # fmt: skip
UNITS = tuple(f"上海市第{number}街道党建服务中心" for number in range(45))
BRIEFS = tuple(article(100 + number, title="", paragraphs=[plant.MORE], section="brief") for number in range(6))
STORIES = tuple(
    article(
        number, title=f"第{number}分拨中心召开安全生产工作推进会暨旺季服务保障动员部署会", paragraphs=[SENTENCE * 2]
    )
    for number in range(1, 31)
)
LISTS = "<ul><li>一项</li><li><p>二项</p></li></ul><ol start='3'><li>三项<ul><li>四项</li></ul></li><li>五项</li></ol>"
LINK = '<p>见<a href="https://www.example.org/a?b=1&amp;c=2">网站</a>。</p>'
MANY_PHOTOS = [
    photo(number, "走访现场" if number % 2 else "", height=800 + 900 * (number % 3 == 0)) for number in range(1, 9)
]


@pytest.mark.parametrize("layout", ["current", "gbt9704", "as-printed"])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(issue(*STORIES, has_contents=True, editor_note="本期较长。"), id="contents of two pages"),
        pytest.param(issue(articles=(), briefs=BRIEFS), id="briefs alone"),
        pytest.param(issue(articles=(), briefs=BRIEFS * 4), id="briefs of many pages"),
        pytest.param(plant.sample(**WITHOUT_MASTHEAD), id="no masthead"),
        pytest.param(issue(articles=(), briefs=BRIEFS[:1], **WITHOUT_MASTHEAD), id="a brief alone"),
        pytest.param(plant.sample(**MARKS), id="all marks"),
        pytest.param(plant.sample(measures=Measures(mirrored=True)), id="mirrored margins"),
        pytest.param(plant.sample(send_to=UNITS), id="many recipients"),
        pytest.param(
            issue(article(1, body=f"<p>前文。</p>{LISTS}{LINK}<blockquote><p>引文。</p></blockquote>")),
            id="lists and links",
        ),
        pytest.param(issue(article(1, paragraphs=[LONG, LONG], photos=MANY_PHOTOS)), id="many photos"),
    ],
)
def test_a_sound_issue_has_no_fault(content, layout):
    content = replace(content, layout=layout)
    assert layout_check.check(plant.sound(content), content).findings == []


def test_a_page_is_checked_without_a_record_too():
    report = layout_check.check(rendering.render(plain_issue(), photo_bytes=jpeg))
    assert report.findings == []
    assert report.checked > 80


@pytest.mark.parametrize("layout", ["current", "gbt9704"])
def test_it_tells_the_layout_by_the_pages(layout):
    data = rendering.render(plain_issue(), photo_bytes=jpeg, layout=layout)
    assert layout_check.check(data).errors == []


# --- the report ----------------------------------------------------------------------------------------------------
def test_its_report_is_plain_json_in_the_order_of_pages():
    tight = replace(CURRENT, rows=23, row_height=27.6)
    report = layout_check.check(rendering.render(plain_issue(), photo_bytes=jpeg, layout=tight), plain_issue(number=3))
    kept = report.as_dict()
    assert json.loads(json.dumps(kept)) == kept
    assert kept["checked"] == report.checked
    assert [finding["page"] for finding in kept["findings"]] == sorted(finding["page"] for finding in kept["findings"])
    assert set(kept["findings"][0]) == {"rule", "clause", "page", "quote", "level", "words", "falsifies"}


def test_it_keeps_only_so_many_findings_of_one_rule():
    data = made(issue(article(paragraphs=[LONG] * 12)), css=(r"\.body \{", ".body { letter-spacing: -0.2pt;"))
    assert len(found(layout_check.check(data), "flush")) == 30


def test_it_refuses_what_is_no_pdf():
    with pytest.raises(reading.UnreadablePdf):
        layout_check.check(b"no PDF")
