"""A report is about whole months: a month, a quarter, a year, or from one month to another."""

from datetime import date

import pytest
from django.http import QueryDict

from points import ranges
from points.ranges import NoRange


def read(asked):
    return ranges.read(QueryDict(asked))


@pytest.mark.parametrize(
    ("asked", "words", "first", "ends_on"),
    [
        ("month=2026-10", "2026年10月", date(2026, 10, 1), date(2026, 10, 31)),
        ("quarter=2026-1", "2026年第1季度", date(2026, 1, 1), date(2026, 3, 31)),
        ("year=2024", "2024年", date(2024, 1, 1), date(2024, 12, 31)),
        ("from=2026-02&to=2026-05", "2026年2月至5月", date(2026, 2, 1), date(2026, 5, 31)),
        ("from=2025-11&to=2026-02", "2025年11月至2026年2月", date(2025, 11, 1), date(2026, 2, 28)),
    ],
)
def test_an_address_says_the_time(asked, words, first, ends_on):
    found = read(asked)

    assert (str(found), found.first, found.ends_on, found.asked) == (words, first, ends_on, asked)
    assert read(found.asked) == found


def test_months_that_are_a_quarter_are_called_so():
    assert str(read("from=2026-04&to=2026-06")) == "2026年第2季度"
    assert read("from=2026-04&to=2026-06").word == "本季"


@pytest.mark.parametrize(
    ("asked", "before"),
    [
        ("month=2026-01", "2025年12月"),
        ("quarter=2026-1", "2025年第4季度"),
        ("year=2026", "2025年"),
        ("from=2026-02&to=2026-05", "2025年10月至2026年1月"),
    ],
)
def test_the_time_before_is_as_long_and_ends_where_it_begins(asked, before):
    found = read(asked)

    assert str(found.before) == before
    assert found.before.after == found


@pytest.mark.parametrize(
    "asked",
    [
        "month=2026-13",
        "month=x",
        "quarter=2026-5",
        "year=26",
        "year=0001",
        "year=9999",
        "from=2026-05&to=2026-02",
        "from=2026-05",
    ]
    + ["from=1960-01&to=2026-01", "month=2026-10-01"],
)
def test_what_is_no_time_is_refused_with_a_sentence(asked):
    with pytest.raises(NoRange, match="请|没有"):
        read(asked)


def test_the_year_so_far_begins_in_january_of_its_end():
    assert str(read("from=2025-11&to=2026-02").year_so_far) == "2026年1月至2月"
