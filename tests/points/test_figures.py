"""How long units waited for an answer, and why stories came back to them: counted from what happened."""

from datetime import date

import pytest

from accounts.models import Unit
from articles.models import Article
from points import figures
from points.ranges import Range
from tests import factories, old_issues
from tests.points.clock import happening_on

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = Range.month(date(2026, 10, 1)), Range.month(date(2026, 11, 1))


@pytest.fixture
def returned_in_october(cast):
    """Handed in on 30 September, returned on 3 October, handed in again in November."""
    with happening_on(date(2026, 9, 30)):
        article = factories.submitted(cast.lin)
    with happening_on(date(2026, 10, 3)):
        reason = factories.make_reason("return", "数据不全")
        article.apply(Article.RETURN, by=cast.lu, note=reason.said(""), reason=reason)
    with happening_on(date(2026, 11, 2)):
        article.apply(Article.SUBMIT, by=cast.lin)
    return article


def test_the_first_answer_ends_the_waiting(cast, returned_in_october):
    found = figures.answered(OCTOBER)[cast.lin.unit_id]

    assert (found.answered, found.days) == (1, 3.0)


def test_what_is_answered_again_later_is_not_answered_for_the_first_time(cast, returned_in_october):
    with happening_on(date(2026, 11, 5)):
        returned_in_october.apply(Article.ACCEPT, by=cast.lu)

    assert figures.answered(NOVEMBER) == {}


def test_returns_are_counted_by_their_reasons(cast, returned_in_october):
    assert figures.answered(OCTOBER)[cast.lin.unit_id].reasons == {"数据不全": 1}


def test_a_story_that_a_colleague_approved_waits_from_then_on(cast):
    Unit.objects.filter(pk=cast.lin.unit_id).update(approval=Unit.Approval.AUTO)
    with happening_on(date(2026, 10, 1)):
        article = Article.objects.get(pk=factories.make_article(cast.lin).pk)
        article.apply(Article.ASK_APPROVAL, by=cast.lin)
    with happening_on(date(2026, 10, 5)):
        article.apply(Article.APPROVE, by=cast.he)
    with happening_on(date(2026, 10, 7)):
        article.apply(Article.ACCEPT, by=cast.lu)

    assert figures.answered(OCTOBER)[cast.lin.unit_id].days == 2.0


def test_a_story_of_a_past_issue_was_answered_to_nobody():
    old_issues.past_issue(date=date(2026, 10, 8))

    assert figures.answered(Range.year(2026)) == {}


def test_what_stands_under_a_former_name_is_told_of_the_present_one(cast, returned_in_october):
    now = factories.make_unit("青浦邮政业管理局", "青浦局（新）")
    Unit.objects.filter(pk=cast.lin.unit_id).update(renamed_to=now)

    assert figures.answered(OCTOBER)[now.pk].returned == 1


def test_it_asks_three_queries_however_long_the_time_is(cast, returned_in_october, django_assert_num_queries):
    for within in (OCTOBER, Range(date(2016, 1, 1), date(2026, 12, 1))):
        with django_assert_num_queries(3):
            figures.answered(within)
