"""Family 3: dates that can't be, or don't agree with each other, with the weekday or with the day of the issue."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..passages import ERROR, WARNING, Mark, Rule, Whole

FAMILY = "numbers"
WEEKDAYS = "一二三四五六日"
DAY = r"(?:(\d{4})年)?(?<!\d)(\d{1,2})月(\d{1,2})日"
DATE = re.compile(DAY)
WITH_WEEKDAY = re.compile(rf"{DAY}\s?[（(，]?\s?((?:星期|周|礼拜)([一二三四五六日天]))")
CALENDAR = "GB/T 7408.1-2023"


def nearest(month: int, day: int, as_of: date) -> date | None:
    """The day without a year that lies nearest to the issue's; None when no such day is."""
    days = [found for year in (as_of.year - 1, as_of.year, as_of.year + 1) if (found := _day(year, month, day))]
    return min(days, key=lambda each: abs(each - as_of), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _meant(found: re.Match[str], as_of: date) -> date | None:
    month, day = int(found[2]), int(found[3])
    return _day(int(found[1]), month, day) if found[1] else nearest(month, day, as_of)


def impossible(whole: Whole) -> Iterator[Mark]:
    why = _("There is no such day.")
    for paragraph in whole.paragraphs:
        text = paragraph.text
        for found in DATE.finditer(text):
            if _meant(found, whole.as_of) is None:
                yield Mark(paragraph, found.start(), found.end(), why, CALENDAR)
        for found in re.finditer(r"(?<![\d.])(?:1[3-9]|[2-9]\d|0{1,2})月(?!\d)", text):
            yield Mark(paragraph, found.start(), found.end(), why, CALENDAR)
        for found in re.finditer(r"(?<![\d.])(\d{1,2})[时点](\d{1,2})分", text):
            if int(found[1]) > 24 or int(found[2]) > 59:
                yield Mark(paragraph, found.start(), found.end(), _("There is no such time."), CALENDAR)
        for found in re.finditer(r"(?:上午|早上|早晨|凌晨|清晨)(?:1[3-9]|2[0-4])(?:[:：时点])", text):
            yield Mark(paragraph, found.start(), found.end(), _("There is no such time."), CALENDAR)


def weekdays(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        for found in WITH_WEEKDAY.finditer(paragraph.text):
            day, said = _meant(found, whole.as_of), found[5].replace("天", "日")
            if day is not None and WEEKDAYS[day.weekday()] != said:
                right = WEEKDAYS[day.weekday()]
                why = _("%(year)s年%(month)s月%(day)s日 is 星期%(weekday)s.")
                words = why % {"year": day.year, "month": day.month, "day": day.day, "weekday": right}
                yield Mark(paragraph, found.start(4), found.end(4), words, CALENDAR, found[4][:-1] + right)


def reversed_ranges(whole: Whole) -> Iterator[Mark]:
    why = _("The end of this range lies before its beginning.")
    days = re.compile(rf"{DAY}\s?(?:至|到|—|-|～|~)\s?(?:(\d{{4}})年)?(?:(\d{{1,2}})月)?(\d{{1,2}})日")
    years = re.compile(r"(?<!\d)((?:19|20)\d\d)年?(?:至|到|—|-|～|~)((?:19|20)\d\d)年")
    for paragraph in whole.paragraphs:
        for found in days.finditer(paragraph.text):
            begins, ends = (int(found[2]), int(found[3])), (int(found[5] or found[2]), int(found[6]))
            if ends < begins and not found[4] and not (begins[0] == 12 and ends[0] == 1):
                yield Mark(paragraph, found.start(), found.end(), why, CALENDAR)
        for found in years.finditer(paragraph.text):
            if found[2] < found[1]:
                yield Mark(paragraph, found.start(), found.end(), why, CALENDAR)


def story_dates(whole: Whole) -> Iterator[Mark]:
    """A story tells what was: its first day lies before the issue's, and not by a whole year."""
    for story in whole.stories:
        for paragraph in story.body[:1]:
            found = DATE.match(paragraph.text)
            day = _meant(found, whole.as_of) if found else None
            if found is None or day is None:
                continue
            if timedelta(0) < day - whole.as_of < timedelta(days=90):
                why = _("The story is of a day after this issue's.")
                yield Mark(paragraph, found.start(), found.end(), why, _("the day of the issue"))
            elif found[1] and timedelta(days=340) < whole.as_of - day < timedelta(days=400):
                why = _("The story is of a day a year before this issue: is the year right?")
                yield Mark(paragraph, found.start(), found.end(), why, _("the day of the issue"))


RULES = (
    Rule("impossible-date", FAMILY, gettext_lazy("Days and times that can't be"), "2月30日", ERROR, impossible),
    Rule("weekday", FAMILY, gettext_lazy("Weekdays"), "2026年3月27日（星期四）", ERROR, weekdays),
    Rule(
        "reversed-range",
        FAMILY,
        gettext_lazy("Ranges that end before they begin"),
        "11月20日至19日",
        ERROR,
        reversed_ranges,
    ),
    Rule("story-date", FAMILY, gettext_lazy("The day of a story"), "", WARNING, story_dates),
)
