import pytest
from django.utils import timezone

from accounts.models import Unit
from articles.commissions import answering
from articles.models import Answer, Article, Commissioned
from tests.factories import accepted, make_article, make_commission, make_issue, submitted
from workflow.refusals import Refused

PEOPLE = ("lin", "zhao", "he", "lu", "gu", "fang", "tang", "shen", "admin")
OWN, OFFICE = {"lin", "he"}, {"lu", "gu", "admin"}
# Every move from every status; what is not in it is refused. Handing in and taking back go with the story alone.
ALLOWED = {
    ("accept", "asked"): OWN,
    ("accept", "declined"): OWN,
    ("decline", "asked"): OWN,
    ("decline", "accepted"): OWN,
    ("withdraw", "asked"): OFFICE,
    ("withdraw", "accepted"): OFFICE,
    ("withdraw", "declined"): OFFICE,
    ("detach", "answered"): OFFICE,
}


@pytest.fixture
def row(cast, units):
    return make_commission(cast.lu, units.qingpu, units.baoshan)


def in_status(row, status, cast):
    if status == Answer.ANSWERED:
        answering.tie(row, submitted(cast.lin), by=cast.lin)
    elif status == Answer.ACCEPTED:
        row.apply(Commissioned.ACCEPT, by=cast.lin)
    elif status == Answer.DECLINED:
        row.apply(Commissioned.DECLINE, by=cast.lin, note="没有这项工作")
    elif status == Answer.WITHDRAWN:
        row.apply(Commissioned.WITHDRAW, by=cast.lu, note="不再需要")
    return Commissioned.objects.get(pk=row.pk)


@pytest.mark.parametrize("status", Answer.values)
def test_each_move_from_each_status_is_theirs_who_stand_in_the_table(row, cast, status):
    row = in_status(row, status, cast)

    for move in Commissioned.TRANSITIONS:
        able = {name for name in PEOPLE if move in row.transitions_for(getattr(cast, name))}
        assert able == ALLOWED.get((move.name, status), set()), move.name


@pytest.mark.parametrize("move", [Commissioned.DECLINE, Commissioned.WITHDRAW], ids=lambda move: move.name)
def test_who_says_no_says_why(row, cast, move):
    with pytest.raises(Refused, match="理由"):
        row.apply(move, by=cast.lin if move == Commissioned.DECLINE else cast.lu)


def test_one_click_begins_a_story_that_carries_the_commission(row, cast):
    article = answering.begin(row, by=cast.lin)

    row.refresh_from_db()
    assert (article.unit, article.created_by, article.status) == (row.unit, cast.lin, "draft")
    assert (article.commissioned, row.status) == (row, Answer.ACCEPTED)


def test_a_second_click_finds_the_same_story(row, cast):
    assert answering.begin(row, by=cast.lin) == answering.begin(row, by=cast.he)
    assert Article.objects.count() == 1


def test_another_unit_begins_nothing(row, cast):
    with pytest.raises(Refused):
        answering.begin(row, by=cast.zhao)

    assert not Article.objects.exists()


def test_it_is_answered_when_its_story_reaches_the_office(row, cast):
    Unit.objects.filter(pk=row.unit_id).update(approval=Unit.Approval.AUTO)
    article = make_article(cast.lin)
    answering.tie(row, article, by=cast.lin)

    article = Article.objects.get(pk=article.pk)
    article.apply(Article.ASK_APPROVAL, by=cast.lin)
    assert Commissioned.objects.get(pk=row.pk).status == Answer.ACCEPTED
    article.apply(Article.APPROVE, by=cast.he)

    row.refresh_from_db()
    assert (row.status, row.settled_on) == (Answer.ANSWERED, timezone.localdate())
    assert row.events.last().by == cast.he


def test_a_story_taken_back_is_not_handed_in(row, cast):
    article = submitted(cast.lin)
    answering.tie(row, article, by=cast.lin)

    article.apply(Article.WITHDRAW, by=cast.lin)
    row.refresh_from_db()
    assert (row.status, row.settled_on, row.article) == (Answer.ACCEPTED, None, article)
    article.apply(Article.SUBMIT, by=cast.lin)

    row.refresh_from_db()
    assert row.status == Answer.ANSWERED


def test_what_the_office_returns_has_been_handed_in(row, cast):
    article = submitted(cast.lin)
    answering.tie(row, article, by=cast.lin)

    article.apply(Article.RETURN, by=cast.lu, note="请补充数字")

    row.refresh_from_db()
    assert row.is_answered


def test_a_deleted_draft_leaves_the_commission_to_be_written(row, cast):
    article = answering.begin(row, by=cast.lin)

    article.apply(Article.DISCARD, by=cast.lin)
    row.refresh_from_db()
    assert (row.article, row.status) == (None, Answer.ACCEPTED)

    assert answering.begin(row, by=cast.lin) != article


def test_who_declines_keeps_the_story_that_was_begun(row, cast):
    article = answering.begin(row, by=cast.lin)

    Commissioned.objects.get(pk=row.pk).apply(Commissioned.DECLINE, by=cast.lin, note="数字还没有公布")

    article = Article.objects.get(pk=article.pk)
    assert article.is_draft
    assert not hasattr(article, "commissioned")


def test_a_story_handed_in_after_the_withdrawal_is_a_story_like_any_other(row, cast):
    article = make_article(cast.lin)
    answering.tie(row, article, by=cast.lin)
    Commissioned.objects.get(pk=row.pk).apply(Commissioned.WITHDRAW, by=cast.lu, note="不再需要")

    article.apply(Article.SUBMIT, by=cast.lin)

    row.refresh_from_db()
    assert (article.status, row.status) == ("submitted", Answer.WITHDRAWN)


def test_only_own_stories_that_answer_nothing_and_stand_in_no_issue_are_offered(row, cast, bulletin):
    mine, theirs, taken, printed = (
        make_article(cast.lin),
        make_article(cast.zhao),
        make_article(cast.lin),
        accepted(cast.lin, cast.lu),
    )
    answering.tie(make_commission(cast.lu, row.unit), taken, by=cast.lin)
    make_issue(bulletin, cast.lu, [printed])

    assert list(answering.tieable(cast.lin)) == [mine]
    for other in (theirs, taken, printed):
        with pytest.raises(Refused):
            answering.tie(row, other, by=cast.lin)


def test_a_second_story_is_refused_while_there_is_one(row, cast):
    answering.begin(row, by=cast.lin)

    with pytest.raises(Refused):
        answering.tie(row, make_article(cast.lin), by=cast.lin)
