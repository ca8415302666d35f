"""The proofreading before sign-off: what blocks it, what is let through, and what the sheet and the record keep."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import exempting, tasks
from articles.models import TextProof
from distribution.archiving import sheets
from issues import assembly, signing
from issues.models import Issue, SignOff
from tests import factories
from tests.issues.desk.rows import queries_of
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

KEY = ("doubled-word", "部门部门")
WARNING = {
    "rule": "short-name",
    "level": "warning",
    "quote": "区支队",
    "suggestion": "",
    "why": "首次出现用全称。",
    "start": 9,
}


@pytest.fixture
def article(cast):
    body = "<p>部门部门协商，区支队参加。</p>"
    return factories.accepted(cast.lin, cast.gu, title="青浦局开展演练", body=body)


@pytest.fixture
def issue(bulletin, cast, article):
    factories.proofread(article, findings=[{}, WARNING])
    return factories.make_issue(bulletin, cast.lu, [article], dated_on=timezone.localdate())


def codes(issue):
    return [problem.code for problem in signing.problems(issue)]


def sent(issue, cast):
    signing.send_for_sign_off(issue, by=cast.lu)
    issue.refresh_from_db()
    factories.set_pages(issue)
    return issue


def signed(issue, cast):
    sent(issue, cast)
    digest = signing.present_proof(issue).digest
    return signing.sign(issue, by=cast.fang, expected_digest=digest, code=factories.code_of(cast.fang))


def test_an_error_blocks_until_it_is_let_through(issue, article, cast):
    with pytest.raises(Refused, match="有 1 处校对错误（“部门部门”）"):
        signing.send_for_sign_off(issue, by=cast.lu)

    exempting.let_through(article, KEY, "单位名称如此", by=cast.lu)

    assert codes(issue) == []
    assert sent(issue, cast).is_pending


def test_that_the_unit_ignores_an_error_lets_nothing_through(issue, article, cast):
    factories.make_exemption(article, cast.lin, KEY[1])

    assert codes(issue) == ["errors"]


def test_a_warning_travels_along(issue, article, cast, as_user):
    exempting.let_through(article, KEY, "单位名称如此", by=cast.lu)

    sheet = as_user(cast.fang).get(reverse("issues:sign_off", args=[sent(issue, cast).pk])).text

    assert "1 处提醒未核对" in sheet
    assert "首次出现用全称。" in sheet


def test_the_sheet_says_what_was_let_through_why_and_by_whom(issue, article, cast, as_user):
    exempting.let_through(article, KEY, "单位名称如此", by=cast.lu)

    sheet = as_user(cast.fang).get(reverse("issues:sign_off", args=[sent(issue, cast).pk])).text

    for words in ("放行 1 处错误", "部门部门", "单位名称如此（陆一鸣"):
        assert words in sheet


def test_what_was_signed_keeps_it_whatever_happens_later(issue, article, cast, as_user):
    exemption = exempting.let_through(article, KEY, "单位名称如此", by=cast.lu)
    signed(issue, cast)
    TextProof.objects.all().delete()
    type(exemption).objects.update(undone_at=timezone.now())

    sheet = as_user(cast.fang).get(reverse("issues:sign_off", args=[issue.pk])).text
    kept = SignOff.objects.get().proofread["articles"][0]["let_through"][0]

    assert (kept["quote"], kept["reason"], kept["by"]) == ("部门部门", "单位名称如此", "陆一鸣")
    assert "单位名称如此（陆一鸣" in sheet
    paper = sheets.sign_off(issue, list(issue.placements.select_related("article__unit", "version")))
    assert "陆一鸣放行：单位名称如此" in paper.data.decode()


def test_an_error_that_counts_again_is_not_signed(issue, article, cast):
    exemption = exempting.let_through(article, KEY, "单位名称如此", by=cast.lu)
    sent(issue, cast)
    exempting.heed(exemption, by=cast.lu)

    with pytest.raises(Refused, match="校对错误"):
        digest = signing.present_proof(issue).digest
        signing.sign(issue, by=cast.fang, expected_digest=digest, code=factories.code_of(cast.fang))


@pytest.mark.parametrize("how", ["missing", "old tables", "yesterday"])
def test_a_proof_that_is_missing_or_old_blocks_and_says_what_to_do(issue, article, cast, how):
    factories.proofread(article)
    assert codes(issue) == []
    proofs = TextProof.objects.all()
    if how == "missing":
        proofs.delete()
    else:
        day = timezone.localdate() - timedelta(days=1)
        proofs.update(**({"tables": "other"} if how == "old tables" else {"as_of": day}))

    with pytest.raises(Refused, match="1 篇还没有按现在的词库校对：“青浦局开展演练”"):
        signing.send_for_sign_off(issue, by=cast.lu)

    assembly.ask_for_proofs(issue, by=cast.lu)
    tasks.proofread_waiting()
    assert "proofread" not in codes(issue)


def test_a_worker_that_is_away_blocks_with_another_sentence(issue, article):
    factories.proofread(article)
    TextProof.objects.update(made_at=None, requested_at=timezone.now() - timedelta(minutes=2))

    [problem] = signing.problems(issue)

    assert "没有完成" in problem.text
    assert "后台程序" in problem.text


def test_a_rule_that_did_not_run_blocks_by_its_name(issue, article):
    factories.proofread(article, failed=[["half-width-mark", "KeyError: 1"]])

    [problem] = signing.problems(issue)

    assert problem.code == "proofread"
    assert "没有运行" in problem.text


def test_the_desk_shows_errors_and_where_to_mend_them(issue, article, cast, as_user):
    desk = as_user(cast.lu).get(reverse("issues:desk", args=[issue.pk])).text

    assert "1 处错误要改正或放行" in desk
    assert reverse("articles:detail", args=[article.pk]) + "#proofreading" in desk
    assert reverse("issues:revise", args=[issue.pk, article.pk]) in desk


def test_more_texts_need_no_more_queries(issue, cast, as_user):
    editor, there = as_user(cast.lu), reverse("issues:desk", args=[issue.pk])
    few = queries_of(editor, there)
    for _n in range(8):
        other = factories.accepted(cast.lin, cast.gu)
        factories.proofread(other, findings=[{}, WARNING])
        assembly.place(issue, other, by=cast.lu)

    assert queries_of(editor, there) == few


def test_a_text_changed_in_the_issue_is_proofread_anew(issue, article, cast):
    exempting.let_through(article, KEY, "单位名称如此", by=cast.lu)
    placement = issue.placements.get()
    wording = assembly.Wording({"body": "<p>部门部门协商，区支队到场。</p>"}, {})
    assembly.revise(placement, wording, by=cast.lu, seen=placement.version_id, is_correction=True)
    assert "proofread" in codes(issue)

    tasks.proofread_waiting()

    assert "errors" not in codes(issue)  # the exemption holds in the next version
    assert Issue.objects.get().placements.get().version.number == 2
