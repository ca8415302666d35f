"""How large photos are printed, where their edges stand, and what is said of them to those who can't see them."""

import io
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest

from tests.typesetting.printed import article, issue, photo
from tests.typesetting.read_back import picture_boxes
from tests.typesetting.test_layout_parts import jpeg
from typesetting import rendering
from typesetting.content import digest
from typesetting.inspection import layout_check
from typesetting.page import parts, pictures
from typesetting.page.presets import MM, PRESETS

CURRENT = PRESETS["current"]
LEFT, RIGHT = CURRENT.left_mm * MM, CURRENT.left_mm * MM + CURRENT.measure


def rendered(content):
    sizes = {one.photo_id: (one.width, one.height) for story in content.articles for one in story.photos}
    return rendering.render(content, photo_bytes=lambda photo_id: jpeg(*sizes[photo_id]))


def rows_of(boxes):
    """The boxes of photos by the rows they stand in, top first."""
    found = {}
    for page, left, bottom, right, top in boxes:
        found.setdefault((page, -round(bottom)), []).append((left, bottom, right, top))
    return [sorted(found[key]) for key in sorted(found)]


@pytest.mark.parametrize("size", [(320, 240), (60, 60), (600, 400), (1600, 1200), (200, 900)])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_photo_is_printed_with_fewer_than_150_pixels_an_inch(size, count):
    pdf = rendered(issue(article(photos=[photo(n, "说明", *size) for n in range(count)])))
    boxes = picture_boxes(pdf)
    assert len(boxes) == count
    assert all(size[0] / ((right - left) / 72) >= 149.9 for _page, left, _bottom, right, _top in boxes)


def test_a_large_photo_keeps_300_pixels_an_inch():
    pdf = rendered(issue(article(photos=[photo(1, "", 3000, 2000)])))
    ((_page, left, _bottom, right, _top),) = picture_boxes(pdf)
    with pypdfium2.PdfDocument(pdf) as document:
        (image,) = document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        pixels = image.get_px_size()[0]
    assert pixels / ((right - left) / 72) >= 299


def test_rows_of_two_have_common_edges_and_one_gutter():
    sizes = [(1600, 1200), (1200, 1600), (1600, 900), (1600, 1067), (900, 1600), (1200, 1600)]
    pdf = rendered(issue(article(photos=[photo(n, f"第{n}张", *size) for n, size in enumerate(sizes)])))
    rows = rows_of(picture_boxes(pdf))
    assert [len(row) for row in rows] == [2, 2, 2]
    wide = [row for row in rows if row[-1][2] - row[0][0] > 0.85 * CURRENT.measure]
    assert len(wide) >= 2
    assert max(row[0][0] for row in wide) - min(row[0][0] for row in wide) < 1
    for row in rows:
        assert row[1][0] - row[0][2] == pytest.approx(pictures.GUTTER, abs=0.5)
        assert row[0][3] - row[0][1] == pytest.approx(row[1][3] - row[1][1], abs=0.5)
        assert (row[0][0] + row[1][2]) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)


@pytest.mark.parametrize("size", [(1600, 1067), (1600, 900), (1600, 1200)])
def test_an_odd_photo_stands_in_the_middle_between_the_same_edges(size):
    pdf = rendered(issue(article(photos=[photo(n, "说明", *size) for n in range(3)])))
    single, pair = rows_of(picture_boxes(pdf))
    assert single[0][0] == pytest.approx(pair[0][0], abs=1)
    assert single[0][2] == pytest.approx(pair[1][2], abs=1)


def test_captions_are_as_wide_as_their_photos_in_two_lines_at_most():
    caption = "青浦局工作人员在快递分拨中心检查消防安全设施情况"
    for sizes in ([(1600, 1200)], [(1600, 1200)] * 2, [(1600, 900), (1600, 1200)]):
        found = pictures.arrange([photo(n, caption, *size) for n, size in enumerate(sizes)], CURRENT)
        assert all(picture.caption.rows <= 2 for row in found for picture in row.pictures)
        assert all(picture.caption.size == parts.CAPTION_SIZE for row in found for picture in row.pictures)


def test_a_photo_takes_whole_rows_with_its_caption():
    for count, caption in ((1, ""), (1, "说明"), (2, "说明" * 12), (3, "")):
        for row in pictures.arrange([photo(n, caption) for n in range(count)], CURRENT):
            assert row.height % CURRENT.row_height == pytest.approx(0, abs=1e-6)
            assert row.above >= pictures.AIR - 0.5


@pytest.mark.parametrize("count", [1, 2, 3, 5, 10])
def test_the_layout_check_finds_nothing(count):
    sizes = [(1600, 1200), (1200, 1600), (1600, 900), (320, 240)]
    captions = ["走访现场", "志愿者在驿站为过路的快递员准备热水和简餐", "", "合影"]
    photos = [photo(n, captions[n % 4], *sizes[n % 4]) for n in range(count)]
    content = issue(article(paragraphs=["驿站每天早上七点开门，志愿者轮流值守。" * 4] * 3, photos=photos))
    assert layout_check.check(rendered(content), content).findings == []


def alternatives(pdf):
    """The Alt of each figure of a file."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            str(one.Alt)
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]


@pytest.mark.parametrize(
    ("caption", "alternative", "said"),
    [("走访现场", "两名快递员在驿站喝水", "两名快递员在驿站喝水"), ("走访现场", "", "走访现场"), ("", "", "照片")],
)
def test_a_photo_says_what_it_shows(caption, alternative, said):
    one = photo(1, caption, alternative=alternative)
    assert alternatives(rendered(issue(article(photos=[one])))) == [said]


def test_words_that_nobody_wrote_change_no_digest():
    plain, told = photo(1, "图"), photo(1, "图", alternative="两人握手")
    assert '"alternative"' not in rendering.as_json(issue(article(photos=[plain])))
    assert digest(issue(article(photos=[plain]))) != digest(issue(article(photos=[told])))


def test_a_row_never_stands_over_the_type_area():
    assert all(
        row.height <= CURRENT.rows * CURRENT.row_height
        for sizes in pairwise([(40, 3000), (3000, 200), (10, 10), (1600, 900)])
        for row in pictures.arrange([photo(n, "说明" * 20, *size) for n, size in enumerate(sizes)], CURRENT)
    )
