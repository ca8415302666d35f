"""One to three reviews by different persons, none of whom wrote it: what people are offered, and what the database takes."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from articles import review
from articles.forms import base_of
from articles.models import WRITING, Article, Ratification, Status
from articles.progress import steps
from bulletin_cms import todo
from issues.models import review_steps
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = [pytest.mark.usefixtures("three_reviews"), pytest.mark.sqlite]


@scene
def mei(cast):
    return factories.make_user("mei", "梅映雪", "editor", unit=cast.lu.unit)


@scene
def both(cast):
    """Writes for a unit, and reviews."""
    return factories.make_user("both", "双任", "editor", "contributor", unit=cast.lin.unit)


def names(moves):
    return {move.name for move in moves}


def test_three_persons_take_an_article_to_its_acceptance(cast, mei):
    article = factories.submitted(cast.lin)

    article.apply(Article.PASS_FIRST, by=cast.lu)
    assert article.status == Status.SECOND_REVIEW
    article.apply(Article.PASS_SECOND, by=mei)
    assert article.status == Status.FINAL_REVIEW
    article.apply(Article.ACCEPT, by=cast.gu)

    assert article.status == Status.ACCEPTED
    assert list(article.parts.order_by("step").values_list("person__username", "step")) == [
        ("lin", WRITING),
        ("lu", 1),
        ("mei", 2),
        ("gu", 3),
    ]


@pytest.mark.parametrize(
    ("steps", "statuses"), [(1, []), (2, ["second_review"]), (3, ["second_review", "final_review"])]
)
def test_it_has_so_many_reviews_as_its_bulletin_wants(cast, mei, steps, statuses):
    factories.make_bulletin(review_steps=steps)
    article, seen = factories.submitted(cast.lin), []

    for person in (cast.lu, mei, cast.gu)[:steps]:
        [move] = [move for move in article.transitions_for(person) if move in Article.PASSES]
        article.apply(move, by=person)
        seen.append(article.status)

    assert seen == [*statuses, "accepted"]


def test_the_bulletin_that_wants_most_decides(db):
    assert review_steps() == 3  # where there is none, as a new one
    factories.make_bulletin(review_steps=1)
    assert review_steps() == 1
    factories.make_bulletin(review_steps=2)
    assert review_steps() == 2


def test_what_is_under_way_keeps_the_steps_with_which_it_was_handed_in(cast):
    bulletin = factories.make_bulletin(review_steps=1)
    article = factories.submitted(cast.lin)
    bulletin.review_steps = 3
    bulletin.save()

    article.apply(Article.ACCEPT, by=cast.lu)

    assert article.status == Status.ACCEPTED


@pytest.mark.parametrize("passed", [1, 2])
def test_nobody_takes_two_steps(cast, mei, passed):
    article = factories.passed(cast.lin, *(cast.lu, mei)[:passed])

    for person in (cast.lu, mei)[:passed]:
        assert not names(article.transitions_for(person)) & names(Article.PASSES)
        for move in Article.PASSES:
            with pytest.raises(Refused):
                article.apply(move, by=person)


def test_the_last_step_alone_accepts(cast):
    article = factories.submitted(cast.lin)

    with pytest.raises(Refused):
        article.apply(Article.ACCEPT, by=cast.lu)


def test_who_wrote_it_takes_no_step(cast, both):
    article = factories.submitted(both)

    assert names(article.transitions_for(both)) == {"withdraw"}


def test_who_handed_in_anothers_article_takes_no_step(cast, both):
    article = factories.make_article(cast.lin)
    article.apply(Article.SUBMIT, by=both)

    assert names(article.transitions_for(both)) == {"withdraw"}


def test_who_changed_a_colleagues_draft_takes_no_step(as_user, cast, both):
    article = factories.make_article(cast.lin)
    fields = {
        "kind": "article",
        "title": "同事改过的标题",
        "body": article.body,
        "base": base_of(article),
    }
    as_user(both).post(reverse("articles:edit", args=[article.pk]), fields)
    article.refresh_from_db()
    assert article.title == "同事改过的标题"

    article.apply(Article.SUBMIT, by=cast.lin)

    assert names(article.transitions_for(both)) == {"withdraw"}


def test_who_wrote_in_an_earlier_round_takes_no_step_in_a_later_one(cast, both):
    article = factories.make_article(cast.lin)
    article.apply(Article.SUBMIT, by=both)
    article.apply(Article.RETURN, by=cast.lu, note="请补充")
    article.apply(Article.SUBMIT, by=cast.lin)

    assert Article.PASS_FIRST not in article.transitions_for(both)


def test_a_new_round_begins_at_the_first_step_and_is_open_to_all_who_did_not_write(cast, mei):
    article = factories.passed(cast.lin, cast.lu, mei)
    article.apply(Article.RETURN, by=cast.gu, note="请补充")
    article.apply(Article.SUBMIT, by=cast.lin)

    assert article.status == Status.SUBMITTED
    article.apply(Article.PASS_FIRST, by=mei)
    article.apply(Article.PASS_SECOND, by=cast.lu)
    assert article.status == Status.FINAL_REVIEW


@pytest.mark.parametrize("passed", [0, 1, 2, 3])
def test_it_is_returned_from_each_step(cast, mei, passed):
    article = factories.passed(cast.lin, *(cast.lu, mei, cast.gu)[:passed])

    article.apply(Article.RETURN, by=cast.admin, note="请补充")

    assert article.status == Status.RETURNED


def test_the_unit_withdraws_it_only_before_the_first_pass(cast):
    article = factories.submitted(cast.lin)
    assert Article.WITHDRAW in article.transitions_for(cast.lin)

    article.apply(Article.PASS_FIRST, by=cast.lu)

    assert Article.WITHDRAW not in article.transitions_for(cast.lin)


# --- lists, counts, pages -------------------------------------------------------------------------------------------
def test_lists_and_counts_show_a_step_to_those_who_may_take_it(cast, mei, both):
    articles = [factories.passed(cast.lin, *(cast.lu, mei)[:passed]) for passed in range(3)]
    articles.append(factories.submitted(both))
    articles.append(factories.passed(both, cast.gu))

    for user in (cast.lu, mei, cast.gu, both, cast.lin, cast.fang):
        allowed = {row.pk for row in articles if set(row.transitions_for(user)) & set(Article.PASSES)}
        assert set(Article.objects.awaiting(user).values_list("pk", flat=True)) == allowed
        assert todo.counts(user).get("review", 0) == len(allowed)
        assert len([task for task in todo.tasks(user) if task.kind == "review"]) == len(allowed)


def test_the_queue_holds_what_this_person_may_decide(as_user, cast):
    article = factories.passed(cast.lin, cast.lu)
    other = factories.submitted(cast.zhao)

    for user, shown in ((cast.lu, {other}), (cast.gu, {article, other})):
        page = as_user(user).get(reverse("articles:queue"))
        assert set(page.context["page_obj"]) == shown


def test_the_page_offers_the_step_and_says_why_not(as_user, cast):
    article = factories.passed(cast.lin, cast.lu)
    address = reverse("articles:detail", args=[article.pk])

    page = as_user(cast.gu).get(address).text
    assert reverse("articles:transition", args=[article.pk, "pass_second"]) in page
    assert "复审通过" in page

    page = as_user(cast.lu).get(address).text
    assert reverse("articles:transition", args=[article.pk, "pass_second"]) not in page
    assert "您已做过这篇的初审，复审要由另一人" in page


def test_the_pages_button_passes_the_step(as_user, cast):
    article = factories.submitted(cast.lin)

    answer = as_user(cast.lu).post(
        reverse("articles:transition", args=[article.pk, "pass_first"]),
        {"version": article.current_version_id},
        follow=True,
    )

    article.refresh_from_db()
    assert article.status == Status.SECOND_REVIEW
    assert "已通过初审" in answer.text


def test_the_line_of_steps_names_each_review_and_who_made_it(cast, mei):
    article = factories.passed(cast.lin, cast.lu, mei, cast.gu)

    line = steps(article, list(article.events.select_related("by")))

    assert [(str(step.label), step.who) for step in line[:5]] == [
        ("撰写", "林向晚"),
        ("报送", "林向晚"),
        ("初审", "陆一鸣"),
        ("复审", "梅映雪"),
        ("终审", "顾文岚"),
    ]


def test_the_line_of_steps_of_a_small_office_has_one_review(cast):
    factories.make_bulletin(review_steps=1)
    article = factories.submitted(cast.lin)

    assert [str(step.label) for step in steps(article, list(article.events.all()))] == [
        "撰写",
        "报送",
        "审稿",
        "编入",
        "刊用",
    ]


def test_lists_are_filtered_by_the_step(as_user, cast):
    first, second = factories.submitted(cast.lin), factories.passed(cast.lin, cast.lu)
    client = as_user(cast.gu)

    for status, wanted in (("submitted", first), ("second_review", second)):
        page = client.get(reverse("articles:queue"), {"show": "all", "status": status})
        assert list(page.context["page_obj"]) == [wanted]
    assert "复审中" in page.text


# --- absence: somebody stands in ------------------------------------------------------------------------------------
def test_who_took_a_step_stands_in_for_a_further_one_with_a_reason(cast):
    article = factories.passed(cast.lin, cast.lu)

    with pytest.raises(Refused, match="理由"):
        article.apply(Article.STAND_IN_SECOND, by=cast.lu)
    event = article.apply(Article.STAND_IN_SECOND, by=cast.lu, note="顾文岚出差，今日须定稿")

    assert article.status == Status.FINAL_REVIEW
    assert (event.by, event.note) == (cast.lu, "顾文岚出差，今日须定稿")


def test_only_who_took_another_step_stands_in(cast, both):
    article = factories.make_article(cast.lin)
    article.apply(Article.SUBMIT, by=both)
    article.apply(Article.PASS_FIRST, by=cast.lu)

    for user in (cast.gu, both, cast.lin):  # who may pass it, who wrote it
        assert not names(article.transitions_for(user)) & names(Article.STAND_INS)
        with pytest.raises(Refused):
            article.apply(Article.STAND_IN_SECOND, by=user, note="没有别人")


def test_nobody_stands_in_for_the_first_step(cast):
    assert all(Status.SUBMITTED not in move.sources for move in Article.STAND_INS)


# --- what was passed in absence is confirmed ------------------------------------------------------------------------
@scene
def stood_in(cast):
    """Lu took the first step, and the second in another's absence."""
    article = factories.passed(cast.lin, cast.lu)
    article.apply(Article.STAND_IN_SECOND, by=cast.lu, note="梅映雪出差")
    return article


