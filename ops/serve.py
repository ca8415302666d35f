"""Runs the processes of the Procfile under honcho; Ctrl-C, SIGTERM or a closed terminal ends them all."""

import os
import signal
import sys

from honcho.command import main


def end_in_order(*_):
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    # honcho knows nothing of SIGHUP, and its children, in sessions of their own, would outlive the terminal.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, end_in_order)
    sys.argv = ["honcho", "--env", os.devnull, "start", "--port", os.environ["PORT"]]
    main()
