"""What was read of a file as rows that people put right: out of the reading, in and out of a page's form, back into an issue.

A draft is JSON: the fields of the masthead, the lines of the 版记, the `source` lines of the whole file as (number, text),
`remarks` on them as (number or None, words, whether only for the record), and `rows`, each with its kind, its text, the unit
of a story and the numbers of the lines that it came from.
"""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..models import IssueKind
from .blocks import Block
from .evidence import SUBTITLE
from .importing import DIRECTIONS
from .masthead import Masthead
from .reading import PastIssue, name_units, take_blocks, typed_lines, without_numbers
from .text import NotAnIssue, ReadLine, joined, normal_characters, tidy

Draft = dict[str, Any]
KINDS = {
    "title": pgettext_lazy("kind of a row", "title"),
    "subtitle": pgettext_lazy("kind of a row", "subtitle"),
    "paragraph": pgettext_lazy("kind of a row", "paragraph"),
    "goes_on": gettext_lazy("goes on from above"),
    "note": pgettext_lazy("kind of a row", "editor's note"),
    "heading": gettext_lazy("heading of the briefs"),
    "brief": pgettext_lazy("kind of a row", "brief"),
    "left_out": gettext_lazy("left out"),
}
ROLES = {"briefs heading": "heading", "aside": "paragraph"}  # of blocks, where a row's kind has another name
WITH_UNIT = ("title", "brief")
MOST_ROWS = 400  # a page's form holds as many
LONGEST_ROW = 20_000
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
ROW = re.compile(r"kind-\d{1,4}\.(\d{1,5})-(\d{1,5})")  # the name of a row's field: its place and its lines


def draft_of(issue: PastIssue, units: Sequence[str], brief_units: Sequence[str]) -> Draft:
    """The units are full names, one for each article and each brief, empty where nobody knows. NotAnIssue when it is too long."""
    if len(issue.blocks) > MOST_ROWS:
        words = _(
            "%(name)s has %(count)s titles and paragraphs, an issue at most %(most)s. Check that it is the right file."
        )
        raise NotAnIssue(words % {"name": issue.source, "count": len(issue.blocks), "most": MOST_ROWS})
    head = issue.masthead
    titled = [unit for article, unit in zip(issue.articles, units, strict=True) if article.title]
    names = {"title": iter(titled), "brief": iter(brief_units)}
    return {
        "kind": IssueKind.SUPPLEMENT if head.kind == "supplement" else IssueKind.REGULAR,
        "number": head.number,
        "total_number": head.total_number,
        "dated_on": head.date.isoformat() if head.date else None,
        "name_lines": head.name_lines,
        "series_title": head.series_title,
        "publisher": head.publisher,
        "contents": issue.contents,
        "recipients": issue.recipients,
        "print_run": issue.print_run,
        "source": [(line.number, line.text) for line in issue.lines],
        "remarks": [(one.line, one.message, one.is_note) for one in issue.warnings],
        "rows": [_row(block, names) for block in without_numbers(issue.blocks)],
    }


def _row(block: Block, units: Mapping[str, Iterator[str]]) -> dict[str, Any]:
    kind = ROLES.get(block.role, block.role)
    text = "\n".join(tidy(line) for line in typed_lines(block.lines)) if kind == "title" else joined(block.lines)
    unit = next(units[kind]) if kind in units else ""
    return {"kind": kind, "text": text, "unit": unit, "first": block.lines[0].number, "last": block.lines[-1].number}


