"""采用通报: the report of a time for the office, a unit's own, and what is behind each figure."""

from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.models import Tier, Unit
from accounts.units import present_units
from accounts.views.answers import number_of
from issues.models import Issue

from .. import behind, figures, ranges, report, report_charts, report_table
from ..columns import columns, written
from ..models import VIEW, Shown
from ..months import written as written_month
from ..ranges import NoRange, Range
from ..report import SORTS, Line, Report
from ..standing import ZERO, scores
from ..valuing import plain

# The name of the column, the figure as it is written, and where it opens to.
Cell = tuple[str, str, str]


def whose(user) -> int | None:
    """None for the office, which sees all; for a unit's people the unit as it goes on today."""
    if user.has_perm(VIEW):
        return None
    if user.unit_id is None or not user.has_perm("articles.write_article"):
        raise PermissionDenied
    return present_units().get(user.unit_id, user.unit_id)


def asked_range(request) -> Range:
    """What the address asks for; this month, and a sentence, where that is no time."""
    try:
        return ranges.read(request.GET)
    except NoRange as fault:
        messages.error(request, str(fault))
        return ranges.read({})


def asked_tier(request) -> str:
    tier = request.GET.get("tier", "")
    return tier if tier in Tier.values else ""


@require_safe
def index(request):
    unit = whose(request.user)
    within = asked_range(request)
    if unit is not None:
        return _own(request, within, unit)
    found = report.report(within, asked_tier(request))
    sort, turned = request.GET.get("sort", ""), "turned" in request.GET
    lines = found.sorted_by(sort, turned=turned) if sort in SORTS else _by_tier(found)
    context = _times(within) | {
        "report": found,
        "tiers": Tier.choices,
        "tier_name": Tier(found.tier).label if found.tier else "",
        "fields": [pair.split("=") for pair in within.asked.split("&")],
        "numbers": {
            "submitted": behind.address("submitted", within, tier=found.tier),
            "adopted": behind.address("adopted", within, tier=found.tier),
            "rate": written("rate", found.rate),
        },
        "heads": _heads(found, sort, turned),
        "rows": _cells(found, lines),
        "totals": _totals(found),
        "charts": report_charts.of_office(found),
        "sort": sort,
        "turned": turned,
    }
    return render(request, "points/report.html", context)


def _by_tier(found: Report) -> list[Line]:
    """Tier by tier, within each by place."""
    return sorted(found.sorted_by("rank"), key=lambda line: SORTS["unit"][0](line)[0])


def _own(request, within: Range, unit: int):
    """Its own line in full, its stories with their points, and of the ranking what the office lets it see."""
    found = report.report(within, unit=unit)
    line = found.of_unit(unit)
    shown = found.rules.shown if found.rules else Shown.OWN
    ranked = found.ranked_with(unit)
    rankings = []
    if shown == Shown.TIER:
        rankings = [ranked]
    elif shown == Shown.ALL:
        rankings = found.rankings()
    stories = list(behind.entries("points", within, request.user, unit=unit)[:MOST_SHOWN])
    context = _times(within) | {
        "report": found,
        "line": line,
        "cells": _cells(found, [line])[0][1] if line else [],
        "ranked": len(ranked),
        "rankings": rankings,
        "stories": stories,
        "readable": _readable(request.user, stories),
        "stories_url": behind.address("points", within, unit=unit),
        "charts": report_charts.of_unit(found, unit),
    }
    return render(request, "points/own_report.html", context)


MOST_SHOWN = 20


def asked_month(month: date) -> str:
    return f"{month:%Y-%m}"


def _times(within: Range) -> dict[str, Any]:
    """The other times that the page leads to."""
    last = within.last
    kinds = [
        (pgettext("time", "Month"), Range.month(last), "month"),
        (pgettext("time", "Quarter"), Range.quarter(last), "quarter"),
        (pgettext("time", "Year"), Range.year(last.year), "year"),
    ]
    after = within.after
    return {
        "within": within,
        "choices": [(asked_month(month), written_month(month)) for month in ranges.offered(within)],
        "from": asked_month(within.first),
        "to": asked_month(within.last),
        "kinds": [(label, each.asked, within.kind == kind) for label, each, kind in kinds],
        "after": after if after.has_begun else None,
    }


