"""What a mailing survives: `python benchmarks/faults.py [--readers 3000] [--database sqlite|postgresql] [--only kill codes]`.

A real worker mails an issue to all readers over SMTP while one thing is done to it, again and again (tests/faults.py says how).
The mail server keeps each mail it took. Printed is a line for each fault: readers with one mail, with two, with none and
nobody told; those left to a person. Exit code 1 when somebody got two, or nobody is told of a missing one.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import faults  # noqa: E402
from tests.servers import postgres  # noqa: E402

DISK = "256m"
HEAD = (
    "| fault | times | readers | one mail | two | lost | left to a person | of these arrived | refused for good | s |"
)


@contextmanager
def small_disk(folder: Path):
    """A disk of its own for the site, so that filling it fills no other."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def run(name: str, readers: int, database: str) -> faults.Outcome:
    fault = faults.FAULTS[name]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bulletin-cms-faults-"))) / "site"
        if database == "postgresql":
            os.environ["DATABASE_URL"] = stack.enter_context(postgres())
            stack.callback(os.environ.pop, "DATABASE_URL")
        stack.enter_context(small_disk(folder)) if fault.needs == "root" else folder.mkdir()
        return faults.run(stack.enter_context(faults.stage(folder, readers=readers)), fault)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--readers", type=int, default=3_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--only", nargs="+", choices=faults.FAULTS, default=list(faults.FAULTS))
    arguments = parser.parse_args()
    print(HEAD, "|" + "---|" * (HEAD.count("|") - 1), sep="\n")
    is_right = True
    for name in arguments.only:
        fault = faults.FAULTS[name]
        if fault.needs == "postgresql" and arguments.database == "sqlite":
            continue
        if fault.needs == "root" and os.geteuid():
            print(f"| {fault.name} | not run: a disk of its own needs root |")
            continue
        found = run(name, arguments.readers, arguments.database)
        cells = (
            fault.name, found.acts, found.readers, found.once, found.twice, found.lost, found.unsure, found.unsure_arrived,
            found.refused, round(found.seconds),
        )  # fmt: skip
        print("|", " | ".join(map(str, cells)), "|", flush=True)
        if not found.is_right:
            print(f"  {name}: {found}", flush=True)
            is_right = False
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
