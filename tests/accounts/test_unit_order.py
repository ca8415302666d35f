"""The office sets the order in which issues print the units."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import units as acts
from accounts.models import Tier, Unit
from tests import factories
from workflow.refusals import Refused


def order():
    """Short names by tier, of the valid ones."""
    found = acts.by_tier(timezone.localdate())
    return {tier: [unit.short_name for unit in units] for tier, units in found.items() if units}


BEFORE = {"bureau": ["上海局"], "branch": ["青浦局", "宝山局"], "post": ["上海邮政"], "courier": ["韵达"]}


def test_a_unit_changes_places_within_its_tier(cast, units):
    assert order() == BEFORE

    acts.arrange(units.baoshan, tier="branch", position=1, by=cast.lu)

    assert order() == BEFORE | {"branch": ["宝山局", "青浦局"]}


def test_a_unit_goes_to_another_tier(cast, units):
    acts.arrange(units.yunda, tier="branch", position=2, by=cast.lu)
    acts.arrange(units.post, tier="other", position=9, by=cast.lu)

    expected = {"bureau": ["上海局"], "branch": ["青浦局", "韵达", "宝山局"], "other": ["上海邮政"]}
    assert order() == expected


@pytest.mark.parametrize(("position", "expected"), [(-3, ["宝山局", "青浦局"]), (99, ["青浦局", "宝山局"])])
def test_a_place_beyond_the_ends_is_the_end(cast, units, position, expected):
    acts.arrange(units.baoshan, tier="branch", position=position, by=cast.lu)

    assert order()["branch"] == expected


def test_all_units_stand_in_one_row_tier_by_tier(cast, units):
    acts.arrange(units.yunda, tier="courier", position=1, by=cast.lu)

    names = [unit.short_name for unit in Unit.objects.all()]
    assert names == ["上海局", "青浦局", "宝山局", "上海邮政", "韵达"]
    assert [unit.position for unit in Unit.objects.all()] == [1, 2, 3, 4, 5]


def test_former_names_are_passed_over(cast, units):
    former = timezone.localdate() - timedelta(days=1)
    factories.make_unit("青浦县邮政局", "青浦县局", Tier.BRANCH, position=9, valid_to=former)

    acts.arrange(units.baoshan, tier="branch", position=1, by=cast.lu)
    assert order()["branch"] == ["宝山局", "青浦局"]
    acts.arrange(units.baoshan, tier="branch", position=2, by=cast.lu)

    assert order()["branch"] == ["青浦局", "宝山局"]


@pytest.mark.parametrize("who", ["lin", "he", "fang", "tang", "shen"])
def test_it_is_the_offices_to_do(cast, units, who):
    with pytest.raises(Refused, match="不归您办"):
        acts.arrange(units.baoshan, tier="branch", position=1, by=getattr(cast, who))
    assert order() == BEFORE


def test_there_is_no_other_tier(cast, units):
    with pytest.raises(Refused, match="没有这个层级"):
        acts.arrange(units.baoshan, tier="moon", position=1, by=cast.lu)
    assert order() == BEFORE


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"to": "up"}, {"branch": ["宝山局", "青浦局"]}),
        ({"to": "down"}, {}),
        ({"tier": "post"}, {"branch": ["青浦局"], "post": ["上海邮政", "宝山局"]}),
        ({"tier": "post", "position": "1"}, {"branch": ["青浦局"], "post": ["宝山局", "上海邮政"]}),
        ({"tier": "moon"}, {}),
    ],
)
def test_the_page_moves_a_unit(as_user, cast, units, fields, expected):
    client = as_user(cast.lu)
    assert "宝山邮政管理局" in client.get(reverse("accounts:units")).text

    address = reverse("accounts:unit_move", args=[units.baoshan.pk])
    answer = client.post(address, fields, HTTP_HX_REQUEST="true")

    assert answer.status_code == 200
    assert order() == BEFORE | expected


def test_new_stories_follow_the_new_order(cast, units, bulletin):
    acts.arrange(units.baoshan, tier="branch", position=1, by=cast.lu)

    articles = [factories.accepted(cast.lin, cast.lu), factories.accepted(cast.zhao, cast.lu)]
    issue = factories.make_issue(bulletin, cast.lu, articles)

    names = [placement.unit_name for placement in issue.placements.order_by("position")]
    assert names == ["宝山局", "青浦局"]


def test_a_unit_that_is_used_no_more_cannot_be_moved(as_user, cast, units):
    Unit.objects.filter(pk=units.baoshan.pk).update(valid_to=timezone.localdate() - timedelta(days=1))

    assert as_user(cast.lu).post(reverse("accounts:unit_move", args=[units.baoshan.pk])).status_code == 404
