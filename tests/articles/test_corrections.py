"""An edit after a step was passed: it makes void what was passed, or is a correction to which another person agrees."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from articles import review, revision
from articles.models import Agreement, Article, ArticleEvent, Correction, Status
from articles.revision import Wording
from bulletin_cms import todo
from issues import assembly, signing
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = [pytest.mark.usefixtures("three_reviews"), pytest.mark.sqlite]


@scene
def mei(cast):
    return factories.make_user("mei", "梅映雪", "editor", unit=cast.lu.unit)


@scene
def third(cast, mei):
    """Passed by Lu and Mei; the final review is left."""
    return factories.passed(cast.lin, cast.lu, mei, title="青浦局召开座谈会", body="<p>会上形成公示。</p>")


@scene
def reviewed(cast, mei):
    return factories.passed(cast.lin, cast.lu, mei, cast.gu, title="青浦局召开座谈会", body="<p>会上形成公示。</p>")


@scene
def issue(bulletin, cast, reviewed):
    bulletin.review_steps = 3
    bulletin.save()
    return factories.make_issue(bulletin, cast.lu, [reviewed])


def revised(article, by, text="<p>会上形成共识。</p>", **options):
    version = revision.revise(article, Wording({"body": text}, {}), by=by, seen=article.current_version_id, **options)
    article.refresh_from_db()
    return version


def corrected(issue, by, text="<p>会上形成共识。</p>", **options):
    placement = issue.placements.get()
    seen = placement.article.current_version_id
    return assembly.revise(placement, Wording({"body": text}, {}), by=by, seen=seen, **options)


def open_problems(issue):
    return [problem for problem in signing.problems(issue) if problem.code == "correction"]


# --- in review ------------------------------------------------------------------------------------------------------
def test_an_edit_in_the_first_step_leaves_it_there(cast):
    article = factories.submitted(cast.lin)

    revised(article, cast.lu)

    assert article.status == Status.SUBMITTED
    article.apply(Article.PASS_FIRST, by=cast.lu)  # in the own step


def test_an_edit_in_a_later_step_makes_void_what_was_passed(third, cast, mei):
    revised(third, cast.gu)

    assert third.status == Status.SUBMITTED
    assert third.events.last().transition == "begin_again"
    with pytest.raises(Refused):
        third.apply(Article.PASS_FIRST, by=cast.gu)  # who edited in the third step takes that one and no other
    third.apply(Article.PASS_FIRST, by=cast.lu)
    third.apply(Article.PASS_SECOND, by=mei)
    third.apply(Article.ACCEPT, by=cast.gu)
    assert third.status == Status.ACCEPTED


def test_an_edit_of_an_accepted_article_makes_void_what_was_passed(reviewed, cast):
    revised(reviewed, cast.admin)

    assert (reviewed.status, reviewed.decided_at) == (Status.SUBMITTED, None)


def test_who_took_another_step_does_not_edit(third, cast):
    with pytest.raises(Refused, match="您已做过这篇的初审"):
        revised(third, cast.lu)
    assert third.versions.count() == 1


def test_a_correction_of_the_wording_keeps_what_was_passed_and_the_next_reviewer_agrees_by_passing(cast, mei):
    article = factories.passed(cast.lin, cast.lu, body="<p>会上形成公示。</p>")
    revised(article, mei, is_correction=True)
    assert article.status == Status.SECOND_REVIEW

    article.apply(Article.PASS_SECOND, by=mei)
    assert [correction.missing for correction in article.corrections.open()] == [1]
    article.apply(Article.ACCEPT, by=cast.gu)

    assert not article.corrections.open()
    assert Agreement.objects.get().person == cast.gu


def test_the_page_of_the_next_reviewer_shows_the_comparison(as_user, third, cast, mei):
    revised(third, cast.gu, is_correction=True)

    page = as_user(cast.admin).get(reverse("articles:detail", args=[third.pk]))

    assert page.context["shows_changes"]
    assert "属文字订正，要由另一人同意" in page.text


# --- accepted -------------------------------------------------------------------------------------------------------
def test_another_person_agrees_with_one_click_on_the_comparison(as_user, reviewed, cast, mei):
    revised(reviewed, cast.gu, is_correction=True)
    assert reviewed.status == Status.ACCEPTED
    address = reverse("articles:detail", args=[reviewed.pk])
    page = as_user(mei).get(address)
    assert page.context["shows_changes"]
    assert page.context["before"].number == 1
    assert reverse("articles:agree", args=[reviewed.pk]) in page.text

    sent = {"version": reviewed.current_version_id}
    answer = as_user(mei).post(reverse("articles:agree", args=[reviewed.pk]), sent, follow=True)

    assert "您已同意" in answer.text
    assert not reviewed.corrections.open()
    assert reviewed.events.last().transition == ArticleEvent.AGREE
    assert "同意改动" in answer.text


@pytest.mark.parametrize("who", ["gu", "lin", "fang"])
def test_neither_the_editor_nor_the_author_agrees(who, as_user, reviewed, cast):
    revised(reviewed, cast.gu, is_correction=True)

    as_user(getattr(cast, who)).post(
        reverse("articles:agree", args=[reviewed.pk]), {"version": reviewed.current_version_id}
    )

    assert reviewed.corrections.open()
    assert not Article.objects.to_agree(getattr(cast, who)).exists()


def test_a_text_that_is_no_longer_the_last_is_not_agreed_to(reviewed, cast, mei):
    seen = revised(reviewed, cast.gu, is_correction=True).pk
    revised(reviewed, cast.admin, text="<p>会上形成一致意见。</p>", is_correction=True)

    with pytest.raises(Refused, match="有了新版"):
        review.agree(reviewed, by=mei, version=seen)


def test_what_waits_for_agreement_is_to_do_for_those_who_may_agree(reviewed, cast, mei):
    revised(reviewed, cast.gu, is_correction=True)

    for user, expected in ((mei, 1), (cast.lu, 1), (cast.gu, 0)):
        assert todo.counts(user)["agree"] == expected
        assert len([task for task in todo.tasks(user) if task.kind == "agree"]) == expected
    review.agree(reviewed, by=mei, version=reviewed.current_version_id)
    assert todo.counts(cast.lu)["agree"] == 0


# --- in an issue ----------------------------------------------------------------------------------------------------
def test_a_typo_corrected_on_the_desk_waits_for_one_person_before_the_issue_is_sent(issue, reviewed, cast, mei):
    version = corrected(issue, cast.gu)

    assert issue.placements.get().version == version
    assert Article.objects.get().status == Status.PLACED
    assert ["另一人" in problem.text for problem in open_problems(issue)] == [True]
    with pytest.raises(Refused, match="还要另一人同意"):
        signing.send_for_sign_off(issue, by=cast.lu)

    review.agree(reviewed, by=mei, version=version.pk)

    assert open_problems(issue) == []


def test_a_larger_change_on_the_desk_waits_for_as_many_as_its_review_has_steps(issue, reviewed, cast, mei):
    version = corrected(issue, cast.gu, is_correction=False)

    review.agree(reviewed, by=mei, version=version.pk)
    assert len(open_problems(issue)) == 1
    review.agree(reviewed, by=cast.lu, version=version.pk)

    assert open_problems(issue) == []


def test_what_nobody_agreed_to_is_not_issued(issue, reviewed, cast):
    corrected(issue, cast.gu)

    with pytest.raises(Refused, match="还没有人同意"):
        Article.objects.get().apply(Article.ISSUE, by=cast.gu)


def test_the_desk_takes_an_edit_for_a_correction_unless_told_otherwise(as_user, issue, reviewed, cast):
    address = reverse("issues:revise", args=[issue.pk, reviewed.pk])
    page = as_user(cast.gu).get(address).text
    assert 'name="is_correction"' in page
    sent = {
        "kind": "article",
        "title": reviewed.title,
        "body": "<p>会上形成共识。</p>",
        "seen": reviewed.current_version_id,
    }

    as_user(cast.gu).post(address, sent | {"is_correction": "on"})
    assert [(each.is_wording, each.needed) for each in Correction.objects.all()] == [(True, 1)]

    reviewed.refresh_from_db()
    as_user(cast.gu).post(address, sent | {"body": "<p>改写。</p>", "seen": reviewed.current_version_id})
    assert [(each.is_wording, each.needed) for each in Correction.objects.all()] == [(True, 1), (False, 2)]


def test_the_review_page_asks_only_where_something_was_passed(as_user, cast, third):
    first = factories.submitted(cast.lin)

    for article, asks in ((first, False), (third, True)):
        page = as_user(cast.gu).get(reverse("articles:revise", args=[article.pk])).text
        assert ('name="is_correction"' in page) == asks


# --- past the views -------------------------------------------------------------------------------------------------
def test_the_database_takes_no_agreement_of_the_editor_or_the_author(reviewed, cast, mei):
    revised(reviewed, cast.gu, is_correction=True)
    correction = Correction.objects.get()

    for user in (cast.gu, cast.lin):
        with pytest.raises(DatabaseError, match="articles_agreement never changes"), transaction.atomic():
            Agreement.objects.create(correction=correction, person=user)
    assert Agreement.objects.create(correction=correction, person=mei).pk


def test_the_database_prints_nothing_to_which_nobody_agreed(issue, reviewed, cast, mei):
    version = corrected(issue, cast.gu)

    with pytest.raises(DatabaseError, match="articles_article never changes"), transaction.atomic():
        Article.objects.update(status=Status.ISSUED)
    review.agree(reviewed, by=mei, version=version.pk)
    assert Article.objects.update(status=Status.ISSUED) == 1


def test_the_database_takes_no_edit_of_who_has_no_part(reviewed, cast):
    with pytest.raises(DatabaseError, match="articles_articleevent never changes"), transaction.atomic():
        ArticleEvent.objects.create(
            article=reviewed, by=cast.admin, transition="revise", from_status="accepted", to_status="accepted",
            version=reviewed.current_version, round=reviewed.round,
        )  # fmt: skip
