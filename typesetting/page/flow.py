"""Where photos stand: behind the text of their article or the paragraph of the writer's choice, and elsewhere in it where they
would leave the foot of a page empty.

Everything on the page takes whole rows, so that what fits can be counted beforehand; the pages themselves are WeasyPrint's.
"""

from dataclasses import replace
from math import ceil
from typing import Any

from . import tables
from .body import HEADING, SUBHEADING
from .parts import BEGINS, KEPT, Story, Text
from .pictures import Pictures
from .presets import Preset

LEAST_UNDER_TITLE = 2  # lines of a story at the foot of a page
HEADINGS = (HEADING, SUBHEADING)  # what stays with what follows

LEAST_LAST = 3  # lines on the last page
LEAST_LEFT = 5  # rows of text on a page whose last ones the end matter takes to the next


def settle(stories: list[Story], first_row: float, preset: Preset) -> float:
    """Move the photos of each article so far up between its paragraphs that they stand on the page where they come.

    A photo moves only where it doesn't fit on its page, past as little text as can be, and never out of its article, to
    its head, under a heading or right above a table. One that the writer put behind a paragraph lets the text behind it
    go first, as far as that helps. `first_row` is the first free one of page 1; returned is the row behind the last
    block, counted over all pages.
    """
    row = first_row
    for story in stories:
        while story.is_article and (move := _move(story, row, preset)):
            source, target = move
            story.blocks.insert(target, story.blocks.pop(source))
        row = _rows(story, row, preset)[-1]
    return row


def settle_tables(stories: list[Story], first_row: float, preset: Preset) -> None:
    """Give each table the air that makes whole rows of it, once all text above it is fitted."""
    row = first_row
    for story in stories:
        *starts, row = _rows(story, row, preset)
        for at, block in enumerate(story.blocks):
            if isinstance(block, tables.Grid):
                story.blocks[at] = tables.settle(block, starts[at], preset)[0]


def rows_with_end(stories: list[Story], preset: Preset) -> int:
    """How many rows at the end of the text stay with the end matter: its last line, or the last photo."""
    last = stories[-1].blocks[-1:] if stories else []
    return picture_rows(last[0], preset) if last and isinstance(last[0], Pictures) else 1


def stands_with(height: float, rows: float, preset: Preset) -> bool:
    """Whether an end matter of this height stands on one page with so many rows of text."""
    return height <= (preset.rows - rows) * preset.row_height


def ends_well(height: float, row: float, with_it: int, preset: Preset) -> bool:
    """Whether the end matter fits under the text that ends on `row`, or leaves enough on the page that it doesn't fit on."""
    used = row % preset.rows or min(row, preset.rows)
    return stands_with(height, used, preset) or used - max(with_it, LEAST_LAST) >= LEAST_LEFT


def _move(story: Story, row: float, preset: Preset) -> tuple[int, int] | None:
    """From where to where a photo should move: the first one that falls on the next page and fits somewhere before."""
    starts = _rows(story, row, preset)
    for at, block in enumerate(story.blocks):
        if not isinstance(block, Pictures) or _fits(block, starts[at], preset):
            continue
        if block.is_placed and (later := _later(story, at, row, preset)):
            return at, later
        for place in range(at - 1, 0, -1):
            before, after = story.blocks[place - 1], story.blocks[place]
            if isinstance(after, Pictures):
                break  # photos keep their order
            if _is_heading(before) or isinstance(after, tables.Grid):
                continue
            if _fits(block, starts[place], preset):
                return at, place
    return None


def _later(story: Story, at: int, row: float, preset: Preset) -> int | None:
    """Where the photo fits behind the text that follows it, before the next photo."""
    block = story.blocks[at]
    for place in range(at + 1, len(story.blocks)):
        before, after = story.blocks[place], story.blocks[place + 1 : place + 2]
        if isinstance(before, Pictures):
            return None  # photos keep their order
        if _is_heading(before) or (after and isinstance(after[0], tables.Grid)):
            continue
        blocks = [*story.blocks[:at], *story.blocks[at + 1 : place + 1], block, *story.blocks[place + 1 :]]
        if _fits(block, _rows(replace(story, blocks=blocks), row, preset)[place], preset):
            return place
    return None


