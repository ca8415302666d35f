"""Every move by hand from every status for every person, in one table; what is not in it is refused."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit
from articles.models import Article, Status
from tests.factories import held, make_article, make_reason, submitted
from workflow.refusals import Refused

OWN = {"lin", "he"}  # the author, and the approver of the same unit
OFFICE = {"lu", "gu", "admin"}
CHIEFS = {"gu", "admin"}
ALLOWED = {
    ("submit", "draft"): OWN,
    ("submit", "returned"): OWN,
    # The unit asks for approval in these two states alone: article_in switches it on. `he` is the only one to give it.
    ("approve", "awaiting"): {"he"},
    ("send_back", "awaiting"): {"he"},
    ("withdraw", "awaiting"): OWN,
    ("ask_approval", "sent_back"): {"lin"},
    ("discard", "sent_back"): {"lin"},
    ("withdraw", "submitted"): OWN,
    ("accept", "submitted"): OFFICE,
    ("return", "submitted"): OFFICE,
    ("return", "accepted"): OFFICE,
    ("decline", "submitted"): OFFICE,
    ("decline", "accepted"): OFFICE,
    ("decline", "held"): OFFICE,
    ("reconsider", "declined"): OFFICE,
    ("reconsider", "merged"): OFFICE,
    ("merge", "submitted"): OFFICE,
    ("merge", "accepted"): OFFICE,
    ("merge", "held"): OFFICE,
    ("hold", "submitted"): OFFICE,
    ("hold", "accepted"): OFFICE,
    ("release", "held"): OFFICE,  # it was held when it was accepted already; see test_decisions for the others
    ("begin_again", "accepted"): OFFICE,
    # Lu has passed the first of three reviews, Gu the second.
    ("pass_second", "second_review"): {"gu", "admin"},
    ("stand_in_second", "second_review"): {"lu"},
    ("accept", "final_review"): {"admin"},
    ("stand_in_last", "final_review"): {"lu", "gu"},
    **{
        (move, f"{step}_review"): OFFICE
        for move in ("return", "decline", "merge", "hold", "begin_again")
        for step in ("second", "final")
    },
    ("place", "accepted"): OFFICE,
    ("place", "held"): OFFICE,
    ("take_out", "placed"): OFFICE,
    ("issue", "placed"): CHIEFS,
    ("discard", "draft"): {"lin"},  # what one wrote oneself
    ("restore", "discarded"): {"lin"},
}
PEOPLE = ("lin", "zhao", "he", "lu", "gu", "fang", "tang", "shen", "admin")
# The unit's view of "by hand" holds no moves of the issue.
BY_HAND = (
    *("submit", "ask_approval", "approve", "send_back", "withdraw"),
    *("pass_first", "pass_second", "accept", "stand_in_second", "stand_in_last", "return", "discard", "restore"),
    *("decline", "reconsider", "hold", "resume", "release"),
)


def article_in(status, cast):
    article = make_article(cast.lin)
    if status == Status.DISCARDED:
        article.apply(Article.DISCARD, by=cast.lin)
    elif status in (Status.AWAITING, Status.SENT_BACK):
        Unit.objects.filter(pk=article.unit_id).update(approval=Unit.Approval.AUTO)
        article = Article.objects.get(pk=article.pk)
        article.apply(Article.ASK_APPROVAL, by=cast.lin)
        if status == Status.SENT_BACK:
            article.apply(Article.SEND_BACK, by=cast.he, note="请写清日期")
    elif status != Status.DRAFT:
        article.apply(Article.SUBMIT, by=cast.lin)
    if status in (Status.SECOND_REVIEW, Status.FINAL_REVIEW):
        Article.objects.filter(pk=article.pk).update(review_steps=3)
        article.refresh_from_db()
        article.apply(Article.PASS_FIRST, by=cast.lu)
    if status == Status.FINAL_REVIEW:
        article.apply(Article.PASS_SECOND, by=cast.gu)
    if status == Status.RETURNED:
        article.apply(Article.RETURN, by=cast.lu, note="请补充参加人数")
    if status in (Status.ACCEPTED, Status.HELD, Status.PLACED, Status.ISSUED):
        article.apply(Article.ACCEPT, by=cast.lu)
    if status == Status.HELD:
        held(article, cast.lu)
    if status == Status.DECLINED:
        article.apply(Article.DECLINE, by=cast.lu, reason=make_reason())
    if status == Status.MERGED:
        article.apply(Article.MERGE, by=cast.lu, into=submitted(cast.zhao))
    if status in (Status.PLACED, Status.ISSUED):
        article.apply(Article.PLACE, by=cast.lu)
    if status == Status.ISSUED:
        article.apply(Article.ISSUE, by=cast.gu)
    return article


def details_of(move):
    """What the move needs besides a note."""
    if move == Article.DECLINE:
        return {"reason": make_reason()}
    if move == Article.MERGE:
        return {"into": Article.objects.exclude(status=Status.MERGED).last()}
    return {"until": timezone.localdate() + timedelta(days=1)} if move == Article.HOLD else {}


@contextmanager
def undone():
    """What is done within is taken back, so that an article is brought into its status once for many trials."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def trials(status, cast, moves, people=lambda _place: PEOPLE):
    """(move, person, article) for every move and each of its people: each on an article as it stood, at whose end all is undone."""
    article = article_in(status, cast)
    for place, move in enumerate(moves):
        for person in people(place):
            with undone():
                yield move, person, Article.objects.get(pk=article.pk)


