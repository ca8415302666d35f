"""Makes each form of an issue and proves it: seconds of computing and bytes, and how many characters are the same.

.venv/bin/python benchmarks/papers.py [--rounds 5]     (the real issues of BULLETINS_DIR, or ../shared/bulletins)
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_cms.settings")

import django  # noqa: E402

django.setup()

from issues.papers.forms import FORMS  # noqa: E402
from tests.typesetting import contents, printed  # noqa: E402
from typesetting import rendering  # noqa: E402

REAL = ("000", "003", "004")


def source(name: str) -> SimpleNamespace:
    content = printed.real_issue(printed.bulletins_folder(), name)[0]
    content = replace(content, dated_on=content.dated_on or date(2026, 1, 1))
    pdf = rendering.render(content, photo_bytes=contents.photo_bytes)
    stories = (*content.articles, *content.briefs)
    return SimpleNamespace(content=content, pdf=pdf, photo_bytes=contents.photo_bytes, stories=stories)


def timed(work: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """The median of the processor's seconds, and what came out."""
    seconds, result = [], None
    for _round in range(rounds):
        begun = time.process_time()
        result = work()
        seconds.append(time.process_time() - begun)
    return statistics.median(seconds), result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    print(f"load {os.getloadavg()[0]:.1f}, median of {rounds} rounds")
    print("| issue | form | make s | prove s | bytes | the same |\n|---|---|---|---|---|---|")
    for name in REAL:
        signed = source(name)
        for code, form in FORMS.items():
            making, made = timed(partial(form.make, signed), rounds)
            proving, proof = timed(partial(form.prove, signed, made), rounds)
            same = f"{proof.characters_equal:,} / {proof.characters:,}{' ' + proof.fault if proof.fault else ''}"
            print(f"| {name} | {code} | {making:.2f} | {proving:.2f} | {len(made):,} | {same} |")


if __name__ == "__main__":
    main()
