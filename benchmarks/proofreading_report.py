"""Writes docs/proofreading.md: every finding on the real issues with its verdict, and how many of the known faults are found.

.venv/bin/python benchmarks/proofreading_report.py [--judge]

The verdicts were given by reading and are kept by a hash of the place, for the sentences are not ours to store. --judge prints
the key of each finding that has none.
"""

import argparse
import hashlib
import json
import os
import sys
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_cms.settings")

import django  # noqa: E402

django.setup()

from django.utils import translation  # noqa: E402

from issues import proofread_file  # noqa: E402
from proofreading.engine import Finding, Passage, proofread, rules, shipped  # noqa: E402
from proofreading.states import FAMILY_WORDS, LEVEL_WORDS  # noqa: E402

FOLDER = Path(os.environ.get("BULLETINS_DIR") or HERE.parents[1] / "shared" / "bulletins")
VERDICTS = HERE / "proofreading_verdicts.json"
DOCUMENT = HERE.parent / "docs" / "proofreading.md"
WITHOUT_DAY = date(2022, 11, 28)  # of the issue whose file lacks its masthead, by what it tells
WORDS = {"true": "对", "false": "误报", "arguable": "可商量", "": "未判"}
FORM = {"标点", "前后不一致", "重复", "机构名称", "提取空格"}
LONGEST = 12  # characters of a quotation in the document

Judged = tuple[str, Finding, str]  # the issue, the finding, the verdict


def key(stem: str, each: Finding) -> str:
    place = f"{stem}|{each.rule}|{each.article}|{each.paragraph}|{each.start}|{each.quote}"
    return hashlib.sha256(place.encode()).hexdigest()[:16]


def short(text: str) -> str:
    text = text.replace("|", "｜").replace("\n", " ")
    return f"“{text if len(text) <= LONGEST else text[: LONGEST - 2] + '……'}”"


def places_of(fault: dict, passages: tuple[Passage, ...]) -> list[tuple[int, int, int, int]]:
    briefs = [number for number, passage in enumerate(passages, 1) if passage.kind == "brief"]
    wanted = fault["article"] if isinstance(fault["article"], list) else [fault["article"]]
    numbers = {briefs[-each - 1] if each < 0 else each for each in wanted}
    found = []
    for quote in [fault["quote"]] if isinstance(fault["quote"], str) else fault["quote"]:
        for number in numbers & set(range(1, len(passages) + 1)):
            passage = passages[number - 1]
            for at, text in enumerate((passage.title, *passage.paragraphs)):
                kept = [place for place, character in enumerate(text) if not character.isspace()]
                start = "".join(text.split()).find("".join(quote.split()))
                if start >= 0:
                    end = start + len("".join(quote.split())) - 1
                    found.append((number, at, kept[start], kept[end] + 1))
    return found


def is_found(fault: dict, passages: tuple[Passage, ...], findings: tuple[Finding, ...]) -> bool:
    return any(
        (each.article, each.paragraph) == (number, at) and each.start < end and start < each.end
        for number, at, start, end in places_of(fault, passages)
        for each in findings
    )


def recall(read: dict) -> list[str]:
    faults = json.loads((FOLDER.parent / "findings" / "faults.json").read_text())["faults"]
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for fault in faults:
        passages, findings = read[fault["file"]]
        kinds = [f"一定有错，{fault['class']}"] if fault["confidence"] == "certain" else []
        kinds += ["一定有错，全部"] if fault["confidence"] == "certain" else ["很可能或可疑，全部"]
        if fault["confidence"] == "certain" and fault["class"] in FORM:
            kinds.append("一定有错，形式方面（第一至五类）")
        for kind in kinds:
            counted[kind]["all"] += 1
            counted[kind]["found"] += is_found(fault, passages, findings)
    lines = ["| 已知的差错 | 处 | 找到 | 比例 |", "|---|---|---|---|"]
    for kind, numbers in sorted(counted.items()):
        share = f"{numbers['found'] / numbers['all']:.0%}"
        lines.append(f"| {kind} | {numbers['all']} | {numbers['found']} | {share} |")
    return lines


def by_family(judged: list[Judged]) -> list[str]:
    family = {rule.name: rule.family for rule in rules()}
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for _stem, each, verdict in judged:
        counted[family[each.rule]][verdict] += 1
    lines = ["| 类 | 规则 | 提出 | 对 | 可商量 | 误报 |", "|---|---|---|---|---|---|"]
    for name, words in FAMILY_WORDS.items():
        numbers = counted[name]
        count = sum(rule.family == name for rule in rules())
        row = [words, count, numbers.total(), numbers["true"], numbers["arguable"], numbers["false"]]
        lines.append("| " + " | ".join(map(str, row)) + " |")
    return lines


def table(judged: list[Judged]) -> list[str]:
    lines = ["| 期 | 位置 | 级别 | 规则 | 原文 | 建议 | 判定 |", "|---|---|---|---|---|---|---|"]
    labels = {rule.name: rule.label for rule in rules()}
    for stem, each, verdict in judged:
        place = (
            f"第{each.article}篇" + (f"第{each.paragraph}段" if each.paragraph else "标题") + f"第{each.start + 1}字"
        )
        becomes = "删去" if each.deletes else short(each.suggestion) if each.suggestion else ""
        row = [stem[:3], place, LEVEL_WORDS[each.level], labels[each.rule], short(each.quote), becomes, WORDS[verdict]]
        lines.append("| " + " | ".join(map(str, row)) + " |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judge", action="store_true")
    translation.activate("zh-hans")
    verdicts = json.loads(VERDICTS.read_text())
    read, judged, characters = {}, [], 0
    for path in sorted(FOLDER.glob("*.txt")):
        file = proofread_file.read(path)
        proof = proofread(file.passages, as_of=file.day or WITHOUT_DAY, tables=shipped())
        assert not proof.failed, proof.failed
        read[path.stem] = file.passages, proof.findings
        characters += sum(len(text) for passage in file.passages for text in (passage.title, *passage.paragraphs))
        judged += [(path.stem, each, verdicts.get(key(path.stem, each), "")) for each in proof.findings]
    if parser.parse_args().judge:
        for stem, each, verdict in judged:
            if not verdict:
                print(key(stem, each), stem[:3], each.article, each.paragraph, each.rule, each.quote, each.suggestion)
        return
    loud = [verdict for _stem, each, verdict in judged if each.level != "query"]
    text = DOCUMENT.read_text() if DOCUMENT.exists() else ""
    before, _mark, _after = text.partition("<!-- figures -->")
    lines = [
        "<!-- figures -->",
        "<!-- Made by benchmarks/proofreading_report.py; write above this line. -->",
        "",
        f"## 在三期真实简报上（{characters}字，{len(rules())}条规则）",
        "",
        f"错误和警告{len(loud)}处，其中误报{loud.count('false')}处，可商量{loud.count('arguable')}处：每五千字误报"
        f"{loud.count('false') / characters * 5000:.2f}处（要求不超过1处）。",
        "",
        *recall(read),
        "",
        *by_family(judged),
        "",
        "### 逐处判定",
        "",
        "原文只引发现的几个字。判定是人读了上下文给的。",
        "",
        *table(judged),
    ]
    DOCUMENT.write_text(before + "\n".join(lines) + "\n")
    print(f"{DOCUMENT}: {len(judged)} findings, {loud.count('false')} false, {loud.count('')} not judged")


if __name__ == "__main__":
    main()