def _is_heading(block: Any) -> bool:
    return isinstance(block, Text) and block.kind.split()[0] in HEADINGS


def is_paragraph(block: Any) -> bool:
    return isinstance(block, Text) and not _is_heading(block)


def is_kept(block: Any) -> bool:
    """Whether it never stands at a page's foot without what follows."""
    return _is_heading(block) or (isinstance(block, Text) and KEPT in block.kind.split())


def _fits(block: Pictures, row: float, preset: Preset) -> bool:
    """Whether it stands on the page that the row is on; at the head of a page everything does."""
    return row % preset.rows == 0 or row % preset.rows + picture_rows(block, preset) <= preset.rows


def picture_rows(block: Pictures, preset: Preset) -> int:
    return round(block.height / preset.row_height)


def _rows(story: Story, row: float, preset: Preset) -> list[float]:
    """The row, counted over all pages, that each block would begin on if it may be parted, and the one after the last."""
    row = _after_head(story, row, preset)
    rows = []
    for at, block in enumerate(story.blocks):
        row = _begun(block, row, preset)
        rows.append(row)
        if isinstance(block, Pictures):
            row = kept_whole(row, picture_rows(block, preset), preset)
        elif isinstance(block, tables.Grid):
            row = tables.settle(block, row, preset)[1]
        elif is_kept(block):
            least = rows_under(story, at, preset)
            row = kept_whole(row, block.rows + least, preset) - least
        else:
            row += block.rows
    return [*rows, row]


def _begun(block: Any, row: float, preset: Preset) -> float:
    """The row, or the first of the next page where the block begins one."""
    begins = isinstance(block, Text) and BEGINS in block.kind.split()
    return ceil(row / preset.rows) * preset.rows if begins else row


def rows_under(story: Story, at: int, preset: Preset) -> int:
    """The rows that stay with a heading: those of the line, or the part of a table, that follows."""
    following = story.blocks[at + 1] if at + 1 < len(story.blocks) else None
    if isinstance(following, Pictures):
        return picture_rows(following, preset)
    return tables.first_rows(following, preset) if isinstance(following, tables.Grid) else 1


def _after_head(story: Story, row: float, preset: Preset) -> float:
    """Title and subtitle stay with the lines that must stand under them."""
    row = _begun(story.title, row, preset)
    used = row % preset.rows
    rows = head_rows(story, is_first=not used)
    if not rows or not used or rows + least_under(story, preset) <= preset.rows - used:
        return row + rows
    return row - used + preset.rows + head_rows(story, is_first=True)


def head_rows(story: Story, *, is_first: bool) -> float:
    """Title and subtitle with a row of air; a section has it over its heading, but not where it begins a page."""
    rows = sum(part.rows for part in (story.title, story.subtitle) if part)
    return rows + (1 if rows and (story.is_article or not is_first) else 0)


def least_under(story: Story, preset: Preset) -> float:
    """The rows that must stand under the head of a story at the foot of a page."""
    first = story.blocks[0] if story.blocks else None
    if isinstance(first, Pictures):
        return picture_rows(first, preset)
    if isinstance(first, tables.Grid):
        return tables.first_rows(first, preset)
    has_more = len(story.blocks) > 1 or (first is not None and first.rows > 1)
    return LEAST_UNDER_TITLE if has_more and not preset.printed else 1


def kept_whole(row: float, rows: float, preset: Preset) -> float:
    """The row after something that is not parted: at the head of the next page when it doesn't fit on this one."""
    free = preset.rows - row % preset.rows
    return row + rows if rows <= free else row + free + rows


def first_row(masthead_rows: float, contents: list[tuple[str, Text]], note: list[Text], preset: Preset) -> float:
    """The row under the masthead, the contents (their heading takes three) and the editor's note (one of air)."""
    row = masthead_rows
    if contents:
        row += 3 + sum(text.rows for _anchor, text in contents)
    if note:
        row = kept_whole(row, 2, preset) - 1 + sum(text.rows for text in note)  # its air stays with its first line
    return row
