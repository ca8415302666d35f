"""Every reader shows the same characters: the fonts in the file lead from code to glyph by one way only."""

import io
from dataclasses import replace

import pikepdf
import pytest
from fontTools.cffLib import CFFFontSet

from issues import rendering
from tests.issues import engines
from tests.issues.printed import article, real_issue

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