@pytest.mark.sqlite
@pytest.mark.parametrize("status", Status.values)
def test_only_the_table_may_move_an_article(cast, status):
    tried = 0
    for move, person, article in trials(status, cast, Article.TRANSITIONS):
        user, case = getattr(cast, person), f"{move.name} by {person}"
        allowed = person in ALLOWED.get((move.name, status), set())
        tried += 1

        assert (move in article.transitions_for(user)) == allowed, case
        if allowed:
            event = article.apply(move, by=user, note="理由", **details_of(move))
            assert (event.from_status, event.to_status, event.by) == (status, move.target, user), case
        else:
            with pytest.raises(Refused):
                article.apply(move, by=user, note="理由", **details_of(move))
                pytest.fail(f"Not refused: {case}")
            assert Article.objects.get(pk=article.pk).status == status, case

    assert tried == len(Article.TRANSITIONS) * len(PEOPLE)


def asking(place):
    """The table is tried for everybody above. The page asks it for whoever posts: the unit's two, one of the office, and of
    the others each in turn."""
    others = [person for person in PEOPLE if person not in ("lin", "he", "lu")]
    return ("lin", "he", "lu", others[place % len(others)])


@pytest.mark.sqlite
@pytest.mark.parametrize("status", Status.values)
def test_the_page_moves_what_the_table_allows_and_nothing_else(client_of, cast, status):
    for person in PEOPLE:
        client_of(getattr(cast, person))  # signed in before anything is undone
    moves = (*BY_HAND, "begin_again", "merge", "place", "take_out", "issue", "delete")
    for name, person, article in trials(status, cast, moves, asking):
        user, case = getattr(cast, person), f"{name} by {person}"
        before = article.events.count()
        tomorrow = timezone.localdate() + timedelta(days=1)
        details = {"decline": {"reason": make_reason().pk}, "hold": {"until": tomorrow.isoformat()}}.get(name, {})

        answer = client_of(user).post(
            reverse("articles:transition", args=[article.pk, name]),
            {"note": "理由", "version": article.current_version_id or "", **details},
        )

        allowed = name in BY_HAND and person in ALLOWED.get((name, status), set())
        assert article.events.count() == before + allowed, case
        if not Article.objects.visible_to(user).filter(pk=article.pk).exists() and not allowed or name not in BY_HAND:
            assert answer.status_code == 404, case


def test_looking_moves_nothing(as_user, cast):
    article = article_in(Status.SUBMITTED, cast)

    assert as_user(cast.lu).get(reverse("articles:transition", args=[article.pk, "accept"])).status_code == 405
    assert Article.objects.get().status == Status.SUBMITTED
