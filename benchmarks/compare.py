"""Compares two texts of 7,000 characters, beside diff-match-patch alone: milliseconds of computing, and their ratio.

.venv/bin/python benchmarks/compare.py [--rounds 15]
"""

import argparse
import os
import random
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_cms.settings")

import django  # noqa: E402

django.setup()

from diff_match_patch import diff_match_patch  # noqa: E402

from articles.comparison import Story, compare_stories  # noqa: E402

BAR = 0.1  # seconds for 7,000 characters
CHARACTERS = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而"
SENTENCE = 40


def text(chance: random.Random, length: int) -> str:
    words = "".join(chance.choices(CHARACTERS, k=length))
    return "".join(
        "，" if at % SENTENCE == 17 else "。" if at % SENTENCE == 39 else word for at, word in enumerate(words)
    )


def edited(chance: random.Random, whole: str, share: float) -> str:
    """So many of its characters are others."""
    return "".join(chance.choice(CHARACTERS) if chance.random() < share else word for word in whole)


def seven_thousand(chance: random.Random) -> tuple[list[str], list[str]]:
    """35 paragraphs: one in three corrected in places, two moved, one split, one joined, one new, one gone."""
    before = [text(chance, 200) for _paragraph in range(35)]
    after = [edited(chance, each, 0.04) if at % 3 == 0 else each for at, each in enumerate(before)]
    after.insert(4, after.pop(20))
    after.insert(30, after.pop(8))
    after[12:13] = [after[12][:90], after[12][90:]]
    after[24:26] = [after[24] + after[25]]
    del after[17]
    after.insert(2, text(chance, 200))
    return before, after


def story(paragraphs: list[str]) -> Story:
    return Story("青浦邮政管理局开展消防演练", "", "", "".join(f"<p>{each}</p>" for each in paragraphs))


def alone(before: list[str], after: list[str]) -> None:
    engine = diff_match_patch()
    engine.Diff_Timeout = 0  # as ours: it would stop looking after a second
    engine.diff_main("\n".join(before), "\n".join(after), False)


def seconds(work) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def measured(name: str, before: list[str], after: list[str], rounds: int) -> None:
    stories = story(before), story(after)
    ours, theirs = [], []
    for _round in range(rounds):
        theirs.append(seconds(lambda: alone(before, after)))
        ours.append(seconds(lambda: compare_stories(*stories)))
    found = compare_stories(*stories)
    ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
    print(f"{name}: {found.places} changes, {found.deleted} deleted, {found.inserted} inserted, {found.moved} moved")
    print(f"  ours {1000 * statistics.median(ours):.0f} ms ({1000 * min(ours):.0f}-{1000 * max(ours):.0f})", end=", ")
    print(f"diff-match-patch alone {1000 * statistics.median(theirs):.0f} ms, ratio {ratio:.2f}")
    if name.startswith("7,000"):
        print(f"  of the bar of {1000 * BAR:.0f} ms: {statistics.median(ours) / BAR:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    chance = random.Random(7)
    print(f"load {os.getloadavg()[0]:.1f}")
    measured("7,000 characters", *seven_thousand(chance), rounds)
    before = text(chance, 5000)
    measured("one paragraph of 5,000, 30 % changed", [before], [edited(chance, before, 0.3)], min(rounds, 5))
    measured(
        "one paragraph of 5,000, three characters changed", [before], [before.replace("的", "了", 3)], min(rounds, 5)
    )


if __name__ == "__main__":
    main()
