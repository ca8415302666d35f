"""Who is told of the steps of a review, and of what others have yet to look at."""

import pytest

from accounts.models import Notice
from articles import assigning, review, revision
from articles.models import Article
from articles.revision import Wording
from tests import factories
from tests.scenes import scene

pytestmark = pytest.mark.usefixtures("three_reviews")


@scene
def mei(cast):
    return factories.make_user("mei", "梅映雪", "editor", unit=cast.lu.unit)


def asked(word):
    """Who is asked for it now, as sorted user names."""
    return sorted(Notice.objects.unread().filter(word=word).values_list("user__username", flat=True))


def revise(article, by, **options):
    article.refresh_from_db()
    wording = Wording({"body": f"<p>{by.name}改过的正文。</p>"}, {})
    revision.revise(article, wording, by=by, seen=article.current_version_id, **options)


def test_each_pass_asks_those_who_may_take_the_next_step_and_no_others(cast, mei):
    article = factories.submitted(cast.lin)
    assert asked("请审稿") == ["admin", "gu", "lu", "mei"]

    article.apply(Article.PASS_FIRST, by=cast.lu)
    assert asked("请审稿") == ["admin", "gu", "mei"]

    article.apply(Article.PASS_SECOND, by=mei)
    assert asked("请审稿") == ["admin", "gu"]
    assert asked("已采用") == []

    article.apply(Article.ACCEPT, by=cast.gu)
    assert (asked("请审稿"), asked("已采用")) == ([], ["lin"])


@pytest.mark.parametrize("passed", [0, 1, 2])
def test_what_is_returned_from_any_step_is_told_to_the_writer_alone_and_at_once(cast, mei, passed):
    article = factories.passed(cast.lin, *(cast.lu, mei)[:passed])
    article.apply(Article.RETURN, by=cast.gu, note="请补充人数")

    [notice] = Notice.objects.unread()
    assert (notice.user, notice.word, notice.note) == (cast.lin, "退修", "请补充人数")
    assert notice.mail.address == cast.lin.email


def test_what_an_edit_made_void_is_asked_for_again(cast, mei):
    article = factories.passed(cast.lin, cast.lu)
    revise(article, mei)

    article.refresh_from_db()
    assert article.step == 1
    assert asked("请审稿") == ["admin", "gu", "lu"]  # mei has the second step by her edit
    assert asked("编辑改稿") == ["lin"]


def test_an_assignment_ends_with_its_step(cast, mei):
    article = factories.submitted(cast.lin)
    assigning.assign([article.pk], to=cast.lu, due_on=None, by=cast.gu)
    article.apply(Article.PASS_FIRST, by=cast.lu)

    assert list(Article.objects.waiting_for(cast.gu)) == list(Article.objects.waiting_for(mei)) == [article]


# --- what was passed in absence ------------------------------------------------------------------------------------
def test_those_who_may_confirm_a_step_taken_in_absence_are_asked_until_one_has(cast, mei):
    article = factories.passed(cast.lin, cast.lu)
    article.apply(Article.STAND_IN_SECOND, by=cast.lu, note="梅映雪出差")
    assert (asked("请补审"), asked("请审稿")) == (["admin", "gu", "mei"], ["admin", "gu", "mei"])

    article.apply(Article.ACCEPT, by=cast.gu)
    assert asked("请补审") == ["admin", "gu", "mei"]  # the move is another matter

    review.ratify(article, by=mei, version=article.current_version_id)
    assert asked("请补审") == []


def test_a_step_taken_in_absence_is_confirmed_no_more_when_it_is_returned(cast, mei):
    article = factories.passed(cast.lin, cast.lu)
    article.apply(Article.STAND_IN_SECOND, by=cast.lu, note="梅映雪出差")
    article.apply(Article.RETURN, by=cast.gu, note="请补充人数")

    assert asked("请补审") == []


# --- corrections ---------------------------------------------------------------------------------------------------
@scene
def reviewed(cast, mei):
    return factories.passed(cast.lin, cast.lu, mei, cast.gu)


def test_a_correction_after_the_review_asks_others_to_agree_until_one_has(cast, mei, reviewed):
    revise(reviewed, cast.gu, is_correction=True)
    assert asked("请看改动") == ["admin", "lu", "mei"]

    reviewed.refresh_from_db()
    review.agree(reviewed, by=mei, version=reviewed.current_version_id)
    assert asked("请看改动") == []


def test_putting_it_into_an_issue_leaves_the_correction_to_be_agreed_to(cast, bulletin, reviewed):
    revise(reviewed, cast.gu, is_correction=True)
    reviewed.refresh_from_db()
    factories.make_issue(bulletin, cast.gu, [reviewed])

    assert asked("请看改动") == ["admin", "lu", "mei"]


def test_a_correction_before_the_last_step_is_the_next_reviewers(cast, mei):
    article = factories.passed(cast.lin, cast.lu, mei)
    revise(article, cast.gu, is_correction=True)

    assert asked("请看改动") == []
