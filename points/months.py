"""Months as their first days."""

from collections.abc import Iterator
from datetime import date


def first_of(day: date) -> date:
    return day.replace(day=1)


def shifted(month: date, by: int) -> date:
    """The month so many after this one; before it where `by` is negative."""
    years, index = divmod(month.month - 1 + by, 12)
    return date(month.year + years, index + 1, 1)


def between(start: date, end: date) -> Iterator[date]:
    """Each month from that of `start` to that of `end`, both included."""
    month, last = first_of(start), first_of(end)
    while month <= last:
        yield month
        month = shifted(month, 1)


def last_quarter(today: date) -> tuple[date, date]:
    """The first and the last month of the quarter before that of `today`."""
    first = date(today.year, today.month - (today.month - 1) % 3, 1)
    return shifted(first, -3), shifted(first, -1)


def written(month: date) -> str:
    return f"{month.year}年{month.month}月"
