"""A rendering has an end: so many seconds, so much memory. Beyond it the editor is told, and the worker goes on.

Time is measured by an alarm of the process, memory by the kernel's limit on data (setrlimit). A library may still end the whole
process for want of memory: the attempts are counted in the row that asked for the pages (issues/rendered.py).
"""

import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
REMINDER = 1.0  # seconds until the alarm is raised again, in case code swallowed the first


class OverLimit(Exception):
    """The rendering was ended; the message says why, for the editor."""


class _OverTime(BaseException):
    """Not an Exception, so that no library takes it for a fault of its own."""


@contextmanager
def limits(seconds: int) -> Iterator[None]:
    """Within, one rendering may take so many seconds, and RENDER_MEGABYTES."""
    try:
        with memory(settings.RENDER_MEGABYTES), _time(seconds):
            yield
    except _OverTime:
        raise OverLimit(
            _("Setting the pages takes longer than %(seconds)s seconds. %(advice)s")
            % {"seconds": seconds, "advice": advice()}
        ) from None
    except (MemoryError, SystemError) as error:  # SystemError: a library in C got no memory and set no exception
        raise OverLimit(
            _("Setting the pages takes more than %(size)s MB of memory. %(advice)s")
            % {"size": settings.RENDER_MEGABYTES, "advice": advice()}
        ) from error


def advice() -> str:
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


def _ring(number: int, frame: Any) -> None:
    raise _OverTime


@contextmanager
def memory(megabytes: int) -> Iterator[None]:
    """The limit is the process's: threads that set it and put it back in turns would leave it behind for good."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
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
