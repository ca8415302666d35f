"""A comparison on paper: what was deleted, added and moved is told without colour."""

import pypdfium2
import pytest

from tests.typesetting.read_back import page_texts
from typesetting import redline
from typesetting.rendering import RenderingError


def page_of(body):
    return f'<!DOCTYPE html><html lang="zh-CN"><head><title>题</title></head><body>{body}</body></html>'


def strokes(pdf):
    """The thin lines of the first page, and the areas filled with grey: their boxes in points."""
    with pypdfium2.PdfDocument(pdf) as document:
        drawn = [each.get_bounds() for each in document[0].get_objects() if each.type == 2]
    lines = [box for box in drawn if box[3] - box[1] < 2]
    return lines, [box for box in drawn if box[3] - box[1] > 8]


def test_what_was_deleted_is_struck_on_grey_and_what_was_added_stands_on_a_line():
    struck, grey = strokes(redline.render(page_of("<p>安全<del>公示</del>责任</p>")))
    below, ground = strokes(redline.render(page_of("<p>安全<ins>共识</ins>责任</p>")))
    plain = strokes(redline.render(page_of("<p>安全责任</p>")))

    assert plain == ([], [])
    assert (len(struck), len(grey), len(below), len(ground)) == (1, 1, 1, 0)
    (_left, bottom, _right, top) = grey[0]
    assert bottom + (top - bottom) / 4 < struck[0][1] < top - (top - bottom) / 4
    assert below[0][1] < struck[0][1] - 3


def test_the_same_page_gives_the_same_bytes():
    page = page_of("<p>安全<del>公示</del></p>")

    assert redline.render(page) == redline.render(page)


def test_a_character_without_a_glyph_or_that_cannot_be_printed_keeps_no_comparison_back():
    pdf = redline.render(page_of("<p>安全<del>\U0001f9ff\u0007公示</del></p>"))

    assert page_texts(pdf)[0].startswith("安全〓公示")


def test_a_page_can_take_in_nothing_from_elsewhere():
    with pytest.raises(RenderingError):
        redline.render(page_of('<img src="file:///etc/passwd">'))
