"""What a person should look at in a past issue that was read: what is missing, what could be something else, what is odd."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from issues.past import evidence
from issues.past.blocks import Block, Doubt
from issues.past.text import compact, joined
from typesetting.lines.sentences import ends_sentence

if TYPE_CHECKING:
    from issues.past.reading import PastIssue


LONGEST_HEADING = 26


@dataclass(frozen=True)
class Warned:
    """What a person should look at, with the line in the file (None: the whole file)."""

    line: int | None
    message: str
    is_note: bool = False  # said for the record; nothing to decide


def missing_parts(issue: "PastIssue") -> list[Warned]:
    head = issue.masthead
    warned = []
    if head.number is None:
        warned.append(_("The file has no issue number (第N期)."))
    if head.date is None:
        warned.append(_("The file has no date of issue."))
    if head.impossible_date:
        warned.append(_("The date %(date)s does not exist.") % {"date": head.impossible_date})
    if head.date and head.year and head.date.year != head.year:
        warned.append(_("The number is of %(year)s, the date of another year.") % {"year": head.year})
    if not issue.recipients.get("报") and not issue.recipients.get("送"):
        warned.append(_("The file has no 报/送 lists."))
    listed = [compact(entry) for entry in issue.contents]
    titles = [compact(article.title) for article in issue.articles]
    if listed and not all(any(one in title or title in one for one in listed) for title in titles if title):
        warned.append(_("The list of contents and the titles of the articles differ."))
    whole = [Warned(None, message) for message in warned]
    untitled = [article for article in issue.articles if not article.title]
    whole += [Warned(article.line, _("This text stands before the first title.")) for article in untitled]
    return whole


def doubt_message(doubt: Doubt) -> str:
    names = {
        "title": _("a title"),
        "subtitle": _("a subtitle"),
        "paragraph": _("the beginning of a paragraph"),
        "paragraph 2": _("the continuation of a paragraph"),
        "briefs heading": _("the heading of the briefs"),
        "brief": _("the beginning of a brief"),
        "brief 2": _("the continuation of a brief"),
        "note": _("the beginning of an editor's note"),
        "note 2": _("the continuation of an editor's note"),
    }
    return _("“%(text)s” was taken as %(role)s; it could be %(instead)s.") % {
        "text": shortened(doubt.line.text),
        "role": names[doubt.role],
        "instead": names[doubt.instead],
    }


def shortened(text: str) -> str:
    return text if len(text) <= 16 else f"{text[:15]}…"


def odd_paragraphs(blocks: Sequence[Block]) -> list[Warned]:
    """Spaces that are not the extraction's, captions, and paragraphs that break off."""
    warned = []
    for block in blocks:
        if block.role not in ("paragraph", "brief", "note", "aside"):
            continue
        text, line = joined(block.lines), block.lines[0].number
        is_named = evidence.CREDIT.match(text) or (evidence.HEADING.match(text) and len(text) < LONGEST_HEADING)
        if not is_named and (space := re.search(r"[^\sA-Za-z]{1,6}\s+[^\s]{1,6}", text)):
            warned.append(Warned(line, _("A space inside the text was kept: “%(text)s”.") % {"text": space[0]}))
        if evidence.CAPTION.match(text):
            warned.append(Warned(line, _("This looks like the caption of a photo."), is_note=True))
        elif block.role != "aside" and not is_named and not ends_sentence(text) and not re.search("[：:；;]$", text):
            warned.append(Warned(block.lines[-1].number, _("This paragraph ends without a full stop.")))
    return warned
