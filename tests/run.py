"""Runs the whole suite in four parts, two at once: embedded (SQLite, a private Redis on a socket), what asks no server,
browsers, and on PostgreSQL with Redis. The processes of `make run` come after them.

    .venv/bin/python -m tests.run [arguments for pytest]

The servers are its own, on free ports with data under a temporary folder, and end with it, also on Ctrl-C.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.servers import ServerFailed, ServerMissing, postgres, redis, stop
from tests.site import MIGRATED

ROOT = Path(__file__).resolve().parent.parent
# A setting of the person's own must not reach the tests.
SETTINGS = (
    "ALLOWED_HOSTS", "BACKUP_DIR", "DATABASE_URL", "DEBUG", "DEFAULT_FROM_EMAIL", "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL", "OFD_SEAL_KEY", "PORT", "REDIS_URL", "SECRET_KEY", "SITE_URL", "WECOM_ROBOT_TOKEN", "DINGTALK_ROBOT_TOKEN", "FEISHU_ROBOT_TOKEN",
)  # fmt: skip
SUMMARY = re.compile(r"^(=+ )?(no tests ran|\d+ (passed|failed|errors?|skipped|deselected)\b).* in [\d.]+s")


# The longest first, so that the two that run last end at about the same time.
PARTS = {
    "sqlite": "SQLite, private Redis on a socket",
    "plain": "No database",
    "browsers": "Browsers (PostgreSQL, Redis)",
    "postgresql": "PostgreSQL, Redis",
}
ALONE = {"processes": "The processes of make run"}  # says how soon they are back: nothing else computes meanwhile
SERVED = ("browsers", "postgresql")  # each with a PostgreSQL and a Redis of its own
# Where the tests of a part are, and where there are none: reading them all takes twenty seconds.
WHERE = {
    "plain": ["--ignore=tests/browser", "--ignore=tests/test_processes.py"],
    "browsers": ["tests/browser"],
    "postgresql": ["--ignore=tests/browser", "--ignore=tests/test_processes.py"],
    "processes": ["tests/test_processes.py"],
}
AT_ONCE = 2  # a third waits: with less than half a core each, browsers and what is waited for come too late
NOTHING_CHOSEN = 5  # pytest's exit code


@dataclass
class Pass:
    name: str
    log: Path
    process: subprocess.Popen

    def summary(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return next((line for line in reversed(lines) if SUMMARY.match(line)), "pytest gave no summary")

    def skipped(self) -> list[str]:
        return [line for line in self.log.read_text(errors="replace").splitlines() if line.startswith("SKIPPED [")]


def is_path(argument: str) -> bool:
    return not argument.startswith("-") and (ROOT / argument.partition("::")[0]).exists()


def start(part: str, folder: Path, arguments: list[str], **settings: str) -> Pass:
    """`part` is a key of PARTS or ALONE."""
    folder.mkdir()
    environment = {key: value for key, value in os.environ.items() if key not in SETTINGS}
    fonts = environment.get("FONT_DIR") or str(Path(environment.get("VAR_DIR") or ROOT / "var") / "fonts")
    environment |= {
        "VAR_DIR": str(folder / "var"),
        "FONT_DIR": fonts,
        "PYTHONUNBUFFERED": "1",
        "TEST_PASS": part,
        MIGRATED: str(folder.parent / "migrated.sqlite3"),
    } | settings
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-rs",
        "--durations=10",
        "--durations-min=2",
        f"--basetemp={folder / 'tmp'}",
        *arguments,
        *(WHERE.get(part, []) if not any(map(is_path, arguments)) else []),
    ]
    log = folder / "output"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches this program alone, which then ends the rest in order
        )  # fmt: skip
    return Pass((PARTS | ALONE)[part], log, process)


def follow(running: Pass, meanwhile: Callable[[], None]) -> None:
    """Prints the pass's output as it comes, until it ends, and does `meanwhile` again and again."""
    print(f"\n──── {running.name} ────", flush=True)
    with running.log.open("rb") as output:
        while True:
            ended = running.process.poll() is not None
            if chunk := output.read():
                sys.stdout.buffer.write(chunk)
                sys.stdout.flush()
            elif ended:
                return
            else:
                meanwhile()
                time.sleep(0.2)


def run(arguments: list[str]) -> int:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bulletin-cms-tests-")))
        servers = {
            part: {"DATABASE_URL": stack.enter_context(postgres()), "REDIS_URL": stack.enter_context(redis())}
            for part in SERVED
        }
        passes: list[Pass] = []

        def begin(part: str) -> None:
            passes.append(start(part, folder / part, arguments, **servers.get(part, {})))
            stack.callback(stop, passes[-1].process, by=signal.SIGINT)  # pytest then ends what its fixtures started

        def begin_next() -> None:
            while len(passes) < len(PARTS) and sum(each.process.poll() is None for each in passes) < AT_ONCE:
                begin(list(PARTS)[len(passes)])

        for number in range(len(PARTS)):
            begin_next()
            follow(passes[number], meanwhile=begin_next)
        for part in ALONE:
            begin(part)
            follow(passes[-1], meanwhile=begin_next)

        print("\n──── In short ────")
        for each in passes:
            print(f"{each.name}: {'passed' if each.process.returncode in (0, NOTHING_CHOSEN) else 'FAILED'}")
            for line in each.skipped() or ["nothing was skipped"]:
                print(f"  {line}")
        for each in passes:
            print(each.summary())
        sys.stdout.flush()
        codes = {abs(each.process.returncode) for each in passes}
        if len(codes) > 1:
            codes.discard(NOTHING_CHOSEN)  # the chosen tests are all of another part
        return max(codes)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    try:
        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    except (ServerMissing, ServerFailed) as problem:
        print(f"The suite was not run: {problem}\nmake test installs what it needs.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
