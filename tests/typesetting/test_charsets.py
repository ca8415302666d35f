"""Every reader shows the same characters: the fonts in the file lead from code to glyph by one way only."""

import io
import re
from dataclasses import replace
from functools import cache

import pikepdf
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from tests.typesetting import engines
from tests.typesetting.printed import article, issue, real_issue
from typesetting import rendering
from typesetting.fonts import roles
from typesetting.press import gaps

REAL = pytest.mark.parametrize("name", ["000", "003", "004"])


@REAL
def test_three_programs_draw_the_same_ink_on_every_page_of_a_real_issue(bulletins_dir, name):
    content, _texts = real_issue(bulletins_dir, name)
    made = rendering.render(content, photo_bytes=bytes)
    drawn = [engines.pages(made, program) for program in ("pdfium", "pdftoppm", "mutool")]
    for number, (ours, *others) in enumerate(zip(*drawn, strict=True), 1):
        for other in others:
            assert engines.difference(ours, other) < 40, f"page {number}"


def programs(file):
    """The dictionaries of the CFF fonts in a file, with the fonts themselves."""
    for item in file.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Type0":
            below = item.DescendantFonts[0]
            if "/FontFile3" in below.FontDescriptor:
                yield item, below, opened(below.FontDescriptor.FontFile3)


def opened(program):
    found = CFFFontSet()
    found.decompile(io.BytesIO(program.read_bytes()), None)
    return found[0]


RARE = "镕喆堃赟龑珺玥昇旸翀璟㛃䶮丂丄丅㐂㐄"


def everything(bulletins_dir):
    """A real issue, and characters that the cut fonts lack."""
    content, _texts = real_issue(bulletins_dir, "000")
    extra = article(9, title="又一篇", paragraphs=[RARE, "Größe Ελλάδα щука ①②㎡"])
    return replace(content, articles=(*content.articles, extra))


def test_the_code_of_every_glyph_in_a_cid_font_is_its_number(bulletins_dir):
    file = pikepdf.open(io.BytesIO(rendering.render(everything(bulletins_dir), photo_bytes=bytes)))
    found = list(programs(file))
    assert len(found) > 4
    for _font, below, top in found:
        if hasattr(top, "ROS"):
            assert top.ROS == ("Adobe", "Identity", 0)
            assert top.charset == [".notdef", *(f"cid{glyph:05d}" for glyph in range(1, len(top.charset)))]
            assert (str(below.CIDSystemInfo.Registry), str(below.CIDSystemInfo.Ordering)) == ("Adobe", "Identity")


def to_unicode(font):
    pairs = re.findall(r"<([0-9a-f]{4})> <([0-9a-f]+)>", font.ToUnicode.read_bytes().decode())
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs if code != "0000"}


def drawn(glyphs, name):
    pen = RecordingPen()
    glyphs[name].draw(pen)
    return pen.value


@cache
def source(name):
    """The installed font of this name, whole."""
    family = re.sub(r"^[A-Z]{6}\+", "", name).replace("-Cut", "")
    found = [
        face
        for faces in roles.installed().values()
        for face in faces
        if family.replace("-", "").replace("Bold", "") == face.family.replace(" ", "")
        and (face.weight > 100) == family.endswith("Bold")
    ]
    return TTFont(found[0].file, fontNumber=found[0].index) if found else None


def test_each_code_leads_to_the_glyph_that_the_font_has_for_its_text(bulletins_dir):
    file = pikepdf.open(io.BytesIO(rendering.render(everything(bulletins_dir), photo_bytes=bytes)))
    seen = 0
    for font, _below, top in programs(file):
        whole = source(str(font.BaseFont)[1:])
        if whole is None or not hasattr(top, "ROS"):
            continue
        shapes, cmap = whole.getGlyphSet(), whole.getBestCmap()
        for code, text in to_unicode(font).items():
            if len(text) == 1:
                assert drawn(top.CharStrings, f"cid{code:05d}") == drawn(shapes, cmap[ord(text)]), text
                seen += 1
    assert seen > 600


def test_the_widths_in_the_file_are_those_in_its_fonts(bulletins_dir):
    file = pikepdf.open(io.BytesIO(rendering.render(everything(bulletins_dir), photo_bytes=bytes)))
    for _font, below, top in programs(file):
        if not hasattr(top, "ROS"):
            continue
        for first, row in zip(list(below.W)[::2], list(below.W)[1::2], strict=True):
            for code, width in enumerate(row, int(first)):
                outline = top.CharStrings[f"cid{code:05d}"]
                outline.draw(RecordingPen())
                assert abs(outline.width - int(width)) <= 1


# What is copied out of the file


@pytest.mark.parametrize("program", ["pdfium", "pdftotext", "mutool"])
def test_no_blank_is_copied_between_han_and_figures(program):
    body = "<p>3月27日，上海局召开会议，共10人参加，“十四五”（2021—2025年）AED设备12台，CO<sub>2</sub>排放下降。</p>"
    long = "<p>2026年3月27日至4月1日，共检查网点128个，发现隐患36处，其中24处已整改，另有12处正在整改，整改率为66.7％左右。</p>"
    pdf = rendering.render(issue(article(body=body + long * 2)), photo_bytes=bytes)
    copied = re.sub(r"\r?\n", "", engines.text(pdf, program))
    assert "3月27日，上海局召开会议，共10人参加，“十四五”（2021—2025年）AED设备12台，CO2排放下降。" in copied
    assert copied.count(re.sub("<[^>]*>", "", long)) == 2


@REAL
def test_nothing_moves_when_gaps_are_closed(bulletins_dir, name, monkeypatch):
    content, _texts = real_issue(bulletins_dir, name)
    closed = rendering.render(content, photo_bytes=bytes)
    monkeypatch.setattr(gaps, "LEAST", 10_000)
    left_open = rendering.render(content, photo_bytes=bytes)
    assert closed != left_open
    for one, other in zip(engines.pages(closed, "pdfium", 100), engines.pages(left_open, "pdfium", 100), strict=True):
        assert engines.difference(one, other) <= 2
