"""The layout check: the real issues pass it, and every fault that is planted in a page is found."""

import ctypes
import io
import json
import re
import time
from dataclasses import replace

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image

from issues import layout_check, pdf, pdf_pages, rendering
from issues.layout.presets import PRESETS, Measures
from tests.issues.printed import article, issue, photo, real_issue

CURRENT = PRESETS["current"]
SENTENCE = "驿站每天早上七点开门，志愿者轮流值守，为过路的快递员准备热水和简餐，也替附近居民代收包裹。"
LONG = SENTENCE * 12
HAN = "[\u4e00-\u9fff]"


def jpeg(photo_id):
    stream = io.BytesIO()
    Image.new("RGB", (1200, 800), (90, 120, 150)).save(stream, "JPEG")
    return stream.getvalue()


def plain_issue(**changes):
    return issue(
        article(1, title="第一分拨中心设立早餐点", paragraphs=[LONG, SENTENCE, LONG]),
        article(2, title="青年志愿者进站点", paragraphs=[LONG, LONG, LONG]),
        **changes,
    )


def made(content, *, html=None, css=None, layout="current"):
    """The PDF of a content, with a fault planted in its HTML or its style sheet by (pattern, replacement)."""
    preset = PRESETS[layout]
    page, style = rendering.page_html(content, preset), rendering.stylesheet(preset)
    for pattern, replacement in [html] if html else []:
        page, count = re.subn(pattern, replacement, page, count=1)
        assert count, pattern
    for pattern, replacement in [css] if css else []:
        style, count = re.subn(pattern, replacement, style)
        assert count, pattern
    return pdf.to_pdf(page, style, photo_bytes=jpeg, source=rendering._source(content))


def edited(data, change):
    """The PDF after `change(document)`."""
    document, stream = pypdfium2.PdfDocument(data), io.BytesIO()
    change(document)
    document.save(stream)
    document.close()
    return stream.getvalue()


def rules(report):
    return {finding.rule for finding in report.findings}


def found(report, rule):
    return [finding for finding in report.findings if finding.rule == rule]


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


def test_a_page_is_checked_without_a_record_too():
    report = layout_check.check(rendering.render(plain_issue(), photo_bytes=jpeg))
    assert report.findings == []
    assert report.checked > 80


@pytest.mark.parametrize("layout", ["current", "gbt9704"])
def test_it_tells_the_layout_by_the_pages(layout):
    data = rendering.render(plain_issue(), photo_bytes=jpeg, layout=layout)
    assert layout_check.check(data).errors == []


# --- planted faults: lines -----------------------------------------------------------------------------------------
def test_it_finds_a_paragraph_that_is_shifted():
    data = made(
        plain_issue(), html=('<p class="text body">', '<p class="text body" style="position:relative;left:8pt">')
    )
    faults = found(layout_check.check(data, plain_issue()), "flush")
    assert faults
    assert faults[0].page == 1
    assert faults[0].quote.startswith("驿站每天早上")


def test_it_finds_a_ragged_line():
    data = made(
        plain_issue(), html=(f"({HAN})({HAN})\n", r"\n\1\2")
    )  # two characters go to the next line, too short and too long
    assert len(found(layout_check.check(data, plain_issue()), "flush")) >= 2


@pytest.mark.parametrize("record", [True, False])
def test_it_finds_a_line_that_does_not_reach_the_edge(record):
    data = made(plain_issue(), css=(r"\.body \{", ".body { letter-spacing: -0.2pt;"))
    assert found(layout_check.check(data, plain_issue() if record else None), "flush")


def test_it_finds_a_mark_at_the_beginning_of_a_line():
    data = made(plain_issue(), html=(f"({HAN})\n{HAN}", "\\1\n，"))
    (fault,) = found(layout_check.check(data), "line-start")
    assert fault.clause == "GB/T 15834-2011 5.1.1"
    assert fault.quote.startswith("，")


def test_it_finds_an_opening_mark_at_the_end_of_a_line():
    (fault,) = found(layout_check.check(made(plain_issue(), html=(f"{HAN}\n", "（\n"))), "line-end")
    assert fault.clause == "GB/T 15834-2011 5.1.3"


