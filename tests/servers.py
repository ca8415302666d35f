"""Throw-away PostgreSQL and Redis servers: on a free loopback port, their data under a temporary folder, gone at the end."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 20


class ServerMissing(Exception):
    """The server's program is not installed."""


class ServerFailed(Exception):
    """The server did not come up; the message ends with what it logged."""


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server; gives its DATABASE_URL."""
    binaries = _postgres_binaries()
    account = _account_for_postgres()
    with _folder(account) as folder:
        password = secrets.token_urlsafe(16)
        secret = folder / "password"
        secret.write_text(password)
        secret.chmod(0o644)  # the folder itself is closed to others
        _run_as(
            account,
            folder,
            binaries / "initdb",
            "--pgdata=data",
            "--username=bulletin",
            "--auth=scram-sha-256",
            f"--pwfile={secret}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        )
        port = free_port()
        options = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            # In the middle of a test it finds a table empty whose rows are not committed yet, and the plans made for an
            # empty table then take minutes.
            "autovacuum": "off",
        }
        command = [
            binaries / "postgres",
            "-D",
            "data",
            *(f"--{name}={value}" for name, value in options.items()),
        ]
        with _server(command, folder, account, is_ready=_has_logged("ready to accept connections")):
            yield f"postgres://bulletin:{password}@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A Redis server that keeps nothing; gives its REDIS_URL."""
    program = shutil.which("redis-server")
    if program is None:
        raise ServerMissing("redis-server is not installed")
    with _folder(None) as folder:
        port = free_port()
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with _server(command, folder, None, is_ready=_has_logged("Ready to accept connections")):
            yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def redis_behind(path: Path) -> Iterator[None]:
    """The private Redis of a site, as ops/serve.py starts it."""
    program = shutil.which("redis-server")
    if program is None:
        raise ServerMissing("redis-server is not installed")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [program, ROOT / "ops" / "redis.conf", "--unixsocket", path, "--dir", path.parent]
    with _server(command, path.parent, None, is_ready=_listens(path)):
        yield


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop(process: subprocess.Popen, by: signal.Signals = signal.SIGTERM) -> None:
    """Asks a process of ours to end, and makes sure of it."""
    if process.poll() is not None:
        return
    process.send_signal(by)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _postgres_binaries() -> Path:
    versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    found = newest or shutil.which("postgres")
    if found is None:
        raise ServerMissing("PostgreSQL is not installed")
    return Path(found).resolve().parent


def _account_for_postgres() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as its own system user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerMissing("PostgreSQL does not run as root, and there is no user postgres or nobody")


@contextlib.contextmanager
def _folder(account: pwd.struct_passwd | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="bulletin-cms-", dir="/tmp" if account else None))
    try:
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as(account: pwd.struct_passwd | None) -> dict:
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _run_as(account: pwd.struct_passwd | None, folder: Path, *command: str | Path) -> None:
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, **_as(account))
    if done.returncode:
        raise ServerFailed(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


@contextlib.contextmanager
def _server(command: list, folder: Path, account: pwd.struct_passwd | None, *, is_ready) -> Iterator[None]:
    """Runs a server in its own session, so that Ctrl-C reaches us first and we end it in order."""
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True, **_as(account),
        )  # fmt: skip
    try:
        deadline = time.monotonic() + START_SECONDS
        while not is_ready(log):
            if process.poll() is not None or time.monotonic() > deadline:
                words = " ".join(map(str, command))
                raise ServerFailed(f"{words} did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        stop(
            process, by=signal.SIGINT
        )  # PostgreSQL's quick end, which does not wait for its clients; Redis takes it too


def _has_logged(words: str):
    return lambda log: words in log.read_text(errors="replace")


def _listens(path: Path):
    def ask(_log: Path) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(path)) == 0

    return ask
