"""A photo stands behind the paragraph of the writer's choice, and the page is full all the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.typesetting.printed import article, issue, photo
from tests.typesetting.test_layout_pictures import rendered
from typesetting import rendering
from typesetting.blocks import blocks, parted
from typesetting.content import as_json, from_json
from typesetting.inspection import layout_check
from typesetting.page import flow
from typesetting.page.pictures import Pictures
from typesetting.page.presets import PRESETS

CURRENT = PRESETS["current"]
TEXT = "驿站每天早上七点开门，志愿者轮流值守。"
BODY = (
    "<p>甲</p>\n<h3>一、乙</h3>\n<ul>\n<li>丙<ul><li>丁</li></ul></li>\n<li>戊</li>\n</ul>"
    "<table><tbody><tr><td><p>己</p><ul><li>庚</li></ul></td></tr></tbody></table><p>辛</p>"
)


def kinds(story):
    return ["photo" if isinstance(block, Pictures) else "text" for block in story.blocks]


def settled(paragraphs, photos, row=0.0):
    story = rendering.story(article(paragraphs=paragraphs, photos=photos), CURRENT, "article-1")
    flow.settle([story], row, CURRENT)
    return story


def test_blocks_are_the_outermost_ones():
    assert [block.strip()[:4] for block in blocks(BODY)] == ["<p>甲", "<h3>", "<ul>", "<tab", "<p>辛"]


HTML = st.lists(
    st.sampled_from(["<p>甲</p>", "<ul><li>乙</li></ul>", "<h3>丙</h3>", "\n", "丁", "</p>", "<table>"])
).map("".join)


@given(HTML, st.lists(st.none() | st.integers(0, 9), max_size=6))
def test_no_text_and_no_photo_is_lost_or_doubled(html, places):
    photos = [photo(number, after=after) for number, after in enumerate(places)]

    parts = parted(html, photos)

    assert "".join(text for text, _photos in parts) == html
    assert sorted(one.photo_id for _text, behind in parts for one in behind) == list(range(len(photos)))


def test_a_photo_stands_behind_its_paragraph():
    story = settled([TEXT] * 4, [photo(1, after=1), photo(2, after=3), photo(3)])

    assert kinds(story) == ["text", "photo", "text", "text", "photo", "text", "photo"]


def test_photos_behind_one_paragraph_stand_side_by_side():
    story = settled([TEXT] * 3, [photo(1, after=2), photo(2, after=2)])

    assert kinds(story) == ["text", "text", "photo", "text"]
    assert len(story.blocks[2].pictures) == 2


def test_a_place_behind_the_end_is_the_end():
    assert kinds(settled([TEXT] * 2, [photo(1, after=9)])) == ["text", "text", "photo"]


def test_text_goes_first_where_the_photo_would_leave_the_foot_of_a_page_empty():
    row = CURRENT.rows - 6.0

    story = settled([TEXT, *[TEXT * 4] * 4], [photo(1, after=1)], row)

    at = kinds(story).index("photo")
    assert at > 1
    start = flow._rows(story, row, CURRENT)[at]
    assert start % CURRENT.rows + flow.picture_rows(story.blocks[at], CURRENT) <= CURRENT.rows


def test_a_photo_that_no_later_text_helps_goes_up_as_those_without_a_place():
    story = settled([TEXT] * 8, [photo(1, after=8)], CURRENT.rows - 12.0)

    assert kinds(story) == kinds(settled([TEXT] * 8, [photo(1)], CURRENT.rows - 12.0))


@pytest.mark.parametrize("after", [1, 2, 5])
def test_the_layout_check_finds_nothing(after):
    photos = [photo(1, "走访现场", after=after), photo(2, "合影", after=after + 1), photo(3, "尾图")]
    content = issue(article(paragraphs=[TEXT * 4] * 7, photos=photos), article(2, title="崇明局走访驿站"))

    assert layout_check.check(rendered(content), content).findings == []


def test_a_photo_without_a_place_changes_no_digest():
    assert '"after"' not in as_json(issue(article(photos=[photo(1)])))
    again = from_json(as_json(issue(article(photos=[photo(1, after=2)]))))
    assert again.articles[0].photos[0].after == 2
