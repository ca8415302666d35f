"""The office ties a story to a commission in the unit's place, and unties it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.commissions import answering
from articles.models import Answer, Article, Commission, Commissioned
from tests.factories import accepted, declined, issued_issue, make_article, make_commission, noon_of, submitted
from tests.points.clock import happening_on
from workflow.refusals import Refused

pytestmark = pytest.mark.sqlite


@pytest.fixture
def row(cast, units):
    return make_commission(cast.lu, units.qingpu, units.baoshan)


def page_of(row):
    return reverse("articles:commissioned", args=[row.pk])


def test_a_story_that_was_handed_in_answers_it_and_the_unit_is_told(as_user, row, cast):
    story = submitted(cast.lin)
    client = as_user(cast.lu)

    page = client.post(reverse("articles:commissioned_attach", args=[row.pk]), {"article": story.pk}, follow=True)

    row.refresh_from_db()
    assert (row.status, row.article) == (Answer.ANSWERED, story)
    assert f"“{story.flat_title}”就是“{row}”的稿件。" in page.text
    assert "约稿已对应稿件" in {notice.word for notice in cast.lin.notices.all()}


def test_it_counts_from_the_day_on_which_it_was_handed_in(cast, units):
    day = timezone.localdate() - timedelta(5)
    with happening_on(day - timedelta(1)):
        row = make_commission(cast.lu, units.qingpu, days=3)
        Commission.objects.update(created_at=timezone.now())
    with happening_on(day):
        story = submitted(cast.lin)
    assert row.days_late > 0

    answering.attach(row, story, by=cast.lu)

    row.refresh_from_db()
    assert (row.settled_on, row.days_late) == (day, 0)


def test_a_story_of_before_the_commission_answers_it_on_the_day_it_was_asked(cast, units):
    with noon_of(date(2026, 4, 1)):
        story = submitted(cast.lin)
    row = make_commission(cast.lu, units.qingpu)

    answering.attach(row, story, by=cast.lu)

    row.refresh_from_db()
    assert row.settled_on == timezone.localdate(row.commission.created_at)


def test_what_was_printed_may_be_tied_and_what_was_declined_or_is_a_draft_may_not(row, cast, bulletin):
    printed = accepted(cast.lin, cast.lu)
    issued_issue(bulletin, cast, [printed])
    draft, refused, other = make_article(cast.lin), declined(cast.lin, cast.lu), submitted(cast.zhao)

    assert list(answering.attachable(row, cast.lu)) == [printed]
    for article in (draft, refused, other):
        with pytest.raises(Refused):
            answering.attach(row, article, by=cast.lu)


def test_a_draft_that_was_begun_for_it_goes_free(row, cast):
    begun = answering.begin(row, by=cast.lin)
    story = submitted(cast.lin)

    answering.attach(row, story, by=cast.lu)

    row.refresh_from_db()
    assert row.article == story
    assert not Commissioned.objects.filter(article=begun).exists()


def test_what_has_its_story_gets_no_other(row, cast):
    answering.tie(row, submitted(cast.lin), by=cast.lin)

    with pytest.raises(Refused, match="已经是这件约稿的稿件"):
        answering.attach(row, submitted(cast.lin), by=cast.lu)


def test_a_unit_does_not_tie_in_the_offices_place(row, cast):
    with pytest.raises(Refused):
        answering.attach(row, submitted(cast.lin), by=cast.lin)


def test_a_wrong_story_is_untied_with_a_reason_that_the_unit_reads(as_user, row, cast):
    story = submitted(cast.lin)
    answering.attach(row, story, by=cast.lu)
    client, move = as_user(cast.lu), reverse("articles:commissioned_transition", args=[row.pk, "detach"])

    client.post(move, {"note": ""})
    assert Commissioned.objects.get(pk=row.pk).article == story
    client.post(move, {"note": "写的是另一件事"})

    row.refresh_from_db()
    assert (row.status, row.article, row.settled_on) == (Answer.ACCEPTED, None, None)
    assert Article.objects.get(pk=story.pk).status == "submitted"
    assert "写的是另一件事" in client.get(page_of(row)).text
    assert cast.lin.notices.filter(word="约稿与稿件脱开", note="写的是另一件事").exists()


def test_the_page_offers_the_stories_to_the_office_alone(as_user, row, cast):
    story = submitted(cast.lin)

    assert list(as_user(cast.lu).get(page_of(row)).context["stories"]) == [story]
    assert list(as_user(cast.lin).get(page_of(row)).context["stories"]) == []
