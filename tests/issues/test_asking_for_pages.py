"""Acts ask for pages, looking never does; what nobody asked for is asked for by the sweep."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from issues import assembly, numbering, proofs, signing, tasks
from issues.models import Issue, Proof
from tests import factories
from tests.issues.test_waiting_pages import LATER
from tests.scenes import scene

pytestmark = pytest.mark.sqlite


# --- acts ask, pages don't -------------------------------------------------------------------------------------------
@scene
def issue(cast, bulletin):
    articles = [factories.accepted(cast.lin, cast.lu) for _n in range(3)]
    return factories.make_issue(bulletin, cast.lu, articles)


ACTS = {
    "place": lambda issue, cast: assembly.place(issue, factories.accepted(cast.lin, cast.lu), by=cast.lu),
    "take out": lambda issue, cast: assembly.take_out(issue.placements.first(), by=cast.lu),
    "move": lambda issue, cast: assembly.move(issue.placements.first(), 3, by=cast.lu),
    "settings": lambda issue, cast: assembly.set_up(issue, by=cast.lu, dated_on=issue.dated_on, print_run=7),
    "recipients": lambda issue, cast: assembly.set_recipients(issue, {"up": ["上海市文明办"]}, by=cast.lu),
    "send": lambda issue, cast: signing.send_for_sign_off(issue, by=cast.lu),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_act_asks_for_the_pages(act, issue, cast, django_capture_on_commit_callbacks):
    Proof.objects.all().delete()

    with django_capture_on_commit_callbacks(execute=True):
        act(issue, cast)

    assert signing.present_proof(Issue.objects.get(pk=issue.pk)).state == "ready"


def test_what_comes_back_to_the_desk_asks_for_the_pages(issue, cast):
    for move, by in ((Issue.RECALL, cast.lu), (Issue.REFUSE, cast.fang)):
        signing.send_for_sign_off(issue, by=cast.lu)
        issue.refresh_from_db()
        Proof.objects.all().delete()

        signing.back_to_the_desk(issue, move, by=by, note="日期要改")

        assert signing.present_proof(issue).pk


def test_a_withdrawn_signature_asks_for_the_pages(bulletin, cast):
    issue = factories.signed_issue(bulletin, cast)

    signing.withdraw_sign_off(issue, by=cast.fang, note="日期要改")

    assert signing.present_proof(issue).pk


def test_an_issue_that_is_begun_asks_for_its_page(bulletin, cast):
    issue = numbering.open_issue(bulletin, dated_on=timezone.localdate(), by=cast.lu)

    assert signing.present_proof(issue).pk


def test_looking_writes_nothing(issue, bulletin, cast, as_user):
    pending = factories.pending_issue(bulletin, cast)
    Proof.objects.all().delete()
    pages = [(cast.lu, name, issue) for name in ("desk", "state", "pages")]
    pages += [(cast.fang, name, pending) for name in ("sign_off", "sign_off_state", "sign_off_pages")]

    answers = [as_user(user).get(reverse(f"issues:{name}", args=[of.pk])) for user, name, of in pages]

    assert {answer.status_code for answer in answers} == {200}
    assert "正在排版" in answers[0].text
    assert not Proof.objects.exists()


def test_what_no_act_asked_for_is_asked_for_by_the_sweep(issue, bulletin, cast):
    pending = factories.pending_issue(bulletin, cast)
    bulletin.publisher = "上海市邮政管理局"
    bulletin.save()
    assert [signing.present_proof(Issue.objects.get(pk=one.pk)).pk for one in (issue, pending)] == [None, None]

    tasks.request_missing_proofs()

    assert all(signing.present_proof(Issue.objects.get(pk=one.pk)).pk for one in (issue, pending))


def test_at_midnight_the_sweep_asks_for_the_new_day(bulletin, cast, monkeypatch):
    pending = factories.pending_issue(bulletin, cast)
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert signing.present_proof(pending).pk is None

    tasks.request_missing_proofs()

    assert signing.present_proof(pending).pk


def test_a_new_name_of_the_bulletin_in_the_administration_asks_for_the_pages(issue, bulletin, cast, as_user):
    form = {"name_lines": "新简报", "publisher": "上海市邮政管理局", "print_run": 60, "layout_preset": "current"}
    form |= {"used_number": 9, "used_total_number": 544, "used_year": 2026, "review_steps": 3}

    answer = as_user(cast.admin).post(reverse("admin:issues_bulletin_change", args=[bulletin.pk]), form)

    assert answer.status_code == 302
    assert signing.present_proof(Issue.objects.get(pk=issue.pk)).pk


def test_nobody_is_told_that_the_worker_is_missing_while_it_works(issue, cast, as_user):
    Proof.objects.update(requested_at=timezone.now() - LATER)
    address = reverse("issues:desk", args=[issue.pk])
    assert "后台程序" in as_user(cast.lu).get(address).text

    Proof.objects.get().claim(60)

    assert "后台程序" not in as_user(cast.lu).get(address).text


@pytest.mark.parametrize(
    ("column", "seconds"),
    [("lease_until", 600), ("lease_until", -5), ("ready_at", 0)],
    ids=["has another in hand", "had another in hand", "has set another"],
)
def test_nobody_is_told_that_a_worker_is_missing_that_is_at_other_pages(
    column, seconds, issue, cast, bulletin, as_user
):
    Proof.objects.update(requested_at=timezone.now() - LATER)
    other = factories.make_issue(bulletin, cast.lu)

    state = "ready" if column == "ready_at" else "queued"
    other.proofs.update(state=state, **{column: timezone.now() + timedelta(seconds=seconds)})

    assert "后台程序" not in as_user(cast.lu).get(reverse("issues:desk", args=[issue.pk])).text


def test_a_unit_renamed_just_now_is_no_sign_of_a_missing_worker(issue, cast, units, as_user):
    Proof.objects.update(requested_at=timezone.now() - LATER)
    Issue.objects.update(updated_at=timezone.now() - LATER)
    tasks.request_missing_proofs()
    units.qingpu.name = "青浦邮政局"
    units.qingpu.save()
    assert proofs.present(Issue.objects.get(pk=issue.pk)).pk is None

    assert "后台程序" not in as_user(cast.lu).get(reverse("issues:desk", args=[issue.pk])).text

    Issue.objects.update(looked_at=timezone.now() - LATER)
    assert "后台程序" in as_user(cast.lu).get(reverse("issues:desk", args=[issue.pk])).text


def test_a_page_that_nobody_asked_for_says_in_time_that_nothing_comes(issue, cast, as_user):
    Proof.objects.all().delete()
    Issue.objects.update(updated_at=timezone.now() - LATER)

    assert "后台程序" in as_user(cast.lu).get(reverse("issues:desk", args=[issue.pk])).text


def test_an_article_handed_in_has_no_more_preview_to_ask_for(cast, bulletin, as_user):
    draft = factories.make_article(cast.lin)
    draft.apply(Article.SUBMIT, by=cast.lin)

    assert as_user(cast.lin).post(reverse("issues:article_preview", args=[draft.pk])).status_code == 404
