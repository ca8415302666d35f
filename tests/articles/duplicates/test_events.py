"""Whether two stories tell of one event."""

from datetime import date

import pytest

from articles.duplicates.happening import Facts, facts_of, is_same_event
from tests.articles.duplicates.stories import OTHER, SAME, TOLD, VISIT


@pytest.mark.parametrize("name", SAME)
def test_two_stories_of_one_event_are_found(name):
    one, other = (story.facts for story in SAME[name])
    assert is_same_event(one, other)
    assert is_same_event(other, one)
    assert one.keys() & other.keys(), "it would never be looked at"


@pytest.mark.parametrize("name", OTHER)
def test_stories_of_two_events_are_no_pair(name):
    one, other = (story.facts for story in OTHER[name])
    assert not is_same_event(one, other)
    assert not is_same_event(other, one)


def test_what_is_kept_of_a_story_says_the_same_again():
    assert Facts.of_dict(VISIT.facts.as_dict()) == VISIT.facts


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("4月1日，青浦局开展演练。", {"2026-04-01"}),
        ("2025年4月1日，青浦局开展演练。", {"2025-04-01"}),
        ("12月30日，青浦局开展演练。", {"2025-12-30"}),  # told in April: last year's
        ("4月1日-3日，青浦局开展演练。", {"2026-04-01", "2026-04-02", "2026-04-03"}),
        ("3月31日至4月1日，青浦局开展演练。", {"2026-03-31", "2026-04-01"}),
        ("自3月1日起，青浦局开展演练。", set()),
        ("近日，青浦局开展演练。", set()),
        ("2月30日，青浦局开展演练。", set()),
    ],
)
def test_the_days_of_the_event(text, days):
    assert set(facts_of("", [text], told=TOLD).days) == days


def test_the_day_that_the_writer_entered_counts():
    assert facts_of("", ["近日，青浦局开展演练。"], told=TOLD, event_on=date(2026, 4, 2)).days == ("2026-04-02",)