def test_it_finds_a_dash_that_is_parted():
    (fault,) = found(layout_check.check(made(plain_issue(), html=(f"{HAN}\n{HAN}", "—\n—"))), "split")
    assert fault.clause == "GB/T 15834-2011 5.1.4"


def test_it_finds_a_paragraph_without_its_indent():
    report = layout_check.check(made(plain_issue(), css=("text-indent: 2em", "text-indent: 0")), plain_issue())
    assert found(report, "indent")[0].clause == "GB/T 9704-2012 7.3.3"


def test_it_finds_a_spread_line():
    data = made(
        plain_issue(),
        html=(r'(<p class="text body">[^\n]*\n)([^\n<]*)', r'\1<span style="letter-spacing:7pt">\2</span>'),
    )
    assert found(layout_check.check(data), "spacing")


def test_it_finds_text_of_another_size():
    data = made(plain_issue(), html=('<p class="text body">', '<p class="text body" style="font-size:15pt">'))
    assert found(layout_check.check(data), "size")[0].clause == "GB/T 9704-2012 5.2.2"


def test_it_finds_a_title_that_is_not_in_the_middle():
    data = made(plain_issue(), css=(r"(\.title \{[^}]*)text-align: center", r"\1text-align: left"))
    assert len(found(layout_check.check(data), "title")) == 2


# --- planted faults: pages -----------------------------------------------------------------------------------------
def test_it_finds_a_page_of_23_rows():
    tight = replace(CURRENT, rows=23, row_height=27.6)
    data = rendering.render(plain_issue(), photo_bytes=jpeg, layout=tight)
    (fault, *_more) = found(layout_check.check(data, plain_issue(), layout="current"), "rows")
    assert fault.clause == "GB/T 9704-2012 5.2.3"
    assert "23" in fault.words


def test_it_finds_rows_beside_the_grid():
    report = layout_check.check(made(plain_issue(), css=(r"(\.title \{[^}]*)padding: [0-9.]+pt", r"\1padding: 9pt")))
    assert found(report, "grid")


def test_it_finds_rows_below_the_type_area():
    tall = replace(CURRENT, rows=23, height_mm=236)
    data = rendering.render(plain_issue(), photo_bytes=jpeg, layout=tall)
    assert {"rows", "area"} <= rules(layout_check.check(data, layout="current"))


def test_it_finds_a_wrong_upper_margin():
    high = replace(CURRENT, top_mm=31)
    data = rendering.render(plain_issue(), photo_bytes=jpeg, layout=high)
    assert found(layout_check.check(data, layout="current"), "area")


def test_it_finds_other_paper():
    report = layout_check.check(made(plain_issue(), css=("size: A4", "size: 216mm 279mm")))
    assert found(report, "paper")[0].clause == "GB/T 9704-2012 5.1"


def test_it_finds_the_page_number_on_the_wrong_side():
    data = made(plain_issue(), css=(r"@bottom-right \{", "@bottom-left {"))
    faults = found(layout_check.check(data), "page-number")
    assert {fault.page % 2 for fault in faults} == {1}
    assert faults[0].clause == "GB/T 9704-2012 7.5"


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        ('"— " counter\\(page\\) " —"', '"- " counter(page) " -"'),
        ('"— " counter\\(page\\) " —"', '"— " counter(pages) " —"'),
        ('content: "— " counter\\(page\\) " —";', ""),
        ("font: 14pt/17pt", "font: 12pt/17pt"),
        ("padding: 11.0pt", "padding: 20pt"),
    ],
)
def test_it_finds_a_wrong_page_number(pattern, replacement):
    assert found(layout_check.check(made(plain_issue(), css=(pattern, replacement))), "page-number")


def test_it_finds_a_picture_outside_the_type_area():
    content = plain_issue(articles=(article(1, photos=[photo(1)]),))
    report = layout_check.check(
        made(content, css=(r"\.frame img \{", ".frame img { position: relative; left: -90pt;")), content
    )
    assert found(report, "pictures")[0].clause == "GB/T 9704-2012 5.2.1"


def test_it_finds_coloured_text_and_a_missing_red_rule():
    report = layout_check.check(made(plain_issue(), css=(r"\.body \{", ".body { color: #0000ff;")))
    assert found(report, "colour")
    assert found(layout_check.check(made(plain_issue(), css=("border-bottom: 2pt solid #d7000f;", ""))), "masthead")


