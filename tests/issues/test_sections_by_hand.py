"""A story stands in another section than that of its unit, because an editor put it there."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from articles.revision import Wording
from issues import assembly, desk
from issues.content import content_of
from issues.models import Issue
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@scene
def placements(bulletin, cast, units):
    """上海局一 in the first section; 青浦一, 宝山一 in the second."""
    office = factories.make_user("office", "局办公室", "contributor", unit=units.bureau)
    articles = [
        factories.accepted(by, cast.lu, title=title)
        for by, title in ((office, "上海局一"), (cast.lin, "青浦一"), (cast.zhao, "宝山一"))
    ]
    issue = factories.make_issue(bulletin, cast.lu, articles)
    return list(issue.placements.select_related("issue", "article__unit", "version").order_by("pk"))


@scene
def issue(placements):
    return placements[0].issue


def order(issue):
    return {
        section.name: [row.article.title + ("*" if row.placement.is_by_hand else "") for row in section.rows]
        for section in desk.sections_of(issue)
    }


def positions(issue):
    return sorted(issue.placements.values_list("section", "position"))


def test_it_goes_to_the_place_that_was_chosen_and_is_marked(issue, placements, cast):
    assembly.move_across(placements[2], "bureau", by=cast.lu, position=1)

    assert order(issue) == {"bureau": ["宝山一*", "上海局一"], "branch": ["青浦一"]}
    assert positions(issue) == [("branch", 1), ("bureau", 1), ("bureau", 2)]
    assert [article.title for article in content_of(issue).articles] == ["宝山一", "上海局一", "青浦一"]


def test_without_a_place_it_goes_where_it_would_be_put_in(issue, placements, cast):
    assembly.move_across(placements[1], "bureau", by=cast.lu)

    assert order(issue) == {"bureau": ["上海局一", "青浦一*"], "branch": ["宝山一"]}


def test_back_in_the_section_of_its_unit_it_is_marked_no_more(issue, placements, cast):
    assembly.move_across(placements[1], "courier", by=cast.lu)
    assembly.move_across(placements[1], "branch", by=cast.lu)

    assert order(issue) == {"bureau": ["上海局一"], "branch": ["青浦一", "宝山一"]}


def test_the_default_order_brings_every_article_back(issue, placements, cast):
    assembly.move_across(placements[1], "bureau", by=cast.lu, position=1)
    assembly.move_across(placements[0], "courier", by=cast.lu)

    assembly.restore_order(issue, by=cast.lu)

    assert order(issue) == {"bureau": ["上海局一"], "branch": ["青浦一", "宝山一"]}
    assert positions(issue) == [("branch", 1), ("branch", 2), ("bureau", 1)]
    assert issue.events.last().note == "市局、派出机构"


def test_a_new_wording_leaves_it_where_it_was_put(issue, placements, cast):
    assembly.move_across(placements[1], "bureau", by=cast.lu)
    placement = issue.placements.select_related("issue").get(pk=placements[1].pk)

    wording = Wording({"title": "青浦一改"}, {})
    assembly.revise(placement, wording, by=cast.lu, seen=placement.version_id)

    assert order(issue)["bureau"] == ["上海局一", "青浦一改*"]


def test_made_a_brief_it_stands_among_the_briefs_and_comes_back_to_its_unit(issue, placements, cast):
    assembly.move_across(placements[1], "bureau", by=cast.lu)
    for kind, section in (("brief", "brief"), ("article", "branch")):
        placement = issue.placements.select_related("issue").get(pk=placements[1].pk)
        assembly.revise(placement, Wording({"kind": kind}, {}), by=cast.lu, seen=placement.version_id)
        placement.refresh_from_db()
        assert (placement.section, placement.is_by_hand) == (section, False)


@pytest.mark.parametrize("section", ["brief", "nowhere", ""])
def test_only_a_tier_is_chosen(issue, placements, cast, section):
    with pytest.raises(Refused):
        assembly.move_across(placements[1], section, by=cast.lu)

    assert order(issue)["branch"] == ["青浦一", "宝山一"]


def test_a_brief_stays_among_the_briefs(issue, cast):
    brief = assembly.place(issue, factories.accepted(cast.lin, cast.lu, kind="brief"), by=cast.lu)

    with pytest.raises(Refused):
        assembly.move_across(brief, "bureau", by=cast.lu)
    with pytest.raises(IntegrityError), transaction.atomic():
        issue.placements.filter(pk=brief.pk).update(is_by_hand=True)


@pytest.mark.parametrize("who", ["lin", "fang", "tang", "shen"])
def test_it_is_the_offices_to_do(placements, cast, who):
    with pytest.raises(Refused, match="不归您办"):
        assembly.move_across(placements[1], "bureau", by=getattr(cast, who))


def test_nothing_is_moved_while_it_waits_for_sign_off(issue, placements, cast):
    Issue.objects.get(pk=issue.pk).apply(Issue.SEND, by=cast.lu)

    with pytest.raises(Refused):
        assembly.move_across(placements[1], "bureau", by=cast.lu)


def test_the_history_says_from_where_to_where(issue, placements, cast):
    assembly.move_across(placements[2], "bureau", by=cast.lu, position=1)

    assert issue.events.last().note == "《宝山一》从派出机构第 2 篇移到市局第 1 篇"


def test_the_desk_moves_marks_and_restores(as_user, issue, placements, cast):
    client, article = as_user(cast.lu), placements[1].article
    address = reverse("issues:move", args=[issue.pk, article.pk])

    page = client.post(address, {"section": "bureau", "position": "1"}, HTTP_HX_REQUEST="true").text
    assert "人工调整" in page
    assert "本单位属派出机构" in page
    assert "已移到第 1 位，共 3 篇" in page
    page = client.post(reverse("issues:restore_order", args=[issue.pk]), follow=True).text

    assert "人工调整" not in page
    assert order(issue)["branch"] == ["青浦一", "宝山一"]


def test_taken_out_and_put_back_it_stands_where_it_stood(as_user, issue, placements, cast):
    assembly.move_across(placements[1], "bureau", by=cast.lu, position=1)
    client = as_user(cast.lu)

    page = client.post(reverse("issues:take_out", args=[issue.pk, placements[1].article_id]), follow=True)
    [message] = page.context["messages"]
    undo = message.extra_tags.partition("undo=")[2]
    client.post(undo)

    assert order(issue)["bureau"] == ["青浦一*", "上海局一"]


def test_an_address_cannot_put_an_article_among_the_briefs(as_user, issue, cast):
    article = factories.accepted(cast.lin, cast.lu)

    as_user(cast.lu).post(reverse("issues:place", args=[issue.pk, article.pk]) + "?section=brief")

    assert not issue.placements.filter(article=article).exists()
    article.refresh_from_db()
    assert article.is_accepted
