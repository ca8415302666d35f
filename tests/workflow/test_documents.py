"""What a transition means stands with it: a further step in a flow is one further constant."""

from dataclasses import replace

import pytest

from articles.models import Article, Status
from tests import factories
from workflow.documents import Transition
from workflow.refusals import Refused


class Story(Article):
    """An article that a second person of the office has to look at before it is placed."""

    SECOND_REVIEW = Transition(
        "second_review",
        "复审",
        (Status.ACCEPTED,),
        Status.PLACED,
        "articles.review_article",
        separate_from=("submit", "accept"),
        effect=lambda story, *, by: setattr(story, "contact", f"复审：{by}"),
    )
    TRANSITIONS = (*Article.TRANSITIONS, SECOND_REVIEW)

    class Meta:
        proxy = True
        app_label = "articles"


@pytest.fixture
def story(cast):
    return Story.objects.get(pk=factories.accepted(cast.lin, cast.lu).pk)


def test_a_step_is_offered_to_those_who_have_taken_no_part_in_the_round(story, cast):
    assert Story.SECOND_REVIEW in story.transitions_for(cast.gu)
    assert Story.SECOND_REVIEW not in story.transitions_for(cast.lu)  # who accepted it
    assert Story.SECOND_REVIEW not in story.transitions_for(cast.lin)  # who may not review at all


def test_a_step_is_refused_to_whoever_has_taken_part(story, cast):
    with pytest.raises(Refused, match="复审"):
        story.apply(Story.SECOND_REVIEW, by=cast.lu)

    assert story.apply(Story.SECOND_REVIEW, by=cast.gu).to_status == Status.PLACED


def test_its_effect_is_saved_with_the_status(story, cast):
    story.apply(Story.SECOND_REVIEW, by=cast.gu)

    assert Story.objects.get().contact == "复审：顾文岚"


def test_what_was_done_before_the_last_hand_in_separates_nobody(story, cast):
    story.apply(Article.RETURN, by=cast.lu, note="请改标题")
    story.apply(Article.SUBMIT, by=cast.lin)
    story.apply(Article.ACCEPT, by=cast.gu)

    assert Story.SECOND_REVIEW in story.transitions_for(cast.lu)
    assert Story.SECOND_REVIEW not in story.transitions_for(cast.gu)


def test_where_no_move_begins_a_round_all_that_was_done_counts(story, cast, monkeypatch):
    moves = tuple(replace(move, begins_round=False) for move in Story.TRANSITIONS)
    monkeypatch.setattr(Story, "TRANSITIONS", moves)
    story.apply(Article.RETURN, by=cast.lu, note="请改标题")
    story.apply(Article.SUBMIT, by=cast.lin)
    story.apply(Article.ACCEPT, by=cast.gu)

    assert not story.may(Story.SECOND_REVIEW, cast.lu)
