"""Dates as the office writes them: 2026年4月1日, 4月1日, 2026-04-01, 2026.4.1."""

import re
import unicodedata
from calendar import monthrange
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

_WRITTEN = re.compile(r"(?:(\d{4})\s*[年./-]\s*)?(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?")


def parse(text: str, today: date, *, is_coming: bool = False) -> date:
    """A day without a year is the last such day up to today, or the first from today on where it `is_coming`. Raises
    ValidationError that says what to write."""
    match = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not match:
        raise ValidationError(
            _("This can't be read as a date. Please write it like %(example)s.") % {"example": written(today)}
        )
    month, day = int(match[2]), int(match[3])
    year = int(match[1]) if match[1] else today.year
    if not 1 <= month <= 12:
        raise ValidationError(
            _("There is no month %(month)s. Please change the date, for example %(example)s.")
            % {"month": month, "example": written(today)}
        )
    # Without a year, 2月29日 in a common year still means the last one there was, or the next.
    while not match[1] and month == 2 and day == 29 and monthrange(year, 2)[1] < 29:
        year += 1 if is_coming else -1
    last = monthrange(max(year, 1), month)[1]
    if not 1 <= day <= last or year < 1900:
        raise ValidationError(
            _("Month %(month)s has no day %(day)s. Please change the date, for example %(example)s.")
            % {"month": month, "day": day, "example": written(date(max(year, 1900), month, last))}
        )
    found = date(year, month, day)
    if not match[1] and is_coming:
        return found if found >= today else parse(f"{month}-{day}", date(year + 1, 1, 1), is_coming=True)
    if not match[1] and found > today:
        return parse(f"{year - 1}-{month}-{day}", today) if (month, day) != (2, 29) else date(year - 4, 2, 29)
    return found


def written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def short(day: date) -> str:
    """Without the year when it is the present one."""
    return f"{day.month}月{day.day}日" if day.year == timezone.localdate().year else written(day)


class DateField(forms.DateField):
    """`is_coming` as in `parse`."""

    widget = forms.TextInput

    def __init__(self, *args, is_coming: bool = False, **kwargs):
        self.is_coming = is_coming
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        return value if isinstance(value, date) else parse(value, timezone.localdate(), is_coming=self.is_coming)

    def prepare_value(self, value):
        return written(value) if isinstance(value, date) else value

    def has_changed(self, initial, data):
        return (written(initial) if initial else "") != (data or "").strip()
