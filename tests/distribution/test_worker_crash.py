"""kill -9 of the real worker in mid-mailing: everybody gets the mail once, except those in flight, shown as unsure.

A real Celery worker with beat, the real broker (files, or Redis when REDIS_URL is set), a real conversation over SMTP,
and a database of its own. The test alone moves the clock: it ends the leases of the dead worker.
"""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.smtp_sink import SmtpSink

pytestmark = [pytest.mark.worker, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
READERS = 120
KILL_AFTER = (15, 45, 80)  # mails that have arrived when the worker is killed
CONCURRENCY = 2

SEED = f"""
from tests import factories
from types import SimpleNamespace
unit = factories.make_unit()
cast = SimpleNamespace(
    lin=factories.make_user("lin", "林向晚", "contributor", unit=unit),
    lu=factories.make_user("lu", "陆一鸣", "editor", unit=unit),
    gu=factories.make_user("gu", "顾文岚", "chief_editor", unit=unit),
)
bulletin = factories.make_bulletin()
factories.make_recipient_list(bulletin)
factories.issued_issue(bulletin, cast, [factories.accepted(cast.lin, cast.lu)])
factories.make_readers({READERS})
"""
STATE = """
import json
from distribution.models import Delivery, DeliveryEvent
print(json.dumps({
    "statuses": dict(Delivery.objects.values_list("message_id", "status")),
    "mailing": Delivery.objects.first().mailing.status,
}))
"""
END_LEASES = """
from django.utils import timezone
from distribution.models import Delivery
Delivery.objects.exclude(lease_until=None).update(lease_until=timezone.now())
"""


@pytest.fixture
def environment(tmp_path):
    """Settings of an installation of its own: folder, database, queue."""
    values = {key: value for key, value in os.environ.items() if key not in ("DJANGO_SETTINGS_MODULE", "QUEUE_DIR")}
    values |= {"VAR_DIR": str(tmp_path / "var"), "PYTHONUNBUFFERED": "1", "SECRET_KEY": secrets.token_urlsafe(50)}
    with contextlib.ExitStack() as stack:
        if url := values.get("DATABASE_URL"):
            values["DATABASE_URL"] = stack.enter_context(own_database(url))
        if url := values.get("REDIS_URL"):
            values["REDIS_URL"] = url.rpartition("/")[0] + "/7"  # a numbered database beside the other tests' one
        yield values


@contextlib.contextmanager
def own_database(url):
    name = f"crash_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{url.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def run(environment, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def python(environment, code):
    return run(environment, "-c", f"import django; django.setup()\n{code}")


@contextlib.contextmanager
def worker(environment, log):
    """A worker and its children, all killed with -9 at the end."""
    command = [sys.executable, "-m", "celery", "-A", "bulletin_cms", "worker", "-B", "-c", str(CONCURRENCY)]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(condition, process, log, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, f"the worker ended by itself:\n{log.read_text()[-3000:]}"
        assert time.monotonic() < until, f"nothing happened:\n{log.read_text()[-3000:]}"
        time.sleep(0.05)


def test_a_killed_worker_loses_nothing_and_sends_nothing_twice(environment, tmp_path):
    environment = environment | {"DJANGO_SETTINGS_MODULE": "bulletin_cms.settings"}
    log = tmp_path / "worker.log"
    with SmtpSink(delay=0.05) as sink:
        environment["EMAIL_URL"] = f"smtp://127.0.0.1:{sink.port}"
        run(environment, "manage.py", "migrate", "-v0")
        python(environment, SEED)
        run(environment, "manage.py", "distribute", "2026-10")

        for count in KILL_AFTER:
            with worker(environment, log) as process:
                wait_until(lambda count=count: len(sink.received) >= count, process, log)
            python(environment, END_LEASES)

        with worker(environment, log) as process:
            wait_until(lambda: settled(sink, environment), process, log)

        state = json.loads(python(environment, STATE))
    arrived = Counter(sink.message_ids)
    statuses = state["statuses"]
    unsure = [identifier for identifier, status in statuses.items() if status == "unsure"]
    assert len(statuses) == READERS
    assert set(statuses.values()) <= {"sent", "unsure"}
    assert max(arrived.values()) == 1, "somebody got the mail twice"
    assert set(statuses) - set(arrived) <= set(unsure), "somebody got no mail, and nobody is told"
    assert len(unsure) <= CONCURRENCY * len(KILL_AFTER)
    assert state["mailing"] == "done"


def settled(sink, environment):
    """Nearly all have arrived, and the database says that the mailing is through."""
    if len(sink.received) < READERS - CONCURRENCY * len(KILL_AFTER):
        return False
    return json.loads(python(environment, STATE))["mailing"] == "done"
