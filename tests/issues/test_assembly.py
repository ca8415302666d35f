import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article, Status
from issues import assembly, desk
from issues.models import Issue
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused


def titles(issue):
    return [row.article.flat_title for section in desk.sections_of(issue) for row in section.rows]


def positions(issue):
    return list(issue.placements.order_by("section", "position").values_list("section", "position"))


@scene
def issue(bulletin, cast):
    return factories.make_issue(bulletin, cast.lu)


def put_in(issue, by, editor, title, **fields):
    return assembly.place(issue, factories.accepted(by, editor, title=title, **fields), by=editor)


def test_articles_stand_by_tier_and_briefs_come_last(issue, cast, units):
    writer = factories.make_user("all", "各单位", "contributor", unit=units.bureau)
    for unit in (units.yunda, units.qingpu, units.post, units.bureau):
        put_in(issue, writer, cast.lu, unit.name, unit=unit)
    put_in(issue, cast.lin, cast.lu, "一段话", kind="brief")

    assert titles(issue) == [units.bureau.name, units.qingpu.name, units.post.name, units.yunda.name, "一段话"]


def test_stories_of_one_unit_stand_together(issue, cast):
    for by, title in ((cast.lin, "青浦一"), (cast.zhao, "宝山一"), (cast.lin, "青浦二")):
        put_in(issue, by, cast.lu, title)

    assert titles(issue) == ["青浦一", "青浦二", "宝山一"]
    assert positions(issue) == [("branch", 1), ("branch", 2), ("branch", 3)]


def test_a_given_place_goes_before_the_unit(issue, cast):
    put_in(issue, cast.lin, cast.lu, "青浦一")
    put_in(issue, cast.zhao, cast.lu, "宝山一")

    assembly.place(issue, factories.accepted(cast.lin, cast.lu, title="青浦二"), by=cast.lu, position=1)

    assert titles(issue) == ["青浦二", "青浦一", "宝山一"]


def test_what_is_taken_out_is_accepted_again(issue, cast):
    placement = put_in(issue, cast.lin, cast.lu, "青浦一")
    put_in(issue, cast.zhao, cast.lu, "宝山一")

    article = assembly.take_out(placement, by=cast.lu)

    assert article.status == Status.ACCEPTED
    assert positions(issue) == [("branch", 1)]
    assert [event.transition for event in article.events.all()][-2:] == ["place", "take_out"]


def test_a_move_goes_as_far_as_the_section(issue, cast):
    first = put_in(issue, cast.lin, cast.lu, "青浦一")
    put_in(issue, cast.zhao, cast.lu, "宝山一")

    assert assembly.move(first, 99, by=cast.lu) == 2
    assert titles(issue) == ["宝山一", "青浦一"]
    assert assembly.move(first, -5, by=cast.lu) == 1


def test_a_section_in_default_order_stays_so(issue, cast):
    put_in(issue, cast.zhao, cast.lu, "宝山一")
    put_in(issue, cast.lin, cast.lu, "青浦一")

    assert titles(issue) == ["青浦一", "宝山一"]
    assert not desk.sections_of(issue)[0].is_sorted_by_hand


def test_a_section_sorted_by_hand_keeps_its_order(issue, cast):
    first = put_in(issue, cast.lin, cast.lu, "青浦一")
    put_in(issue, cast.zhao, cast.lu, "宝山一")
    assembly.move(first, 2, by=cast.lu)

    put_in(issue, cast.zhao, cast.lu, "宝山二")

    assert titles(issue) == ["宝山一", "宝山二", "青浦一"]


def test_the_default_order_is_restored_by_unit(issue, cast):
    first = put_in(issue, cast.lin, cast.lu, "青浦一")
    put_in(issue, cast.zhao, cast.lu, "宝山一")
    assembly.move(first, 2, by=cast.lu)
    assert desk.sections_of(issue)[0].is_sorted_by_hand

    assembly.restore_order(issue, by=cast.lu)

    assert titles(issue) == ["青浦一", "宝山一"]
    assert not desk.sections_of(issue)[0].is_sorted_by_hand


def test_only_an_accepted_article_is_put_in(issue, cast):
    with pytest.raises(Refused):
        assembly.place(issue, factories.submitted(cast.lin), by=cast.lu)

    assert not issue.placements.exists()


def test_an_article_is_in_one_issue_only(issue, bulletin, cast):
    article = factories.accepted(cast.lin, cast.lu)
    assembly.place(issue, article, by=cast.lu)

    with pytest.raises(Refused):
        assembly.place(factories.make_issue(bulletin, cast.lu), Article.objects.get(pk=article.pk), by=cast.lu)


@pytest.mark.parametrize("act", ["place", "take_out", "move", "restore", "recipients", "settings"])
def test_nothing_changes_while_it_waits_for_sign_off(act, issue, cast):
    placement, spare = put_in(issue, cast.lin, cast.lu, "青浦一"), factories.accepted(cast.zhao, cast.lu)
    issue.apply(Issue.SEND, by=cast.lu)
    acts = {
        "place": lambda: assembly.place(issue, spare, by=cast.lu),
        "take_out": lambda: assembly.take_out(placement, by=cast.lu),
        "move": lambda: assembly.move(placement, 1, by=cast.lu),
        "restore": lambda: assembly.restore_order(issue, by=cast.lu),
        "recipients": lambda: assembly.set_recipients(issue, {"up": []}, by=cast.lu),
        "settings": lambda: assembly.set_up(
            issue, by=cast.lu, dated_on=issue.dated_on, editor_note="", has_contents=True, print_run=1
        ),
    }

    with pytest.raises(Refused):
        acts[act]()

    assert (titles(issue), issue.recipients.count()) == (["青浦一"], 11)


def test_every_act_is_noticed_by_other_desks(issue, cast):
    seen = issue.updated_at
    put_in(issue, cast.lin, cast.lu, "青浦一")

    issue.refresh_from_db()
    assert issue.updated_at > seen


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 4), st.integers(-2, 9)), max_size=8))
def test_moves_never_lose_or_double_an_article(moves, issue, cast):
    if not issue.placements.exists():
        for n in range(5):
            put_in(issue, (cast.lin, cast.zhao)[n % 2], cast.lu, f"第{n}篇")
    placements = list(issue.placements.order_by("pk"))

    for which, to in moves:
        reached = assembly.move(placements[which], to, by=cast.lu)
        placements[which].refresh_from_db()
        assert placements[which].position == reached

    assert positions(issue) == [("branch", n) for n in range(1, 6)]
    assert sorted(titles(issue)) == [f"第{n}篇" for n in range(5)]
