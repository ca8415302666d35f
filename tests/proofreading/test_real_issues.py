"""The real issues: what was found in them by reading, and the places that only look wrong."""

import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from issues import proofread_file
from proofreading.engine import Finding, proofread, shipped
from tests.typesetting.printed import bulletins_folder

FORM = {"标点", "前后不一致", "重复", "机构名称", "提取空格", "日期格式", "简称", "名称", "体例", "术语不一致"}
BARS = {"form": 0.95, "certain": 0.60}


def folder() -> Path:
    return bulletins_folder()


@cache
def faults() -> dict:
    return json.loads((folder().parent / "findings" / "faults.json").read_text())


@cache
def read(stem: str):
    file = proofread_file.read(folder() / f"{stem}.txt")
    proof = proofread(file.passages, as_of=file.day or date(2022, 11, 28), tables=shipped())
    assert not proof.failed
    return file.passages, proof.findings


def places(stem: str, article, quote) -> list[tuple[int, int, int, int]]:
    """(article, paragraph, start, end) of each quote that the file holds; articles below 0 are briefs."""
    passages, _findings = read(stem)
    found = []
    for words in [quote] if isinstance(quote, str) else quote:
        for number, passage in enumerate(passages, 1):
            for at, text in enumerate((passage.title, *passage.paragraphs)):
                place = re.search(r"\s*".join(map(re.escape, "".join(words.split()))), text)
                if place and is_meant(article, number, passages):
                    found.append((number, at, *place.span()))
    return found


def is_meant(article, number: int, passages) -> bool:
    briefs = [at for at, passage in enumerate(passages, 1) if passage.kind == "brief"]
    wanted = article if isinstance(article, list) else [article]
    return any(number == (briefs[-each - 1] if each < 0 else each) for each in wanted)


def touching(stem: str, article, quote) -> list[Finding]:
    found = places(stem, article, quote)
    return [
        each
        for each in read(stem)[1]
        for number, paragraph, start, end in found
        if (each.article, each.paragraph) == (number, paragraph) and each.start < end and start < each.end
    ]


def certain(*, of_form: bool) -> list[dict]:
    return [
        fault
        for fault in faults()["faults"]
        if fault["confidence"] == "certain" and (not of_form or fault["class"] in FORM)
    ]


@pytest.mark.parametrize("kind", BARS)
def test_most_certain_faults_are_found(kind):
    wanted = certain(of_form=kind == "form")
    missed = [fault["quote"] for fault in wanted if not touching(fault["file"], fault["article"], fault["quote"])]
    assert len(missed) <= len(wanted) * (1 - BARS[kind]), missed


def test_every_place_that_is_truly_wrong_is_an_error():
    for place in faults()["tempting"]:
        if place["flag"]:
            levels = {each.level for each in touching(place["file"], place["article"], place["quote"])}
            assert "error" in levels, place["quote"]


def test_every_place_that_only_looks_wrong_is_left_alone():
    for place in faults()["tempting"]:
        if not place["flag"]:
            assert touching(place["file"], place["article"], place["quote"]) == [], place["quote"]
