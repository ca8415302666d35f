"""The site as `make run` serves it: what dies comes back while the others go on, and all end together, in order."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import stat
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from django.db import connection

from tests.servers import ServerFailed
from tests.site import ROOT, START_SECONDS, site
from tests.smtp_sink import SmtpSink

pytestmark = [pytest.mark.worker, pytest.mark.slow]

VIEWS_A_SECOND = 20
VISITORS = 4
# The worker takes 1.7 s under these views alone, up to 4 s when two runs of pytest keep both cores busy besides; beat 0.5
# to 1.2 s, Redis and a web process 0.1 s.
BACK_SECONDS = 10
LATER_SECONDS = 60  # what only has to come
PAGES_SECONDS = 20  # a start, a sweep and the asking, 6 s together on idle cores; the lease would be two minutes
OFFICE = """
from django.test import Client
from tests import factories, people
bulletin, unit = factories.make_bulletin(), factories.make_unit()
factories.make_user("lin", "林向晚", "contributor", unit=unit)
client = Client()
client.force_login(factories.make_user("lu", "陆一鸣", "editor", unit=unit))
print(client.cookies["sessionid"].value)
"""
ASK_FOR_PAGES = """
from accounts.models import User
from issues import proofs, setting
from issues.models import Bulletin
from tests import factories
lin, lu = User.objects.get(username="lin"), User.objects.get(username="lu")
Bulletin.objects.update(review_steps=1)
article = factories.accepted(lin, lu)
{before}
issue = factories.make_issue(Bulletin.objects.get(), lu, [article])
print(proofs.request(issue).pk)
"""
# The manager stands still meanwhile, so that Redis surely is away when the pages are asked for.
KILL_REDIS = """
import os, signal
os.kill({manager}, signal.SIGSTOP)
os.kill({redis}, signal.SIGKILL)
"""
CLAIM_AND_DIE = """
import os
from issues import proofs, setting
from issues.models import Proof
assert Proof.objects.get(pk={}).claim(setting.PROOF_LEASE_SECONDS)
os.kill(os.getpid(), 9)
"""
STATE = "from issues.models import Proof; print(Proof.objects.get(pk={}).state)"
MAIL_AN_ISSUE = """
from django.db import transaction
from distribution import mailing
from tests import factories, people
people.make_office()
cast = people.office_people(people.office_units())
bulletin = factories.make_bulletin(review_steps=1)
factories.make_recipient_list(bulletin)
with transaction.atomic():  # its pages are there before a worker hears of them
    issue = factories.issued_issue(bulletin, cast, [factories.accepted(cast.lin, cast.lu)])
factories.make_readers(1)
mailing.start(issue, by=None)
"""


class Served:
    """The manager of a site's processes, and what its log says of them."""

    def __init__(self, here, log: Path, process: subprocess.Popen):
        self.here, self.log, self.process = here, log, process

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def pids(self) -> dict[str, int]:
        """The newest process of each name, in the order in which they were started."""
        return {name: int(pid) for name, pid in re.findall(r"spawned: '(\w+)' with pid (\d+)", self.said())}

    def is_up(self) -> bool:
        return self.here.answers() and self.said().count(" ready.") >= 2 and "beat v" in self.said()

    def left(self, pids) -> list[str]:
        return [name for name, pid in pids.items() if group_is_alive(pid)]

    def wait(self, condition, seconds=START_SECONDS, *, is_alive=True) -> float:
        begun = time.monotonic()
        while not condition():
            assert not is_alive or self.process.poll() is None, self.said()[-3000:]
            assert time.monotonic() - begun < seconds, self.said()[-3000:]
            time.sleep(0.1)
        return time.monotonic() - begun


