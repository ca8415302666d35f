"""Where the lines of a paragraph end: the greedy choice of the printed issues, and the better one for new issues."""

import re
from collections.abc import Iterator, Mapping
from heapq import heappop, heappush
from typing import NamedTuple

from . import classes
from .classes import SPACE
from .paragraph import HALF, ROUNDING, Paragraph

WINDOW = 4.0  # em: how far back from the fullest line another break is thought of
PULL_IN = 64  # characters: how far ahead a place to pull in to is looked for
FAULT, SHORT_LAST_LINE, BROKEN_DATE = 40.0, 60.0, 1.0


class Limits(NamedTuple):
    """In em of a line: what it shrinks by at most, and what it is spread by if that can't be avoided."""

    shrink: float
    spread: float


USUAL = Limits(HALF, 0.9)
FITTED = Limits(1.0, 1.2)  # where a paragraph gains or loses a line

# A number stays with the unit behind it (3.8万组, 46场), the parts of a date together.
_NUMBER_AND_UNIT = re.compile(r"[0-9](?=[\u4e00-\u9fff])")
_DATE_PARTS = re.compile(r"[年月](?=[0-9]{1,2}[月日])")


def printed_ends(paragraph: Paragraph, measure: float, indent: float) -> list[int]:
    """Rule 8: fill the line while the shrink is at most half an em and within capacity; from an illegal break pull in to
    the next legal place when capacity allows, else push out to the last legal one."""
    ends, start, length = [], 0, measure - indent
    while start < len(paragraph.text):
        end = _fullest(paragraph, start, length, HALF + ROUNDING)
        start = _corrected(paragraph, start, end, length)
        ends.append(start)
        length = measure
    return ends or [0]


def _fullest(paragraph: Paragraph, start: int, measure: float, limit: float) -> int:
    end = paragraph.cluster_end(start)
    while end < len(paragraph.text):
        following = paragraph.cluster_end(end)
        over, give = paragraph.need(start, following, measure)
        if over > ROUNDING and over > min(limit, give + ROUNDING):
            break
        end = following
    return end


def _corrected(paragraph: Paragraph, start: int, end: int, measure: float) -> int:
    if paragraph.legal[end]:
        return end
    following = _next_legal(paragraph, end)
    over, give = paragraph.need(start, following, measure)
    if over <= give + ROUNDING:
        return following
    return _last_legal(paragraph, start, end) or end


def _next_legal(paragraph: Paragraph, end: int) -> int:
    """The next legal break from here on, or what is surely too far."""
    return next(
        (i for i in range(end, min(end + PULL_IN, len(paragraph.text))) if paragraph.legal[i]),
        min(end + PULL_IN, len(paragraph.text)),
    )


def _last_legal(paragraph: Paragraph, start: int, end: int) -> int:
    """The last legal break between the two, or 0."""
    return next((i for i in range(end - 1, start, -1) if paragraph.legal[i]), 0)


def best_ends(paragraph: Paragraph, measure: float, indent: float) -> list[int]:
    """The breaks whose lines, weighed together, are set best: little shrink and spread, no line spread by 0.9 em where it
    can be avoided, no last line of one Han, numbers with their units."""
    size = len(paragraph.text)
    costs = _break_costs(paragraph)
    best: dict[int, tuple[float, int]] = {0: (0.0, 0)}
    waiting = [0]
    while (start := heappop(waiting)) < size:
        length = measure - (0 if start else indent)
        for end, cost in _choices(paragraph, start, length):
            total = best[start][0] + cost + costs.get(end, 0.0)
            if end not in best:
                heappush(waiting, end)
                best[end] = (total, start)
            elif total < best[end][0] - ROUNDING:
                best[end] = (total, start)
    ends = [size]
    while best[ends[-1]][1]:
        ends.append(best[ends[-1]][1])
    return ends[::-1]


