"""Proofs of texts: who asks for them, what is not done twice, when one is old, and that a missing one says so."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import findings, proofing, tasks
from articles.models import Article, TextProof
from proofreading import engine, reference
from tests import factories

from .test_submit import form_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DOUBLED = "<p>部门部门协商，青浦局组织辖区企业开展安全培训。</p>"


@pytest.fixture
def article(cast):
    return factories.make_article(cast.lin, body=DOUBLED)


def panel_of(article):
    article = Article.objects.select_related("unit").get(pk=article.pk)
    return findings.of(article, article, office=False)


def quotes(panel):
    return [item.finding.quote for item in panel.open]


def test_a_saved_text_is_asked_for_and_proofread_by_the_worker(as_user, cast, article):
    as_user(cast.lin).post(
        reverse("articles:autosave", args=[article.pk]), form_of(article, body=f"{DOUBLED}<p>好。</p>")
    )
    assert panel_of(article).is_running
    assert not panel_of(article).is_complete

    tasks.proofread(article_id=article.pk)

    panel = panel_of(article)
    assert panel.is_complete
    assert "部门部门" in quotes(panel)
    assert panel.as_of == timezone.localdate()


def test_the_same_text_is_not_proofread_twice(article, django_assert_num_queries):
    proofing.request(article)
    proofing.make(article.pk)
    made = TextProof.objects.get().made_at
    article.apply(Article.SUBMIT, by=article.created_by)  # its version says the same

    proofing.request(article)
    proofing.make(article.pk)

    assert TextProof.objects.get().made_at == made


def test_findings_of_the_text_before_stay_until_the_new_proof_as_far_as_their_words_stand(article):
    factories.proofread(article, findings=[{"quote": "部门部门"}, {"quote": "青浦局"}])
    article.body = DOUBLED.replace("部门部门", "部门")
    article.save()
    proofing.request(article)

    panel = panel_of(article)
    assert panel.is_running
    assert quotes(panel) == ["青浦局"]

    proofing.make(article.pk)
    assert TextProof.objects.count() == 1


def test_a_text_saved_while_another_is_proofread_is_not_forgotten(article):
    proofing.request(article)
    before = Article.objects.get(pk=article.pk)
    article.body = "<p>另一稿。</p>"
    article.save()
    proofing.request(article)

    proofing.make(before.pk)

    assert panel_of(article).is_complete


@pytest.mark.parametrize("change", [{"tables": "other"}, {"as_of": timezone.localdate() - timedelta(days=1)}])
def test_a_proof_with_old_tables_or_of_another_day_is_known_to_be_old_and_made_again(article, change):
    factories.proofread(article)
    TextProof.objects.update(**change)
    assert not panel_of(article).is_fresh

    tasks.proofread_waiting()

    assert panel_of(article).is_complete


def test_the_sweep_asks_for_what_nobody_asked_for(article):
    tasks.proofread_waiting()

    assert panel_of(article).is_complete
    assert not proofing.without_proof().exists()


def test_drafts_left_alone_and_deleted_ones_are_not_swept(article, cast):
    Article.objects.update(updated_at=timezone.now() - timedelta(days=30))
    factories.make_article(cast.lin).apply(Article.DISCARD, by=cast.lin)

    assert not proofing.without_proof().exists()


def test_a_worker_that_is_away_never_looks_like_nothing_found(as_user, cast, article):
    proofing.request(article)
    TextProof.objects.update(requested_at=timezone.now() - timedelta(minutes=2))

    page = as_user(cast.lin).get(reverse("articles:edit", args=[article.pk])).text

    assert "校对没有完成，稍后自动再试" in page
    assert "没有发现问题" not in page


def test_a_rule_that_did_not_run_is_named_and_tried_again(as_user, cast, article):
    rule = engine.rules()[0]
    factories.proofread(article, failed=[[rule.name, "KeyError: 1"]])

    page = as_user(cast.lin).get(reverse("articles:edit", args=[article.pk])).text
    assert "校对没有完成，稍后自动再试" in page
    assert str(rule.label) in page
    assert "没有发现问题" not in page

    TextProof.objects.update(
        made_at=timezone.now() - timedelta(minutes=6), requested_at=timezone.now() - timedelta(hours=1)
    )
    tasks.proofread_waiting()
    assert panel_of(article).is_complete


def test_nothing_found_is_said_of_a_proofread_text_alone(as_user, cast, article):
    there = reverse("articles:edit", args=[article.pk])
    assert "没有发现问题" not in as_user(cast.lin).get(there).text

    factories.proofread(article)

    page = as_user(cast.lin).get(there).text
    assert "没有发现问题" in page
    day = timezone.localdate()
    assert f"已按 {day.year}年{day.month}月{day.day}日 的词库校对" in page


def test_a_text_with_thousands_of_findings_keeps_the_errors_and_counts_the_others(article):
    article.body = "<p>" + "字," * 2_000 + "部门部门</p>"
    article.save()
    proofing.request(article)
    proofing.make(article.pk)

    proof = TextProof.objects.get()
    assert len(proof.findings) == proofing.MOST_KEPT
    found = engine.proofread(
        [proofing.passage_of(article, article)], as_of=timezone.localdate(), tables=reference.current()
    )
    assert proof.left_out == len(found.findings) - proofing.MOST_KEPT
    assert len(panel_of(article).shown) == findings.MOST_SHOWN


def test_the_panel_is_asked_for_and_says_when_nothing_is_new(as_user, cast, article):
    client, there = as_user(cast.lin), reverse("articles:proofreading", args=[article.pk])

    assert "正在校对" in client.post(there).text
    state = panel_of(article).state
    assert client.get(there, {"have": state}).status_code == 204

    tasks.proofread_waiting()
    assert "部门部门" in client.get(there, {"have": state}).text
