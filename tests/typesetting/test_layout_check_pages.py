"""The layout check finds what is wrong with lines, pages and fonts, each fault planted by itself."""

import ctypes
from dataclasses import replace

import pypdfium2.raw as pdfium
import pytest

from tests.typesetting.planting import SENTENCE, edited, found, jpeg, made, plain_issue, rules
from tests.typesetting.printed import article, issue, photo
from typesetting import rendering
from typesetting.inspection import layout_check
from typesetting.page.presets import PRESETS

CURRENT = PRESETS["current"]
LONG = SENTENCE * 12
HAN = "[\u4e00-\u9fff]"


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
