"""A rendering has an end: so many seconds, so much memory. Beyond it the editor is told, and the worker goes on.

Time is measured by an alarm of the process, memory by the kernel's limit on data (setrlimit). Should a library end the whole
process for want of memory, a note about the attempt stays behind, so that the same content is not tried for ever.
"""

import os
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

MOST_DEATHS = 2
MEGABYTE = 1024 * 1024
REMINDER = 1.0  # seconds until the alarm rings again, should the first have been swallowed


class OverLimit(Exception):
    """The rendering was ended; the message says why, for the editor."""


class _OverTime(BaseException):
    """Not an Exception, so that no library takes it for a fault of its own."""


@contextmanager
def limits(name: str) -> Iterator[None]:
    """Within, one rendering may take RENDER_SECONDS and RENDER_MEGABYTES; `name` tells one content from another."""
    note = _note(name)
    try:
        with _memory(settings.RENDER_MEGABYTES), _time(settings.RENDER_SECONDS):
            yield
    except _OverTime:
        raise OverLimit(
            _("Setting the pages takes longer than %(seconds)s seconds. %(advice)s")
            % {"seconds": settings.RENDER_SECONDS, "advice": _advice()}
        ) from None
    except MemoryError:
        raise OverLimit(
            _("Setting the pages takes more than %(size)s MB of memory. %(advice)s")
            % {"size": settings.RENDER_MEGABYTES, "advice": _advice()}
        ) from None
    finally:
        note.unlink(missing_ok=True)


def _advice() -> str:
    return _("Look for a very large table or picture, or for pages of text without a break, and make it smaller.")


@contextmanager
def _time(seconds: float) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only there can a signal end the work
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, REMINDER)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(number, frame):
    raise _OverTime


@contextmanager
def _memory(megabytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = _data_in_use() + megabytes * MEGABYTE
    for given in (soft, hard):
        most = most if given == resource.RLIM_INFINITY else min(most, given)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_in_use() -> int:
    """What the kernel counts against the limit, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


def _note(name: str) -> Path:
    """A file with the ids of the processes that tried this content; those that are gone died of it."""
    path = Path(settings.VAR_DIR) / "rendering" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    tried = path.read_text().split() if path.exists() else []
    if sum(not Path(f"/proc/{pid}").exists() for pid in tried) >= MOST_DEATHS:
        path.unlink(missing_ok=True)
        raise OverLimit(
            _("Setting the pages ended the worker %(times)s times. %(advice)s")
            % {"times": MOST_DEATHS, "advice": _advice()}
        )
    path.write_text(" ".join([*tried, str(os.getpid())]))
    return path
