"""What a mailing survives: a real worker mails to a real mail server while something is done to them, again and again.

    with faults.stage(folder, readers=60) as here:
        outcome = faults.run(here, faults.FAULTS["kill"])

Each mail that the server took is counted there, whatever our rows say of it. `benchmarks/faults.py` runs all with 3,000 readers.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from redis import Redis

from tests.site import ROOT, Site, site
from tests.smtp_sink import SmtpSink

CONCURRENCY = 2
NEVER_THROUGH_SECONDS = 1_200
BALLAST_BYTES = 1 << 20

SEED = """
from tests import factories, people
people.make_office()
cast = people.office_people(people.office_units())
bulletin = factories.make_bulletin(review_steps=1)
factories.make_recipient_list(bulletin)
factories.issued_issue(bulletin, cast, [factories.accepted(cast.lin, cast.lu)])
factories.make_readers({readers})
"""
STATE = """
import json
from django.utils import timezone
from distribution.models import Delivery, Mailing
open_ones = Delivery.objects.filter(status__in=["queued", "claimed", "sending"])
print(json.dumps({"open": open_ones.count(), "mailing": Mailing.objects.get().status}))
"""
ROWS = """
import json
from distribution.models import Delivery
print(json.dumps(list(Delivery.objects.values_list("message_id", "status", "address"))))
"""
# The waits of one, five, fifteen minutes are over, and who paused it by itself is told to go on.
LATER = """
from django.utils import timezone
from accounts.models import User
from distribution.models import Delivery, Mailing
Delivery.objects.filter(status="queued", next_try_at__gt=timezone.now()).update(next_try_at=timezone.now())
mailing = Mailing.objects.get()
if mailing.status == "paused":
    mailing.apply(Mailing.RESUME, by=User.objects.get(username="tang"))
"""
# As if the clock had jumped ahead by an hour: each claim is over, also that of a worker which is alive.
LEASES_OVER = """
from datetime import timedelta
from django.utils import timezone
from distribution.models import Delivery
Delivery.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(hours=1))
"""
LEASES_LONGER = LEASES_OVER.replace("- timedelta", "+ timedelta")


@dataclass
class Stage:
    """A site whose mailing goes to `sink`; `workers` are the processes that send it."""

    site: Site
    sink: SmtpSink
    readers: int
    random: random.Random
    workers: list[subprocess.Popen] = field(default_factory=list)
    refused: frozenset[str] = frozenset()  # addresses that the server refuses for good
    turn: int = -1

    def start_worker(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", "bulletin_cms", "worker", "-B", "-c", str(CONCURRENCY)]
        command += ["-n", f"worker{len(self.workers)}@%h", "-s", str(self.site.folder / f"beat{len(self.workers)}")]
        with (self.site.folder / "worker.log").open("ab") as output:
            self.workers.append(
                subprocess.Popen(
                    command, cwd=ROOT, env=self.site.environment, stdout=output, stderr=output, start_new_session=True
                )
            )

    def kill_workers(self) -> None:
        """With their children, by -9; also one that was born while the others died."""
        for process in self.workers:
            with contextlib.suppress(ProcessLookupError):
                for _each in range(20):
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                    time.sleep(0.05)
        self.workers.clear()

    def addresses(self, share: float) -> frozenset[str]:
        """Some of the readers', chosen by chance."""
        numbers = self.random.sample(range(1, self.readers + 1), max(1, int(self.readers * share)))
        return frozenset(f"reader{number}@example.cn" for number in numbers)


@dataclass(frozen=True)
class Fault:
    """`act` does it once, a moment after the mailing began and then every `every` seconds until it is through.

    `first` is done before the mailing begins; `needs` is a database, or "root".
    """

    name: str
    act: Callable[[Stage], None] = lambda _stage: None
    every: tuple[float, float] = (1, 3)
    first: Callable[[Stage], None] = lambda _stage: None
    standstill: float = 15  # seconds: a worker is there again by then, so what still stands waits for minutes
    workers: int = 1
    needs: str = ""


@dataclass(frozen=True)
class Outcome:
    """Readers by what became of their copy. `lost`: the mail server has none, and nobody is told."""

    readers: int
    acts: int
    seconds: float
    once: int
    twice: int
    lost: int
    unsure: int
    unsure_arrived: int
    refused: int
    wrongly_refused: int

    @property
    def is_right(self) -> bool:
        return not (self.twice or self.lost or self.wrongly_refused)


@contextlib.contextmanager
def stage(folder: Path, *, readers: int, seed: int = 1) -> Iterator[Stage]:
    """A site with an issued issue and so many readers, and its mail server."""
    with SmtpSink() as sink, site(folder, EMAIL_URL=f"smtp://127.0.0.1:{sink.port}") as here:
        here.shell(SEED.format(readers=readers))
        made = Stage(here, sink, readers, random.Random(seed))
        try:
            yield made
        finally:
            made.kill_workers()


def run(here: Stage, fault: Fault) -> Outcome:
    """Mail the issue to all while `fault` acts. Raises TimeoutError when it is not through after twenty minutes."""
    fault.first(here)
    here.site.manage("distribute", "2026-10")
    began = time.monotonic()
    for _worker in range(fault.workers):
        here.start_worker()
    acts = seen = 0
    flowed_at = began
    while not _is_through(here):
        if time.monotonic() > began + NEVER_THROUGH_SECONDS:
            raise TimeoutError(f"{fault.name}: not through. {here.site.log('worker')[-2000:]}")
        if len(here.sink.received) > seen or time.monotonic() > flowed_at + fault.standstill:
            time.sleep(here.random.uniform(*fault.every))
            seen, flowed_at = len(here.sink.received), time.monotonic()
            fault.act(here)
            acts += 1
            here.site.shell(LATER)
        else:
            time.sleep(0.2)
    return _outcome(here, acts, time.monotonic() - began)


