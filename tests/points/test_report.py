"""采用通报: each unit with what it handed in, what was adopted, its points and its place, and what is behind each figure."""

import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Tier
from points import closing, report
from points.columns import columns
from points.models import RuleSet, Shown
from points.ranges import Range
from tests import factories
from tests.points.clock import happening_on
from tests.points.conftest import make_rules

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
OCTOBER, SEPTEMBER = Range.month(date(2026, 10, 1)), Range.month(date(2026, 9, 1))


def page_of(client, asked="month=2026-10", name="report", args=()):
    return client.get(f"{reverse(f'points:{name}', args=args)}?{asked}")


def line_of(found, user):
    return found.of_unit(user.unit_id)


def rows_of(page):
    """short name -> the words of its cells, by column."""
    keys = [column.key for column in columns(page.context["report"])]
    return {
        line.unit.short_name: dict(zip(keys, (words for _label, words, _url in cells), strict=True))
        for line, cells in page.context["rows"]
    }


def test_the_columns_say_what_was_counted_by_hand(counted, cast, as_user):
    qingpu = rows_of(page_of(as_user(cast.lu)))["青浦局"]

    assert qingpu == {
        "rank": "1",
        "rise": "持平",
        "submitted": "3",
        "year_submitted": "5",
        "long": "1",
        "middle": "0",
        "short": "1",
        "brief": "0",
        "adopted": "2",
        "rate": "66.7%",
        "report_points": "0",
        "adoption_points": "40",
        "other_points": "0",
        "points": "40",
        "year_points": "50",
        "missed": "0",
        "days": "4.0",
        "returned": "1",
    }


def test_a_past_issue_counts_in_its_year(counted, cast):
    assert line_of(report.report(Range.year(2025)), cast.lin).adopted == 1


def test_a_rise_is_told_against_the_time_before(counted, cast, as_user):
    make_rules(cast.gu, short=10, minimum=0)
    page = page_of(as_user(cast.lu), "month=2026-10")

    assert rows_of(page)["宝山局"]["rise"] == "↓1"


def test_a_unit_below_the_minimum_has_no_place(counted, cast, as_user):
    make_rules(cast.gu, minimum=2)

    assert rows_of(page_of(as_user(cast.lu)))["宝山局"]["rank"] == "—"


def test_every_figure_opens_to_as_much_as_it_says(counted, cast, as_user):
    client = as_user(cast.lu)
    page = page_of(client)
    opened = 0
    shown = columns(page.context["report"])
    for _line, cells in page.context["rows"]:
        for column, (_label, words, url) in zip(shown, cells, strict=True):
            if url and column.key != "days":
                behind = client.get(url).context
                assert words == (behind["sum_points"] if column.kind == "points" else str(behind["number"])), url
                opened += 1

    assert opened > 60


def test_what_is_behind_a_figure_leads_to_the_story_and_its_issue(counted, cast, as_user):
    text = page_of(as_user(cast.lu), f"month=2026-10&unit={cast.lin.unit_id}", "figure", ["adopted"]).text

    for article in (counted.long, counted.short):
        assert reverse("articles:detail", args=[article.pk]) in text
    assert f"{reverse('issues:detail', args=[counted.issue.pk])}#a-{counted.long.pk}" in text
    assert reverse("points:rules_show", args=[RuleSet.objects.get().pk]) in text


def test_the_table_is_sorted_by_what_is_asked_and_turned_round(counted, cast, as_user):
    client = as_user(cast.lu)
    down = list(rows_of(page_of(client, "month=2026-10&sort=points")))
    up = list(rows_of(page_of(client, "month=2026-10&sort=points&turned=1")))

    assert (down[0], up[-1]) == ("青浦局", "青浦局")
    assert 'aria-sort="descending"' in page_of(client, "month=2026-10&sort=points").text


def test_one_tier_is_shown_alone_with_its_own_sums(counted, cast, as_user):
    page = page_of(as_user(cast.lu), f"month=2026-10&tier={Tier.COURIER}")

    assert list(rows_of(page)) == ["韵达"]
    assert page.context["report"].stories == 0


@pytest.mark.parametrize("asked", ["month=2026-13", "quarter=x", "from=2026-10&to=2026-01", "tier=none&sort=none"])
def test_what_can_not_be_read_gives_a_page_all_the_same(counted, cast, as_user, asked):
    assert page_of(as_user(cast.lu), asked).status_code == 200


