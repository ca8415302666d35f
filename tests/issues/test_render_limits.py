"""A rendering that goes over its time or its memory fails with a sentence; what comes after it is rendered as ever."""

import re
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest

from issues import pdf_pages, proofs, render_limits, rendering, tasks
from issues.models import Proof
from tests import factories
from tests.issues.printed import article, issue

HUGE = "<table>" + "<tr><td>甲</td><td>乙</td></tr>" * 12_000 + "</table>"


def made(content):
    return rendering.render(content, photo_bytes=bytes)


def test_what_takes_too_long_ends_soon_with_a_reason(settings):
    settings.RENDER_SECONDS = 1
    began = time.monotonic()
    with pytest.raises(rendering.RenderingError, match=r"\b1\b") as refused:
        made(issue(article(body=HUGE)))
    assert isinstance(refused.value.__cause__, render_limits.OverLimit)
    assert time.monotonic() - began < 15
    assert pdf_pages.page_count(made(issue())) == 1


def test_what_takes_too_much_memory_ends_with_a_reason(settings):
    made(issue())  # the fonts are there
    settings.RENDER_MEGABYTES = 40
    with pytest.raises(rendering.RenderingError, match="40 MB") as refused:
        made(issue(article(body=HUGE)))
    assert isinstance(refused.value.__cause__, render_limits.OverLimit)
    assert pdf_pages.page_count(made(issue())) == 1


def test_the_limits_end_with_the_rendering(settings):
    before = resource.getrlimit(resource.RLIMIT_DATA), signal.getsignal(signal.SIGALRM)
    made(issue())
    assert (resource.getrlimit(resource.RLIMIT_DATA), signal.getsignal(signal.SIGALRM)) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert not list((Path(settings.VAR_DIR) / "rendering").iterdir())


def gone_process() -> str:
    process = subprocess.Popen(["true"])
    process.wait()
    return str(process.pid)


def test_content_that_ended_the_worker_twice_is_not_tried_a_third_time(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    note = tmp_path / "rendering" / "it"
    note.parent.mkdir()
    note.write_text(gone_process())
    with render_limits.limits("it"):  # once may have been a restart
        pass
    note.write_text(f"{gone_process()} {gone_process()}")
    with pytest.raises(render_limits.OverLimit), render_limits.limits("it"):
        pytest.fail("it was tried again")
    with render_limits.limits("it"):  # and again when the editor asks for it
        pass


@pytest.mark.django_db
def test_the_editor_is_told_and_the_worker_goes_on(settings, cast):
    settings.RENDER_SECONDS = 1
    bulletin = factories.make_bulletin()
    proof_of = []
    for body in (HUGE, "<p>一段文字。</p>"):
        placed = factories.make_issue(bulletin, cast.lu, [factories.accepted(cast.lin, cast.lu, body=body)])
        proof_of.append(proofs.request(placed))
        tasks.render_proof(proof_id=proof_of[-1].pk)
    failed, ready = (Proof.objects.get(pk=proof.pk) for proof in proof_of)
    assert failed.state == Proof.State.FAILED
    assert re.search(r"\b1\b", failed.error), failed.error
    assert ready.state == Proof.State.READY
