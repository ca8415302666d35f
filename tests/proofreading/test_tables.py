"""The shipped tables: every entry has its source, and none contradicts itself or another."""

from datetime import date, timedelta
from itertools import combinations

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


# Offices that several hold at the same time.
SHARED = {"中央书记处书记", "国务院副总理"}
# Nobody is in office, and no unit named here was made, before the reform that began the present institutions.
EARLIEST = date(1978, 12, 18)
PERSONS, UNITS = shipped().of("persons"), shipped().of("units")


def overlap(one, other):
    return (one.since or date.min) <= (other.until or date.max) and (other.since or date.min) <= (one.until or date.max)


@pytest.mark.parametrize("entry", [*PERSONS, *UNITS], ids=lambda entry: f"{entry.name}{entry.other[:8]}")
def test_the_days_of_persons_and_units_are_plausible(entry):
    """What is announced for a later day has a source, but nothing in this table is of that kind."""
    assert all(day is None or EARLIEST <= day <= date.today() for day in (entry.since, entry.until))
    assert entry.kind != "persons" or entry.since is not None
    assert len(entry.source) >= 6, "a source is a document or a session, not a word"


def test_an_office_has_one_holder_at_a_time():
    for one, other in combinations(PERSONS, 2):
        is_one_office = one.other == other.other and one.other not in SHARED
        assert not (is_one_office and overlap(one, other)), (one, other)


def test_a_place_in_the_order_of_precedence_is_one_persons():
    ranked = [entry for entry in PERSONS if entry.extra]
    for one, other in combinations(ranked, 2):
        if overlap(one, other):
            assert (one.extra == other.extra) == (one.name == other.name), (one, other)


def test_a_miswritten_name_is_no_other_persons():
    names = {entry.name for entry in PERSONS}
    for entry in PERSONS:
        assert not names & set(entry.wrongs), entry


def test_a_former_unit_is_followed_by_one_from_the_next_day():
    for entry in UNITS:
        if entry.until:
            following = [each for each in UNITS if each.name == entry.becomes]
            assert [each.since for each in following] == [entry.until + timedelta(days=1)], entry


def test_a_name_is_one_units_at_a_time():
    for one, other in combinations(UNITS, 2):
        if overlap(one, other):
            assert not {one.name, *one.others} & {other.name, *other.others}, (one, other)
            assert not {one.name, *one.others} & set(other.wrongs), (one, other)
