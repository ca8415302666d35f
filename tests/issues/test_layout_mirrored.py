"""Margins that are mirrored on even pages, for printing on both sides."""

import subprocess
from xml.etree import ElementTree

import pytest

from issues.content import content_of
from tests import factories
from tests.typesetting.printed import article, issue, photo
from tests.typesetting.test_layout_parts import jpeg
from typesetting import reading, rendering
from typesetting.content import as_json, digest, from_json
from typesetting.inspection import layout_check
from typesetting.page.presets import MM, PRESETS, Measures

BOTH_SIDES = Measures(mirrored=True)
LONG = article(
    title="奉贤局走访驿站",
    paragraphs=["这一段文字写得很长，用来占满整整几页。" * 40] * 3,
    photos=[photo(1, "现场", 900, 600)],
)
PRESET = PRESETS["gbt9704"]


def rendered(**changes):
    content = issue(LONG, layout="gbt9704", **changes)
    return content, rendering.render(content, photo_bytes=lambda photo_id: jpeg(900, 600))


def left_edges(pdf):
    """The left edge of most of the body, page by page, in mm."""
    pages = {}
    for line in reading.lines_of(pdf):
        if line.characters[0].size == pytest.approx(PRESET.body_size, abs=0.1):
            pages.setdefault(line.page, []).append(round(line.left / MM, 1))
    return [max(set(lefts), key=lefts.count) for _page, lefts in sorted(pages.items())]


def test_even_pages_have_the_margins_the_other_way_round():
    _content, pdf = rendered(measures=BOTH_SIDES)
    assert left_edges(pdf)[:4] == pytest.approx([28, 26, 28, 26], abs=0.1)


def test_they_stay_as_they_are_by_default():
    _content, pdf = rendered()
    assert left_edges(pdf)[:4] == pytest.approx([28, 28, 28, 28], abs=0.1)


def test_poppler_sees_the_same_edges(tmp_path):
    _content, pdf = rendered(measures=BOTH_SIDES)
    (tmp_path / "issue.pdf").write_bytes(pdf)
    subprocess.run(["pdftotext", "-bbox", "issue.pdf", "words.html"], cwd=tmp_path, check=True, timeout=60)
    pages = ElementTree.parse(tmp_path / "words.html").iter("{http://www.w3.org/1999/xhtml}page")  # noqa: S314 - ours
    edges = [min(float(word.get("xMin")) for word in page if float(word.get("yMax")) < 720) / MM for page in pages]
    assert edges[:4] == pytest.approx([28, 26, 28, 26], abs=0.6)


def test_page_numbers_stay_outside_one_character_in():
    _content, pdf = rendered(measures=BOTH_SIDES)
    numbers = [line for line in reading.lines_of(pdf) if line.text.startswith("—")]
    assert numbers[0].right / MM == pytest.approx(210 - 26 - 14 / MM, abs=0.5)
    assert numbers[1].left / MM == pytest.approx(26 + 14 / MM, abs=0.5)


def test_the_layout_check_knows_them_with_and_without_the_record():
    content, pdf = rendered(measures=BOTH_SIDES)
    assert not layout_check.check(pdf, content).findings
    assert not layout_check.check(pdf).findings


def test_the_layout_check_finds_margins_that_are_not_as_the_bulletin_has_them():
    content, _pdf = rendered(measures=BOTH_SIDES)
    _plain, pdf = rendered()
    assert {finding.rule for finding in layout_check.check(pdf, content).findings} >= {"flush"}


@pytest.mark.django_db
def test_the_setting_comes_from_the_bulletin_and_leaves_other_digests_alone(bulletin, cast):
    made = factories.make_issue(bulletin, cast.lu)
    before = digest(content_of(made))
    bulletin.rows = 22
    bulletin.save()
    made.refresh_from_db()
    assert "mirrored" not in as_json(content_of(made))
    bulletin.rows, bulletin.mirrored = None, True
    bulletin.save()
    made.refresh_from_db()
    content = content_of(made)
    assert content.measures == BOTH_SIDES
    assert from_json(as_json(content)) == content
    assert digest(content) != before
