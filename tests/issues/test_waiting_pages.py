"""Pages that wait for a worker come, or say why not: whatever the text is, whatever became of the worker before."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Photo
from bulletin_cms import celery_app
from issues import claimers, previews, proofs, setting, tasks
from issues.models import MOST_ATTEMPTS, ArticlePreview, Proof
from tests import factories
from tests.scenes import scene
from typesetting import places

pytestmark = pytest.mark.sqlite

LATER = timedelta(hours=1)

# --- whatever the text is --------------------------------------------------------------------------------------------
NOTHING_TO_MEASURE = {
    "no title": {"title": " ", "body": "<p>青浦局组织安全培训，讲解操作规程。</p>"},
    "nothing": {"title": " ", "body": " "},
    "no text": {"body": " "},
    "four digits": {"title": "2026", "body": "<p>2026</p>"},
    "Latin": {"title": "K1", "body": "<p>ABC 123</p>"},
    "a brief without four Han": {
        "kind": "brief",
        "title": " ",
        "body": "<p>7月5日，K1 快递 A 区 B 站 24h 运行。</p>",
    },
    "a Latin brief": {"kind": "brief", "title": " ", "body": "<p>ABC 123</p>"},
    "a brief of digits": {"kind": "brief", "title": " ", "body": "<p>20260705</p>"},
    "an empty brief": {"kind": "brief", "title": " ", "body": " "},
}


@pytest.mark.parametrize("fields", NOTHING_TO_MEASURE.values(), ids=NOTHING_TO_MEASURE)
def test_a_draft_with_nothing_to_measure_has_its_pages(fields, cast, bulletin):
    draft = factories.make_article(cast.lin, **fields)

    setting.render_preview(previews.request(draft))

    preview = ArticlePreview.objects.get()
    assert (preview.state, preview.error) == ("ready", "")
    assert preview.pages == len(preview.page_hashes) == 1


@pytest.mark.parametrize("fields", NOTHING_TO_MEASURE.values(), ids=NOTHING_TO_MEASURE)
def test_an_issue_with_nothing_to_measure_has_its_pages(fields, cast, bulletin):
    placed = factories.accepted(cast.lin, cast.lu)
    issue = factories.make_issue(bulletin, cast.lu, [placed, factories.accepted(cast.lin, cast.lu, kind="brief")])
    for number, placement in enumerate(issue.placements.all()):
        if number or fields.get("kind") != "brief":
            version = placement.article.versions.create(
                number=9,
                title=fields.get("title", "题").strip(),
                body=fields["body"].strip(),
                created_by=cast.lin,
            )
            placement.version = version
            placement.save()

    proof = setting.render_proof(proofs.request(issue))

    assert (proof.state, proof.error) == ("ready", "")
    assert proof.report is not None


def test_an_issue_that_was_just_begun_has_its_page(cast, bulletin):
    issue = factories.make_issue(bulletin, cast.lu)

    tasks.render_proof(proof_id=issue.proofs.get().pk)

    proof = issue.proofs.get()
    assert (proof.state, proof.pages, proof.places) == ("ready", 1, [])


def test_a_fault_in_measuring_costs_the_places_and_not_the_pages(cast, bulletin, monkeypatch, caplog):
    monkeypatch.setattr(places, "LEAST", "no number")
    issue = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])

    proof = setting.render_proof(proofs.request(issue))

    assert (proof.state, proof.pages, proof.places, proof.free_rows) == ("ready", 1, [], None)
    assert "could not be measured" in caplog.text


def test_a_fault_in_storing_the_pages_is_told(cast, bulletin, settings, tmp_path, caplog):
    issue = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])
    (tmp_path / "media").write_text("no folder")

    proof = setting.render_proof(proofs.request(issue))

    assert proof.state == "failed"
    assert "管理员" in proof.error
    assert "could not be rendered" in caplog.text


# --- one worker at a time --------------------------------------------------------------------------------------------
@scene
def proof(cast, bulletin):
    issue = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])
    return issue.proofs.get()


def test_what_another_worker_renders_is_left_to_it(proof, settings):
    other = Proof.objects.get()
    other.claim(60)

    setting.render_proof(proof)

    proof.refresh_from_db()
    assert (proof.state, proof.attempts, proof.lease_until) == ("queued", 1, other.lease_until)


def test_the_claim_of_a_worker_that_died_ends(proof):
    Proof.objects.get().claim(-1)

    tasks.render_waiting_proofs()

    proof.refresh_from_db()
    assert (proof.state, proof.attempts, proof.lease_until) == ("ready", 2, None)


def test_a_worker_that_comes_too_late_changes_nothing(proof):
    late = Proof.objects.get()
    late.claim(-1)
    setting.render_proof(proof)
    before = Proof.objects.values().get()

    assert not late.store(b"%PDF of somebody late")
    assert not late.settle(state="failed", error="x")

    assert Proof.objects.values().get() == before
    assert not [
        name for name in late.pdf.storage.listdir(before["pdf"].rpartition("/")[0])[1] if name not in before["pdf"]
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("workers", [4])
def test_of_several_workers_one_renders(workers, bulletin, cast):
    proof = Proof.objects.create(issue=factories.make_issue(bulletin, cast.lu), digest="d" * 64)

    def claim(_number):
        try:
            return Proof.objects.get(pk=proof.pk).claim(60)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        assert sorted(pool.map(claim, range(workers))) == [False] * (workers - 1) + [True]
    assert Proof.objects.get(pk=proof.pk).attempts == 1


# --- a worker that died ----------------------------------------------------------------------------------------------
@pytest.fixture
def another_process():
    """One that lives until the test kills it."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def name_of(process):
    return re.sub(rf" {os.getpid()} .*", f" {process.pid} {claimers._started(process.pid)}", claimers.own_name())


