"""kill -9 of the real worker in mid-mailing: everybody gets the mail once, except those in flight, shown as unsure.

So it is with the reminders that follow. What is posted to units' systems arrives in any case, in flight or not, under one
number.

A real Celery worker with beat, a real Redis, a real conversation over SMTP,
and a database of its own. What the dead worker's mails came to stands in its journal; of its posts, which have none, the
test ends the leases.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from tests.distribution.unit_system import UnitSystem
from tests.site import ROOT, site
from tests.smtp_sink import SmtpSink

pytestmark = [pytest.mark.worker, pytest.mark.slow, pytest.mark.postgres]  # on SQLite test_faults kills workers

READERS = 120
SYSTEMS = 30
KILL_AFTER = (20, 70)  # mails that have arrived when the worker is killed
CONCURRENCY = 2

SEED = f"""
from tests import factories, people
people.make_office()
cast = people.office_people(people.office_units())
bulletin = factories.make_bulletin(review_steps=1)
factories.make_recipient_list(bulletin)
factories.issued_issue(bulletin, cast, [factories.accepted(cast.lin, cast.lu)])
factories.make_readers({READERS})
from distribution.models import Reader
Reader.objects.bulk_create(
    Reader(organisation=f"有系统的第{{n}}处", name="办公室", channel="webhook", webhook_url="SYSTEM", webhook_generation=1)
    for n in range({SYSTEMS})
)
"""
STATE = """
import json
from distribution.models import Delivery, Reminder
print(json.dumps({
    "statuses": dict(Delivery.objects.exclude(channel="webhook").values_list("message_id", "status")),
    "posts": dict(Delivery.objects.filter(channel="webhook").values_list("message_id", "status")),
    "reminders": dict(Reminder.objects.values_list("message_id", "status")),
    "open": Reminder.objects.open().count(),
    "mailing": Delivery.objects.first().mailing.status,
}))
"""
END_LEASES = """
from django.utils import timezone
from distribution.models import Delivery
Delivery.objects.filter(channel="webhook").exclude(lease_until=None).update(lease_until=timezone.now())
"""
REMIND = """
from accounts.models import User
from distribution import reminders
from distribution.models import Mailing
mailing = Mailing.objects.get()
reminders.remind(mailing, mailing.deliveries.all(), by=User.objects.get(username="tang"))
"""


@contextlib.contextmanager
def worker(here, log):
    """A worker and its children, all killed with -9 at the end."""
    command = [sys.executable, "-m", "celery", "-A", "bulletin_cms", "worker", "-B", "-c", str(CONCURRENCY)]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=here.environment, stdout=output, stderr=output, start_new_session=True
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


def test_a_killed_worker_loses_nothing_and_sends_nothing_twice(tmp_path):
    log = tmp_path / "worker.log"
    with (
        SmtpSink(delay=0.05) as sink,
        UnitSystem(delay=0.05) as system,
        site(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{sink.port}", WEBHOOK_NETWORKS="127.0.0.0/8") as here,
    ):
        here.shell(SEED.replace("SYSTEM", system.url))
        here.manage("distribute", "2026-10")

        for count in KILL_AFTER:
            with worker(here, log) as process:
                wait_until(lambda count=count: len(sink.received) >= count, process, log)
            here.shell(END_LEASES)

        with worker(here, log) as process:
            wait_until(lambda: settled(sink, here), process, log)

        remind_and_kill(sink, here, log)
        state = json.loads(here.shell(STATE))
    arrived = Counter(sink.message_ids)
    statuses = state["statuses"]
    unsure = [identifier for identifier, status in statuses.items() if status == "unsure"]
    assert len(statuses) == READERS
    assert set(statuses.values()) <= {"sent", "unsure"}
    assert max(arrived.values()) == 1, "somebody got the mail twice"
    assert set(statuses) - set(arrived) <= set(unsure), "somebody got no mail, and nobody is told"
    assert len(unsure) <= CONCURRENCY * len(KILL_AFTER)
    assert state["mailing"] == "done"
    assert set(state["posts"].values()) == {"sent"}
    assert system.known == {f"{identifier.strip('<>')}/1" for identifier in state["posts"]}
    assert len(system.posted) - SYSTEMS <= CONCURRENCY * len(KILL_AFTER)
    reminders = state["reminders"]
    assert len(reminders) == READERS - len(unsure)
    assert set(reminders.values()) <= {"sent", "unsure"}
    unsure = {identifier for identifier, status in reminders.items() if status == "unsure"}
    assert set(reminders) - set(arrived) <= unsure, "somebody was not reminded, and nobody is told"
    assert len(unsure) <= CONCURRENCY


def remind_and_kill(sink, here, log):
    """Remind everybody; the worker is killed after some of the reminders, and another one goes on."""
    before = len(sink.received)
    here.shell(REMIND)
    with worker(here, log) as process:
        wait_until(lambda: len(sink.received) >= before + KILL_AFTER[0], process, log)
    with worker(here, log) as process:
        wait_until(lambda: json.loads(here.shell(STATE))["open"] == 0, process, log)


def settled(sink, here):
    """Nearly all have arrived, and the database says that the mailing is through."""
    if len(sink.received) < READERS - CONCURRENCY * len(KILL_AFTER):
        return False
    return json.loads(here.shell(STATE))["mailing"] == "done"
