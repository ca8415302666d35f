from datetime import timedelta

import pytest
from django.utils import timezone

from articles.commissions import answering, asking
from articles.commissions.door import outcomes
from articles.models import Article, Commissioned
from tests.factories import make_article, make_commission


def kinds(days=0):
    """(kind, days from today) of what was settled as of the day so many days from today."""
    today = timezone.localdate()
    return [(outcome.kind, (outcome.on - today).days) for outcome in outcomes(today + timedelta(days))]


def hand_in(row, by):
    article = make_article(by)
    answering.tie(row, article, by=by)
    article.apply(Article.SUBMIT, by=by)
    return article


@pytest.mark.parametrize(("due", "kind"), [(5, "on-time"), (0, "on-time"), (-1, "late")])
def test_a_story_handed_in_is_on_time_until_its_day_is_over(cast, units, due, kind):
    row = make_commission(cast.lu, units.qingpu, days=due)

    article = hand_in(row, cast.lin)

    assert kinds() == [(kind, 0)]
    (outcome,) = outcomes(timezone.localdate())
    assert (outcome.commissioned_id, outcome.unit_id, outcome.article_id) == (row.pk, units.qingpu.pk, article.pk)
    assert outcome.commission_title == "循环箱使用情况"


def test_what_was_answered_later_is_missed_as_of_the_days_before(cast, units):
    hand_in(make_commission(cast.lu, units.qingpu, days=-3), cast.lin)

    assert [kinds(day) for day in (-3, -2, -1, 0)] == [[], [("missed", -3)], [("missed", -3)], [("late", 0)]]


def test_it_is_missed_when_its_day_is_over_and_not_before(cast, units):
    make_commission(cast.lu, units.qingpu, days=0)

    assert kinds(0) == []
    assert kinds(1) == [("missed", 0)]


def test_a_topic_that_binds_nobody_is_never_missed(cast, units):
    make_commission(cast.lu, units.qingpu, days=-3, is_binding=False)

    assert kinds() == []


def test_who_declines_in_time_has_missed_nothing_and_who_declines_later_has(cast, units):
    make_commission(cast.lu, units.qingpu, days=0).apply(Commissioned.DECLINE, by=cast.lin, note="没有这项工作")
    make_commission(cast.lu, units.qingpu, days=-1).apply(Commissioned.DECLINE, by=cast.lin, note="没有这项工作")

    assert kinds(1) == [("missed", -1)]


def test_more_time_and_a_withdrawal_undo_what_was_missed(cast, units):
    longer, taken_back = (make_commission(cast.lu, units.qingpu, days=-1) for _ in range(2))

    asking.extend(longer, until=timezone.localdate() + timedelta(2), why="材料未到", by=cast.lu)
    asking.withdraw(taken_back.commission, why="不再需要", by=cast.lu)

    assert kinds() == []
