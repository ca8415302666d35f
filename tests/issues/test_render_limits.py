"""A rendering that goes over its time or its memory fails with a sentence; what comes after it is rendered as ever."""

import os
import re
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from issues import proofs, tasks
from issues.models import Proof
from tests import factories
from tests.typesetting.printed import article, issue
from typesetting import limits, reading, rendering

# As many cells as the form lets a text have in one table, in many tables.
HUGE = ("<table>" + "<tr><td>甲</td><td>乙</td></tr>" * 500 + "</table><p>字</p>") * 24


def made(content):
    return rendering.render(content, photo_bytes=bytes)


def test_what_takes_too_long_ends_soon_with_a_reason(settings):
    settings.RENDER_SECONDS = 1
    began = time.monotonic()
    with pytest.raises(rendering.RenderingError, match=r"\b1\b") as refused:
        made(issue(article(body=HUGE)))
    assert isinstance(refused.value.__cause__, limits.OverLimit)
    assert time.monotonic() - began < 15
    assert reading.page_count(made(issue())) == 1


def test_what_takes_too_much_memory_ends_with_a_reason(settings):
    settings.RENDER_MEGABYTES = 40
    with pytest.raises(limits.OverLimit, match="40 MB"), limits.limits(60):
        bytearray(400 * limits.MEGABYTE)
    assert reading.page_count(made(issue())) == 1


def test_a_library_that_only_says_that_it_failed_got_no_memory():
    with pytest.raises(limits.OverLimit, match="MB"), limits.limits(60):
        raise SystemError("error return without exception set")  # as seen of a library in C, at the limit


def test_threads_leave_no_limit_of_memory_behind():
    """A browser's helper begun later would live within it."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    first, second = (limits.memory(500) for _each in range(2))
    with ThreadPoolExecutor(2) as threads:
        for step in (first.__enter__, second.__enter__, lambda: first.__exit__(None, None, None)):
            threads.submit(step).result()
        threads.submit(lambda: second.__exit__(None, None, None)).result()

    assert resource.getrlimit(resource.RLIMIT_DATA) == before


RENDER_HUGE = """
import django
django.setup()
from django.conf import settings
from tests.typesetting.printed import article, issue
from tests.issues.test_render_limits import HUGE, made, rendering
made(issue())
settings.RENDER_MEGABYTES = 40
try:
    made(issue(article(body=HUGE)))
except rendering.RenderingError as error:
    print(error)
print("and on:", len(made(issue())) > 0)
"""


def test_a_rendering_beyond_its_memory_is_refused_or_ends_its_process_alone(tmp_path):
    """In a process of its own: a C library that gets no memory may end the process instead of raising."""
    done = subprocess.run(
        [sys.executable, "-c", RENDER_HUGE],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "bulletin_cms.settings", "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )

    if done.returncode == 0:
        assert "40 MB" in done.stdout
        assert "and on: True" in done.stdout
    else:  # the attempt was counted in the row when it was claimed
        assert done.returncode in (-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGSEGV), done.stderr


def test_the_limits_end_with_the_rendering(settings):
    before = resource.getrlimit(resource.RLIMIT_DATA), signal.getsignal(signal.SIGALRM)
    made(issue())
    assert (resource.getrlimit(resource.RLIMIT_DATA), signal.getsignal(signal.SIGALRM)) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.sqlite
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
