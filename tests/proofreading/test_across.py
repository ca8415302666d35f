"""Which rules look at several stories: those, and no others, find more in an issue than in its stories one by one."""

from dataclasses import replace

import pytest

from issues import proofread_file
from proofreading import engine
from proofreading.engine import Passage, proofread, shipped
from tests.proofreading.texts import DAY

PAIRS = {
    "mixed-spaces": ("3月发出快件。", "6 月发出快件。"),
    "mixed-commas": ("发出快件12,000件。", "发出快件35000件。"),
    "first-one": ("参加首届“工匠奖”评选。", "参加第一届“工匠奖”评选。"),
    "turned-pair": ("快递员（三级/高级）考试。", "快递员（高级/三级）考试。"),
    "document-twice": ("按《上海市快递业务管理办法》执行。", "按《上海市快递业管理办法》执行。"),
}


def one_by_one(passages, day):
    return {
        replace(found, article=number)
        for number, passage in enumerate(passages, 1)
        for found in proofread([passage], as_of=day, tables=shipped()).findings
    }


def test_each_of_them_is_named():
    assert {rule.name for rule in engine.across()} == set(PAIRS)


@pytest.mark.parametrize("rule", PAIRS)
def test_it_finds_in_two_stories_what_neither_shows(rule):
    passages = [Passage("演练", (text,)) for text in PAIRS[rule]]

    together = proofread(passages, as_of=DAY, tables=shipped(), by=engine.across())

    assert [found.rule for found in together.findings] == [rule]
    assert rule not in {found.rule for found in one_by_one(passages, DAY)}


def test_none_of_them_is_certain():
    """An error could be let through at its article alone, whose own proof does not have it."""
    assert all(rule.level != engine.ERROR for rule in engine.across())


def test_all_others_find_the_same_story_by_story(bulletins_dir):
    across = {rule.name for rule in engine.across()}
    for path in sorted(bulletins_dir.glob("*.txt")):
        file = proofread_file.read(path)
        whole = proofread(file.passages, as_of=file.day, tables=shipped()).findings
        single = one_by_one(file.passages, file.day)
        assert {found for found in whole if found.rule not in across} == {
            found for found in single if found.rule not in across
        }