def _heads(found: Report, sort: str, turned: bool) -> list[dict[str, Any]]:
    """The columns with the address that sorts by each, and how the table is sorted by it now."""
    heads = []
    for column in columns(found):
        head: dict[str, Any] = {"column": column, "aria": "", "asked": ""}
        if column.is_sorted_by:
            is_now = sort == column.key
            if is_now:
                head["aria"] = "descending" if SORTS[column.key][1] != turned else "ascending"
            asked = {"sort": column.key} | ({"tier": found.tier} if found.tier else {})
            head["asked"] = urlencode(asked | ({"turned": "1"} if is_now and not turned else {}))
        heads.append(head)
    return heads


def _cells(found: Report, lines: list[Line]) -> list[tuple[Line, list[Cell]]]:
    """Each line with its cells."""
    addresses = _addresses(found)
    shown = [(column, column.label_in_full, addresses.get(column.key)) for column in columns(found)]
    rows = []
    for line in lines:
        unit = f"&unit={line.unit.pk}"
        cells = []
        for column, label, url in shown:
            value = column.of(line)
            cells.append((label, column.words(value), f"{url}{unit}" if url and value is not None else ""))
        rows.append((line, cells))
    return rows


def _totals(found: Report) -> list[Cell]:
    addresses = _addresses(found)
    tier = f"&tier={found.tier}" if found.tier else ""
    return [
        (
            column.label_in_full,
            column.words(column.total(found)),
            f"{url}{tier}" if (url := addresses.get(column.key)) else "",
        )
        if column.total
        else ("", "", "")
        for column in columns(found)
    ]


def _addresses(found: Report) -> dict[str, str]:
    """column -> what is behind its figures, of all units."""
    within, year = found.within, found.within.year_so_far
    shown = (column for column in columns(found) if column.what)
    return {column.key: behind.address(column.what, year if column.whole_year else within) for column in shown}


@require_safe
def xlsx(request):
    if whose(request.user) is not None:
        raise PermissionDenied
    found = report.report(asked_range(request), asked_tier(request))
    name = report_table.title(found)
    answer = HttpResponse(report_table.xlsx(found), content_type=report_table.TYPE)
    answer["Content-Disposition"] = f"attachment; filename=\"report.xlsx\"; filename*=UTF-8''{quote(name)}.xlsx"
    return answer


@require_safe
def figure(request, what):
    """The entries or answers that a figure counts, each with its story, issue and rules."""
    own = whose(request.user)
    within = asked_range(request)
    unit = _asked_unit(request, own)
    tier = "" if unit else asked_tier(request)
    context = {"what": what, "within": within, "unit": unit, "tier": Tier(tier).label if tier else ""}
    if what in behind.ENTRIES:
        context |= _entries(request, what, within, unit, tier)
    elif what in behind.EVENTS:
        context |= _events(request, what, within, unit, tier)
    else:
        raise Http404
    return render(request, "points/figure.html", context)


def _asked_unit(request, own: int | None) -> Unit | None:
    """A unit's people see their own whatever they ask, and nothing of another one."""
    asked = number_of(request.GET.get("unit"))
    if own is not None:
        if asked not in (None, own):
            raise Http404
        asked = own
    return get_object_or_404(Unit, pk=asked) if asked else None


def _entries(request, what: str, within: Range, unit: Unit | None, tier: str) -> dict[str, Any]:
    found = behind.entries(what, within, request.user, tier=tier, unit=unit.pk if unit else None)
    sums = found.aggregate(points=Sum("points"), n=figures.NET)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {
        "title": behind.ENTRIES[what][0],
        "page_obj": page,
        "is_points": what in behind.OF_POINTS,
        "sum_points": plain(sums["points"] or ZERO),
        "number": sums["n"],
        "readable": _readable(request.user, page),
    }
    if what == "points" and unit:
        context["score"] = scores(within.first, within.last).get(unit.pk)
    return context


def _readable(user, entries) -> set[int]:
    """Of the issues those that this person may open."""
    issues = {entry.issue_id for entry in entries if entry.issue_id}
    return set(Issue.objects.visible_to(user).filter(pk__in=issues).values_list("pk", flat=True)) if issues else set()


def _events(request, what: str, within: Range, unit: Unit | None, tier: str) -> dict[str, Any]:
    units = [unit.pk] if unit else None
    if tier:
        units = list(Unit.objects.filter(tier=tier).values_list("pk", flat=True))
    found = behind.events(what, within, units, reason=request.GET.get("reason"))
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return {"title": behind.EVENTS[what], "page_obj": page, "is_events": True, "number": page.paginator.count}
