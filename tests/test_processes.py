"""The site under its process manager: three processes that start together and end together."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from tests.site import ROOT, START_SECONDS, site

pytestmark = [pytest.mark.worker, pytest.mark.slow]


@pytest.fixture
def served(tmp_path):
    """The site as `make run` serves it, with the ids of all its processes."""
    with site(tmp_path) as here:
        log = tmp_path / "serve.log"
        environment = here.environment | {"PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"}
        with log.open("wb") as output:
            manager = subprocess.Popen(
                [sys.executable, "ops/serve.py"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not (here.answers() and " ready." in log.read_text()):
                assert manager.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
            yield manager, log
        finally:
            manager.terminate()
            manager.wait(40)


def started(log) -> dict[str, int]:
    return {name: int(pid) for name, pid in re.findall(r"(\w+) started \(pid=(\d+)\)", log.read_text())}


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda ending: ending.name)
def test_a_signal_ends_them_all_and_leaves_none_behind(served, ending):
    manager, log = served
    assert sorted(started(log)) == ["beat", "web", "worker"]
    manager.send_signal(ending)
    manager.wait(30)
    assert "SIGKILL" not in log.read_text()
    assert not [name for name, group in started(log).items() if alive(group)]


def test_when_one_dies_the_others_end_too(served):
    manager, log = served
    os.kill(started(log)["beat"], signal.SIGKILL)
    manager.wait(30)
    assert not [name for name, group in started(log).items() if alive(group)]
