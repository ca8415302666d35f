"""The verification code on the last page: read by another program, in its place, and checked."""

import io
import re
from dataclasses import replace

import pikepdf
import pypdfium2.raw as pdfium
import pytest
import zxingcpp

from tests.typesetting import engines
from tests.typesetting.planting import jpeg, sample
from tests.typesetting.printed import article, issue
from typesetting import reading, rendering
from typesetting.content import as_json, from_json
from typesetting.inspection import layout_check
from typesetting.page import verify_code
from typesetting.page.presets import PRESETS, Measures

LINK = "https://bulletin.example.cn/v/abcd2345efgh6/"


def rendered(content):
    return rendering.render(content, photo_bytes=jpeg)


def faults(pdf, content):
    return [finding for finding in layout_check.check(pdf, content).findings if finding.rule == "verify-code"]


BOTH_SIDES = Measures(mirrored=True, rows=20, bottom_mm=31)
TWO_PAGES = article(paragraphs=["这一段文字写得很长，用来占满一页。" * 40])


def read(page):
    return [found.text for found in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)]


@pytest.mark.parametrize(("layout", "measures"), [("current", None), ("gbt9704", None), ("gbt9704", BOTH_SIDES)])
def test_another_program_reads_its_link_from_the_last_page(layout, measures):
    content = issue(TWO_PAGES, layout=layout, measures=measures, verify_link=LINK)
    pdf = rendered(content)

    first, last = engines.pages(pdf, "mutool", dpi=150)

    assert (read(first), read(last)) == ([], [LINK])
    assert layout_check.check(pdf, content).findings == []


def test_a_long_address_is_read_too():
    link = f"https://bulletin.department.province.example.gov.cn:8443{LINK[27:]}"
    (page,) = engines.pages(rendered(issue(verify_link=link)), "mutool", dpi=200)
    assert read(page) == [link]


def test_it_moves_nothing():
    with_code, without = (
        [(line.page, line.text, line.left, line.baseline) for line in reading.lines_of(rendered(content))]
        for content in (sample(verify_link=LINK), sample())
    )
    added = [line for line in with_code if line not in without]
    assert [text for _page, text, *_place in added] == ["扫码核验"]
    assert len(with_code) == len(without) + 1


def test_an_issue_without_end_matter_has_it_too():
    content = issue(report_to=(), send_to=(), print_run=0, verify_link=LINK)
    assert layout_check.check(rendered(content), content).findings == []


def test_it_is_drawn_and_not_a_picture():
    content = issue(verify_link=LINK)
    file = pikepdf.open(io.BytesIO(rendered(content)))
    assert not file.pages[-1].get("/Resources", {}).get("/XObject", {})
    assert reading.read(rendered(content)).sheets[-1].pictures == ()
    drawn = file.pages[-1].Contents.read_bytes().decode("latin-1")
    assert {found.strip() for found in re.findall(r"[0-9. ]+(?:rg|RG)\b", drawn)} == {"0.843137 0 0.058824 rg"}


def test_it_is_read_aloud_as_what_it_is():
    file = pikepdf.open(io.BytesIO(rendered(issue(verify_link=LINK))))
    elements = [item for item in file.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"]
    (figure,) = elements
    assert str(figure.Alt) == "核验二维码"
    assert [kid.S for kid in figure.K if isinstance(kid, pikepdf.Dictionary)] == ["/Caption"]


def test_what_is_without_a_link_says_nothing_of_it():
    assert "verify" not in as_json(issue())
    assert "verify" not in rendering.page_html(issue(), PRESETS["current"])
    assert from_json(as_json(issue())).verify_link == ""
    assert from_json(as_json(issue(verify_link=LINK))).verify_link == LINK


@pytest.mark.parametrize("measures", [Measures(bottom_mm=24), Measures(characters=16, body_size=10.5)])
def test_a_margin_without_room_for_it_is_refused(measures):
    assert not verify_code.has_room_in("current", measures)
    with pytest.raises(rendering.RenderingError):
        rendered(issue(measures=measures, verify_link=LINK))
    rendered(issue(measures=measures))


# What the layout check finds


@pytest.fixture(scope="module")
def content():
    return issue(article(), verify_link=LINK)


@pytest.fixture(scope="module")
def pdf(content):
    return rendered(content)


def test_a_missing_code_is_found(content):
    found = faults(rendered(issue(article())), content)
    assert len(found) == 2  # the squares and the words under them
    assert all(finding.falsifies for finding in found)


def test_the_code_of_another_issue_is_found(content):
    other = rendered(issue(article(), verify_link=LINK.replace("abcd", "abce")))
    assert len(faults(other, content)) == 1


def test_a_code_that_the_record_does_not_have_is_found(pdf):
    assert len(faults(pdf, issue(article()))) == 1


def test_a_file_without_its_record_may_have_one(pdf):
    assert layout_check.check(pdf).findings == []


@pytest.mark.parametrize("moved", [{"height_mm": 223.0}, {"left_mm": 25.0}])
def test_a_code_in_another_place_is_found(moved, pdf, content):
    elsewhere = replace(PRESETS["current"], **moved)
    found = layout_check.check(pdf, content, layout=elsewhere).findings
    assert sum(finding.rule == "verify-code" for finding in found) == 2


@pytest.mark.parametrize("grey", [0, 255], ids=["ink", "a sticker"])
def test_a_code_that_something_lies_upon_is_found(grey, pdf, content):
    assert len(faults(_with_box(pdf, grey), content)) == 1


def _with_box(pdf, grey):
    """Three millimetres of a colour in the middle of the code."""
    with reading.opened(pdf) as document:
        page = document[len(document) - 1]
        width, height = page.get_size()
        box = pdfium.FPDFPageObj_CreateNewRect(width / 2 - 4, height - (37 + 225 + 3 + 7.5) * 72 / 25.4 - 4, 8, 8)
        pdfium.FPDFPageObj_SetFillColor(box, grey, grey, grey, 255)
        pdfium.FPDFPath_SetDrawMode(box, pdfium.FPDF_FILLMODE_WINDING, 0)
        pdfium.FPDFPage_InsertObject(page.raw, box)
        pdfium.FPDFPage_GenerateContent(page.raw)
        stream = io.BytesIO()
        document.save(stream)
    return stream.getvalue()
