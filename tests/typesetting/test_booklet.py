"""The booklet: the pages of the PDF, two by two on A3, in the order in which the folded sheets are read."""

import io

import pikepdf
import pytest

from tests.typesetting.printed import article, issue, photo, real_issue
from tests.typesetting.word.samples import jpeg
from typesetting import reading, rendering
from typesetting.press.booklet import booklet, compare, sides


@pytest.fixture(scope="module")
def pdf():
    """Five pages with a photo."""
    long = article(1, paragraphs=("站点巡查。" * 60,) * 8, photos=(photo(1, "夜间巡查"),))
    return rendering.render(issue(long), photo_bytes=jpeg)


def leaves(order):
    """The pages in the order of the folded booklet: leaf by leaf, front then back."""
    order = list(order)
    sheets = list(zip(order[::2], order[1::2], strict=True))
    first = [page for (_l, front), (back, _r) in sheets for page in (front, back)]
    second = [page for (front, _r), (_l, back) in reversed(sheets) for page in (back, front)]
    return first + second


@pytest.mark.parametrize("count", range(1, 18))
def test_the_folded_sheets_have_the_pages_in_their_order(count):
    found = leaves(sides(count))

    assert found[:count] == list(range(1, count + 1))
    assert len(found) % 4 == 0
    assert set(found[count:]) <= {None}
    assert len(found) - count < 4


def test_each_page_stands_on_its_half(pdf):
    made = booklet(pdf)
    compared = compare(made, pdf)

    assert compared.is_equal
    assert compared.equal == compared.characters > 2000


def test_its_sheets_are_a3(pdf):
    with pikepdf.open(io.BytesIO(booklet(pdf))) as made:
        for page in made.pages:
            assert [round(float(edge) / 72 * 25.4) for edge in page.mediabox] == [0, 0, 420, 297]


def test_the_photo_and_the_red_rule_are_on_it(pdf):
    page = reading.area_of(pdf, 1, (0, 400, 595, 842), 0.5)
    made = booklet(pdf)

    side = next(at for at, halves in enumerate(sides(reading.page_count(pdf)), 1) if halves[1] == 1)
    assert reading.area_of(made, side, (595.276, 400, 1190, 842), 0.5).resize((20, 20)).tobytes() == pytest.approx(
        page.resize((20, 20)).tobytes(), abs=12
    )


def test_the_same_pdf_gives_the_same_bytes(pdf):
    assert booklet(pdf) == booklet(pdf)


def test_another_page_in_its_place_is_found(pdf):
    other = rendering.render(issue(article(1, paragraphs=("站点检查。" * 60,) * 8)), photo_bytes=jpeg)

    compared = compare(booklet(other), pdf)
    assert compared.difference
    assert compared.equal < compared.characters


def test_what_is_no_pdf_is_refused():
    with pytest.raises(reading.UnreadablePdf):
        booklet(b"no pdf")


def test_a_real_issue_is_all_in_its_booklet(bulletins_dir):
    content, _texts = real_issue(bulletins_dir, "003")
    official = rendering.render(content, photo_bytes=jpeg)

    assert compare(booklet(official), official).is_equal
