"""The forms of an issue: made of what was signed, proven, kept; nothing that is not equal is ever offered."""

import hashlib
from dataclasses import replace

import pytest
from django.urls import reverse

from issues import tasks
from issues.models import Paper
from issues.papers import forms, kinds, making, requests
from issues.papers.forms import FORMS, Proof
from issues.papers.kinds import PAGE
from tests import factories
from tests.scenes import scene
from workflow.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@scene
def issued(bulletin, cast):
    return factories.issued_issue(bulletin, cast)


@pytest.fixture(autouse=True)
def web_alone(monkeypatch):
    """The forms that need no real pages: the issue of these tests has a stand-in for a PDF."""
    for code in set(kinds.KINDS) - {"html", "wechat"}:
        monkeypatch.delitem(kinds.KINDS, code)


@pytest.fixture
def made(issued):
    tasks.make_waiting_papers()
    return {paper.kind: paper for paper in issued.papers.all()}


def spoil(monkeypatch, **changes):
    monkeypatch.setitem(forms.FORMS, "html", replace(FORMS["html"], **changes))


def test_the_sweep_makes_each_form_once(issued, made):
    assert {paper.state for paper in made.values()} == {"ready"}
    before = {paper.pk: (paper.file.name, paper.ready_at) for paper in made.values()}

    tasks.make_waiting_papers()

    assert {paper.pk: (paper.file.name, paper.ready_at) for paper in issued.papers.all()} == before


def test_it_notes_what_it_was_made_of_and_its_check_sums(issued, made):
    paper = made["html"]
    data = paper.file.read()

    assert paper.made_from == issued.pdf_sha256
    assert paper.sha256 == hashlib.sha256(data).hexdigest()
    assert paper.sm3 == hashlib.new("sm3", data).hexdigest()
    assert (paper.size, paper.characters > 100) == (len(data), True)


def test_what_was_signed_counts_and_not_what_the_tables_say_now(issued, bulletin):
    unit = issued.placements.first().article.unit
    bulletin.name_lines, unit.name = "另一个名字", "另一个单位"
    bulletin.save()
    unit.save()

    page = making.made(issued, PAGE).data.decode()

    assert "另一个" not in page
    assert "党建、文明创建工作简报" in page


def test_a_form_that_says_something_else_is_never_offered(issued, monkeypatch, as_user, cast):
    page = FORMS["html"].make
    spoil(monkeypatch, make=lambda source: page(source).replace("青浦".encode(), "奉贤".encode(), 1))

    tasks.make_waiting_papers()

    paper = issued.papers.get(kind="html")
    assert (paper.state, bool(paper.file)) == ("failed", False)
    assert "文字与签发的不同" in paper.error
    assert as_user(cast.lu).get(reverse("issues:paper", args=[issued.pk, "html"])).status_code == 404
    assert paper.error in as_user(cast.lu).get(reverse("issues:papers", args=[issued.pk])).text


@pytest.mark.parametrize("proof", [Proof(0, 0), Proof(9, 10), Proof(10, 10, fault="少一页")])
def test_without_a_proof_that_holds_it_is_refused(proof, issued, monkeypatch):
    spoil(monkeypatch, prove=lambda _source, _made: proof)

    with pytest.raises(Refused):
        making.made(issued, PAGE)


def test_a_changed_pdf_makes_nothing(issued):
    with issued.pdf.open("ab") as file:
        file.write(b"x")

    tasks.make_waiting_papers()

    assert {paper.state for paper in issued.papers.all()} == {"failed"}
    assert "PDF" in issued.papers.first().error


def test_a_fault_is_said_and_is_no_form(issued, monkeypatch):
    def break_down(_source):
        raise ZeroDivisionError

    spoil(monkeypatch, make=break_down)

    tasks.make_waiting_papers()

    assert issued.papers.get(kind="html").is_failed
    assert issued.papers.get(kind="wechat").is_ready


def test_one_that_ends_its_worker_again_and_again_is_given_up(issued):
    paper = Paper.objects.create(issue=issued, kind="html", attempts=3)

    making.make(paper)

    paper.refresh_from_db()
    assert paper.is_failed
    assert "3" in paper.error


def test_what_another_worker_has_in_hand_is_left_to_it(issued):
    paper = Paper.objects.create(issue=issued, kind="html")
    Paper.objects.get(pk=paper.pk).claim(60)

    making.make(paper)

    paper.refresh_from_db()
    assert (paper.state, paper.attempts) == ("queued", 1)


def test_a_file_that_was_changed_is_made_anew_and_not_given_out(issued, made, as_user, cast):
    paper = made["html"]
    with paper.file.open("ab") as file:
        file.write(b"x")

    answer = as_user(cast.lu).get(reverse("issues:paper", args=[issued.pk, "html"]), follow=True)

    assert "正在重新生成" in answer.text
    tasks.make_waiting_papers()
    paper.refresh_from_db()
    assert requests.data_of(paper).endswith(b"</html>\n")


def test_what_failed_is_made_again_when_an_editor_asks(issued, made, as_user, cast):
    issued.papers.filter(kind="html").update(state="failed", error="坏了")

    answer = as_user(cast.lu).post(reverse("issues:paper_retry", args=[issued.pk, "html"]), follow=True)

    assert "正在生成" in answer.text
    tasks.make_waiting_papers()
    assert issued.papers.get(kind="html").is_ready


def test_an_issue_in_the_making_has_no_forms(bulletin, cast):
    issue = factories.signed_issue(bulletin, cast)

    tasks.make_waiting_papers()

    assert not issue.papers.exists()
    with pytest.raises(Refused, match="印发"):
        making.made(issue, PAGE)
