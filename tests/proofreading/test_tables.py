"""The shipped tables: every entry has its source, and none contradicts itself or another."""

import pytest

from proofreading.tables import KINDS, Entry, over, shipped

ENTRIES = shipped().entries


def test_every_kind_has_entries_with_a_name_and_a_source():
    assert {entry.kind for entry in ENTRIES} == set(KINDS)
    for entry in ENTRIES:
        assert entry.name, entry
        assert entry.source, entry


def test_no_entry_stands_twice():
    keys = [entry.key for entry in ENTRIES if entry.kind != "confusions"]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("kind", KINDS)
def test_last_days_lie_behind_first_days(kind):
    for entry in shipped().of(kind):
        assert not (entry.since and entry.until) or entry.since <= entry.until, entry


def test_what_is_wrong_is_not_right_elsewhere():
    right = {entry.name for entry in ENTRIES if entry.kind == "phrases"}
    for entry in shipped().of("phrases"):
        assert not right & set(entry.wrongs), entry
        assert entry.name not in entry.wrongs, entry
    for entry in shipped().of("confusions"):
        assert entry.wrong != entry.name, entry


def test_a_name_that_ended_says_what_came_after_it():
    for kind in ("units", "documents"):
        for entry in shipped().of(kind):
            assert not entry.until or entry.becomes, entry


def test_the_offices_own_row_stands_in_place_of_the_shipped_one():
    base = [Entry("phrases", "甲", wrong="乙", source="书"), Entry("phrases", "丙", source="书")]
    own = [Entry("phrases", "甲", wrong="丁", source="办公室")]
    assert [entry.wrong for entry in over(own, base) if entry.name == "甲"] == ["丁"]
    assert [entry.name for entry in over(own, base)] == ["甲", "丙"]