def group_is_alive(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextlib.contextmanager
def stopped(*pids: int):
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def serving(folder, *, streams=None, **settings):
    """With a private Redis in any case."""
    with site(folder, has_broker=False, REDIS_URL="", **settings) as here:
        log = folder / "serve.log"
        with log.open("ab") as output:
            streams = streams or {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": subprocess.STDOUT}
            process = subprocess.Popen([sys.executable, "ops/serve.py"], cwd=ROOT, env=here.environment, **streams)
        served = Served(here, log, process)
        try:
            served.wait(served.is_up)
            yield served
        finally:
            process.terminate()
            process.wait(60)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """One office for all tests that leave it running."""
    with serving(tmp_path_factory.mktemp("served")) as served:
        served.session = served.here.shell(OFFICE).split()[-1]
        yield served


class Visitors:
    """Editors who look at the first page twenty times a second together; notes when one got no answer."""

    def __init__(self, served):
        self.page = Request(served.here.url, headers={"Cookie": f"sessionid={served.session}"})
        self.views, self.unanswered, self.is_done = [], [], threading.Event()
        self.threads = [threading.Thread(target=self.look) for _ in range(VISITORS)]

    def look(self):
        while not self.is_done.wait(VISITORS / VIEWS_A_SECOND):
            asked_at = time.monotonic()
            try:
                with urlopen(self.page, timeout=20) as answer:
                    assert "陆一鸣" in answer.read().decode()
                self.views.append(asked_at)
            except (URLError, ConnectionError):
                self.unanswered.append(asked_at)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.is_done.set()
        for thread in self.threads:
            thread.join()


# --- what dies comes back ------------------------------------------------------------------------------------------
SIGN_OF_LIFE = {"worker": "worker@.* ready", "beat": "beat v", "redis": "Redis is starting", "web": "Booting worker"}


@pytest.mark.parametrize("name", SIGN_OF_LIFE)
def test_what_is_killed_is_back_soon_and_only_what_it_was_answering_is_lost(served, name):
    """Of the web one of the two processes that answer is killed."""
    others = {other: pid for other, pid in served.pids().items() if other != name or name == "web"}
    web = served.pids()["web"]
    victim = children(web)[0] if name == "web" else served.pids()[name]
    before = len(served.said())
    with Visitors(served) as visitors:
        time.sleep(1)
        killed_at = time.monotonic()
        os.kill(victim, signal.SIGKILL)
        back_after = served.wait(lambda: re.search(SIGN_OF_LIFE[name], served.said()[before:]), LATER_SECONDS)
        time.sleep(1)

    assert min(visitors.views) < killed_at < max(visitors.views)
    assert len(visitors.unanswered) <= (VISITORS if name == "web" else 0)
    assert all(asked_at <= killed_at for asked_at in visitors.unanswered)
    assert back_after < BACK_SECONDS
    assert {other: pid for other, pid in served.pids().items() if other in others} == others


def test_what_is_asked_for_while_redis_is_away_is_done_when_it_is_back(served):
    kill = KILL_REDIS.format(manager=served.process.pid, redis=served.pids()["redis"])
    try:
        proof = served.here.shell(ASK_FOR_PAGES.format(before=kill)).split()[-1]
        assert served.here.shell(STATE.format(proof)) == "queued"
    finally:
        served.process.send_signal(signal.SIGCONT)
    served.wait(lambda: served.here.shell(STATE.format(proof)) == "ready", LATER_SECONDS)


def test_what_a_killed_worker_had_in_hand_is_done_soon(served):
    """The worker with its children, and the process that had claimed the pages for two minutes."""
    worker = served.pids()["worker"]
    proof = served.here.shell(ASK_FOR_PAGES.format(before=f"import os; os.killpg({worker}, 19)")).split()[-1]
    with pytest.raises(ServerFailed):
        served.here.shell(CLAIM_AND_DIE.format(proof))
    os.killpg(worker, signal.SIGKILL)
    assert served.wait(lambda: served.here.shell(STATE.format(proof)) == "ready", LATER_SECONDS) < PAGES_SECONDS


def test_a_worker_with_a_task_in_hand_outlives_redis(served):
    """Three times, since kombu's account of such tasks ended it half the time: when it lost its two connections in one
    order, not in the other."""
    others = {name: pid for name, pid in served.pids().items() if name != "redis"}
    with stopped(others["beat"], *children(others["worker"])):
        served.here.shell("from workflow.worker import notify; notify('issues.tasks.request_missing_proofs')")
        for _turn in range(3):
            seen = served.said().count("Connected to redis")
            os.kill(served.pids()["redis"], signal.SIGKILL)
            served.wait(lambda seen=seen: served.said().count("Connected to redis") >= seen + 2, LATER_SECONDS)
            time.sleep(1)  # until it reads again
    assert {name: pid for name, pid in served.pids().items() if name != "redis"} == others


def test_a_killed_web_server_leaves_its_port_to_the_next(served):
    before = len(served.said())
    os.kill(served.pids()["web"], signal.SIGKILL)
    assert served.wait(lambda: "Booting worker" in served.said()[before:] and served.here.answers()) < LATER_SECONDS


def test_a_second_start_in_the_same_folder_is_refused(served):
    second = subprocess.run(
        [sys.executable, "ops/serve.py"], cwd=ROOT, env=served.here.environment, capture_output=True, text=True
    )
    assert second.returncode == 1
    assert "running already" in second.stderr


# --- what others may not read --------------------------------------------------------------------------------------
def test_only_the_owner_may_read_what_the_site_writes(served):
    proof, folder = (
        served.here.shell(ASK_FOR_PAGES.format(before="")).split()[-1],
        Path(served.here.environment["VAR_DIR"]),
    )
    served.wait(lambda: served.here.shell(STATE.format(proof)) == "ready", LATER_SECONDS)
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in [folder, *folder.rglob("*")]}
    written = {"secret_key", "redis.sock", "supervisord.conf"}
    written |= {"bulletin.sqlite3"} if connection.vendor == "sqlite" else set()
    assert written <= {path.name for path in modes}
    assert any(path.suffix == ".pdf" for path in modes)
    assert {str(path): oct(mode) for path, mode in modes.items() if mode & 0o077} == {}


def test_redis_listens_on_no_port(served):
    sockets = {os.readlink(link) for link in Path(f"/proc/{served.pids()['redis']}/fd").iterdir()}
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()]
    assert not {f"socket:[{fields[9]}]" for fields in lines} & sockets


