"""Runs the processes of the Procfile under honcho; Ctrl-C, SIGTERM or a closed terminal ends them all."""

import contextlib
import os
import signal
import sys
from pathlib import Path

from honcho import environ, manager
from honcho.compat import ProcessManager

PROCFILE = Path(__file__).resolve().parent.parent / "Procfile"
SECONDS_TO_END = 20


class OneAtATime(ProcessManager):
    """Asks only the process itself to end: a Celery worker then finishes the task that its child is at.

    honcho would ask the whole group, the child too, and cut a mail or a PDF short.
    """

    def terminate(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def end_in_order(*_):
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> int:
    # honcho knows nothing of SIGHUP, and its children, in sessions of their own, would outlive the terminal.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, end_in_order)
    manager.KILL_WAIT = SECONDS_TO_END
    processes = manager.Manager()
    processes._procmgr = OneAtATime()
    for name, command in environ.parse_procfile(PROCFILE.read_text()).processes.items():
        processes.add_process(name, f"exec {command}")
    processes.loop()
    return processes.returncode


if __name__ == "__main__":
    sys.exit(main())