def _is_through(here: Stage) -> bool:
    state = json.loads(here.site.shell(STATE))
    return state["open"] == 0 and state["mailing"] == "done"


def _outcome(here: Stage, acts: int, seconds: float) -> Outcome:
    arrived = Counter(here.sink.message_ids)
    rows = json.loads(here.site.shell(ROWS))
    unsure = {identifier for identifier, status, _address in rows if status == "unsure"}
    failed = {identifier: address for identifier, status, address in rows if status == "failed"}
    told = unsure | failed.keys()
    return Outcome(
        readers=len(rows),
        acts=acts,
        seconds=seconds,
        once=sum(times == 1 for times in arrived.values()),
        twice=sum(times > 1 for times in arrived.values()),
        lost=sum(identifier not in arrived and identifier not in told for identifier, *_rest in rows),
        unsure=len(unsure),
        unsure_arrived=len(unsure & arrived.keys()),
        refused=len(failed),
        wrongly_refused=sum(address not in here.refused for address in failed.values()),
    )


# --- what is done ---------------------------------------------------------------------------------------------------------


def kill_worker(here: Stage) -> None:
    count = len(here.workers)
    here.kill_workers()
    here.site.shell(LEASES_OVER)
    for _worker in range(count):
        here.start_worker()


def empty_broker(here: Stage) -> None:
    address = here.site.environment.get("REDIS_URL") or f"unix://{here.site.folder}/var/redis/redis.sock"
    with Redis.from_url(address) as queue:
        queue.flushdb()


def crash_postgres(here: Stage) -> None:
    """One of its processes is killed with -9: all connections break, and it recovers from its log."""
    with (
        contextlib.suppress(psycopg.OperationalError),
        psycopg.connect(here.site.environment["DATABASE_URL"], autocommit=True) as connection,
    ):
        query = (
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() LIMIT 1"
        )
        row = connection.execute(query).fetchone()
        if not row:
            return
        os.kill(row[0], signal.SIGKILL)
        for _each in range(600):  # until this connection is broken too: before that the recovery has not begun
            connection.execute("SELECT 1")
            time.sleep(0.05)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(here.site.environment["DATABASE_URL"]):
            return
        time.sleep(0.1)


def commit_in_earnest(here: Stage) -> None:
    """The suite's server commits without waiting for the disk; a crash may take such commits back."""
    name = urlsplit(here.site.environment["DATABASE_URL"]).path.lstrip("/")
    with psycopg.connect(here.site.environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = on")


def close_mail_server(here: Stage) -> None:
    """Nobody answers at its port for a second."""
    here.sink.go_away()
    time.sleep(1)
    here.sink.come_back()


def slow_down(here: Stage) -> None:
    here.sink.delay = here.random.choice((0, 0.2, 0.5))


def answer_as_usual(here: Stage) -> None:
    here.sink.accept_all()
    for address in here.refused:
        here.sink.refuse("rcpt", "550 5.1.1 no such user", address)


def refuse_some(here: Stage) -> None:
    """421 at the door, 450 and 550 for single readers; who is refused for good stays so, the others are taken later."""
    answer_as_usual(here)
    for address in here.addresses(0.03):
        if address not in here.refused:
            here.sink.refuse("rcpt", "450 4.2.1 mailbox busy", address)
    if here.random.random() < 0.3:
        here.sink.refuse("mail", "421 4.7.0 too many connections")


def choose_refused(here: Stage) -> None:
    here.refused = here.addresses(0.02)
    refuse_some(here)


def break_off(here: Stage) -> None:
    """After the body, without an answer, for some; in the middle of the body for others."""
    answer_as_usual(here)
    for address in here.addresses(0.004):
        here.sink.refuse("body", "hang up", address)
    for address in here.addresses(0.02):
        here.sink.refuse("half", "hang up", address)


def fill_disk(here: Stage) -> None:
    """Not a byte is free for two seconds; then what can't have gone on without is started anew, as the site's manager does."""
    ballast = here.site.folder / "var" / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(BALLAST_BYTES))
    time.sleep(2)
    ballast.unlink()
    kill_worker(here)


def jump(here: Stage) -> None:
    here.site.shell(here.random.choice((LEASES_OVER, LEASES_LONGER)))


def in_turn(here: Stage) -> None:
    """Each of those that need nothing, again and again."""
    acts = (refuse_some, empty_broker, break_off, jump, close_mail_server, slow_down)
    here.turn += 1
    acts[here.turn % len(acts)](here)


FAULTS = {
    "none": Fault("nothing"),
    "kill": Fault("kill -9 of the worker, every 1 to 3 s", kill_worker),
    "two": Fault("two workers, each killed with -9", kill_worker, every=(3, 6), workers=2),
    "broker": Fault("the broker emptied", empty_broker),
    "postgres": Fault("PostgreSQL crashes", crash_postgres, first=commit_in_earnest, needs="postgresql", every=(3, 6)),
    "gone": Fault("the mail server is away for 1 s", close_mail_server),
    "slow": Fault("the mail server takes up to 0.5 s", slow_down),
    "codes": Fault("421, 450, 550", refuse_some, first=choose_refused),
    "broken": Fault("connections break in and after the body", break_off, first=break_off),
    "disk": Fault("the disk is full for 2 s", fill_disk, needs="root"),
    "clock": Fault("the clock jumps by an hour", jump),
    "all": Fault("most of these in turn", in_turn, first=choose_refused),
}
