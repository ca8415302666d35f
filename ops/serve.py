"""Runs the processes of the site under supervisor, in the foreground.   ops/serve.py [redis web worker previews beat]

A process that ends is started anew, after a pause that grows with each failure, and the others go on. Ctrl-C, SIGTERM or
a closed terminal ends them all: beat first, Redis last, and each may finish what it is at.
"""

import fcntl
import os
import pwd
import shlex
import shutil
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_cms.settings")

from django.conf import settings  # noqa: E402
from supervisor import loggers, options, supervisord  # noqa: E402

# A setting of the manager itself; the output of all goes where ours goes.
MANAGER = """\
[supervisord]
nodaemon = true
silent = true
user = {user}
umask = 077
directory = {root}
pidfile = {folder}/supervisord.pid
logfile = /dev/stdout
logfile_maxbytes = 0
"""
# Only the process itself is asked to end: a worker then waits for its child, which would break off when asked too.
# `startretries` is for ever. When the manager itself is killed, setpriv has the kernel ask its children to end.
PROGRAM = """
[program:{name}]
command = {command}
priority = {priority}
autorestart = true
startsecs = 5
startretries = 1000000
stopasgroup = false
killasgroup = true
stopwaitsecs = {seconds_to_end}
redirect_stderr = true
stdout_logfile = /dev/stdout
stdout_logfile_maxbytes = 0
"""


def programs() -> dict[str, tuple[list, int]]:
    """The command of each and the seconds it may take to end, in the order they are started; they end the other way round."""
    # Celery would run Django's checks at each start and throw away what they say.
    celery = [sys.executable, "-m", "celery", "-A", "bulletin_cms", "--skip-checks"]
    worker = [*celery, "worker", "--loglevel", "info", "--without-mingle", "--without-gossip"]
    found = {
        "web": ([sys.executable, "-m", "gunicorn", "-c", "ops/gunicorn.conf.py", "bulletin_cms.wsgi"], 15),
        # As long as an issue may take to be set, and a little more.
        "worker": ([*worker, "-Q", "celery", "-c", "2", "-n", "worker@%h"], settings.RENDER_SECONDS + 10),
        "previews": ([*worker, "-Q", "previews", "-c", "1", "-n", "previews@%h"], settings.RENDER_SECONDS + 10),
        "beat": ([*celery, "beat", "--pidfile=", "--loglevel", "warning"], 10),
    }
    if settings.REDIS_SOCKET is None:
        return found
    folder = settings.REDIS_SOCKET.parent
    redis = ["redis-server", "ops/redis.conf", "--unixsocket", settings.REDIS_SOCKET, "--dir", folder]
    return {"redis": (redis, 10)} | found


def configuration(chosen: list[str]) -> str:
    if settings.REDIS_SOCKET and "redis" in chosen and not shutil.which("redis-server"):
        sys.exit("redis-server is missing: run ops/setup, or name another Redis in REDIS_URL.")
    text = MANAGER.format(
        user=pwd.getpwuid(os.getuid()).pw_name, root=_escaped(ROOT), folder=_escaped(settings.VAR_DIR)
    )
    for priority, (name, (command, seconds)) in enumerate(programs().items()):
        if name in chosen:
            guarded = shlex.join(["setpriv", "--pdeathsig", "TERM", *map(str, command)])
            text += PROGRAM.format(name=name, command=_escaped(guarded), priority=priority, seconds_to_end=seconds)
    return text


def _escaped(value) -> str:
    return str(value).replace("%", "%%")


class InForeground(options.ServerOptions):
    def setsignals(self):
        is_ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        super().setsignals()
        # A closed terminal would mean "read the settings again"; under nohup it means nothing.
        signal.signal(signal.SIGHUP, signal.SIG_IGN if is_ignored else _end)


def _end(*_):
    os.kill(os.getpid(), signal.SIGTERM)


def main(chosen: list[str]) -> None:
    os.umask(0o077)
    if settings.REDIS_SOCKET:
        settings.REDIS_SOCKET.parent.mkdir(exist_ok=True)
    lock = (settings.VAR_DIR / "supervisord.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"The processes of {settings.VAR_DIR} are running already.")
    file = settings.VAR_DIR / "supervisord.conf"
    file.write_text(configuration(chosen or list(programs())))
    # What can't be written to a terminal that is gone must not end the manager and leave the others behind.
    loggers.Handler.handleError = lambda _handler: None
    settings_of_manager = InForeground()
    settings_of_manager.realize(["-c", str(file)])
    settings_of_manager.first, settings_of_manager.test = True, False
    supervisord.go(settings_of_manager)


if __name__ == "__main__":
    main(sys.argv[1:])
