"""Where each story stands on the pages of a PDF, the hashes of its pages, and how much room the last one has left."""

import logging
import re
from dataclasses import dataclass
from typing import Any

from . import limits, reading
from .content import ArticleContent, IssueContent
from .page.presets import MM, PAGE_HEIGHT_MM, PRESETS, Preset, customised

HASH_WIDTH = 420  # pixels: any two characters differ in shades at this width, and hashing is cheap
THICK = 0.3 * MM  # the first and the last rule of the end matter; no other rule in black is as thick
LEAST = 8.0  # points: less of a page is nothing of a story
UNDER_BASELINE = 0.12  # of a character's em
SECONDS = 20  # that looking for the stories may take

logger = logging.getLogger(__name__)

Bookmarks = list[reading.Bookmark]


@dataclass(frozen=True)
class Measured:
    """`places` are {"article": id, "is_brief": bool, "areas": [[page, top, bottom], …]} in printed order, in points from
    the page's upper edge; `page_hashes` one for each page; `first_pages` the page on which each article begins."""

    page_hashes: list[str]
    places: list[dict[str, Any]]
    free_rows: int | None
    first_pages: list[int]


def measure(pdf: bytes, content: IssueContent) -> Measured:
    """The hashes of the pages, and where the stories stand. A fault in looking for them is logged: it costs the places,
    never the pages."""
    with reading.opened(pdf) as document:
        page_hashes = reading.page_hashes(document, HASH_WIDTH)
        try:
            with limits.limits(SECONDS):
                marks = reading.bookmarks(document)
                first_pages = [mark.page for mark in marks[: len(content.articles)]]
                return Measured(page_hashes, *_stories(document, content, marks), first_pages)
        except Exception:
            logger.exception("The places of the stories could not be measured")
            return Measured(page_hashes, [], None, [])


def _stories(document: reading.Document, content: IssueContent, marks: Bookmarks) -> tuple[list[dict[str, Any]], int]:
    """The places of the stories, and the rows left free on the last page."""
    preset = customised(PRESETS[content.layout], content.measures)
    pages = len(document)
    last = reading.read_page(document, pages)
    foot = _end_matter_top(last, preset)
    lowest = _lowest(last, preset, foot)
    places = _places(_starts(document, content, marks, preset), (pages, min(lowest, foot)), preset)
    return places, max(0, int((foot - lowest + 1) // preset.row_height))


# --- the last page -------------------------------------------------------------------------------------------------
def _edges(preset: Preset) -> tuple[float, float]:
    """The upper and lower edge of the type area."""
    return preset.top_mm * MM, (PAGE_HEIGHT_MM - preset.bottom_mm) * MM


def _end_matter_top(sheet: reading.Sheet, preset: Preset) -> float:
    """The upper rule of the end matter, or the lower edge of the type area."""
    rules = [
        sheet.height - rule.top
        for rule in sheet.rules
        if rule.top - rule.bottom > THICK and max(rule.color) < 60 and rule.right - rule.left > preset.measure - 4
    ]
    return min(rules, default=_edges(preset)[1])


def _lowest(sheet: reading.Sheet, preset: Preset, foot: float) -> float:
    """Where the text, the tables and the pictures above the end matter end, in whole rows of text."""
    under = (preset.row_height - preset.body_size) / 2
    lines = [sheet.height - c.baseline + c.size * UNDER_BASELINE + under for c in sheet.characters]
    pictures = [sheet.height - bottom for _left, bottom, _right, _top in sheet.pictures]
    return max((y for y in (*lines, *pictures) if y < foot + under), default=_edges(preset)[0])


# --- the stories ---------------------------------------------------------------------------------------------------
def _starts(
    document: reading.Document, content: IssueContent, marks: Bookmarks, preset: Preset
) -> list[tuple[ArticleContent, bool, int, float]]:
    """Story, whether it is a brief, page and height of its beginning. The place of a story without a title isn't known,
    since it has no bookmark, nor that of a brief without four Han in a row."""
    titled = [article for article in content.articles if article.title.strip()]
    starts = [(article, False, mark.page, mark.top) for article, mark in zip(titled, marks, strict=False)]
    if content.briefs and len(marks) > len(titled):
        section = marks[len(titled)]
        found = reading.find(document, [_opening(brief) for brief in content.briefs], section.page)
        found[0] = (section.page, section.top)  # with the heading over it
        over = (preset.row_height - preset.body_size) / 2
        starts += [(brief, True, at[0], at[1] - over) for brief, at in zip(content.briefs, found, strict=True) if at]
    return starts


def _opening(brief: ArticleContent) -> str:
    """The first words of a brief that no space and no other font can part; empty when there are none."""
    found = re.search(r"[\u4e00-\u9fff]{4,8}", re.sub(r"<[^>]*>", "", brief.body)[:60])
    return found[0] if found else ""


def _places(starts: list[Any], end: tuple[int, float], preset: Preset) -> list[dict[str, Any]]:
    """Each story goes on until the next one begins, the last one until the text ends."""
    ends = [(page, top) for _article, _is_brief, page, top in starts[1:]] + [end] if starts else []
    return [
        {"article": article.article_id, "is_brief": is_brief, "areas": _areas((page, top), until, preset)}
        for (article, is_brief, page, top), until in zip(starts, ends, strict=True)
    ]


def _areas(start: tuple[int, float], end: tuple[int, float], preset: Preset) -> list[list[float]]:
    upper, lower = _edges(preset)
    areas = []
    for page in range(start[0], end[0] + 1):
        top = start[1] if page == start[0] else upper
        bottom = end[1] if page == end[0] else lower
        if bottom - top > LEAST:
            areas.append([page, round(top, 1), round(bottom, 1)])
    return areas