def rows_from(posted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a page's form in their order. Each line of a row becomes one of its kind; a title has several lines."""
    rows: list[dict[str, Any]] = []
    for name in posted:
        found = ROW.fullmatch(name)
        if not found or posted[name] not in KINDS:
            continue
        key, kind = name.removeprefix("kind-"), posted[name]
        lines = [line for each in posted.get(f"text-{key}", "")[:LONGEST_ROW].splitlines() if (line := _clean(each))]
        texts = ["\n".join(lines)] if kind == "title" else lines
        for at, text in enumerate(filter(None, texts)):
            unit = _clean(posted.get(f"unit-{key}", ""))[:100] if kind in WITH_UNIT and not at else ""
            first, last = (int(number) for number in found.groups()) if not at else (0, 0)
            rows.append({"kind": kind, "text": text, "unit": unit, "first": first, "last": last})
    return rows[:MOST_ROWS]


def _clean(text: str) -> str:
    return CONTROLS.sub("", normal_characters(text)).strip()


def issue_of(draft: Draft, name: str) -> PastIssue:
    """The issue as a person has put it right."""
    day = datetime.date.fromisoformat(draft["dated_on"]) if draft["dated_on"] else None
    head = Masthead(
        name_lines=draft["name_lines"],
        series_title=draft["series_title"],
        kind=draft["kind"],
        year=day.year if day else None,
        number=draft["number"],
        total_number=draft["total_number"],
        publisher=draft["publisher"],
        date=day,
    )
    issue = PastIssue(
        source=name,
        masthead=head,
        contents=draft["contents"],
        recipients=draft["recipients"],
        print_run=draft["print_run"],
    )
    rows = _joined_rows(draft["rows"])
    take_blocks(issue, [block for row in rows for block in _blocks(row)])
    name_units(issue)
    titled = [row for row in rows if row["kind"] == "title"]
    if issue.articles and len(issue.articles) == len(titled) + 1:  # what stands before the first title
        titled.insert(0, {"unit": ""})
    for article, row in zip(issue.articles, titled, strict=True):
        article.unit_said = row["unit"]
    issue.brief_units = [row["unit"] for row in rows if row["kind"] == "brief"]
    return issue


def _joined_rows(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for row in rows:
        if row["kind"] == "goes_on" and found:
            found[-1] = found[-1] | {"text": f"{found[-1]['text']}\n{row['text']}"}
        elif row["kind"] != "left_out":
            found.append(row)
    return found


def _blocks(row: dict[str, Any]) -> Iterator[Block]:
    """A title's line with a dash is its subtitle, and a subtitle has one, also where a person left it out."""
    role = {"heading": "briefs heading", "goes_on": "paragraph"}.get(row["kind"], row["kind"])
    lines = row["text"].splitlines()
    if role == "title":
        lines[0] = SUBTITLE.sub("", lines[0], count=1)
        dashed = next((at for at, line in enumerate(lines) if SUBTITLE.match(line)), len(lines))
        yield Block("title", [ReadLine(row["first"], line) for line in lines[:dashed]])
        lines, role = lines[dashed:], "subtitle"
    if role == "subtitle" and lines and not SUBTITLE.match(lines[0]):
        lines[0] = f"——{lines[0]}"
    if lines:
        yield Block(role, [ReadLine(row["first"], line) for line in lines])


def fault_of(draft: Draft) -> str:
    """What keeps it from being stored, whoever looks it over; empty when it is complete."""
    issue = issue_of(draft, "")
    if draft["number"] is None or not draft["dated_on"]:
        return _("The number or the date is missing.")
    if not issue.articles and not issue.briefs:
        return _("There is no article in it.")
    if any(not article.title for article in issue.articles):
        return _("There is text before the first title: give it a title, or leave it out.")
    if empty := next((article for article in issue.articles if not article.paragraphs), None):
        return _("There is no text below the title “%(title)s”.") % {"title": empty.title}
    return ""


def doubts_of(draft: Draft) -> int:
    return sum(not is_note for _line, _words, is_note in draft["remarks"])


def lines_of(draft: Draft, directions: Mapping[str, Sequence[str]]) -> None:
    """Put the recipients in, by the values of Direction."""
    draft["recipients"] = {key: list(directions[value]) for key, value in DIRECTIONS.items() if directions.get(value)}


def shown(draft: Draft) -> list[dict[str, Any]]:
    """The rows as a page shows them: with the name of their fields, their source lines and what is unsure of these."""
    source = dict(draft["source"])
    rows = []
    for at, row in enumerate(draft["rows"]):
        numbers = range(row["first"], row["last"] + 1) if row["first"] else range(0)
        rows.append(
            row
            | {
                "key": f"{at}.{row['first']}-{row['last']}",
                "source": [(number, source[number]) for number in numbers if number in source],
                "unsure": [words for line, words, is_note in draft["remarks"] if line in numbers and not is_note],
                "height": min(12, sum(1 + len(line) // 42 for line in row["text"].splitlines())),
            }
        )
    return rows


def whole(draft: Draft) -> list[tuple[str, bool]]:
    """What is said of the file as a whole: (words, whether only for the record)."""
    known = {number for row in draft["rows"] if row["first"] for number in range(row["first"], row["last"] + 1)}
    return [(words, is_note) for line, words, is_note in draft["remarks"] if line not in known]
