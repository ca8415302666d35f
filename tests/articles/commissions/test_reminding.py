from datetime import timedelta

import pytest
from django.utils import timezone

from articles.commissions import asking
from articles.models import Commissioned
from articles.tasks import remind_of_commissions
from tests.factories import make_commission


def reminders(person):
    return list(
        person.notices.filter(word__in=("约稿快到期", "约稿到期")).order_by("pk").values_list("word", flat=True)
    )


def remind_twice():
    remind_of_commissions()
    remind_of_commissions()


@pytest.mark.parametrize(
    ("days", "words"), [(4, []), (3, ["约稿快到期"]), (1, ["约稿快到期"]), (0, ["约稿到期"]), (-1, ["约稿到期"])]
)
def test_it_reminds_once_before_the_day_and_once_when_it_has_come(cast, units, days, words):
    make_commission(cast.lu, units.qingpu, days=days)

    remind_twice()

    assert reminders(cast.lin) == words
    assert reminders(cast.zhao) == []


def test_both_reminders_come_one_after_the_other(cast, units):
    row = make_commission(cast.lu, units.qingpu, days=2)
    remind_twice()
    Commissioned.objects.filter(pk=row.pk).update(due_on=timezone.localdate(), reminded_for=timezone.localdate())

    remind_twice()

    assert reminders(cast.lin) == ["约稿快到期", "约稿到期"]


def test_a_new_deadline_is_another_one(cast, units):
    row = make_commission(cast.lu, units.qingpu, days=1)
    remind_twice()
    asking.extend(row, until=timezone.localdate() + timedelta(3), why="材料未到", by=cast.lu)
    cast.lin.notices.update(read_at=timezone.now())

    remind_twice()

    assert reminders(cast.lin) == ["约稿快到期"] * 2


def test_who_has_answered_or_need_not_is_left_alone(cast, units):
    make_commission(cast.lu, units.qingpu, days=0).apply(Commissioned.DECLINE, by=cast.lin, note="没有这项工作")
    make_commission(cast.lu, units.qingpu, days=0, is_binding=False)

    remind_twice()

    assert reminders(cast.lin) == []


def test_who_has_accepted_a_topic_is_reminded_of_it(cast, units):
    make_commission(cast.lu, units.qingpu, days=0, is_binding=False).apply(Commissioned.ACCEPT, by=cast.lin)

    remind_twice()

    assert reminders(cast.lin) == ["约稿到期"]


def test_the_reminder_is_settled_by_the_answer(cast, units):
    row = make_commission(cast.lu, units.qingpu, days=0)
    remind_twice()

    row.apply(Commissioned.DECLINE, by=cast.lin, note="没有这项工作")

    assert not cast.lin.notices.unread().exists()
