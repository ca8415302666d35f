"""What units handed in, how long they waited for an answer, and why stories came back: counted from what happened."""

from datetime import date

import pytest

from accounts.models import Unit
from articles.models import Article
from points import figures
from points.ranges import Range
from tests import factories
from tests.points.clock import happening_on

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = Range.month(date(2026, 10, 1)), Range.month(date(2026, 11, 1))


def count(within, frozen=None):
    return figures.count(within, frozen or {})


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


def test_a_story_counts_as_handed_in_on_the_day_it_first_was(cast, returned_in_october):
    september = Range.month(date(2026, 9, 1))

    assert count(september)[cast.lin.unit_id].submitted == 1
    assert count(NOVEMBER) == {}


def test_the_first_answer_ends_the_waiting(cast, returned_in_october):
    counts = count(OCTOBER)[cast.lin.unit_id]

    assert (counts.answered, counts.days) == (1, 3.0)


def test_returns_are_counted_by_their_reasons(cast, returned_in_october):
    assert count(OCTOBER)[cast.lin.unit_id].reasons == {"数据不全": 1}


def test_a_story_that_its_unit_took_back_was_not_handed_in(cast):
    with happening_on(date(2026, 10, 5)):
        article = factories.submitted(cast.lin)
        article.apply(Article.WITHDRAW, by=cast.lin)

    assert count(OCTOBER) == {}


def test_a_story_of_a_past_issue_was_handed_in_to_nobody_here():
    factories.past_issue(date=date(2026, 10, 8))

    assert count(Range.year(2026)) == {}


def test_a_story_that_a_colleague_approved_counts_once(cast):
    Unit.objects.filter(pk=cast.lin.unit_id).update(approval=Unit.Approval.AUTO)
    with happening_on(date(2026, 10, 5)):
        article = Article.objects.get(pk=factories.make_article(cast.lin).pk)
        article.apply(Article.ASK_APPROVAL, by=cast.lin)
        article.apply(Article.APPROVE, by=cast.he)

    assert count(OCTOBER)[cast.lin.unit_id].submitted == 1


@pytest.fixture
def kept(returned_in_october):
    return {OCTOBER.first: figures.freeze(OCTOBER.first)}


def test_what_a_closed_month_keeps_says_the_same(kept):
    assert count(OCTOBER, kept) == count(OCTOBER)


def test_a_closed_month_stays_what_it_was(cast, kept):
    with happening_on(date(2026, 10, 20)):
        factories.submitted(cast.zhao)

    assert cast.zhao.unit_id not in count(OCTOBER, kept)
    assert cast.zhao.unit_id in count(OCTOBER)


def test_open_months_are_added_to_closed_ones(cast, kept):
    with happening_on(date(2026, 11, 20)):
        factories.submitted(cast.zhao)
    counts = count(Range(OCTOBER.first, NOVEMBER.first), kept)

    assert (counts[cast.zhao.unit_id].submitted, counts[cast.lin.unit_id].returned) == (1, 1)


def test_it_asks_three_queries_however_much_there_is(cast, kept, django_assert_num_queries):
    factories.submitted(cast.zhao)

    with django_assert_num_queries(3):
        count(Range.year(2026), kept)
    with django_assert_num_queries(0):
        count(OCTOBER, kept)
