"""The tables as the office has them: its own words and its units over the shipped ones, and which rules it has switched off."""

from collections.abc import Iterator

from accounts.models import Unit

from .models import HouseStyle, RuleSwitch, Word
from .tables import Entry, House, Tables, over, shipped


def current() -> Tables:
    """Four queries."""
    words = [word.entry for word in Word.objects.all()]
    off = frozenset(RuleSwitch.objects.filter(is_off=True).values_list("rule", flat=True))
    return Tables((*over(words, shipped().entries), *_units()), off, house_style())


def house_style() -> House:
    row = HouseStyle.objects.first()
    return row.house if row else House()


def _units() -> Iterator[Entry]:
    """The site's own units with their days; the shipped row of a unit stands beside it."""
    for unit in Unit.objects.all():
        short = "" if unit.short_name == unit.name else unit.short_name
        yield Entry("units", unit.name, short, since=unit.valid_from, until=unit.valid_to, source="本站单位表")