def claim_as(name, proof, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(claimers, "own_name", lambda: name)
        assert proof.claim(60)


def test_the_claim_of_a_killed_process_ends_at_once(proof, another_process, monkeypatch):
    claim_as(name_of(another_process), proof, monkeypatch)
    tasks.render_waiting_proofs()
    assert Proof.objects.get().state == "queued"  # it may still be at it

    another_process.kill()
    another_process.wait()
    tasks.render_waiting_proofs()

    assert (Proof.objects.get().state, Proof.objects.get().attempts) == ("ready", 2)


def test_a_process_that_nobody_waited_for_is_dead_all_the_same(another_process):
    name = name_of(another_process)
    assert not claimers.is_gone(name)

    another_process.kill()
    os.waitid(os.P_PID, another_process.pid, os.WEXITED | os.WNOWAIT)

    assert claimers.is_gone(name)


def test_a_process_number_given_to_another_looks_dead(proof, monkeypatch):
    claim_as(f"{claimers.own_name()}0", proof, monkeypatch)

    tasks.render_waiting_proofs()

    assert Proof.objects.get().state == "ready"


@pytest.mark.parametrize("name", ["another-boot/4026531836 1 77", ""])
def test_a_claim_from_elsewhere_counts_until_its_lease_ends(name, proof, monkeypatch):
    claim_as(name, proof, monkeypatch)

    tasks.render_waiting_proofs()

    assert Proof.objects.get().state == "queued"


def test_the_preview_of_a_killed_process_is_set_by_another(cast, bulletin, monkeypatch):
    preview = previews.request(factories.make_article(cast.lin))
    claim_as(f"{claimers.own_name()}0", preview, monkeypatch)

    tasks.render_waiting_previews()

    assert ArticlePreview.objects.get().state == "ready"


# --- every row is rescued --------------------------------------------------------------------------------------------
def ends_its_worker(proof):
    for _attempt in range(MOST_ATTEMPTS):
        assert proof.claim(-1)


def test_what_ends_its_worker_is_not_tried_for_ever(proof):
    ends_its_worker(proof)

    tasks.render_waiting_proofs()

    proof.refresh_from_db()
    assert proof.state == "failed"
    assert f"{MOST_ATTEMPTS} 次" in proof.error


def test_a_retry_begins_to_count_anew(proof):
    ends_its_worker(proof)
    Proof.objects.update(requested_at=timezone.now() - LATER)
    proof.refresh_from_db()
    failed = setting.render_proof(proof)

    proofs.retry(failed)

    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == ("queued", 0)
    assert not proofs.is_worker_missing(failed)
    assert timezone.now() - failed.requested_at < timedelta(seconds=30)


def test_only_what_failed_is_tried_again(proof):
    ready = setting.render_proof(proof)

    proofs.retry(ready)

    assert Proof.objects.get().state == "ready"


def test_a_row_that_cannot_even_be_read_stops_no_other(cast, bulletin, caplog):
    broken = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])
    fine = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu)])
    photo = Photo.objects.create(
        article=broken.placements.get().article,
        file=ContentFile(b"x", "x.jpg"),
        width=9,
        height=9,
        content_type="image/jpeg",
    )
    version = broken.placements.get().version
    broken.placements.update(
        version=version.article.versions.create(
            number=9,
            title="题",
            body="<p>文</p>",
            photos=[{"photo": photo.pk + 99, "caption": ""}],
            created_by=cast.lin,
        )
    )
    Proof.objects.filter(issue=broken).update(requested_at=timezone.now() - LATER)

    tasks.render_waiting_proofs()

    assert fine.proofs.get().state == "ready"
    assert broken.proofs.get().state == "failed"


def test_a_fault_outside_the_rendering_is_logged_and_the_next_row_follows(caplog):
    done = []

    def act(number):
        done.append(1 // number)

    tasks._each([1, 0, 1], act)

    assert done == [1, 1]
    assert "ZeroDivisionError" in caplog.text


def test_the_oldest_is_rendered_first(cast, bulletin):
    newer, older = (factories.make_issue(bulletin, cast.lu) for _n in range(2))
    Proof.objects.filter(issue=older).update(requested_at=timezone.now() - LATER)

    tasks.render_waiting_proofs()

    ready = Proof.objects.order_by("ready_at").values_list("issue", flat=True)
    assert list(ready) == [older.pk, newer.pk]


def test_a_sweep_without_work_asks_few_questions(db):
    with CaptureQueriesContext(connection) as queries:
        tasks.render_waiting_proofs()
        tasks.render_waiting_previews()

    assert len(queries) == 5


def test_a_lost_message_is_made_good_within_five_seconds(settings):
    sweeps = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert sweeps["issues.tasks.render_waiting_proofs"] <= 5
    assert sweeps["issues.tasks.render_waiting_previews"] <= 5


# --- previews apart --------------------------------------------------------------------------------------------------
def queue_of(task):
    return celery_app.amqp.router.route({}, f"issues.tasks.{task.__name__}")["queue"].name


def test_proofs_never_wait_behind_previews():
    assert queue_of(tasks.render_preview) == queue_of(tasks.render_waiting_previews) == "previews"
    assert queue_of(tasks.render_proof) == queue_of(tasks.render_waiting_proofs) == "celery"


def test_a_preview_has_a_limit_of_its_own(cast, bulletin, settings):
    settings.PREVIEW_SECONDS = 1
    rows = "<tr><td>甲</td><td>乙</td></tr>" * 12_000
    draft = factories.make_article(cast.lin, body=f"<table>{rows}</table>")

    setting.render_preview(previews.request(draft))

    assert "超过 1 秒" in ArticlePreview.objects.get().error