def test_a_further_person_confirms_the_step_by_taking_it(stood_in, cast, mei):
    assert set(Article.objects.to_ratify(mei)) == {stood_in}
    assert not Article.objects.to_ratify(cast.lu).exists()

    review.ratify(stood_in, by=mei, version=stood_in.current_version_id)

    assert stood_in.stand_ins()[0].ratification.person == mei
    assert stood_in.part_of(mei) == 2
    assert not Article.objects.to_ratify(mei).exists()
    with pytest.raises(Refused):
        stood_in.apply(Article.ACCEPT, by=mei)


def test_the_work_goes_on_while_it_waits(stood_in, cast):
    stood_in.apply(Article.ACCEPT, by=cast.gu)

    assert stood_in.status == Status.ACCEPTED
    assert stood_in.to_ratify(cast.gu) is None  # who took the final step
    assert stood_in.to_ratify(cast.admin) is not None


def test_who_stood_in_or_wrote_confirms_nothing(stood_in, cast):
    for user in (cast.lu, cast.lin):
        with pytest.raises(Refused):
            review.ratify(stood_in, by=user, version=stood_in.current_version_id)


def test_the_page_shows_it_and_lets_a_further_person_confirm(as_user, stood_in, cast, mei):
    address = reverse("articles:detail", args=[stood_in.pk])
    page = as_user(mei).get(address).text
    assert "复审由陆一鸣代审，原因：梅映雪出差" in page
    assert "待补审" in page
    assert "陆一鸣（代审）" in page

    sent = {"version": stood_in.current_version_id}
    page = as_user(mei).post(reverse("articles:ratify", args=[stood_in.pk]), sent, follow=True).text

    assert "梅映雪 已补审" in page
    assert reverse("articles:ratify", args=[stood_in.pk]) not in page


def test_it_is_to_do_for_those_who_may_confirm_it(stood_in, cast, mei):
    for user, expected in ((mei, 1), (cast.gu, 1), (cast.lu, 0)):
        assert todo.counts(user)["ratify"] == expected
        assert len([task for task in todo.tasks(user) if task.kind == "ratify"]) == expected


def test_the_database_takes_no_confirmation_by_who_did_not_take_the_step(stood_in, cast):
    [absence] = stood_in.stand_ins()

    for user in (cast.lu, cast.lin, cast.gu):
        with pytest.raises(DatabaseError, match="articles_ratification never changes"), transaction.atomic():
            Ratification.objects.create(event=absence, person=user)


def test_the_page_asks_for_the_reason(as_user, cast):
    article = factories.passed(cast.lin, cast.lu)
    address = reverse("articles:transition", args=[article.pk, "stand_in_second"])
    assert address in as_user(cast.lu).get(reverse("articles:detail", args=[article.pk])).text

    as_user(cast.lu).post(address, {"version": article.current_version_id, "note": "没有别人"})

    article.refresh_from_db()
    assert article.status == Status.FINAL_REVIEW
