"""The office sees what was handed in, never what a unit is writing since."""

import pytest
from django.urls import reverse

from articles.models import Article
from tests.factories import make_article, make_photo, submitted
from tests.scenes import scene


@scene
def revised(cast):
    """Returned, and revised by its unit since."""
    article = submitted(cast.lin, title="旧的标题", body="<p>交来的正文。</p>")
    article.apply(Article.RETURN, by=cast.lu, note="请补充。")
    article.title, article.body = "新的标题", "<p>改写的正文。</p>"
    article.save()
    return article


def found(client, query):
    page = client.get(reverse("articles:queue"), {"show": "all", "q": query}).content.decode()
    return "交来" in page or "旧的标题" in page


@pytest.mark.parametrize("words", ["改写", "新的标题", "改"])
def test_the_office_finds_nothing_by_words_written_since(revised, as_user, cast, words):
    assert not found(as_user(cast.lu), words)


@pytest.mark.parametrize("words", ["交来的正文", "旧的", "交"])
def test_the_office_finds_it_by_what_was_handed_in(revised, as_user, cast, words):
    assert found(as_user(cast.lu), words)


@pytest.mark.parametrize(("words", "count"), [("改写", 1), ("交来", 0)])
def test_its_unit_finds_it_by_what_it_writes_now(revised, cast, words, count):
    assert Article.objects.belonging_to(cast.he).matching_for(cast.he, words).count() == count


def test_handed_in_again_the_office_finds_the_new_words(revised, as_user, cast):
    revised.apply(Article.SUBMIT, by=cast.lin)

    assert [a.pk for a in Article.objects.visible_to(cast.lu).matching_for(cast.lu, "改写")] == [revised.pk]
    assert not Article.objects.visible_to(cast.lu).matching_for(cast.lu, "交来")


def test_the_queue_shows_the_title_that_was_handed_in(revised, as_user, cast):
    page = as_user(cast.lu).get(reverse("articles:queue"), {"show": "all"}).content.decode()

    assert "旧的标题" in page
    assert "新的标题" not in page


def test_the_administration_shows_what_was_handed_in(revised, as_user, cast):
    client = as_user(cast.admin)
    for address in ("admin:articles_article_changelist", "admin:articles_article_change"):
        arguments = [revised.pk] if address.endswith("_change") else []
        page = client.get(reverse(address, args=arguments)).content.decode()
        assert "旧的标题" in page
        assert "新的" not in page
        assert "改写" not in page


def test_a_photo_added_since_is_for_its_unit_alone(revised, client, cast):
    photo = make_photo(revised)
    answers = {}
    for person in (cast.lin, cast.he, cast.zhao, cast.lu, cast.admin):
        client.force_login(person)
        answers[person.username] = client.get(reverse("articles:photo", args=[photo.pk])).status_code

    assert answers == {"lin": 200, "he": 200, "zhao": 404, "lu": 404, "admin": 404}


def test_a_photo_that_was_handed_in_is_shown_to_the_office(as_user, cast):
    article = make_article(cast.lin)
    photo = make_photo(article)
    article.apply(Article.SUBMIT, by=cast.lin)

    assert as_user(cast.lu).get(reverse("articles:photo", args=[photo.pk])).status_code == 200


def test_it_asks_the_same_number_of_queries_for_any_number_of_photos(as_user, cast, django_assert_max_num_queries):
    article = make_article(cast.lin)
    photos = [make_photo(article) for _ in range(6)]
    article.apply(Article.SUBMIT, by=cast.lin)
    client = as_user(cast.lu)

    with django_assert_max_num_queries(6):
        client.get(reverse("articles:photo", args=[photos[3].pk]))
