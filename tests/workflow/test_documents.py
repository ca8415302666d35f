"""What a transition means stands with it: a further step in a flow is one further constant."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import connection
from django.urls import reverse

from articles.models import Article, Status
from articles.progress import steps
from bulletin_cms import todo
from tests import factories
from tests.scenes import scene
from workflow import counts
from workflow.documents import Transition
from workflow.refusals import Refused
from workflow.states import State
from workflow.todo import Ask


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


@pytest.fixture(autouse=True)
def counts_anew(monkeypatch):
    """Articles have other moves here than when the counts were written, as never while the site runs."""
    monkeypatch.setattr(counts, "_written", {})


@scene
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


RECHECK = Transition(
    "recheck",
    "复审通过",
    (Status.ACCEPTED,),
    "rechecked",
    Article.REVIEW,
    separate_from=("submit", "accept"),
    done="“%(title)s”复审完毕。",
    look=State("已复审", "check", "ok"),
    step="二次审核",
    asks=Ask("recheck", State("待复审", "eye", "you"), "去复审"),
)


@pytest.fixture
def article(cast, monkeypatch):
    """Accepted by Lu, with one more constant among the moves of articles, and its status allowed in the table."""
    moves = list(Article.TRANSITIONS)
    moves.insert(moves.index(Article.ACCEPT) + 1, RECHECK)
    monkeypatch.setattr(Article, "TRANSITIONS", tuple(moves))
    with any_status():
        yield factories.accepted(cast.lin, cast.lu)


@contextmanager
def any_status():
    """Without the table's list of statuses. PostgreSQL takes it away for the test's transaction, before rows are written."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not is_sqlite:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "PRAGMA ignore_check_constraints = ON"
            if is_sqlite
            else "ALTER TABLE articles_article DROP CONSTRAINT article_status_is_known"
        )
        yield
        if is_sqlite:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def pages_of(client, article):
    return client.get("/").text, client.get(reverse("articles:detail", args=[article.pk])).text


def test_a_further_step_is_to_do_for_those_who_may_make_it(as_user, cast, article):
    home, _page = pages_of(as_user(cast.gu), article)

    assert todo.counts(cast.gu)["recheck"] == 1
    assert "待复审" in home
    assert "去复审" in home
    assert todo.counts(cast.lu)["recheck"] == 0  # who accepted it
    assert "recheck" not in todo.counts(cast.lin)  # who may not review
    assert "待复审" not in pages_of(as_user(cast.lu), article)[0]


def test_a_further_step_is_a_button_for_those_who_may_make_it(as_user, cast, article):
    address = reverse("articles:transition", args=[article.pk, "recheck"])

    assert address in pages_of(as_user(cast.gu), article)[1]
    assert address not in pages_of(as_user(cast.lu), article)[1]
    assert address not in pages_of(as_user(cast.lin), article)[1]


def test_a_further_step_judges_the_version_on_the_screen_and_says_what_was_done(as_user, cast, article):
    address, client = reverse("articles:transition", args=[article.pk, "recheck"]), as_user(cast.gu)

    assert "有了新版" in client.post(address, {"version": ""}, follow=True).text
    assert "复审完毕" in client.post(address, {"version": article.current_version_id}, follow=True).text
    article.refresh_from_db()
    assert article.status == "rechecked"


def test_a_further_step_has_its_tag_and_its_place_in_the_line_of_steps(as_user, cast, article):
    before = steps(article, list(article.events.all()))
    article.apply(RECHECK, by=cast.gu)
    after = steps(article, list(article.events.all()))

    assert [str(step.label) for step in before] == ["撰写", "报送", "审稿", "二次审核", "编入", "刊用"]
    assert [step.css for step in before] == ["done", "done", "done", "now", "", ""]
    assert [step.css for step in after] == ["done", "done", "done", "done", "now", ""]
    assert (after[3].who, after[3].at) == ("顾文岚", article.events.last().at)
    for user in (cast.gu, cast.lin):
        assert "已复审</span>" in pages_of(as_user(user), article)[1]


def test_a_list_asks_for_what_the_row_allows(cast):
    """`awaiting` says of rows what `may` says of one, in every status and after every part taken in the round."""
    move = replace(RECHECK, sources=Article.TRANSITIONS[0].sources + Article.RETURN.sources)
    both = factories.make_user("both", "双任", "editor", "contributor", unit=cast.lu.unit)
    written = [factories.make_article(cast.lin), factories.submitted(both)]
    returned = factories.accepted(cast.lin, cast.lu)
    returned.apply(Article.RETURN, by=cast.gu, note="请改标题")
    again = factories.accepted(cast.lin, cast.gu)
    again.apply(Article.RETURN, by=cast.lu, note="请改标题")
    again.apply(Article.SUBMIT, by=cast.he)
    rows = [*written, returned, again, factories.accepted(cast.zhao, cast.lu)]

    for user in (cast.lu, cast.gu, both, cast.admin):
        for asked in (Article.ACCEPT, move):
            allowed = {row.pk for row in rows if row.status in asked.sources and row.may(asked, user)}
            assert set(Article.objects.filter(Article.awaiting(asked, user)).values_list("pk", flat=True)) == allowed
