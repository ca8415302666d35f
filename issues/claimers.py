"""The process that claims a row, by a name that no other process ever has, so that its claims can be told to be void."""

import os
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")


def own_name() -> str:
    """This boot of the machine, the space of process numbers (a container has its own), the number, the time of its start."""
    return f"{_place()} {os.getpid()} {_started(os.getpid())}"


def is_gone(name: str) -> bool:
    """True only when it surely ended: of processes elsewhere nothing is known. A number that was given to another
    process since has another time of start."""
    place, _space, process = name.partition(" ")
    pid, _space, started = process.partition(" ")
    return place == _place() and started != _started(int(pid))


def _place() -> str:
    return f"{BOOT.read_text().strip()}/{os.stat('/proc/self/ns/pid').st_ino}"


def _started(pid: int) -> str:
    """Ticks between the machine's start and the process's, empty when there is none or it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] in "ZX" else fields[19]
