"""Copy-fitting: paragraphs gain or lose a line, or a page ends earlier, where a page would otherwise end badly.

As setters by hand do: a title has two lines under it at the foot of a page, the last page carries three lines above the end
matter, and where that is cheap no page begins with the last line of a paragraph. All ways to set the paragraphs in a line
more or less are weighed together, row by row over all pages.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from math import ceil
from typing import Any, NamedTuple

from . import flow, parts, tables
from .flow import LEAST_LAST
from .parts import Story, Text
from .pictures import Pictures
from .presets import Preset

MOST_CARRIED = 6  # lines that are taken to the last page so that it has as many
DEAREST = 40.0  # what a line more or less may cost: beyond it the paragraph looks spread or crammed
CHANGE = 1.0  # what it costs besides, so that nothing is changed for nothing
BAD, PAGE = 1000.0, 100.0  # a last page too short; another page
EMPTY_ROW, EMPTY_OVER_TITLE = 8.0, 4.0  # a row left free in the text; one over a title that begins the next page
WIDOW, LAST_OF_STORY = 6.0, 25.0  # a page that begins with the last line of a paragraph, of a story
MOST_WAYS = 24  # that are followed; the cheapest
MOST_FREE = 6  # rows that may be left free so that a title begins a page without need


class _Way(NamedTuple):
    """How the text may be set up to a row, as a chain of choices: (the chain before, place, choice)."""

    cost: float
    chain: tuple[Any, ...] | None = None


class _Step(NamedTuple):
    row: float
    cost: float = 0.0
    choice: int | str | None = None


Ways = dict[float, _Way]
BREAK, CARRY = "break", "carry"


def fit(stories: list[Story], first_row: float, height: float, preset: Preset) -> None:
    """Set the paragraphs anew that gain or lose a line, and mark what begins a page. `first_row` is the first free one of
    page 1, `height` that of the end matter in points. Pages of as-printed layouts stay as they are."""
    if preset.printed or not stories:
        return
    for is_changing in (False, True):
        cost, chain = min(_all_ways(stories, first_row, height, preset, is_changing))
        if cost <= 0:
            break
    _apply(stories, chain, preset)


def _all_ways(
    stories: list[Story], first_row: float, height: float, preset: Preset, is_changing: bool
) -> Iterator[tuple[float, tuple[Any, ...]]]:
    """Each way to set all stories: its cost and its choices in order."""
    ways: Ways = {first_row: _Way(0.0)}
    for number, story in enumerate(stories):
        ways = _after(ways, (number, None), partial(_head_steps, story, preset=preset))
        for at, block in enumerate(story.blocks):
            is_end = at + 1 == len(story.blocks)
            is_very_end = is_end and number + 1 == len(stories)
            widow = 0.0 if is_very_end else LAST_OF_STORY if is_end else WIDOW

            under = flow.rows_under(story, at, preset)

            def steps(row: float, block: Any = block, widow: float = widow, under: int = under) -> Iterator[_Step]:
                return _block_steps(block, row, preset, widow, under, is_changing)

            ways = _after(ways, (number, at), steps)
    least = ceil(min(ways) / preset.rows)
    for row, way in ways.items():
        for step in _end_steps(stories[-1], row, height, preset):
            chain = way.chain if step.choice is None else (way.chain, None, step.choice)
            yield way.cost + step.cost + PAGE * (ceil(step.row / preset.rows) - least), _in_order(chain)


def _after(ways: Ways, place: tuple[int, int | None], steps: Callable[[float], Iterator[_Step]]) -> Ways:
    found: Ways = {}
    for row, way in ways.items():
        for step in steps(row):
            cost = way.cost + step.cost
            if step.row not in found or cost < found[step.row].cost:
                chain = way.chain if step.choice is None else (way.chain, place, step.choice)
                found[step.row] = _Way(cost, chain)
    if len(found) > MOST_WAYS:
        cheapest = sorted(found, key=lambda row: (found[row].cost, row))[:MOST_WAYS]
        found = {row: found[row] for row in cheapest}
    return found


def _in_order(chain: tuple[Any, ...] | None) -> tuple[Any, ...]:
    choices = []
    while chain:
        chain, place, choice = chain
        choices.append((place or (), choice))
    return tuple(choices[::-1])


def _head_steps(story: Story, row: float, preset: Preset) -> Iterator[_Step]:
    """A title stays where it is with what must stand under it, or begins the next page."""
    used = row % preset.rows
    free = preset.rows - used if used else 0
    rows = flow.head_rows(story, is_first=not used)
    fits = not used or not rows or rows + flow.least_under(story, preset) <= free
    if fits:
        yield _Step(row + rows)
    if rows and used and (not fits or free <= MOST_FREE):
        cost = EMPTY_OVER_TITLE * free
        yield _Step(row + free + flow.head_rows(story, is_first=True), cost, BREAK)


def _block_steps(
    block: Any, row: float, preset: Preset, widow: float, under: int, is_changing: bool
) -> Iterator[_Step]:
    if isinstance(block, tables.Grid):
        yield _Step(tables.settle(block, row, preset)[1])
    elif isinstance(block, Pictures):
        high = flow.picture_rows(block, preset)
        after = flow.kept_whole(row, high, preset)
        yield _Step(after, EMPTY_ROW * (after - row - high))
    elif flow.is_kept(block):
        after = flow.kept_whole(row, block.rows + under, preset) - under
        yield _Step(after, EMPTY_ROW * (after - row - block.rows))
    else:
        for rows, cost, choice in _row_counts(block, preset, is_changing):
            is_widow = rows > 1 and (row + rows) % preset.rows == 1
            yield _Step(row + rows, cost + (widow if is_widow else 0), choice)


def _row_counts(block: Text, preset: Preset, is_changing: bool) -> Iterator[tuple[float, float, int | None]]:
    """The numbers of lines that a paragraph may have, with what each costs."""
    yield block.rows, 0.0, None
    if is_changing:
        for rows, cost in sorted(parts.costs_by_rows(block, preset).items()):
            if abs(rows - block.rows) == 1 and cost <= DEAREST:
                yield rows, cost + CHANGE, rows


def _end_steps(story: Story, row: float, height: float, preset: Preset) -> Iterator[_Step]:
    """The last page as the text fills it, or with some lines taken over to it from the page before."""
    used = row % preset.rows or min(row, preset.rows)
    fits = flow.stands_with(height, used, preset)
    if not story.blocks or not flow.is_paragraph(story.blocks[-1]):
        yield _Step(row)
    elif fits:
        missing = LEAST_LAST - used if row > preset.rows else 0
        yield _Step(row, BAD * max(missing, 0))
        if missing > 0:
            yield _Step(row, EMPTY_ROW * missing, CARRY)
    else:
        page_after = row - used + preset.rows + 1
        yield _Step(page_after, BAD * (LEAST_LAST - 1))
        yield _Step(page_after, EMPTY_ROW, CARRY)


# --- what was chosen -----------------------------------------------------------------------------------------------
def _apply(stories: list[Story], chain: tuple[Any, ...], preset: Preset) -> None:
    for place, choice in chain:
        if choice == CARRY:
            _carry(stories[-1])
        elif choice == BREAK:
            story = stories[place[0]]
            story.title = _beginning(story.title)
        else:
            blocks = stories[place[0]].blocks
            blocks[place[1]] = parts.in_rows(blocks[place[1]], choice, preset)


def _beginning(text: Text) -> Text:
    return replace(text, kind=f"{text.kind} {parts.BEGINS}")


def _carry(story: Story) -> None:
    """Begin the last page three lines before the end, or a few more where that reads better."""
    places = [place for lines in range(LEAST_LAST, MOST_CARRIED) if (place := _place_before(story, lines))]
    if not places:
        return
    at, line = min(places, key=lambda place: place[2])[:2]
    block = story.blocks[at]
    if not line:
        story.blocks[at] = _beginning(block)
        return
    lines = block.html.split("\n")
    story.blocks[at : at + 1] = [
        replace(block, html="\n".join(lines[:line]), rows=line),
        replace(
            block, html="\n".join(lines[line:]), rows=len(lines) - line, kind=f"{block.kind} continued {parts.BEGINS}"
        ),
    ]


def _place_before(story: Story, lines: int) -> tuple[int, int, float] | None:
    """The block and the line in it so many lines before the end, and how badly a page begins there; None where it can't."""
    at, left = len(story.blocks), lines
    while left > 0:
        at -= 1
        if at < 0 or not isinstance(story.blocks[at], Text):
            return None
        left -= story.blocks[at].rows
    line = int(-left)
    over = sum(block.rows if isinstance(block, Text) else LEAST_LAST for block in story.blocks[:at]) + line
    if over < flow.LEAST_UNDER_TITLE or (not line and flow.is_kept(story.blocks[at - 1])):
        return None
    is_widow = line and story.blocks[at].rows - line == 1
    return at, line, lines + (WIDOW if is_widow else 0)
