from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.commissions import answering
from issues import wanted
from tests.factories import accepted, make_commission, make_issue

pytestmark = pytest.mark.sqlite


@pytest.fixture
def issue(bulletin, cast):
    return make_issue(bulletin, cast.lu, [accepted(cast.lin, cast.lu)], dated_on=date(2026, 4, 17))


def desk(as_user, cast, issue):
    return as_user(cast.lu).get(reverse("issues:desk", args=[issue.pk]))


def test_the_desk_lists_what_was_commissioned_for_the_issue(as_user, cast, units, issue):
    make_commission(cast.lu, units.baoshan, title="为本期", wanted_year=issue.year, wanted_number=issue.number)
    make_commission(cast.lu, units.baoshan, title="为下期", wanted_year=issue.year, wanted_number=issue.number + 1)

    text = desk(as_user, cast, issue).content.decode()

    assert "为本期约的" in text
    assert "为本期</a>" in text
    assert "为下期" not in text


def test_the_desk_says_which_tiers_and_topics_have_no_story(as_user, cast, units, issue):
    topic = {"kind": "topic", "month": date(2026, 4, 1), "is_binding": False}
    told = issue.placements.get().article
    make_commission(cast.lu, units.qingpu, title="没有人写的要点", **topic)
    row = make_commission(cast.lu, units.qingpu, title="写了的要点", **topic)
    type(row).objects.filter(pk=row.pk).update(article=told, status="answered", settled_on=date(2026, 4, 2))

    found = desk(as_user, cast, issue).context["wanted"]

    assert [str(commission) for commission in found.topics] == ["没有人写的要点"]
    assert [str(tier) for tier in found.tiers] == ["市局", "中国邮政", "快递企业", "其他"]


def test_what_was_commissioned_is_marked_among_the_waiting_and_in_the_issue(as_user, cast, units, issue):
    waiting = accepted(cast.zhao, cast.lu)
    row = make_commission(cast.lu, units.baoshan)
    answering.tie(row, waiting, by=cast.zhao)

    assert reverse("articles:commissioned", args=[row.pk]) in desk(as_user, cast, issue).content.decode()


def test_it_asks_as_often_for_many_commissions_as_for_few(client_of, cast, units, issue, django_assert_num_queries):
    lu, address = client_of(cast.lu), reverse("issues:desk", args=[issue.pk])
    for_it = {"wanted_year": issue.year, "wanted_number": issue.number}
    topic = {"kind": "topic", "month": date(2026, 4, 1)}
    make_commission(cast.lu, units.qingpu, **for_it)
    lu.get(address)  # the first asks for the pages
    with CaptureQueriesContext(connection) as few:
        lu.get(address)
    for _ in range(4):
        make_commission(cast.lu, units.qingpu, units.baoshan, **for_it)
        make_commission(cast.lu, units.qingpu, **topic)

    with django_assert_num_queries(len(few)):
        lu.get(address)
    with django_assert_num_queries(2):
        wanted.of(issue, set())
