from datetime import date

import pytest
from django.urls import reverse

from articles.models import Article, Status
from issues import assembly, signing
from issues.models import Issue, Proof
from tests import factories
from tests.issues.desk.rows import articles_of, queries_of, url


def test_the_desk_shows_what_waits_and_what_is_in(editor, issue, cast):
    waiting = factories.accepted(cast.lin, cast.lu, title="青浦局走访社区")
    factories.submitted(cast.lin, title="还没有采用的稿件")

    page = editor.get(url("desk", issue)).text

    assert "2026年第10期" in page
    assert "期号拟用" in page
    assert f"编入：{waiting.title}" in page
    assert "青浦局新增夜间服务点" in page
    assert "还没有采用的稿件" not in page


def test_the_waiting_articles_are_found_by_title_and_unit(editor, issue, cast):
    factories.accepted(cast.lin, cast.lu, title="新增暖蜂驿站")
    factories.accepted(cast.zhao, cast.lu, title="走访社区")

    def found(query):
        page = editor.get(url("desk", issue), {"q": query}).text
        return "编入：新增暖蜂驿站" in page, "编入：走访社区" in page

    assert [found("驿站"), found("宝山"), found("没有")] == [(True, False), (False, True), (False, False)]


def test_a_poll_without_news_is_answered_by_nothing(editor, issue):
    have = editor.get(url("desk", issue)).context["board"].state

    assert editor.get(url("state", issue), {"have": have}).status_code == 204


@pytest.mark.parametrize("news", ["an article", "a proof"])
def test_a_poll_brings_what_is_new(news, editor, issue, cast):
    have = editor.get(url("desk", issue)).context["board"].state
    if news == "a proof":
        factories.set_pages(issue, pages=2, first_pages=[1, 2])
    else:
        assembly.place(issue, factories.accepted(cast.lin, cast.lu, title="别人编入的"), by=cast.gu)

    answer = editor.get(url("state", issue), {"have": have})

    assert ("别人编入的" if news == "an article" else "第 2 页版面：第 2 篇开头") in answer.text


def test_the_pages_of_an_earlier_order_say_so(editor, issue):
    factories.set_pages(issue, pages=2, first_pages=[1, 2])
    assert '<span class="wait">' not in editor.get(url("desk", issue)).text

    editor.post(url("move", issue, articles_of(issue)[0]), {"to": "down"})

    page = editor.get(url("desk", issue)).text
    assert '<span class="wait">正在排…</span>' in page
    assert "篇开头" not in page


def test_a_proof_that_failed_says_why_and_is_tried_again(editor, issue):
    proof = signing.present_proof(issue)
    proof.state, proof.error = Proof.State.FAILED, "第 2 篇有字库里没有的字"
    proof.save()
    assert "第 2 篇有字库里没有的字" in editor.get(url("desk", issue)).text

    editor.post(url("retry", issue))

    proof.refresh_from_db()
    assert proof.state == Proof.State.QUEUED


def test_the_proof_is_downloaded_under_its_name(editor, issue):
    factories.set_pages(issue)

    answer = editor.get(url("proof_pdf", issue))

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.getvalue() == factories.PDF


@pytest.mark.sqlite  # counts what is asked, not how long it takes
@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.PLACED])
def test_the_desk_asks_as_much_for_a_thousand_rows_as_for_ten(status, editor, bulletin, cast):
    issue = factories.make_issue(bulletin, cast.lu)
    into = issue if status == Status.PLACED else None
    factories.many_articles(cast.lin, 10, status=status, issue=into)
    few = queries_of(editor, url("desk", issue))
    issue.proofs.all().delete()  # one that waits for a minute makes the desk ask whether there is a worker at all
    issue.placements.all().delete()
    Article.objects.all().update(current_version=None, status=Status.DRAFT)

    factories.many_articles(cast.lin, 1000, status=status, issue=into)

    assert queries_of(editor, url("desk", issue)) == few


def test_the_list_of_issues_asks_as_much_for_many_as_for_few(editor, bulletin, cast):
    for n in range(1, 11):
        Issue.objects.create(bulletin=bulletin, year=2020, number=n, dated_on=date(2020, 1, 1))
    few = queries_of(editor, reverse("issues:list"))
    Issue.objects.bulk_create(
        Issue(bulletin=bulletin, year=2021 + n // 100, number=n, dated_on=date(2021, 1, 1)) for n in range(1, 991)
    )

    assert queries_of(editor, reverse("issues:list")) == few
