"""The time that a report is about: whole months, because months are what is closed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Entry
from .months import between, first_of, shifted

MOST_MONTHS = 240
FIRST_YEAR = 1950


class NoRange(ValueError):
    """What was asked for is no range; the message says what to do."""


@dataclass(frozen=True)
class Range:
    """From the month that begins on `first` to the one that begins on `last`, both within."""

    first: date
    last: date

    @classmethod
    def month(cls, day: date) -> "Range":
        return cls(first_of(day), first_of(day))

    @classmethod
    def quarter(cls, day: date) -> "Range":
        first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        return cls(first, shifted(first, 2))

    @classmethod
    def year(cls, year: int) -> "Range":
        return cls(date(year, 1, 1), date(year, 12, 1))

    @property
    def ends_on(self) -> date:
        return shifted(self.last, 1) - timedelta(days=1)

    @property
    def length(self) -> int:
        """In months."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def kind(self) -> str:
        if self.length == 1:
            return "month"
        if self == Range.quarter(self.first):
            return "quarter"
        return "year" if self == Range.year(self.first.year) else "months"

    @property
    def months(self) -> Iterator[date]:
        return between(self.first, self.last)

    @property
    def before(self) -> "Range":
        """As long, and right before."""
        return Range(shifted(self.first, -self.length), shifted(self.last, -self.length))

    @property
    def after(self) -> "Range":
        return Range(shifted(self.first, self.length), shifted(self.last, self.length))

    @property
    def year_so_far(self) -> "Range":
        """From January of the year in which it ends."""
        return Range(date(self.last.year, 1, 1), self.last)

    @property
    def has_begun(self) -> bool:
        return self.first <= timezone.localdate()

    def moments(self, field: str, months: Iterable[date] | None = None) -> Q:
        """The rows whose moment `field` lies in it, or in these months of it alone."""
        found = Q(pk__in=[])
        for begin, end in _spans(self.months if months is None else months):
            found |= Q(**{f"{field}__gte": _midnight(begin), f"{field}__lt": _midnight(end)})
        return found

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first after it."""
        return _midnight(self.first), _midnight(shifted(self.last, 1))

    @property
    def asked(self) -> str:
        """How an address asks for it."""
        if self.kind == "month":
            return f"month={self.first:%Y-%m}"
        if self.kind == "quarter":
            return f"quarter={self.first.year}-{(self.first.month + 2) // 3}"
        if self.kind == "year":
            return f"year={self.first.year}"
        return f"from={self.first:%Y-%m}&to={self.last:%Y-%m}"

    def __str__(self) -> str:
        first, last = self.first, self.last
        if self.kind == "month":
            return f"{first.year}年{first.month}月"
        if self.kind == "quarter":
            return f"{first.year}年第{(first.month + 2) // 3}季度"
        if self.kind == "year":
            return f"{first.year}年"
        end = f"{last.month}月" if first.year == last.year else f"{last.year}年{last.month}月"
        return f"{first.year}年{first.month}月至{end}"

    @property
    def word(self) -> str:
        """How columns call it: 本月, 本季, 本年, 本期."""
        return {"month": "本月", "quarter": "本季", "year": "本年"}.get(self.kind, "本期")


def read(data: Mapping[str, str]) -> Range:
    """What an address asks for: month=2026-10, quarter=2026-3, year=2026, from=2026-01&to=2026-05; else this month.

    Raises NoRange.
    """
    if data.get("from") or data.get("to"):
        first, last = _month(data.get("from", "")), _month(data.get("to", ""))
        if last < first:
            raise NoRange(_("The last month lies before the first one. Please turn them round."))
        found = Range(first, last)
        if found.length > MOST_MONTHS:
            raise NoRange(_("Please choose twenty years at most."))
        return found
    if asked := data.get("month"):
        return Range.month(_month(asked))
    if asked := data.get("quarter"):
        found_quarter = re.fullmatch(r"(\d{4})-([1-4])", asked)
        if not found_quarter:
            raise NoRange(_("Please give the quarter as 2026-3."))
        return Range.quarter(_day(int(found_quarter[1]), int(found_quarter[2]) * 3))
    if asked := data.get("year"):
        if not re.fullmatch(r"\d{4}", asked):
            raise NoRange(_("Please give the year with four digits."))
        return Range.year(_day(int(asked), 1).year)
    return Range.month(timezone.localdate())


def offered(within: Range) -> list[date]:
    """The months that a page offers, the newest first: from the first with an entry to the present one, and those of
    `within`. One query."""
    present = first_of(timezone.localdate())
    first = Entry.objects.aggregate(first=Min("month"))["first"] or present
    months = between(max(min(first, within.first), shifted(present, -MOST_MONTHS)), max(present, within.last))
    return sorted({*months, within.first, within.last}, reverse=True)


def _spans(months: Iterable[date]) -> list[tuple[date, date]]:
    """Months that follow one another as one: from the first day to the one after the last."""
    spans: list[tuple[date, date]] = []
    for month in sorted(months):
        if spans and spans[-1][1] == month:
            spans[-1] = (spans[-1][0], shifted(month, 1))
        else:
            spans.append((month, shifted(month, 1)))
    return spans


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _month(asked: str) -> date:
    found = re.fullmatch(r"(\d{4})-(\d{1,2})", asked.strip())
    if not found or not 1 <= int(found[2]) <= 12:
        raise NoRange(_("Please give both months, such as 2026-01 and 2026-05."))
    return _day(int(found[1]), int(found[2]))


def _day(year: int, month: int) -> date:
    if not FIRST_YEAR <= year <= timezone.localdate().year + 1:
        raise NoRange(_("There is nothing to report of that year. Please choose another one."))
    return date(year, month, 1)
