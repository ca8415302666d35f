"""The real site in processes of its own, for tests of what happens between them: web server, worker, a kill -9.

    with site(tmp_path) as here:
        here.manage("demo")
        with here.web(), here.worker() as worker:
            worker.kill()

Its database is empty and its own: a file, or a database beside the one that DATABASE_URL names; so is its queue.
"""

import atexit
import contextlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg
from redis import Redis

from tests.servers import ServerFailed, free_port, redis_behind, stop

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
DATABASE = "bulletin.sqlite3"
MIGRATED = "MIGRATED_SQLITE"  # the variable that names a file in which one part of make test leaves it to the next

_kept: dict[str, str] = {}  # server -> its migrated database


# Reads pieces of code as JSON, a line each; answers each with what it printed and what went wrong.
CONSOLE = """
import contextlib, io, json, os, sys, traceback
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
import django
django.setup()
from django.db import connections
for line in sys.stdin:
    printed, fault = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            exec(json.loads(line), {"__name__": "console"})
    except Exception:
        fault = traceback.format_exc()
    connections.close_all()
    print(json.dumps([printed.getvalue(), fault]), file=answers, flush=True)
"""


@dataclass
class Site:
    folder: Path
    url: str
    environment: dict[str, str]
    console: subprocess.Popen | None = None

    def manage(self, *arguments: str) -> str:
        """Runs manage.py and gives what it printed; a failure raises with its words."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise ServerFailed(f"manage.py {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def shell(self, code: str) -> str:
        """Runs Python in the site's own settings and gives what it printed; a failure, or the end of the process, raises.

        All of a site's code runs in one process, started anew when it has ended: starting Django takes seconds.
        """
        if self.console is None or self.console.poll() is not None:
            self.console = subprocess.Popen(
                [sys.executable, "-c", CONSOLE],
                cwd=ROOT,
                env=self.environment | {"DJANGO_SETTINGS_MODULE": "bulletin_cms.settings"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.console.stdin
        assert self.console.stdout
        self.console.stdin.write(json.dumps(code) + "\n")
        self.console.stdin.flush()
        answer = self.console.stdout.readline()
        if not answer:
            self.end_console()
            raise ServerFailed("the process that ran the code ended with it")
        printed, fault = json.loads(answer)
        if fault:
            raise ServerFailed(fault)
        return str(printed).strip()

    def end_console(self) -> None:
        if self.console is not None:
            stop(self.console)
            self.console.communicate()
            self.console = None

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    @contextlib.contextmanager
    def web(self) -> Iterator[subprocess.Popen]:
        address = urlsplit(self.url).netloc
        with self._process(
            "web", "gunicorn", "bulletin_cms.wsgi", "--bind", address, "--threads", "4", "--no-control-socket"
        ) as process:
            self._wait("web", process, self.answers)
            yield process

    @contextlib.contextmanager
    def worker(self, *options: str) -> Iterator[subprocess.Popen]:
        """A Celery worker that is ready to take tasks."""
        command = ("celery", "-A", "bulletin_cms", "worker", "--concurrency", "1", "--loglevel", "info", *options)
        with self._process("worker", *command) as process:
            self._wait("worker", process, lambda: " ready." in self.log("worker"))
            yield process

    def answers(self) -> bool:
        try:
            urlopen(self.url, timeout=5).close()
        except HTTPError:
            return True
        except (URLError, TimeoutError, ConnectionError):
            return False
        return True

    @contextlib.contextmanager
    def _process(self, name: str, *command: str) -> Iterator[subprocess.Popen]:
        with (self.folder / f"{name}.log").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            stop(process)

    def _wait(self, name: str, process: subprocess.Popen, is_ready) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerFailed(f"{name} did not start:\n{self.log(name)[-2000:]}")
            time.sleep(0.1)


@contextlib.contextmanager
def site(folder: Path, *, has_broker: bool = True, **settings: str) -> Iterator[Site]:
    """An empty, migrated site whose files lie under `folder`; `settings` are environment variables of its own.

    Without REDIS_URL its broker is a private Redis, unless `has_broker` leaves that to whoever runs its processes.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {"VAR_DIR": str(folder / "var"), "SITE_URL": url, "PORT": str(port)}
    environment.setdefault("FONT_DIR", str(Path(os.environ.get("VAR_DIR") or ROOT / "var") / "fonts"))
    with contextlib.ExitStack() as stack:
        server = environment.get("DATABASE_URL", "")
        template = _migrated(server)
        if server:
            environment["DATABASE_URL"] = stack.enter_context(_database_beside(server, template))
        else:
            (folder / "var").mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy(template, folder / "var" / DATABASE)
        if (server := environment.get("REDIS_URL")) and "REDIS_URL" not in settings:
            environment["REDIS_URL"] = server.rpartition("/")[0] + "/1"
            with Redis.from_url(environment["REDIS_URL"]) as queue:
                queue.flushdb()
        environment |= settings
        if has_broker and not environment.get("REDIS_URL"):
            stack.enter_context(redis_behind(folder / "var" / "redis" / "redis.sock"))
        here = Site(folder, url, environment)
        stack.callback(here.end_console)
        yield here


def keep_migrated(connection: Any) -> None:
    """Let sites begin with the tests' own database, which `connection` (Django's) is to, as it is now: migrated and empty."""
    server = os.environ.get("DATABASE_URL", "")
    folder, name = _folder(), _name()
    if server:
        connection.close()  # a database that somebody uses is no template
        with psycopg.connect(server, autocommit=True) as own:
            own.execute(f"CREATE DATABASE {name} TEMPLATE {connection.settings_dict['NAME']}")
        atexit.register(_drop, server, name)
    else:
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(folder / DATABASE)) as file:
            connection.connection.backup(file)
        if shared := os.environ.get(MIGRATED):
            shutil.copy(folder / DATABASE, f"{shared}.new")
            os.replace(f"{shared}.new", shared)
    _kept[server] = name if server else str(folder / DATABASE)


def _migrated(server: str) -> str:
    """The name of a migrated database on the server, or the path of one in a file: copying it spares each site a minute."""
    if not server and Path(shared := os.environ.get(MIGRATED, "")).is_file():
        return shared
    if server not in _kept:
        folder, name = _folder(), _name()
        environment = os.environ | {"VAR_DIR": str(folder)}
        if server:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            atexit.register(_drop, server, name)
            environment["DATABASE_URL"] = server.rpartition("/")[0] + f"/{name}"
        Site(folder, "", environment).manage("migrate", "--verbosity", "0")
        _kept[server] = name if server else str(folder / DATABASE)
    return _kept[server]


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="bulletin-cms-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _name() -> str:
    return f"migrated_{secrets.token_hex(4)}"


def _drop(server: str, name: str) -> None:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def _database_beside(server: str, template: str) -> Iterator[str]:
    name = f"site_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield server.rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
