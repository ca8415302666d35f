"""The charts of a report: adopted by month beside the year before, by unit, by tier, and why stories were returned."""

from datetime import date
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import Tier

from .behind import address
from .charts import Lying, Standing, lying, standing
from .ranges import Range
from .report import Report

MOST_UNITS = 20


def of_office(found: Report) -> list[Lying | Standing]:
    tiers: list[Lying] = [] if found.tier else [_tiers(found)]
    return [_months(found), _units(found), *tiers, _reasons(found)]


def of_unit(found: Report, unit: int) -> list[Lying | Standing]:
    line = found.of_unit(unit)
    reasons = line.answers.reasons if line else None
    return [_months(found, unit), _reasons(found, reasons or {}, unit)]


def _months(found: Report, unit: int | None = None) -> Standing:
    year = found.within.last.year
    values = []
    for number in range(1, 13):
        now, then = date(year, number, 1), date(year - 1, number, 1)
        url, url_before = (address("adopted", Range.month(month), unit=unit, tier=found.tier) for month in (now, then))
        values.append((str(number), found.months[now], found.months_before[then], url, url_before))
    title = _("Stories adopted by month, %(year)s and the year before") % {"year": year}
    return standing("months", title, (pgettext("chart", "Month"), f"{year}年", f"{year - 1}年"), values)


def _units(found: Report) -> Lying:
    lines = [line for line in found.sorted_by("adopted") if line.adopted > 0]
    values = [
        (line.unit.short_name, line.adopted, address("adopted", found.within, unit=line.unit.pk))
        for line in lines[:MOST_UNITS]
    ]
    if rest := lines[MOST_UNITS:]:
        words = ngettext("%(count)s other unit", "%(count)s other units", len(rest)) % {"count": len(rest)}
        values.append((words, sum(line.adopted for line in rest), ""))
    title = _("Stories adopted by unit, %(time)s") % {"time": found.within}
    return lying("units", title, (_("Unit"), _("Adopted")), values)


def _tiers(found: Report) -> Lying:
    values = []
    for tier in Tier:
        number = sum(line.adopted for line in found.lines if line.unit.tier == tier.value)
        values.append((str(tier.label), number, address("adopted", found.within, tier=tier.value)))
    title = _("Stories adopted by tier, %(time)s") % {"time": found.within}
    return lying("tiers", title, (_("Tier"), _("Adopted")), values)


def _reasons(found: Report, reasons: dict[str, int] | None = None, unit: int | None = None) -> Lying:
    counted = found.answers.reasons if reasons is None else reasons
    returned = address("returned", found.within, unit=unit, tier=found.tier)
    values = [
        (label or _("no reason chosen"), number, f"{returned}&reason={quote(label)}")
        for label, number in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    ]
    title = _("Why stories were returned, %(time)s") % {"time": found.within}
    return lying("reasons", title, (_("Reason"), pgettext("report", "Returned")), values)
