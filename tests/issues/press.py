"""Prints an issue's parts the way the office did, and extracts the text as its PDFs gave it.

What a real extract may look like is one `Extract`; `printed(parts, extract, chance)` makes the text.
`parts` has the form of `PastIssue.as_dict()`.
"""

import random
import re
from dataclasses import dataclass

from typesetting.lines import widths

ROWS = 22


@dataclass(frozen=True)
class Extract:
    kind: str = "lines"  # or "paragraphs": one to a line, cut where the page ended
    measure: int = 26
    blank_between: int = 1  # blank lines between printed lines
    paragraph_marks: bool = True  # a space at the end of each paragraph
    blank_round_titles: bool = True
    fill_pages: bool = True  # blank lines before a title that would stand at a page's foot
    page_marks: str = "space"  # what shows a new page: "space", "number", "feed", "bare number", "none"
    gap_spaces: bool = True  # `11 月 9 日`
    indent: str = ""  # before a paragraph's first line
    masthead: tuple[str, ...] = ()
    contents: bool = False
    briefs_heading: str = "简讯："
    brief_number: str = "{}."
    newline: str = "\n"


@dataclass(frozen=True)
class Row:
    text: str
    ends: bool  # its paragraph
    role: str  # of the block it belongs to
    first: bool


def printed(parts: dict, extract: Extract, chance: random.Random) -> str:
    rows: list[Row | None] = [*rows_of(parts, extract, chance)]
    pages = pages_of(rows, extract)
    lines: list[str] = []
    for number, page in enumerate(pages, 1):
        lines += extracted(page, number, extract, chance, continues=number > 1)
    return extract.newline.join(lines) + extract.newline


def rows_of(parts: dict, extract: Extract, chance: random.Random):
    for line in extract.masthead:
        yield Row(line, True, "masthead", True)
    if extract.contents:
        yield Row("目  录", True, "contents", True)
        for number, article in enumerate(parts["articles"], 1):
            yield Row(f"{article['title']}……………{number}", True, "contents", True)
    for article in parts["articles"]:
        yield from block_rows(article["title_lines"], "title")
        for paragraph in article["paragraphs"]:
            yield from paragraph_rows(paragraph, extract, chance)
    if parts["briefs"]:
        yield from block_rows([extract.briefs_heading], "title")
        for number, brief in enumerate(parts["briefs"], 1):
            yield from paragraph_rows(extract.brief_number.format(number) + brief, extract, chance)
    yield from recipient_rows(parts["recipients"])


def block_rows(lines, role):
    for at, line in enumerate(lines):
        yield Row(line, True, role, at == 0)


def paragraph_rows(text: str, extract: Extract, chance: random.Random):
    measure = extract.measure
    ends = [0, *sorted(widths.line_ends(text, measure - 2, measure)), len(text)]
    for start, end in zip(ends, ends[1:], strict=False):
        line = with_gap_spaces(text[start:end], chance) if extract.gap_spaces else text[start:end]
        yield Row(line, end == len(text), "paragraph", start == 0)


def with_gap_spaces(text: str, chance: random.Random) -> str:
    """A space (mostly on both sides) between Chinese and digits."""
    text = re.sub("(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])", lambda _m: " " if chance.random() < 0.9 else "", text)
    return re.sub("(?<=[0-9A-Za-z])(?=[\u4e00-\u9fff])", lambda _m: " " if chance.random() < 0.9 else "", text)


def recipient_rows(recipients: dict):
    for direction, names in recipients.items():
        if direction == "报":
            for at, name in enumerate(names):
                yield Row("报：" * (at == 0) + name, True, "foot", True)
        else:
            text = f"{direction}：" + "，".join(names)
            ends = [0, *sorted(widths.line_ends(text, 26, 24)), len(text)]
            for start, end in zip(ends, ends[1:], strict=False):
                yield Row(text[start:end], end == len(text), "foot", start == 0)


def pages_of(rows, extract: Extract) -> list[list[Row | None]]:
    """None is an empty row. A title stands off its neighbours; it may fall apart at a page's foot."""
    pages: list[list[Row | None]] = [[]]

    def put(row):
        if len(pages[-1]) == ROWS:
            pages.append([])
        if row is not None or pages[-1]:
            pages[-1].append(row)

    before: Row | None = None
    for row in rows:
        apart = extract.blank_round_titles and before and before.role != row.role and "title" in (before.role, row.role)
        if row.role == "title" and row.first and extract.fill_pages and len(pages[-1]) >= ROWS - 2:
            while len(pages[-1]) < ROWS:
                put(None)
        elif apart:
            put(None)
        put(row)
        before = row
    return pages


def extracted(page, number: int, extract: Extract, chance: random.Random, *, continues: bool) -> list[str]:
    lines: list[str] = []
    if extract.kind == "paragraphs":
        page = merged(page)
    for at, row in enumerate(page):
        if row is None:
            lines += [""] * extract.blank_between + [" " * extract.paragraph_marks]
            continue
        text = row.text
        if row.first and row.role == "paragraph":
            text = extract.indent + text
        if row.ends and extract.paragraph_marks:
            text += " "
        opens = at == 0 and continues
        if opens and extract.page_marks == "space":
            lines.append(" " + text)
            continue
        if opens and extract.page_marks == "feed":
            text = "\f" + text
        if lines or opens:
            lines += [""] * extract.blank_between
        lines.append(text)
    if extract.page_marks == "number":
        lines += [""] * extract.blank_between + [chance.choice(["— {} —", "- {} -", "－{}－", "第{}页"]).format(number)]
    elif extract.page_marks == "bare number":
        lines += [""] * extract.blank_between + [str(number)]
    return lines


def merged(page):
    """A page's rows as one line per paragraph, or what the page holds of it."""
    result: list[Row | None] = []
    open_row: Row | None = None
    for row in page:
        if row is None or row.role == "masthead" or row.role == "contents":
            result.append(row)
            continue
        if open_row is not None:
            space = " " if re.search("[A-Za-z]$", open_row.text) and re.match("[A-Za-z]", row.text) else ""
            open_row = Row(open_row.text + space + row.text, row.ends, row.role, open_row.first)
            result[-1] = open_row
        else:
            open_row = row
            result.append(row)
        if row.ends:
            open_row = None
    return result
