"""Which texts are found to be the same, and what of it each person is told."""

import pytest

from articles import tasks
from articles.duplicates import finding, keeping, showing
from articles.models import Article, Pair, Print
from tests.articles.duplicates.conftest import compared, draft_like, told
from tests.articles.duplicates.stories import DRILL, VISIT
from tests.factories import declined, make_article, make_reason, submitted


def seen(article, user):
    article.refresh_from_db()
    return {match.article.pk: match.kind for match in showing.matches_of(article, user).found}


def test_the_office_is_told_of_texts_and_of_events(sent, cast):
    assert seen(sent.one, cast.lu) == {sent.copy.pk: "near-identical", sent.other.pk: "same event"}
    assert seen(sent.apart, cast.lu) == {}


def test_a_declined_article_is_found(cast):
    make_reason()
    first = told(declined, cast.lin, DRILL, editor=cast.lu)
    again = told(submitted, cast.zhao, DRILL)
    compared()
    assert seen(again, cast.lu) == {first.pk: "near-identical"}


def test_a_writer_is_told_nothing_of_other_units_before_it_is_issued(sent, cast):
    mine = draft_like(cast.zhao, DRILL)
    compared()
    assert seen(mine, cast.zhao) == {sent.copy.pk: "near-identical", sent.other.pk: "same event"}
    assert sent.one.pk not in seen(mine, cast.zhao)
    assert mine.pk not in seen(sent.one, cast.lu), "what a unit has not handed in is nothing for the office"


def test_what_a_unit_revises_is_known_to_it_alone(cast):
    article = told(submitted, cast.lin, VISIT)
    other = told(submitted, cast.zhao, DRILL)
    own = told(submitted, cast.lin, DRILL)
    article.apply(Article.RETURN, by=cast.lu, note="请补充")
    article.refresh_from_db()
    article.body = f"<p>{DRILL.text}</p>"
    article.save()
    compared()

    assert seen(article, cast.lin) == {own.pk: "near-identical"}
    assert seen(article, cast.lu) == {}
    assert article.pk not in seen(other, cast.lu)
    article.apply(Article.SUBMIT, by=cast.lin)
    compared()
    assert seen(article, cast.lu) == {own.pk: "near-identical", other.pk: "near-identical"}
    assert not Print.objects.filter(is_revision=True).exists()


def test_a_changed_text_loses_its_pairs(sent, cast):
    article = draft_like(cast.zhao, DRILL)
    compared()
    assert seen(article, cast.zhao)
    article.title, article.body = VISIT.title, "<p>全是别的话，与谁都不一样。</p>"
    article.save()
    compared()
    assert seen(article, cast.zhao) == {}


def test_a_deleted_draft_is_forgotten(cast):
    article = draft_like(cast.lin, DRILL)
    compared()
    article.apply(Article.DISCARD, by=cast.lin)
    compared()
    assert not Print.objects.exists()
    assert not finding.pairs_of(Print(article_id=0, hashes=b"", facts={"told": "2026-04-01"}))


def test_what_waits_is_never_nothing_found(cast):
    article = make_article(cast.lin)
    matches = showing.matches_of(article, cast.lin)
    assert matches.waiting == 1
    assert not matches.is_finished
    compared()
    assert showing.matches_of(article, cast.lin).is_finished


def test_others_that_wait_are_counted_as_far_as_one_may_know(sent, cast):
    draft_like(cast.zhao, DRILL)
    assert showing.matches_of(sent.one, cast.lu).is_finished, "another unit's draft is nothing the office waits for"
    submitted(cast.zhao)
    assert showing.matches_of(sent.one, cast.lu).waiting == 1
    assert showing.matches_of(sent.one, cast.lin).is_finished


def test_a_failure_is_said_and_tried_again(cast, caplog):
    article = make_article(cast.lin)
    Print.objects.update(told_on="9999-12-31")  # no day can be found ahead of it
    keeping.compare_waiting()
    assert "could not be compared" in caplog.text
    matches = showing.matches_of(article, cast.lin)
    assert matches.has_failed
    assert not matches.is_finished
    assert not Print.objects.due().exists()
    assert Print.objects.waiting().exists()
    Print.objects.update(told_on=None, failed_at=None)
    compared()
    assert showing.matches_of(article, cast.lin).is_finished


def test_a_save_asks_the_worker(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(cast.lin)
    assert showing.matches_of(article, cast.lin).is_finished


def test_the_sweep_compares_what_a_lost_message_left(cast):
    article = make_article(cast.lin)
    tasks.compare_waiting()
    assert showing.matches_of(article, cast.lin).is_finished


def test_comparing_again_without_a_change_finds_the_same(sent, cast):
    before = list(Pair.objects.values_list("one", "other", "text", "is_same_event"))
    Print.objects.update(asked=99)
    compared()
    assert list(Pair.objects.values_list("one", "other", "text", "is_same_event")) == before


@pytest.mark.parametrize("count", [1, 4])
def test_queries_do_not_grow(cast, count, django_assert_max_num_queries):
    article = told(submitted, cast.lin, DRILL)
    for _each in range(count):
        told(submitted, cast.zhao, DRILL)
    compared()
    article = Article.objects.select_related("unit").get(pk=article.pk)
    with django_assert_max_num_queries(7):
        assert len(showing.matches_of(article, cast.lu).found) == count
    with django_assert_max_num_queries(2):
        assert showing.counts_of([article], cast.lu)[article.pk] == count


def test_a_set_phrase_finds_nobody(cast):
    """What a hundred texts hold is no sign of one text: two that share only that are not even read."""
    phrase = "以高质量党建引领行业高质量发展为奋力谱写新篇章作出更大贡献"
    lines = [f"{chr(0x4E00 + at) * 30}。{phrase}。" for at in range(finding.SET_PHRASE + 2)]
    for line in lines:
        make_article(cast.lin, title="无", body=f"<p>{line}</p>")
    compared()
    row = Print.objects.first()
    shared = [key for _hash, key in finding._holders(finding._numbers(row), 100) if key != row.pk]
    assert len(shared) > finding.SET_PHRASE
    assert finding._alike(row, finding._numbers(row)) == set()