def test_it_finds_end_matter_that_is_missing_or_set_wrong():
    content = plain_issue()
    without = rendering.render(plain_issue(report_to=(), send_to=(), print_run=0), photo_bytes=jpeg)
    assert [fault.clause for fault in found(layout_check.check(without, content), "end-missing")] == [
        "GB/T 9704-2012 7.4"
    ]
    assert found(layout_check.check(made(content, css=("float: footnote;", "")), content), "end-rules")
    assert found(layout_check.check(made(content, css=("0.35mm", "1.2mm"))), "end-rules")
    assert found(layout_check.check(made(content, css=("1em 2pt 3em", "1em 2pt 4.3em"))), "end-matter")


def test_it_finds_a_title_alone_at_the_foot_of_a_page():
    data = made(plain_issue(), html=(r'(<article id="article-2">\s*)<h2', r'\1<h2 style="break-after:page;padding:0"'))
    assert found(layout_check.check(data), "stranded")


def test_it_finds_a_page_that_is_left_short():
    content = issue(article(paragraphs=[LONG] * 8))
    data = made(
        content,
        html=(
            r'(?s)(<p class="text body">.*?)<p class="text body">',
            r'\1<p class="text body" style="break-before:page">',
        ),
    )
    assert found(layout_check.check(data, content), "short-page")


# --- planted faults: fonts -----------------------------------------------------------------------------------------
def test_it_warns_of_characters_in_another_font():
    content = plain_issue(articles=(article(paragraphs=[f"{SENTENCE}镕先生和堃女士也来了。"]),))
    report = layout_check.check(rendering.render(content, photo_bytes=jpeg), content)
    (fault,) = found(report, "fallback")
    assert fault.level == "warning"
    assert {"镕", "堃"} <= set(fault.words)
    assert report.errors == []


def test_it_finds_a_font_that_is_not_in_the_file():
    def write_in_helvetica(document):
        page = document[0]
        font = pdfium.FPDFText_LoadStandardFont(document.raw, b"Helvetica")
        text = pdfium.FPDFPageObj_CreateTextObj(document.raw, font, 16)
        words = (ctypes.c_ushort * 6)(*"proof".encode("utf-16-le")[::2], 0)
        pdfium.FPDFText_SetText(text, words)
        pdfium.FPDFPageObj_Transform(text, 1, 0, 0, 1, 200, 400)
        pdfium.FPDFPage_InsertObject(page.raw, text)
        page.gen_content()

    data = edited(rendering.render(plain_issue(), photo_bytes=jpeg), write_in_helvetica)
    report = layout_check.check(data, plain_issue())
    assert "Helvetica" in found(report, "embedded")[0].words
    assert found(report, "fallback")


def test_it_finds_text_that_was_added_to_the_file():
    data = made(plain_issue(), html=("</p>", "</p><p class='text body'>这一句不在记录里。</p>"))
    assert "extra" in rules(layout_check.check(data, plain_issue()))


# --- planted faults: against the record ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"number": 10}, "number"),
        ({"total_number": 543}, "number"),
        ({"year": 2025}, "number"),
        ({"kind": "supplement"}, "number"),
        ({"dated_on": plain_issue().dated_on.replace(day=28)}, "date"),
        ({"publisher": "编辑部"}, "text"),
        ({"name_lines": ("另一份简报",)}, "text"),
        ({"editor_note": "这一期有按语。"}, "text"),
        ({"send_to": ("上海市文明办", "上海市快递行业协会", "各快递企业")}, "recipients"),
        ({"report_to": ("上海市精神文明建设委员会",)}, "recipients"),
        ({"print_run": 61}, "recipients"),
    ],
)
def test_it_finds_what_differs_from_the_record(changes, rule):
    report = layout_check.check(rendering.render(plain_issue(), photo_bytes=jpeg), plain_issue(**changes))
    faults = found(report, rule)
    assert faults
    assert all(fault.falsifies and fault.level == "error" for fault in faults)