@pytest.mark.parametrize(
    "path",
    [
        "/distribution/r/{}/pdf/",
        "/articles/links/approve/{}/",
        "/articles/links/unit/{}/",
        "/accounts/password/reset/MQ/{}/",
    ],
)
def test_the_log_keeps_the_secret_of_an_address(served, path):
    secret = "hE7Nd2mkq0aVbX4sTz9w"
    with contextlib.suppress(URLError):
        urlopen(served.here.url + path.format(secret)).close()
    served.wait(lambda: f'"GET {path.format("***")} ' in served.said(), 5)
    assert secret not in served.said()


# --- all end together ----------------------------------------------------------------------------------------------
def test_a_signal_ends_them_in_order_and_a_mail_in_hand_is_finished(tmp_path):
    with SmtpSink(delay=3) as sink, serving(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{sink.port}") as served:
        pids = served.pids()
        served.here.shell(MAIL_AN_ISSUE)
        served.wait(lambda: sink.received, 20)
        served.process.send_signal(signal.SIGINT)
        served.process.wait(60)
        sent = served.here.shell("from distribution.models import Delivery; print(Delivery.objects.get().status)")
    assert re.findall(r"stopped: (\w+)", served.said()) == list(pids)[::-1]
    assert list(pids) == ["redis", "web", "worker", "previews", "beat"]
    assert "SIGKILL" not in served.said()
    assert served.left(pids) == []
    assert sent == "sent"


def test_a_closed_terminal_ends_them_all(tmp_path):
    """A real terminal, which is gone when they still have something to say."""
    ours, theirs = pty.openpty()
    is_closed = threading.Event()

    def look():
        with (tmp_path / "serve.log").open("ab", buffering=0) as log:
            while not is_closed.is_set():
                if select.select([ours], [], [], 0.1)[0]:
                    log.write(os.read(ours, 65536).replace(b"\r\n", b"\n"))
        os.close(ours)

    looking = threading.Thread(target=look)
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), theirs)
    terminal = {"start_new_session": True, "preexec_fn": lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)}
    looking.start()
    try:
        with serving(tmp_path, streams=streams | terminal) as served:
            pids = served.pids()
            os.close(theirs)
            is_closed.set()
            looking.join()
            served.process.wait(60)
            assert served.left(pids) == []
    finally:
        is_closed.set()
        looking.join()


def test_none_is_left_behind_when_the_manager_itself_is_killed(served):
    """The last of the tests on the shared office."""
    pids = served.pids()
    served.process.kill()
    until = time.monotonic() + 60  # each finishes what it has in hand
    while (left := served.left(pids)) and time.monotonic() < until:
        time.sleep(0.1)
    assert left == [], served.said()[-3000:]
