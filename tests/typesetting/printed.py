"""Makes contents to be set: the real issues out of their structure, and small ones of our own writing."""

import json
import os
import re
from datetime import date
from html import escape
from pathlib import Path

from typesetting.content import ArticleContent, IssueContent, PhotoContent

NAME_LINES = ("上海市邮政快递行业", "党建、文明创建工作简报")


def bulletins_folder():
    """Where the real issues lie, as in conftest.py."""
    return Path(os.environ.get("BULLETINS_DIR") or Path(__file__).resolve().parents[3] / "shared" / "bulletins")


def article(
    number=1, *, title="奉贤局走访驿站", subtitle="", paragraphs=("全文。",), body=None, photos=(), section="branch"
):
    html = "".join(f"<p>{escape(text, quote=False)}</p>" for text in paragraphs)
    return ArticleContent(number, title, subtitle, "", "", html if body is None else body, tuple(photos), section)


def photo(photo_id=1, caption="", width=1200, height=800, alternative="", after=None):
    return PhotoContent(photo_id, caption, width, height, "0" * 64, alternative, after)


def issue(*articles, **changes):
    values = {
        "name_lines": NAME_LINES,
        "publisher": "上海市邮政管理局党建办、文明办",
        "kind": "regular",
        "year": 2026,
        "number": 9,
        "total_number": 544,
        "dated_on": date(2026, 3, 27),
        "editor_note": "",
        "has_contents": False,
        "print_run": 60,
        "layout": "current",
        "articles": articles or (article(),),
        "briefs": (),
        "report_to": ("国家邮政局精神文明建设指导委员会",),
        "send_to": ("上海市文明办", "上海市快递行业协会"),
        "issue_to": (),
    }
    return IssueContent(**(values | changes))


def real_issue(folder, name):
    """The content of a real issue and, in reading order, every text that its page must show."""
    data = json.loads(next(folder.glob(f"{name}_*.json")).read_text(encoding="utf-8"))
    articles = tuple(
        article(
            number,
            title="\n".join(_title_lines(entry)),
            subtitle=entry["subtitle"] or "",
            paragraphs=entry["paragraphs"],
        )
        for number, entry in enumerate(data["articles"], 1)
    )
    briefs = tuple(
        article(100 + number, title="", paragraphs=[text], section="brief")
        for number, text in enumerate(data["briefs"])
    )
    content = issue(
        *articles,
        briefs=briefs,
        publisher=data["publisher"] or "",
        year=data["year"],
        number=data["number"],
        total_number=data["total_number"],
        dated_on=date.fromisoformat(data["date"]) if data["date"] else None,
        print_run=0,
        report_to=tuple(data["recipients"]["报"]),
        send_to=tuple(data["recipients"]["送"]),
    )
    return content, list(_texts(data))


def _title_lines(entry):
    given = entry.get("title_lines") or [entry["title"]]
    return [line for line in given if not line.startswith("——")]


def _texts(data):
    yield from data["masthead"]
    for entry in data["articles"]:
        yield entry["title"]
        if entry["subtitle"]:
            yield "——" + entry["subtitle"]
        yield from entry["paragraphs"]
    if data["briefs"]:
        yield data["briefs_heading"]
        yield from (f"{number}.{text}" for number, text in enumerate(data["briefs"], 1))
    yield "报：" + "".join(data["recipients"]["报"])
    yield "送：" + "，".join(data["recipients"]["送"])


def squeezed(text):
    """Without white space."""
    return re.sub(r"\s", "", text)
