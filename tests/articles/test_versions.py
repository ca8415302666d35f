"""Which texts of an article are kept, and what they are called."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import revision
from articles.models import Article
from tests.factories import make_article, submitted

from .test_submit import form_of

BODY = "<p>第一段。</p>"


def write(client, article, body, **fields):
    """One save of the page that shows the present state."""
    article.refresh_from_db()
    sent = form_of(article, title=article.title, body=body, **fields)
    answer = client.post(reverse("articles:autosave", args=[article.pk]), sent)
    assert answer.status_code == 200


def rest(article, minutes):
    """So long ago was what was done until now."""
    past = timedelta(minutes=minutes)
    Article.objects.filter(pk=article.pk).update(updated_at=timezone.now() - past)


def kept(article):
    return [(version.body, str(version.created_by)) for version in article.versions.all()]


@pytest.fixture
def article(cast):
    return make_article(cast.lin, title="题", body=BODY)


# --- sittings --------------------------------------------------------------------------------------------------------
def test_the_saves_of_a_sitting_make_no_version(article, cast, client_of):
    for n in range(3):
        rest(article, 29)
        write(client_of(cast.lin), article, f"<p>第{n}稿。</p>")

    assert kept(article) == []


def test_after_a_pause_what_was_left_is_kept_once(article, cast, client_of):
    rest(article, 31)
    left_at = Article.objects.get().updated_at
    write(client_of(cast.lin), article, "<p>下午改。</p>")
    write(client_of(cast.lin), article, "<p>下午又改。</p>")

    assert kept(article) == [(BODY, "林向晚")]
    assert article.versions.get().created_at == left_at


def test_what_another_person_left_is_kept(article, cast, client_of):
    write(client_of(cast.he), article, "<p>贺改。</p>")

    assert kept(article) == [(BODY, "林向晚")]


def test_two_who_write_at_once_make_a_version_every_ten_minutes_at_most(article, cast, client_of, monkeypatch):
    for n in range(4):
        write(client_of((cast.he, cast.lin)[n % 2]), article, f"<p>第{n}次。</p>")
    assert kept(article) == [(BODY, "林向晚")]

    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    write(client_of(cast.he), article, "<p>再改。</p>")

    assert kept(article)[1:] == [("<p>第3次。</p>", "林向晚")]


def test_what_is_among_the_versions_already_is_not_kept_again(cast, client_of):
    article = submitted(cast.lin, title="题", body=BODY)
    article.apply(Article.RETURN, by=cast.lu, note="请补")
    rest(article, 60)

    write(client_of(cast.he), article, "<p>按要求改。</p>")

    assert article.versions.count() == 1


def test_nothing_is_kept_of_an_empty_draft(cast, client_of):
    article = Article.objects.create(created_by=cast.lin, unit=cast.lin.unit)
    rest(article, 60)

    write(client_of(cast.lin), article, BODY)

    assert kept(article) == []


def test_the_office_does_not_see_what_a_sitting_left(article, cast, client_of):
    write(client_of(cast.he), article, "<p>贺改。</p>")
    article.refresh_from_db()
    article.apply(Article.SUBMIT, by=cast.he)
    page = reverse("articles:version", args=[article.pk, 1])

    assert client_of(cast.lin).get(page).status_code == 200
    assert client_of(cast.lu).get(page).status_code == 404


# --- names -----------------------------------------------------------------------------------------------------------
def test_each_version_says_what_made_it(article, cast, client_of):
    write(client_of(cast.he), article, "<p>贺改。</p>")
    article.refresh_from_db()
    article.apply(Article.SUBMIT, by=cast.he)
    wording = revision.Wording({"title": "编辑的题"}, {})
    revision.revise(article, wording, by=cast.lu, seen=article.current_version_id)

    names = [version.made_by for version in article.versions.named().order_by("number")]

    assert names == ["写稿", "报送", "编辑改稿"]
    page = client_of(cast.lin).get(reverse("articles:detail", args=[article.pk])).text
    assert "第1版 · " in page
    assert "日 写稿" in page
    assert "日 编辑改稿" in page


def test_the_names_take_no_query_each(article, cast, client_of, django_assert_max_num_queries):
    for _n in range(3):
        article.add_version(by=cast.lin)

    with django_assert_max_num_queries(1):
        assert len([version.made_by for version in article.versions.named()]) == 3
