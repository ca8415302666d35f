"""Renaming a unit in use keeps its former name as a dated row; nobody loses their place."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import units as acts
from accounts.models import Unit
from tests import factories

pytestmark = pytest.mark.django_db


def renamed(unit, name, **fields):
    unit = Unit.objects.get(pk=unit.pk)
    for field, value in ({"name": name} | fields).items():
        setattr(unit, field, value)
    acts.save(unit)
    return list(Unit.objects.filter(pk__gte=0, name__in=[name, "青浦邮政管理局"]).order_by("valid_from"))


def test_a_new_name_holds_from_today_and_the_former_until_yesterday(cast):
    renamed(cast.lin.unit, "青浦邮政快递管理局")

    today = timezone.localdate()
    now, former = Unit.objects.get(name="青浦邮政快递管理局"), Unit.objects.get(name="青浦邮政管理局")
    assert (now.valid_from, now.valid_to) == (today, None)
    assert (former.valid_from, former.valid_to) == (None, today - timedelta(days=1))
    assert (former.short_name, former.tier) == ("青浦局", "branch")


def test_its_people_and_articles_stay_with_it(cast):
    article = factories.make_article(cast.lin)

    renamed(cast.lin.unit, "青浦邮政快递管理局")

    cast.lin.refresh_from_db()
    article.refresh_from_db()
    assert cast.lin.unit == article.unit == Unit.objects.get(name="青浦邮政快递管理局")


def test_the_first_day_may_be_entered(cast):
    renamed(cast.lin.unit, "青浦邮政快递管理局", valid_from=date(2026, 3, 1))

    assert Unit.objects.get(name="青浦邮政管理局").valid_to == date(2026, 2, 28)


def test_a_second_change_on_the_same_day_corrects_the_first(cast):
    renamed(cast.lin.unit, "青浦邮政快遞管理局")
    renamed(cast.lin.unit, "青浦邮政快递管理局")

    assert set(Unit.objects.filter(name__startswith="青浦").values_list("name", flat=True)) == {
        "青浦邮政管理局",
        "青浦邮政快递管理局",
    }


def test_a_name_that_comes_back_is_a_row_again(cast):
    renamed(cast.lin.unit, "青浦邮政快递管理局", valid_from=date(2026, 3, 1))
    renamed(cast.lin.unit, "青浦邮政管理局")

    assert Unit.objects.filter(name="青浦邮政管理局").count() == 2


def test_a_unit_that_nobody_uses_is_simply_changed(units):
    renamed(units.post, "中国邮政上海分公司")

    assert not Unit.objects.filter(name="中国邮政集团有限公司上海市分公司").exists()


def test_another_place_in_the_order_is_no_new_name(cast):
    unit = cast.lin.unit
    unit.position = 77
    acts.save(unit)

    assert Unit.objects.filter(name="青浦邮政管理局").count() == 1


def form(unit, **fields):
    values = {"name": unit.name, "short_name": unit.short_name, "tier": unit.tier, "position": unit.position}
    return values | {"valid_from": unit.valid_from or "", "valid_to": "", "approval": unit.approval} | fields


def test_the_administration_explains_it_and_does_it(as_user, cast):
    unit, client = cast.lin.unit, as_user(cast.admin)
    address = reverse("admin:accounts_unit_change", args=[unit.pk])
    assert "旧名称会自动另存为一行" in client.get(address).text

    page = client.post(address, form(unit, name="青浦邮政快递管理局"), follow=True).text

    assert "旧名称“青浦邮政管理局”已另存为一行" in page
    assert Unit.objects.filter(name="青浦邮政管理局", valid_to__isnull=False).exists()


@pytest.mark.parametrize(
    ("was", "first_day", "words"),
    [(None, "2999-01-01", "不能晚于今天"), (date(2026, 1, 1), "2025-01-01", "要晚于旧名称的第一天")],
)
def test_a_first_day_that_can_not_be_is_refused(was, first_day, words, as_user, cast):
    unit = cast.lin.unit
    Unit.objects.filter(pk=unit.pk).update(valid_from=was)
    unit.refresh_from_db()
    address = reverse("admin:accounts_unit_change", args=[unit.pk])

    page = as_user(cast.admin).post(address, form(unit, name="新名", valid_from=first_day)).text

    assert words in page
    assert not Unit.objects.filter(name="新名").exists()


def test_an_account_is_switched_off_not_deleted(as_user, cast):
    address = reverse("admin:accounts_user_delete", args=[cast.lin.pk])

    assert as_user(cast.admin).post(address, {"post": "yes"}).status_code == 403
