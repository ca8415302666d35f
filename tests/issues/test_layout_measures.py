"""Measures of a bulletin's own: characters in a line, lines on a page, size, margins."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from issues.content import content_of
from issues.models import Bulletin
from tests import factories
from tests.typesetting.printed import article, issue
from typesetting import reading, rendering
from typesetting.content import digest
from typesetting.inspection import layout_check
from typesetting.page.presets import MM, PAGE_WIDTH_MM, PRESETS, Measures, Misfit, customised

LONG = article(paragraphs=["这一段文字写得很长，用来占满整整几页，看看每行每页各有多少个字。" * 40] * 2)


def test_a_preset_without_measures_is_itself():
    for preset in PRESETS.values():
        assert customised(preset, None) is preset
        assert customised(preset, Measures(rows=preset.rows)) == preset


@pytest.mark.parametrize("layout", ["current", "gbt9704"])
@pytest.mark.parametrize(("characters", "rows"), [(30, 24), (28, 20), (24, 25)])
def test_pages_have_the_characters_and_lines_asked_for(layout, characters, rows):
    content = issue(LONG, layout=layout, measures=Measures(characters=characters, rows=rows))
    pdf = rendering.render(content, photo_bytes=bytes)
    preset = rendering.preset_of(content)
    inner = [line for line in reading.lines_of(pdf) if line.page == 2 and line.baseline > preset.bottom_mm * MM]
    assert len(inner) == rows
    left, right = preset.left_mm * MM, preset.left_mm * MM + characters * preset.body_size
    assert preset.left_mm == pytest.approx(preset.right_mm, abs=0.01) or layout == "gbt9704"
    full = [line for line in inner if line.left == pytest.approx(left, abs=0.5)]
    assert len(full) > rows // 2
    for line in full[:-1]:
        assert -0.6 * preset.body_size < right - line.right < 0.6 * preset.body_size
        assert characters - 1 <= len(line.text) <= characters + 3
    assert not layout_check.check(pdf, content).findings


def test_size_and_margins_are_followed():
    measures = Measures(characters=30, rows=24, body_size=15.0, top_mm=30.0, bottom_mm=30.0, left_mm=25.0)
    content = issue(LONG, measures=measures)
    pdf = rendering.render(content, photo_bytes=bytes)
    body = [line for line in reading.lines_of(pdf) if line.page == 2][:-1]
    assert {character.size for line in body for character in line.characters} == {15.0}
    assert min(line.left for line in body) == pytest.approx(25 * MM, abs=0.5)
    assert (297 - 30) * MM - body[0].baseline < rendering.preset_of(content).row_height
    assert len(body) == 24


def test_a_line_of_another_length_stands_in_the_middle():
    preset = customised(PRESETS["gbt9704"], Measures(characters=24))
    assert preset.left_mm == pytest.approx((PAGE_WIDTH_MM - preset.measure / MM) / 2)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"characters": 36}, "left_mm"),
        ({"characters": 30, "left_mm": 45.0}, "characters"),
        ({"characters": 5}, "characters"),
        ({"rows": 26, "top_mm": 60.0}, "rows"),
        ({"rows": 40}, "rows"),
        ({"body_size": 40.0}, "body_size"),
        ({"body_size": 18.0, "characters": 45}, "left_mm"),
        ({"top_mm": 4.0}, "top_mm"),
        ({"bottom_mm": 12.0}, "bottom_mm"),
        ({"top_mm": 99.0, "bottom_mm": 99.9}, "rows"),
        ({"left_mm": -3.0}, "left_mm"),
    ],
)
def test_what_no_page_can_have_is_refused_with_the_field_to_change(given, field):
    with pytest.raises(Misfit) as refused:
        customised(PRESETS["current"], Measures(**given))
    assert refused.value.field == field
    with pytest.raises(rendering.RenderingError):
        rendering.render(issue(measures=Measures(**given)), photo_bytes=bytes)


@pytest.mark.django_db
def test_the_bulletin_refuses_them_in_its_form():
    bulletin = Bulletin(name_lines="简报", publisher="党建办", characters=40)
    with pytest.raises(ValidationError) as refused:
        bulletin.full_clean()
    assert list(refused.value.message_dict) == ["left_mm"]


@pytest.mark.django_db
def test_they_come_from_the_bulletin_and_change_the_digest(bulletin, cast):
    made = factories.make_issue(bulletin, cast.lu)
    before = digest(content_of(made))
    assert content_of(made).measures is None
    bulletin.characters, bulletin.left_mm, bulletin.notice = 30, Decimal("20.5"), "内部资料 · 注意保存"
    bulletin.save()
    made.refresh_from_db()
    content = content_of(made)
    assert content.measures == Measures(characters=30, left_mm=20.5)
    assert content.notice == "内部资料 · 注意保存"
    assert digest(content) != before
    made.is_past = True
    assert content_of(made).measures is None
    assert content_of(made).notice == ""