def test_it_names_both_numbers():
    report = layout_check.check(
        rendering.render(plain_issue(), photo_bytes=jpeg), plain_issue(number=10, total_number=545)
    )
    (fault,) = found(report, "number")
    assert "2026年第9期（总第544期）" in fault.words
    assert "2026年第10期（总第545期）" in fault.words


@pytest.mark.parametrize(
    "printed",
    [
        [LONG, LONG],
        [LONG, SENTENCE, LONG[:-1]],
        [LONG.replace("热水", "热汤", 1), SENTENCE, LONG],
        [LONG, LONG, SENTENCE],
    ],
)
def test_it_finds_text_that_is_missing_changed_or_out_of_order(printed):
    content = issue(article(paragraphs=[LONG, SENTENCE + "这一句在第二段。", LONG + "这是最后一段。"]))
    data = rendering.render(issue(article(paragraphs=printed)), photo_bytes=jpeg)
    assert found(layout_check.check(data, content), "text")


def test_it_shows_where_the_text_differs():
    content = issue(article(paragraphs=[SENTENCE, "值守的志愿者共有十八人，来自三个街道和两家企业。"]))
    data = rendering.render(
        issue(article(paragraphs=[SENTENCE, "值守的志愿者共有八十人，来自三个街道和两家企业。"])), photo_bytes=jpeg
    )
    (fault,) = found(layout_check.check(data, content), "text")
    assert fault.quote.startswith("值守的志愿者共有十八人") or "十八人" in fault.quote
    assert "八十人" in fault.words


def test_it_finds_articles_in_another_order():
    content = plain_issue()
    data = rendering.render(replace(content, articles=content.articles[::-1]), photo_bytes=jpeg)
    assert {"text", "bookmarks"} & rules(layout_check.check(data, content))
    assert found(layout_check.check(data, content), "text")


def test_it_finds_a_missing_photo():
    with_photo = plain_issue(articles=(article(1, photos=[photo(1, "")]),))
    data = rendering.render(plain_issue(articles=(article(1),)), photo_bytes=jpeg)
    assert [fault.falsifies for fault in found(layout_check.check(data, with_photo), "photos")] == [True]


def test_it_finds_a_wrong_page_in_the_contents():
    content = plain_issue(has_contents=True)
    data = made(content, css=(r"target-counter\(attr\(href\), page\)", '"9"'))
    assert len(found(layout_check.check(data, content), "contents")) == 2


def test_a_page_number_of_the_contents_ends_with_its_line():
    content = issue(
        article(1, title="2026年第一次走访", paragraphs=[LONG] * 2),
        article(2, title="20名志愿者进站点", paragraphs=[LONG] * 2),
        has_contents=True,
    )
    assert layout_check.check(rendering.render(content, photo_bytes=jpeg), content).findings == []


@pytest.mark.parametrize("odd", ["שלום", "مرحبا", "ﬁ", "x-\u200b-y", "\u3000空格\u3000", "𠮷", "5―6–7"])
def test_text_that_fonts_or_readers_turn_about_is_not_called_untrue(odd):
    content = issue(article(paragraphs=[f"{SENTENCE}{odd}（{SENTENCE}）", SENTENCE]))
    report = layout_check.check(rendering.render(content, photo_bytes=jpeg), content)
    assert [fault for fault in report.findings if fault.falsifies] == []


def test_it_finds_wrong_bookmarks_and_metadata():
    content = plain_issue()
    assert found(
        layout_check.check(made(content, css=("bookmark-level: 1", "bookmark-level: none")), content), "bookmarks"
    )
    assert found(
        layout_check.check(made(content, html=("<title>.*?</title>", "<title>x</title>")), content), "metadata"
    )
    assert found(layout_check.check(made(content, html=('lang="zh-CN"', 'lang="en"')), content), "metadata")


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


def test_nine_pages_take_no_longer_than_they_may(bulletins_dir):
    content, _texts = real_issue(bulletins_dir, "003")
    data = rendering.render(content, photo_bytes=jpeg)
    assert pdf_pages.page_count(data) >= 9
    times = []
    for _run in range(3):
        start = time.process_time()
        layout_check.check(data, content)
        times.append(time.process_time() - start)
    assert min(times) < 0.5


def test_it_refuses_what_is_no_pdf():
    with pytest.raises(pdf_pages.UnreadablePdf):
        layout_check.check(b"no PDF")