def test_an_office_without_rules_is_told_so(cast, as_user):
    assert "没有积分规则" in page_of(as_user(cast.lu)).text


def test_a_closed_month_says_who_closed_it_and_stays_as_it_is(counted, cast, as_user):
    before = rows_of(page_of(as_user(cast.lu), "month=2026-09"))
    closing.close(SEPTEMBER.first, by=cast.gu, as_seen=closing.seen(SEPTEMBER.first))
    with happening_on(date(2026, 9, 20)):
        factories.submitted(cast.lin)
    page = page_of(as_user(cast.lu), "month=2026-09")

    assert "顾文岚" in page.text
    assert rows_of(page) == before


def test_a_time_of_open_and_closed_months_says_how_far_it_is_closed(counted, cast, as_user):
    closing.close(SEPTEMBER.first, by=cast.gu, as_seen=closing.seen(SEPTEMBER.first))

    assert "部分已结账" in page_of(as_user(cast.lu), "from=2026-09&to=2026-10").text


# --- what a unit sees -------------------------------------------------------------------------------------------------
def test_a_unit_sees_its_own_line_in_full_with_its_stories(counted, cast, as_user):
    page = page_of(as_user(cast.lin))

    assert page.context["line"].unit == cast.lin.unit
    assert len(page.context["cells"]) == 18
    assert counted.long.flat_title in page.text


@pytest.mark.parametrize(("shown", "seen"), [(Shown.ALL, True), (Shown.TIER, True), (Shown.OWN, False)])
def test_of_the_ranking_a_unit_sees_what_the_office_allows(counted, cast, as_user, shown, seen):
    make_rules(cast.gu, shown=shown)
    page = page_of(as_user(cast.lin))

    assert ("宝山局" in page.text) == seen
    assert ("韵达" in page.text) == (shown == Shown.ALL)
    assert "第1名" in re.sub(r"\s", "", page.text)


def test_a_unit_opens_nothing_of_another_one(counted, cast, as_user):
    client = as_user(cast.lin)

    assert page_of(client, f"month=2026-10&unit={cast.zhao.unit_id}", "figure", ["points"]).status_code == 404
    assert page_of(client, "month=2026-09", "figure", ["points"]).context["unit"] == cast.lin.unit
    assert page_of(client, "month=2026-10", "report_xlsx").status_code == 403


def test_a_unit_sees_the_answers_to_its_own_stories_alone(counted, cast, as_user):
    page = page_of(as_user(cast.zhao), "month=2026-10", "figure", ["answered"])

    assert page.context["number"] == 0


def test_who_is_neither_of_the_office_nor_writes_for_a_unit_sees_none(counted, cast, as_user):
    assert page_of(as_user(cast.shen)).status_code == 403


# --- charts -----------------------------------------------------------------------------------------------------------
def test_each_chart_has_a_title_a_description_and_its_table(counted, cast, as_user):
    text = page_of(as_user(cast.lu)).text

    assert len(re.findall(r'<svg class="chart"[^>]*role="img"', text)) == 4
    assert len(re.findall(r"<desc id=", text)) == len(re.findall(r'<table class="chart-table">', text)) == 4
    assert "数据不全 1" in text


def test_the_months_stand_beside_those_of_the_year_before(counted, cast, as_user):
    chart = page_of(as_user(cast.lu)).context["charts"][0]
    now, then = chart.pairs[9]

    assert (now.value, then.value) == (2, 1)


def test_the_months_are_chosen_by_their_chinese_names(counted, cast, as_user):
    page = page_of(as_user(cast.lu), "from=2026-09&to=2026-10")
    assert '<option value="2026-09" selected>2026年9月</option>' in page.text
    assert '<option value="2026-10" selected>2026年10月</option>' in page.text


# --- queries ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("person", "most"), [("lu", 29), ("lin", 32)])
def test_it_asks_as_many_queries_for_many_units_and_years(
    counted, cast, as_user, django_assert_max_num_queries, person, most
):
    client = as_user(getattr(cast, person))
    with django_assert_max_num_queries(most) as small:
        page_of(client, "from=2026-09&to=2026-10")
    for number in range(12):
        factories.make_unit(f"第{number}快递公司", f"{number}司", Tier.COURIER)
    with django_assert_max_num_queries(most) as large:
        page_of(client, "from=2016-11&to=2026-10")

    assert len(large) == len(small)
