"""Family 4: documents and their short names, by the table and inside each story."""

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz.distance import Levenshtein

from ..passages import ERROR, QUERY, WARNING, Mark, Rule, Story, Whole

FAMILY = "names"
DOCUMENT = (
    "若干措施|工作要点|办法|意见|方案|规定|条例|通知|规划|计划|纲要|要点|措施|细则|准则|标准|规范|决定|公告|指南|协议|备忘录|"
    "章程|制度|决议|通报|报告|倡议书|承诺书|告知书"
)
TITLE = re.compile(r"《([^《》]+)》")
DEFINED = re.compile(
    r"《((?:[^《》]|《[^《》]*》)+)》(?:（[^（）]{1,8}）)?[（(](?:以下)?(?:简称|称)[：:]?(《([^《》]+)》|“([^“”]+)”)[）)]"
)
BARE = re.compile(rf"《({DOCUMENT})》")
LAW = "中华人民共和国"


def _flat(text: str) -> str:
    return re.sub("[〈〉《》〔〕“”\\s]", "", text)


def _is_part(short: str, full: str) -> bool:
    """Whether the characters of the short name stand in the full one in this order."""
    rest = iter(full)
    return all(character in rest for character in short)


def short_names(whole: Whole) -> Iterator[Mark]:
    for story in whole.stories:
        for paragraph in story.paragraphs:
            for found in DEFINED.finditer(paragraph.text):
                short, full = found[3] or "", _flat(found[1])
                kind = re.search(rf"({DOCUMENT})(?:（[^（）]*）)?$", full)
                if short and not _is_part(_flat(short), full):
                    right = f"《{kind[1]}》" if kind and re.fullmatch(DOCUMENT, short) else ""
                    yield from _everywhere(story, found[2], right)


def _everywhere(story: Story, wrong: str, right: str) -> Iterator[Mark]:
    why = _("The short name does not fit the full one.")
    for paragraph in story.paragraphs:
        for found in re.finditer(re.escape(wrong), paragraph.text):
            yield Mark(paragraph, found.start(), found.end(), why, _("full name and short name in one story"), right)


def introduced(whole: Whole) -> Iterator[Mark]:
    """《方案》 before, or without, the full name it is short for."""
    for story in whole.stories:
        defined = {
            found[3]: (paragraph.number, found.start(2))
            for paragraph in reversed(story.body)
            for found in reversed(list(DEFINED.finditer(paragraph.text)))
            if found[3]
        }
        for paragraph in story.body:
            for found in BARE.finditer(paragraph.text):
                place = defined.get(found[1])
                level = ""
                if place is None:
                    why = _("The story does not say whose short name “%(name)s” is.") % {"name": found[1]}
                    before = "".join(each.text for each in story.paragraphs[: paragraph.number])
                    before += paragraph.text[: found.start()]
                    level = QUERY if re.search(rf"[^《]{found[1]}(?:（[^（）]*）)?》", before) else ""
                elif (paragraph.number, found.start()) < place:
                    why = _("The short name stands before the full name.")
                else:
                    continue
                source = _("full name and short name in one story")
                yield Mark(paragraph, found.start(), found.end(), why, source, level=level)


def unused(whole: Whole) -> Iterator[Mark]:
    for story in whole.stories:
        text = "\n".join(paragraph.text for paragraph in story.body)
        for paragraph in story.body:
            for found in DEFINED.finditer(paragraph.text):
                short = found[2] if found[3] else (found[4] or "")
                if text.count(short) < 2:
                    why = _("The short name is not used afterwards.")
                    yield Mark(paragraph, found.start(2), found.end(2), why, _("full name and short name in one story"))


def known(whole: Whole) -> Iterator[Mark]:
    """Titles that are almost that of a known document, and titles that were given up."""
    entries = whole.tables.of("documents")
    names = {_flat(name).removeprefix(LAW) for entry in entries for name in (entry.name, *entry.others)}
    for paragraph in whole.paragraphs:
        for found in TITLE.finditer(paragraph.text):
            title = _flat(found[1]).removeprefix(LAW)
            for entry in entries:
                if (
                    title == _flat(entry.name).removeprefix(LAW)
                    and entry.until
                    and entry.until < whole.as_of
                    and entry.becomes
                ):
                    why = _("It was replaced on %(day)s.") % {"day": date_format(entry.until)}
                    yield Mark(paragraph, found.start(1), found.end(1), why, entry.source, entry.becomes, level=WARNING)
            if title in names or len(title) < 6:
                continue
            for entry in entries:
                if (right := _almost(title, entry.name)) and entry.is_valid_on(whole.as_of):
                    why = _("The document is called 《%(name)s》.") % {"name": right}
                    yield Mark(paragraph, found.start(1), found.end(1), why, entry.source, right)
                    break


def _almost(title: str, name: str) -> str:
    """The name when the title is a slip away from it, or names another kind of document of the same matter."""
    flat = _flat(name).removeprefix(LAW)
    most = 1 if len(flat) < 10 else 2
    same_numbers = re.sub(r"\D", "", title) == re.sub(r"\D", "", flat)
    ends_alike = title[-1] == flat[-1] or len(flat) >= 10
    if same_numbers and ends_alike and 0 < Levenshtein.distance(title, flat, score_cutoff=most) <= most:
        return name
    stem, kinds = flat[:-2], (flat[-2:], title[-2:])
    is_other_kind = title[:-2] == stem and len(stem) >= 4 and all(re.fullmatch(DOCUMENT, kind) for kind in kinds)
    return name if is_other_kind else ""


def twice(whole: Whole) -> Iterator[Mark]:
    """One document under two titles in an issue: asked at the rarer one."""
    places = [
        (_flat(found[1]).removeprefix(LAW), paragraph, found)
        for paragraph in whole.paragraphs
        for found in TITLE.finditer(paragraph.text)
    ]
    counted = Counter(title for title, _paragraph, _found in places)
    titles = sorted((title for title in counted if len(title) >= 8), key=lambda title: counted[title], reverse=True)
    known_names = {_flat(entry.name) for entry in whole.tables.of("documents")}
    told: set[str] = set()
    for number, title in enumerate(titles):
        for other in titles[number + 1 :]:
            if other in told or {title, other} <= known_names or not 0 < Levenshtein.distance(title, other) <= 2:
                continue
            told.add(other)
            _title, paragraph, found = next(place for place in places if place[0] == other)
            years = re.sub(r"\d", "", title) == re.sub(r"\d", "", other)
            why = _("Elsewhere the issue writes 《%(title)s》.") % {"title": title}
            level = QUERY if years else WARNING
            yield Mark(paragraph, found.start(), found.end(), why, _("one thing under two names"), level=level)


RULES = (
    Rule(
        "document-short-name",
        FAMILY,
        gettext_lazy("Short names of documents"),
        "《…办法》（以下简称《意见》）",
        ERROR,
        short_names,
    ),
    Rule(
        "document-introduced",
        FAMILY,
        gettext_lazy("Short names without the full name"),
        "《方案》要求",
        WARNING,
        introduced,
    ),
    Rule("document-unused", FAMILY, gettext_lazy("Short names that are not used"), "", QUERY, unused),
    Rule("document-name", FAMILY, gettext_lazy("Names of documents"), "《快递市场管理条例》", ERROR, known),
    Rule("document-twice", FAMILY, gettext_lazy("A document under two names"), "", WARNING, twice, is_across=True),
)