def ends_by_rows(paragraph: Paragraph, measure: float, indent: float) -> dict[int, tuple[float, list[int]]]:
    """For each number of lines that the paragraph can be set in: what the best breaks cost, and the breaks."""
    size = len(paragraph.text)
    costs = _break_costs(paragraph)
    best: dict[int, dict[int, tuple[float, int]]] = {0: {0: (0.0, 0)}}
    waiting = [0]
    while (start := heappop(waiting)) < size:
        for end, cost in _choices(paragraph, start, measure - (0 if start else indent), FITTED):
            if end not in best:
                heappush(waiting, end)
                best[end] = {}
            here = best[end]
            for rows, (before, _start) in best[start].items():
                total = before + cost + costs.get(end, 0.0)
                if rows + 1 not in here or total < here[rows + 1][0] - ROUNDING:
                    here[rows + 1] = (total, start)
    return {rows: (cost, _ends_back(best, size, rows)) for rows, (cost, _start) in best[size].items()}


def _ends_back(best: Mapping[int, Mapping[int, tuple[float, int]]], end: int, rows: int) -> list[int]:
    ends = []
    while rows:
        ends.append(end)
        end, rows = best[end][rows][1], rows - 1
    return ends[::-1]


def _choices(paragraph: Paragraph, start: int, measure: float, limits: Limits = USUAL) -> Iterator[tuple[int, float]]:
    """The ends a line may have, with the cost of each; where no legal end fits, the one that must do."""
    size = len(paragraph.text)
    full = _fullest(paragraph, start, measure, limits.shrink - ROUNDING)
    if full == size:
        over, _ = paragraph.need(start, size, measure)
        yield size, _shrink_cost(paragraph, size, over) + _last_line_cost(paragraph, start)
    else:
        following = _next_legal(paragraph, full + 1)
        over, give = paragraph.need(start, following, measure)
        if over <= give + ROUNDING and (following == size or not paragraph.legal[full]):
            last = _last_line_cost(paragraph, start) if following == size else 0.0
            yield following, _shrink_cost(paragraph, following, over) + last
    found, end = full < size and paragraph.legal[full], full
    if found:
        yield full, _line_cost(paragraph, start, full, measure, limits)
    while end := _last_legal(paragraph, start, end):
        over, _ = paragraph.need(start, end, measure)
        if -over > WINDOW and found:
            return
        found = True
        yield end, _line_cost(paragraph, start, end, measure, limits)
    if not found and full < size:
        yield full, FAULT


def _line_cost(paragraph: Paragraph, start: int, end: int, measure: float, limits: Limits) -> float:
    over, _ = paragraph.need(start, end, measure)
    if over > 0:
        return _shrink_cost(paragraph, end, over)
    if end in paragraph.url_breaks:
        return -over  # set unspread, so that it is only short
    return (over / HALF) ** 2 + (FAULT if -over >= limits.spread - ROUNDING else 0.0)


def _shrink_cost(paragraph: Paragraph, end: int, over: float) -> float:
    """The half of a mark at the line's end costs nothing (GB/T 15834-2011 5.1.10)."""
    if paragraph.text[end - 1] in classes.MARKS:
        over -= paragraph.blanks[end - 1]
    return (max(over, 0.0) / HALF) ** 2


def _last_line_cost(paragraph: Paragraph, start: int) -> float:
    """A last line of one Han (marks aside) is a fault, unless it is the whole paragraph."""
    if not start:
        return 0.0
    letters = sum(1 for i in range(start, len(paragraph.text)) if paragraph.kinds[i] not in (classes.MARK, SPACE))
    return SHORT_LAST_LINE if letters < 2 else 0.0


def _break_costs(paragraph: Paragraph) -> dict[int, float]:
    found = (*_NUMBER_AND_UNIT.finditer(paragraph.text), *_DATE_PARTS.finditer(paragraph.text))
    return {match.end(): BROKEN_DATE for match in found}
