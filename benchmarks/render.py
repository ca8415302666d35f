"""How long setting an issue takes, and how much memory, beside other programs: `python benchmarks/render.py`.

All programs run in turn, round by round, on the same text and fonts, each in a process of its own; figures are ratios of one
round, as median (lowest-highest), so that whatever else the machine does strikes all of them. `--rounds 9` and
`--issues sample-9 sample-40 003` choose; `--renders 200` says how often a worker renders to see whether its memory is flat.
The bars are those of the project's plan.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from pypdfium2 import PdfDocument

HERE = Path(__file__).resolve().parent
BULLETINS = Path(os.environ.get("BULLETINS_DIR") or HERE.parent.parent / "shared" / "bulletins")
PAUSE = 0.3  # seconds
WARM_BAR, CHROMIUM_BAR, MEMORY_BAR, BYTES_BAR = 1.1, 0.3, 130, 450 * 1024
LABELS = {
    "ours": "this project",
    "ours-changed": "this project, text changed each time",
    "plain": "WeasyPrint, no composer",
    "typst": "Typst",
    "chromium": "Chromium, running",
    "chromium-cold": "Chromium, started each time",
    "libreoffice": "LibreOffice, started each time",
}


class Program:
    """A renderer in a process of its own."""

    def __init__(self, name: str, issue: str, folder: Path):
        self.name, self.seconds, self.computing, self.last, self.pages = name, [], [], {}, 0
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "renderers.py"), name, issue, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"FONTCONFIG_FILE": (folder / "fonts.conf").read_text()},
        )
        self.render()
        self.cold = time.perf_counter() - began

    def render(self) -> None:
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.last = json.loads(self.process.stdout.readline() or self.failed())
        self.seconds.append(self.last["seconds"])
        self.computing.append(self.last["computing"])

    def failed(self):
        raise SystemExit(f"{self.name} ended with {self.process.wait()}")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(60)

    @property
    def warm(self) -> list[float]:
        """All but the first two, in which a long-lived process still fills its memory."""
        return self.seconds[2:]


def available() -> list[str]:
    found = ["ours", "ours-changed", "plain"]
    found += ["typst"] if find_spec("typst") else []
    found += ["chromium", "chromium-cold"] if Path("/usr/bin/chromium-headless-shell").exists() else []
    found += ["libreoffice"] if shutil.which("soffice") else []
    return found


def spread(values: list[float], unit: str = "") -> str:
    return f"{statistics.median(values):.2f}{unit} ({min(values):.2f}-{max(values):.2f})"


def ratios(ones: list[float], others: list[float]) -> list[float]:
    return [one / other for one, other in zip(ones, others, strict=True)]


def measure(issue: str, rounds: int, names: list[str]) -> dict[str, Program]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        subprocess.run([sys.executable, str(HERE / "renderers.py"), "prepare", issue, scratch], check=True)
        programs = {name: Program(name, issue, folder) for name in names}
        for turn in range(rounds + 1):
            at = turn % len(names)
            for name in (
                names[at:] + names[:at]
            ):  # another one begins each round: a browser works on after it has answered
                time.sleep(PAUSE)
                programs[name].render()
        for name, program in programs.items():
            program.close()
            with PdfDocument(folder / f"{name}.pdf") as document:
                program.pages = len(document)
    return programs


def report(issue: str, programs: dict[str, Program]) -> None:
    ours = programs["ours"]
    print(f"\n{issue}: {ours.pages} pages")
    print(f"  {'':38}{'warm':24}{'x this project, warm':24}{'cold':>7}{'memory':>9}{'file':>9}")
    for name, program in programs.items():
        last, ratio = program.last, spread(ratios(program.warm, ours.warm))
        print(
            f"  {LABELS[name]:38}{spread(program.warm, ' s'):24}{ratio:24}{program.cold:5.2f} s"
            f"{last['memory']:6} MB{last['bytes'] // 1024:6} KB{program.pages:4} p."
        )


def bar(text: str, value: float, limit: float, unit: str = "") -> bool:
    print(f"  {'pass' if value <= limit else 'MISS'}  {text}: {value:.2f}{unit} (bar {limit:g}{unit})")
    return value <= limit


def bars(programs: dict[str, Program]) -> list[bool]:
    """Two Python programs are compared by their computing, which hardly depends on what else the machine does."""
    ours = programs["ours"]
    computing = ratios(ours.computing[2:], programs["plain"].computing[2:])
    print(f"  computing, x WeasyPrint without the composer: {spread(computing)}")
    kept = [bar("warm, x WeasyPrint without the composer", statistics.median(computing), WARM_BAR)]
    if "chromium-cold" in programs:
        ratio = statistics.median(ratios(ours.warm, programs["chromium-cold"].warm))
        kept.append(bar("warm, x Chromium started each time", ratio, CHROMIUM_BAR))
    kept.append(bar("file", ours.last["bytes"] / 1024, BYTES_BAR / 1024, " KB"))
    return kept


def endurance(issue: str, renders: int) -> list[bool]:
    """One worker, many renderings of changing text: is its memory flat?"""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([sys.executable, str(HERE / "renderers.py"), "prepare", issue, scratch], check=True)
        program, peaks = Program("ours-changed", issue, Path(scratch)), []
        for _turn in range(renders - 1):
            program.render()
            peaks.append(program.last["memory"])
        program.close()
    early = peaks[min(19, len(peaks) - 1)]
    print(f"\n{issue}, {renders} renderings of one worker: peak memory {early} MB after 20, {peaks[-1]} MB at the end")
    return [bar("peak memory", peaks[-1], MEMORY_BAR, " MB"), bar("growth after 20", peaks[-1] - early, 5, " MB")]


def machine() -> str:
    rows = Path("/proc/cpuinfo").read_text().splitlines()
    cpu = next((row.split(":")[1].strip() for row in rows if row.startswith("model name")), "?")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{cpu}, {os.cpu_count()} cores, load {load}; Python {platform.python_version()}, {platform.system()}"


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--rounds", type=int, default=9)
    given.add_argument("--renders", type=int, default=200)
    given.add_argument("--issues", nargs="+", help="sample-9, sample-40, 003 …")
    options = given.parse_args()
    real = sorted(path.name[:3] for path in BULLETINS.glob("*.json"))
    issues = options.issues or ["sample-9", "sample-40", *real]
    print(machine())
    measured = {issue: measure(issue, options.rounds, available()) for issue in issues}
    for issue, programs in measured.items():
        report(issue, programs)
    kept = []
    for issue in issues:
        if issue != "sample-40":
            print(f"\nBars, {issue}:")
            kept += bars(measured[issue])
    if options.renders:
        kept += endurance(issues[0], options.renders)
    print(f"\n{sum(kept)} of {len(kept)} bars kept; {machine()}")
    sys.exit(not all(kept))


if __name__ == "__main__":
    main()
