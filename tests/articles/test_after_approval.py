"""What a unit has approved: the line of steps, and the review after it."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import RoleAssignment
from articles import revision
from articles.models import Article, ArticleEvent
from articles.revision import Wording
from tests.articles.test_approval import approving, awaiting, page_of
from tests.factories import make_user
from tests.scenes import scene
from workflow.refusals import Refused

__all__ = ["approving"]


# --- the line of steps ------------------------------------------------------------------------------------------------
def test_the_line_of_steps_names_who_approved(as_user, cast):
    article = awaiting(cast.lin)
    steps = as_user(cast.lin).get(reverse("articles:detail", args=[article.pk])).context["steps"]
    assert [(str(step.label), step.css) for step in steps[:3]] == [("撰写", "done"), ("单位审签", "now"), ("审稿", "")]

    article.apply(Article.APPROVE, by=cast.he)
    steps = as_user(cast.lin).get(reverse("articles:detail", args=[article.pk])).context["steps"]
    assert [(str(step.label), step.css, step.who) for step in steps[1:3]] == [
        ("单位审签", "done", "贺思齐"),
        ("审稿", "now", ""),
    ]


def test_an_approval_begins_no_round_of_its_own(cast):
    """So that the rules of review can ask who sent and who approved it in one round."""
    article = awaiting(cast.lin)
    article.apply(Article.APPROVE, by=cast.he)

    assert set(ArticleEvent.objects.values_list("transition", "by__username")) == {
        ("ask_approval", "lin"),
        ("approve", "he"),
    }
    assert not Article.APPROVE.begins_round


# --- the review after it ----------------------------------------------------------------------------------------------
@scene
def approved(approving, cast):
    """By somebody who is an editor too."""
    RoleAssignment.objects.create(user=cast.he, role="editor")
    article = awaiting(cast.lin)
    article.apply(Article.APPROVE, by=cast.he)
    return article


def test_who_approved_takes_no_step_of_the_review(as_user, cast, approved):
    assert not Article.objects.awaiting(cast.he).exists()
    for move in (Article.ACCEPT, Article.PASS_FIRST, Article.RETURN, Article.DECLINE):
        assert not approved.may(move, cast.he)
    with pytest.raises(Refused):
        approved.apply(Article.ACCEPT, by=cast.he)
    fields = {"title": approved.title, "subtitle": "", "authors": "", "body": "<p>青浦局开展了安全培训。</p>"}
    with pytest.raises(Refused):
        revision.revise(approved, Wording(fields, {}), by=cast.he, seen=approved.current_version_id)

    # 采用通报 is a link of the menu.
    assert "采用" not in page_of(as_user(cast.he), approved).replace("采用通报", "")
    approved.apply(Article.ACCEPT, by=cast.lu)


def test_the_database_takes_no_pass_by_who_approved(cast, approved):
    fields = {"from_status": "submitted", "to_status": "accepted", "version": approved.current_version}
    Article.objects.filter(pk=approved.pk).update(status="accepted")

    with pytest.raises(DatabaseError), transaction.atomic():
        approved.events.create(by=cast.he, transition="accept", round=approved.round, **fields)


def test_who_approved_an_earlier_round_takes_no_step_of_the_next(cast, units, approved):
    xu = make_user("xu", "许明远", "approver", unit=units.qingpu)
    approved.apply(Article.RETURN, by=cast.lu, note="请补充参加人数")
    approved.apply(Article.ASK_APPROVAL, by=cast.lin)
    approved.apply(Article.APPROVE, by=xu)

    assert not approved.may(Article.ACCEPT, cast.he)
    assert approved.may(Article.ACCEPT, cast.gu)
