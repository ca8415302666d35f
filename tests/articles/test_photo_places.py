"""Photos behind a paragraph of the text: put there, kept there while the text is changed, shown there."""

import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from articles import photos, places, restoring, versions
from articles.models import Article, Photo
from tests.articles.test_revision import revised
from tests.factories import make_article, make_photo
from tests.scenes import scene
from typesetting.blocks import blocks

BODY = "<p>甲甲甲</p><p>乙乙乙</p><p>丙丙丙</p>"


def after(photo):
    return Photo.objects.get(pk=photo.pk).after


@scene
def article(cast):
    return make_article(cast.lin, body=BODY)


def write(article, body):
    article.body = body
    photos.stay(article)
    article.save()


def body_of(text):
    return "".join(f"<p>{letter * 3}</p>" for letter in text)


@pytest.mark.parametrize(
    ("new", "place"),
    [
        ("甲乙丙", 2),
        ("天甲乙丙", 3),
        ("天地甲人乙丙", 5),
        ("乙丙", 1),
        ("甲丙", 1),
        ("丙", 1),
        ("甲子丙", 2),
        ("", 1),
    ],
)
def test_a_photo_stays_behind_its_paragraph(article, new, place):
    photo = make_photo(article, after=2)

    write(article, body_of(new))

    assert after(photo) == place


def test_lines_that_are_joined_take_the_photo_along(article):
    photo = make_photo(article, after=2)

    write(article, "<p>甲甲甲乙乙乙</p><p>丙丙丙</p>")

    assert after(photo) == 1


@given(st.text("甲乙丙丁", max_size=8), st.text("甲乙丙丁", max_size=8))
def test_every_block_has_a_place_in_any_other_text(before, new):
    to = places.carried(body_of(before), body_of(new))

    assert len(to) == len(blocks(body_of(before)))
    assert to == sorted(to)
    assert all(1 <= place <= max(1, len(new)) for place in to)


def test_the_writer_puts_a_photo_behind_a_paragraph_or_the_text(as_user, cast, article):
    first, second = make_photo(article, position=1), make_photo(article, position=2)
    lin = as_user(cast.lin)

    answer = lin.post(reverse("articles:photo_place", args=[second.pk]), {"after": "2"})
    assert after(second) == 2
    assert article.photos() == [second, first]
    assert answer.status_code == 200
    lin.post(reverse("articles:photo_place", args=[second.pk]), {"after": "99"})
    assert after(second) == 3
    lin.post(reverse("articles:photo_place", args=[second.pk]), {"after": ""})
    assert after(second) is None
    assert lin.post(reverse("articles:photo_place", args=[second.pk]), {"after": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("moved", "to", "order", "place"),
    [
        (3, 1, [3, 1, 2], 1),
        (3, 2, [1, 3, 2], 3),
        (1, 3, [2, 3, 1], None),
        (1, 2, [2, 1, 3], 3),
        (2, 9, [1, 3, 2], None),
    ],
)
def test_a_photo_that_is_moved_goes_to_the_paragraph_of_the_one_it_passes(article, moved, to, order, place):
    rows = [make_photo(article, position=at, after=behind) for at, behind in ((1, 1), (2, 3), (3, None))]

    photos.move(rows[moved - 1], to)

    assert article.photos() == [rows[number - 1] for number in order]
    assert after(rows[moved - 1]) == place


def test_dragging_names_the_place(as_user, cast, article):
    one, two, three = (make_photo(article, position=at) for at in (1, 2, 3))

    answer = as_user(cast.lin).post(reverse("articles:photo_move", args=[three.pk]), {"to": "1"})

    assert article.photos() == [three, one, two]
    assert "已移到第 1 张，共 3 张" in answer.text


def test_a_version_keeps_the_places_and_shows_the_photos_there(as_user, cast):
    article = make_article(cast.lin, body=BODY)
    photo = make_photo(article, caption="现场", after=1)
    article.apply(Article.SUBMIT, by=cast.lin)

    page = as_user(cast.lu).get(reverse("articles:detail", args=[article.pk])).text

    assert article.current_version.photos[0]["after"] == 1
    assert re.search("甲甲甲.*<figure>.*现场.*</figure>.*乙乙乙", page, re.DOTALL)
    assert article.current_version.pictures() == [photo]


@scene
def handed_in(cast):
    """An article with one photo behind its second paragraph."""
    article = make_article(cast.lin, body=BODY)
    make_photo(article, after=2)
    article.apply(Article.SUBMIT, by=cast.lin)
    return article


def change_of(article, before):
    """What the comparison says of the photo."""
    article.refresh_from_db()
    return [each.kind for each in versions.compare_texts(before, article.current_version).photos]


def test_the_office_changes_text_before_a_photo_and_that_is_no_move_of_it(handed_in, cast):
    before, photo = handed_in.current_version, handed_in.photos()[0]

    version = revised(handed_in, cast.lu, body=body_of("天甲乙丙"))

    assert after(photo) == version.photos[0]["after"] == 3
    assert change_of(handed_in, before) == ["same"]


def test_a_photo_at_another_paragraph_was_moved(handed_in, cast):
    before = handed_in.current_version
    photos.place(handed_in.photos()[0], 1)

    revised(handed_in, cast.lu, title="新标题")

    assert change_of(handed_in, before) == ["moved"]


def test_the_office_puts_photos_in_another_order(cast):
    article = make_article(cast.lin, body=BODY)
    one, two, three = (make_photo(article, position=at, after=behind) for at, behind in ((1, 1), (2, 3), (3, None)))
    article.apply(Article.SUBMIT, by=cast.lin)
    order = {three.pk: {"position": 1}, one.pk: {"position": 2}, two.pk: {"position": 3}}

    revised(article, cast.lu, photos=order)

    assert Article.objects.get().photos() == [three, one, two]
    assert [after(photo) for photo in (three, one, two)] == [1, 1, 3]


def test_a_version_that_is_restored_brings_its_places(cast, article):
    photo = make_photo(article, after=2)
    version = article.add_version(by=cast.lin)
    photos.place(photo, None)
    write(article, body_of("天地甲乙丙"))

    restoring.restore(version, by=cast.lin)

    assert after(photo) == 2


def test_autosaving_keeps_the_photo_at_its_paragraph(as_user, cast, article):
    photo = make_photo(article, after=2)
    fields = {"kind": "article", "title": article.title, "body": body_of("天甲乙丙")}

    as_user(cast.lin).post(reverse("articles:autosave", args=[article.pk]), fields)

    assert after(photo) == 3
