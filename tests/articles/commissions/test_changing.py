"""What is wanted is changed: the units read what and why it was before, and a new deadline holds for who has not answered."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.commissions import answering, asking, changing
from articles.models import Commission, Commissioned
from tests.factories import make_commission, submitted
from workflow.refusals import Refused

pytestmark = pytest.mark.sqlite


def today(days=0):
    return timezone.localdate() + timedelta(days)


@pytest.fixture
def row(cast, units):
    return make_commission(cast.lu, units.qingpu, units.baoshan, wording="写明数量", days=10)


def typed(row, **fields):
    commission = Commission.objects.get(pk=row.commission_id)
    now = {name: getattr(commission, name) or "" for name in changing.FIELDS}
    return now | {"due_on": commission.due_on.isoformat(), "seen": changing.mark(commission)} | fields


def send(client, row, **fields):
    return client.post(
        reverse("articles:commission_change", args=[row.commission_id]), typed(row, **fields), follow=True
    )


def test_each_unit_reads_what_was_changed_and_the_former_wording_stays(as_user, row, cast):
    page = send(as_user(cast.lu), row, title="循环箱回收情况", wording="写明数量和回收率", length="800")

    commission = Commission.objects.get()
    assert (commission.title, commission.wording, commission.length) == ("循环箱回收情况", "写明数量和回收率", 800)
    assert "题目原为“循环箱使用情况”，现为“循环箱回收情况”" in page.text
    for each in Commissioned.objects.all():
        event = each.events.order_by("pk").last()
        assert (event.transition, event.by) == ("change", cast.lu)
        assert "要求原文：写明数量" in event.note
    assert cast.lin.notices.filter(word="约稿有改动").count() == 1


def test_a_new_deadline_holds_for_who_has_not_answered(row, cast, units):
    other = Commissioned.objects.get(unit=units.baoshan)
    answering.tie(other, submitted(cast.zhao), by=cast.zhao)

    changing.change(row.commission, {"due_on": today(4)}, seen=changing.mark(row.commission), by=cast.lu)

    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.due_on, other.due_on) == (today(4), today(10))


def test_who_was_given_longer_keeps_the_later_day(row, cast):
    asking.extend(row, until=today(30), why="人手不足", by=cast.lu)

    changing.change(row.commission, {"due_on": today(20)}, seen=changing.mark(row.commission), by=cast.lu)
    row.refresh_from_db()
    assert row.due_on == today(30)
    commission = Commission.objects.get()
    changing.change(commission, {"due_on": today(40)}, seen=changing.mark(commission), by=cast.lu)

    row.refresh_from_db()
    assert row.due_on == today(40)


def test_a_second_editor_is_told_and_loses_nothing(as_user, row, cast):
    stale = changing.mark(row.commission)
    send(as_user(cast.lu), row, title="循环箱回收情况")

    page = send(as_user(cast.gu), row, title="快递袋回收情况", seen=stale)

    assert Commission.objects.get().title == "循环箱回收情况"
    assert (page.status_code, page.context["form"]["title"].value()) == (422, "快递袋回收情况")
    assert "已由别人改过" in page.text
    assert page.context["seen"] == changing.mark(Commission.objects.get())  # what is sent once more is taken


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"title": ""}, "请写主题"), ({"due_on": "2020-01-01"}, "截止日期已过"), ({"wanted_year": "2026"}, "期")],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(as_user, row, cast, wrong, words):
    page = send(as_user(cast.lu), row, **({"wording": "新要求"} | wrong))

    assert words in page.text
    assert (page.status_code, page.context["form"]["wording"].value()) == (422, "新要求")
    assert Commission.objects.get().wording == "写明数量"


def test_a_deadline_that_is_over_may_stay(as_user, row, cast):
    Commission.objects.filter(pk=row.commission_id).update(due_on=today(-3))

    send(as_user(cast.lu), row, wording="补充回收率")

    assert Commission.objects.get().wording == "补充回收率"


def test_nothing_changed_tells_nobody(as_user, row, cast):
    assert "没有改动" in send(as_user(cast.lu), row).text
    assert not cast.lin.notices.filter(word="约稿有改动").exists()


def test_what_is_withdrawn_is_changed_no_more(row, cast):
    seen = changing.mark(row.commission)
    asking.withdraw(row.commission, why="不需要了", by=cast.lu)

    with pytest.raises(Refused, match="已经撤回"):
        changing.change(row.commission, {"title": "另一题"}, seen=seen, by=cast.lu)
