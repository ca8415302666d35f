"""Would it pay to ask about words that rarely stand side by side? At most three queries an article, by the office's own archive
and by Debian's language model, measured on the real issues with none, one and both of the other issues as the archive.

    apt-get install libime-data-language-model && .venv/bin/pip install kenlm        (the archive alone needs neither)
    .venv/bin/python benchmarks/rare_pairs.py [--model /usr/lib/x86_64-linux-gnu/libime/zh_CN.lm]

Each printed line is a way to rank, with the queries an issue and how many of the known faults they point at, for each size of
the archive. A curve that pays falls in its first number and stays in its second.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from proofreading_report import FOLDER, places_of  # noqa: E402  (sets Django up)

from issues import proofread_file  # noqa: E402
from proofreading.engine import Passage  # noqa: E402
from proofreading.lexicon import words  # noqa: E402

MOST = 3  # queries an article
HAN = re.compile(r"[\u4e00-\u9fff]+")

Rank = Callable[[str, str, Counter[str]], float | None]  # the lowest are asked about; None: not at all
Place = tuple[int, int, int, int]  # article, paragraph, start, end


@dataclass(frozen=True)
class Way:
    name: str
    rank: Rank
    cut: Callable[[str], list[str]]


def pairs(text: str, cut: Callable[[str], list[str]]) -> Iterator[tuple[str, str, int, int]]:
    """Two words that stand side by side, with the place of both."""
    at, before = 0, ""
    for word in (part for each in words(text) for part in cut(each)):
        if HAN.fullmatch(before) and HAN.fullmatch(word):
            yield before, word, at - len(before), at + len(word)
        at, before = at + len(word), word


def texts(passages: Iterable[Passage]) -> Iterator[str]:
    for passage in passages:
        yield from (passage.title, *passage.paragraphs)


def queries(passages: tuple[Passage, ...], archive: list[Passage], way: Way) -> Iterator[Place]:
    """Of each article the pairs that neither it nor the archive has twice, the rarest first."""
    together: Counter[tuple[str, str]] = Counter()
    alone: Counter[str] = Counter()
    for text in texts(archive):
        alone.update(part for each in words(text) for part in way.cut(each))
        together.update((one, other) for one, other, _start, _end in pairs(text, way.cut))
    for number, passage in enumerate(passages, 1):
        found: list[tuple[float, Place]] = []
        places = [
            (one, other, (number, at, start, end))
            for at, text in enumerate(texts([passage]))
            for one, other, start, end in pairs(text, way.cut)
        ]
        own = Counter((one, other) for one, other, _place in places)
        for one, other, place in places:
            rank = way.rank(one, other, alone)
            if rank is not None and not together[one, other] and own[one, other] == 1:
                found.append((rank, place))
        yield from (place for _rank, place in sorted(found)[:MOST])


def by_archive(one: str, other: str, alone: Counter[str]) -> float | None:
    """Both are well known to the archive, and never stood side by side."""
    return -min(alone[one], alone[other]) if len(one) > 1 < len(other) and min(alone[one], alone[other]) > 1 else None


def ways_by_model(path: Path) -> list[Way]:
    kenlm: Any = import_module("kenlm")
    model = kenlm.Model(str(path))

    def scored(one: str, other: str) -> tuple[float, float] | None:
        """log10 of the second word's probability, and of that after the first; None where the model knows one of them not."""
        begin, after, end = kenlm.State(), kenlm.State(), kenlm.State()
        model.NullContextWrite(begin)
        first, second = model.BaseFullScore(begin, one, after), model.BaseFullScore(begin, other, end)
        return None if first.oov or second.oov else (second.log_prob, model.BaseFullScore(after, other, end).log_prob)

    def probable(one: str, other: str, alone: Counter[str]) -> float | None:
        found = scored(one, other) if len(one) > 1 < len(other) else None
        return found[1] if found and found[1] < -5.5 else None

    def attracted(one: str, other: str, alone: Counter[str]) -> float | None:
        found = scored(one, other)
        return found[1] - found[0] if found and found[1] - found[0] < -0.5 else None

    def cut(word: str) -> list[str]:
        return [word] if word in model else list(word)

    return [Way("model, improbable", probable, cut), Way("model, less probable than alone", attracted, cut)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("/usr/lib/x86_64-linux-gnu/libime/zh_CN.lm"))
    model = parser.parse_args().model
    ways = [Way("archive alone", by_archive, lambda word: [word])]
    if model.exists() and find_spec("kenlm"):
        ways += ways_by_model(model)
    else:
        print("The language model or kenlm is not installed: the archive alone is measured.", file=sys.stderr)
    faults = json.loads((FOLDER.parent / "findings" / "faults.json").read_text())["faults"]
    issues = {path.stem: proofread_file.read(path).passages for path in sorted(FOLDER.glob("*.txt"))}
    for way in ways:
        line = []
        for size in range(len(issues)):
            asked = hits = cases = 0
            for stem, passages in issues.items():
                wrong = [places_of(fault, passages) for fault in faults if fault["file"] == stem]
                for chosen in combinations(issues.keys() - {stem}, size):
                    places = list(queries(passages, [each for one in chosen for each in issues[one]], way))
                    asked, cases = asked + len(places), cases + 1
                    hits += sum(any(_meet(place, each) for place in places for each in fault) for fault in wrong)
            line.append(f"{asked / cases:.1f} queries, {hits / cases:.1f} faults")
        print(f"{way.name}: {'; '.join(line)}")


def _meet(place: Place, fault: Place) -> bool:
    return place[:2] == fault[:2] and place[2] < fault[3] and fault[2] < place[3]


if __name__ == "__main__":
    main()
