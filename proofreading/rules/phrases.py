"""Family 5: set phrases by the dated table: the exact wording, its order, its marks, its first day."""

import re
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz.distance import Levenshtein

from ..nearness import near_misses
from ..passages import ERROR, WARNING, Mark, Paragraph, Rule, Whole
from ..tables import Entry, parts
from .pairs import scan
from .patterns import Pattern, finder

FAMILY = "phrases"
JOIN = r"(?:、|，|和|以及|及|与|；)?"


def wordings(whole: Whole) -> Iterator[Mark]:
    """The known miswritings, and near misses."""
    entries = whole.tables.of("phrases", whole.as_of)
    right = [entry.name for entry in whole.tables.of("phrases")]
    for paragraph in whole.paragraphs:
        taken: list[tuple[int, int]] = []
        for entry in entries:
            for start, end in _places(paragraph.text, entry, right):
                if not any(start < other_end and other_start < end for other_start, other_end in taken):
                    taken.append((start, end))
                    why = _("The wording is “%(right)s”.") % {"right": entry.name}
                    yield Mark(paragraph, start, end, why, entry.source, _right_for(paragraph.text[start:end], entry))


def _right_for(wrong: str, entry: Entry) -> str:
    """A miswriting of one half of the wording is replaced by that half."""
    halves = [entry.name, *entry.name.split("、")]
    return min(halves, key=lambda half: Levenshtein.distance(wrong, half))


def _places(text: str, entry: Entry, right: list[str]) -> Iterator[tuple[int, int]]:
    for wrong in entry.wrongs:
        for found in re.finditer(re.escape(wrong), text):
            if not any(wrong in name and name in text for name in right):
                yield found.span()
    for near in near_misses(text, entry.name):
        if text[near.start : near.end] not in (*right, *parts(entry.unless)):
            yield near.start, near.end


def orders(whole: Whole) -> Iterator[Mark]:
    for entry in whole.tables.of("series", whole.as_of):
        parts = entry.others
        run = re.compile(f"(?:{'|'.join(map(re.escape, sorted(parts, key=len, reverse=True)))})")
        for paragraph in whole.paragraphs:
            for places in _runs(paragraph.text, run):
                yield from _judged(paragraph, places, entry)


def _runs(text: str, run: re.Pattern[str]) -> Iterator[list[re.Match[str]]]:
    """The parts that stand side by side, with nothing but a mark or 和 between them."""
    places: list[re.Match[str]] = []
    for found in run.finditer(text):
        if places and not re.fullmatch(JOIN, text[places[-1].end() : found.start()]):
            yield places
            places = []
        places.append(found)
    if places:
        yield places


def _judged(paragraph: Paragraph, places: list[re.Match[str]], entry: Entry) -> Iterator[Mark]:
    said, parts = [found[0] for found in places], list(entry.others)
    if len(said) < 2 or (len(said) == 2 and not said[0].startswith(("“", "增强", "坚定"))):
        return
    start, end = places[0].start(), places[-1].end()
    # Without a mark between them, only the parts of two characters are a series (创新协调绿色开放共享).
    order = [part for part in parts if part in said]
    if len(set(said)) == len(said) and said != order:
        words = iter(order)
        right = "".join(
            next(words) + paragraph.text[one.end() : other.start()]
            for one, other in zip(places, places[1:], strict=False)
        ) + next(words)
        why = _("The order of “%(name)s” is %(order)s.") % {"name": entry.name, "order": "、".join(order)}
        yield Mark(paragraph, start, end, why, entry.source, right)
    elif len(parts) > 3 and len(said) == len(parts) and len(set(said)) == len(parts) - 1:
        missing = next(part for part in parts if part not in said)
        why = _("One part of “%(name)s” stands twice, and %(part)s is missing.") % {"name": entry.name, "part": missing}
        yield Mark(paragraph, start, end, why, entry.source, "、".join(parts))
    elif len(parts) > 3 and said == order and len(said) == len(parts) - 1 and not said[0].startswith("“"):
        missing = next(part for part in parts if part not in said)
        if paragraph.text[end : end + 1] not in "、等" and paragraph.text[start - 1 : start] != "、":
            why = _("“%(name)s” has another part: %(part)s.") % {"name": entry.name, "part": missing}
            yield Mark(paragraph, start, end, why, entry.source, level=WARNING)


def marks(whole: Whole) -> Iterator[Mark]:
    """What has to stand in quotation marks."""
    for paragraph in whole.paragraphs:
        inside = [(pair.start, pair.end) for pair in scan(paragraph.text)[0]]
        for entry in whole.tables.of("phrases", whole.as_of):
            if not entry.extra:
                continue
            if entry.name not in paragraph.text:
                continue
            for found in re.finditer(re.escape(entry.name), paragraph.text):
                if not any(start < found.start() < end for start, end in inside):
                    why = _("It stands in quotation marks: “%(right)s”.") % {"right": entry.name}
                    yield Mark(paragraph, found.start(), found.end(), why, entry.source, f"“{entry.name}”")


def days(whole: Whole) -> Iterator[Mark]:
    """A wording that was not yet said on the issue's day, or is no longer."""
    now = {entry.name for entry in whole.tables.of("phrases", whole.as_of)}
    for entry in whole.tables.of("phrases"):
        if entry.name in now:
            continue
        for paragraph in whole.paragraphs:
            for found in re.finditer(re.escape(entry.name), paragraph.text):
                if entry.since and whole.as_of < entry.since:
                    why = _("This wording is known from %(day)s on only.") % {"day": date_format(entry.since)}
                else:
                    until = date_format(entry.until) if entry.until else ""
                    why = _("This wording was used until %(day)s.") % {"day": until}
                yield Mark(paragraph, found.start(), found.end(), why, entry.source, entry.becomes)


SESSIONS = finder(
    Pattern(
        re.compile(r"(党的)?(十[六七八九]|二十)大([一二三四五六七])中全会"),
        lambda found: f"{found[1] or ''}{found[2]}届{found[3]}中全会",
        gettext_lazy("Plenary sessions are those of a Central Committee: 届."),
        "《中国共产党章程》第二十二条",
    ),
    Pattern(
        re.compile(r"党的(第)?(十[六七八九]|二十)届全国代表大会"),
        r"党的第\2次全国代表大会",
        gettext_lazy("Congresses are counted with 次."),
        "《中国共产党章程》第十九条",
    ),
    Pattern(
        re.compile(r"(?<![“《\d])(十[二三四五]五)(?=时期|规划|期间|开局|收官|以来)"),
        r"“\1”",
        gettext_lazy("A five-year plan stands in quotation marks."),
        "国民经济和社会发展五年规划纲要",
    ),
)

RULES = (
    Rule("set-phrase", FAMILY, gettext_lazy("Exact wordings"), "卓厉奋发、勇毅前行", ERROR, wordings),
    Rule(
        "phrase-order",
        FAMILY,
        gettext_lazy("The order of fixed series"),
        "核心意识、大局意识、政治意识、看齐意识",
        ERROR,
        orders,
    ),
    Rule("phrase-marks", FAMILY, gettext_lazy("Wordings in quotation marks"), "增强四个意识", WARNING, marks),
    Rule("phrase-day", FAMILY, gettext_lazy("First and last days of wordings"), "", WARNING, days),
    Rule(
        "party-congress", FAMILY, gettext_lazy("Congresses, sessions and plans"), "党的二十大三中全会", ERROR, SESSIONS
    ),
)
