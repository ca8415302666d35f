"""Past the views: which steps of the review the database itself takes."""

import pytest
from django.db import DatabaseError, connection, transaction

from articles import review, revision
from articles.models import Article, ArticleEvent, ReviewPart, Status
from articles.revision import Wording
from tests import factories
from tests.articles.test_three_reviews import both, mei

__all__ = ["both", "mei"]

pytestmark = pytest.mark.usefixtures("three_reviews")


# --- past the views: what the database takes ------------------------------------------------------------------------
def event(article, by, move, *, status=None, note="", **fields):
    """An event that nothing but the database has looked at."""
    fields = {"transition": move.name, "from_status": article.status, "to_status": status or move.target} | fields
    with transaction.atomic():
        Article.objects.filter(pk=article.pk).update(status=move.target)
        return ArticleEvent.objects.create(
            article=article, by=by, version=article.current_version, round=article.round, note=note, **fields
        )


def test_the_database_takes_no_pass_of_who_has_no_part(cast):
    article = factories.submitted(cast.lin)

    for user in (cast.lu, cast.lin, cast.fang, None):
        with pytest.raises(DatabaseError, match="articles_articleevent never changes"):
            event(article, user, Article.PASS_FIRST)


def test_the_database_takes_no_second_step_of_the_same_person(cast):
    article = factories.passed(cast.lin, cast.lu)

    with pytest.raises(DatabaseError, match="articles_articleevent never changes"):
        event(article, cast.lu, Article.PASS_SECOND)
    with pytest.raises(DatabaseError):
        event(article, cast.lu, Article.PASS_SECOND, from_status="submitted", to_status="accepted")
    with pytest.raises(DatabaseError, match=r"one_part_a_person_and_round|UNIQUE"), transaction.atomic():
        ReviewPart.objects.create(article=article, round=article.round, person=cast.lu, step=2)


def test_the_database_takes_no_step_of_who_wrote_it(cast, both):
    article = factories.submitted(both)

    for source in ("submitted", "draft", "x"):
        with pytest.raises(DatabaseError, match="articles_articleevent never changes"):
            event(article, both, Article.PASS_FIRST, from_status=source)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReviewPart.objects.create(article=article, round=article.round, person=both, step=1)


def test_the_database_takes_no_standing_in_without_reason_or_by_who_took_no_step(cast, both):
    article = factories.passed(both, cast.lu)

    for user, note in ((cast.lu, ""), (cast.gu, "没有别人"), (both, "没有别人")):
        with pytest.raises(DatabaseError, match="articles_articleevent never changes"):
            event(article, user, Article.STAND_IN_SECOND, note=note)
    assert event(article, cast.lu, Article.STAND_IN_SECOND, note="没有别人").pk


def test_the_database_takes_no_acceptance_before_the_last_step(cast):
    article = factories.submitted(cast.lin)
    ReviewPart.objects.create(article=article, round=article.round, person=cast.lu, step=1)

    with pytest.raises(DatabaseError, match="articles_articleevent never changes"):
        event(article, cast.lu, Article.ACCEPT)


@pytest.mark.parametrize("passed", [0, 1, 2])
@pytest.mark.parametrize("status", [Status.PLACED, Status.ISSUED])
def test_the_database_lets_nothing_into_an_issue_that_has_not_passed_each_step(cast, mei, passed, status):
    article = factories.passed(cast.lin, *(cast.lu, mei)[:passed])

    with pytest.raises(DatabaseError, match="articles_article never changes"), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(status=status)


def test_the_database_counts_no_step_that_an_edit_has_made_void(cast, mei):
    article = factories.passed(cast.lin, cast.lu, mei, cast.gu)
    wording = Wording({"subtitle": "改过"}, {})
    revision.revise(article, wording, by=cast.gu, seen=article.current_version_id)

    with pytest.raises(DatabaseError, match="articles_article never changes"), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(status=Status.PLACED)


def test_the_database_places_what_has_passed_each_step(cast, mei):
    article = factories.passed(cast.lin, cast.lu, mei, cast.gu)

    assert Article.objects.filter(pk=article.pk).update(status=Status.PLACED) == 1


def test_a_part_never_changes(cast):
    factories.passed(cast.lin, cast.lu)

    for statement in ("UPDATE articles_reviewpart SET step = 2 WHERE step = 1", "DELETE FROM articles_reviewpart"):
        with (
            pytest.raises(DatabaseError, match="articles_reviewpart never changes"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_database_takes_what_the_acts_do(cast, mei):
    """The same rows past the acts, so that the refusals above are refusals of the person."""
    article = factories.submitted(cast.lin)
    ReviewPart.objects.create(article=article, round=article.round, person=cast.lu, step=1)

    assert event(article, cast.lu, Article.PASS_FIRST).pk


def test_words_for_who_may_not_judge(cast, both):
    article = factories.passed(both, cast.lu)

    assert review.refusal(article, cast.gu) == ""
    assert "复审要由另一人" in review.refusal(article, cast.lu)
    assert "要由另一人审" in review.refusal(article, both)
