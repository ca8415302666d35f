"""Family 3: lists and their numbers: 一是…二是… in order and complete, and counts against what is counted."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import numerals
from ..passages import ERROR, QUERY, WARNING, Mark, Paragraph, Rule, Story, Whole

FAMILY = "numbers"
NUMERAL = "[一二三四五六七八九十]{1,3}"
BOUNDARY = r"(?:^|(?<=[。；：，、！？”）\s]))"
# Kinds of numbers, each with how it is written.
KINDS = (
    (re.compile(rf"{BOUNDARY}({NUMERAL})是(?!一[，。])"), "{}是"),
    (re.compile(rf"{BOUNDARY}({NUMERAL})要"), "{}要"),
    (re.compile(rf"{BOUNDARY}第({NUMERAL})，"), "第{}，"),
    (re.compile(rf"{BOUNDARY}其([一二三四五六七八九])[，是]"), "其{}，"),
    (re.compile(rf"{BOUNDARY}（({NUMERAL})）"), "（{}）"),
    (re.compile(rf"^({NUMERAL})、"), "{}、"),
)
COUNT = re.compile(
    r"“?([两二三四五六七八九十]|\d{1,2})(?:个|点|项|条|大|件|方面|种)(?:[\u4e00-\u9fff]{0,4})"
    r"(?:方面|要求|意见|举措|措施|任务|工作|建议|重点|内容|环节|维度|希望|层面|问题|机制|着力|关键|”)"
)
UNIT = r"(?:家|个|名|位|项|所|种|类|部门|单位|企业|街镇|省|市|区|县)"
ITEMS = r"((?:[^、，。；：！？（）\d]{1,20}、){1,30}[^、，。；：！？（）\d]{1,20}?)"
OPEN = re.compile(rf"{ITEMS}等(\d{{1,2}}|[两二三四五六七八九十]{{1,3}})(?:余|多)?{UNIT}")
CLOSED = re.compile(
    rf"{ITEMS}(?<![第一十百千年月上前后])([两二三四五六七八九]|十[一二三四五六七八九]?)(?:家|个|名|位)?(?:企业|单位|部门|省|市|区|县|镇|局|公司|同志|街道|方面)"
)


class Series:
    def __init__(self, paragraph: Paragraph, found: re.Match[str]) -> None:
        self.places = [(paragraph, found)]
        self.last = 1


def series(whole: Whole) -> Iterator[Mark]:
    for story in whole.stories:
        for kind, form in KINDS:
            yield from _check(_numbers(story, kind), form)


def _numbers(story: Story, kind: re.Pattern[str]) -> list[tuple[Paragraph, re.Match[str], int]]:
    return [
        (paragraph, found, number)
        for paragraph in story.body
        for found in kind.finditer(paragraph.text)
        if (number := numerals.value(found[1]))
    ]


def _check(numbers: list[tuple[Paragraph, re.Match[str], int]], form: str) -> Iterator[Mark]:
    opened: list[Series] = []
    for paragraph, found, number in numbers:
        if number == 1:
            opened.append(Series(paragraph, found))
            continue
        fitting = next((each for each in reversed(opened) if each.last + 1 == number), None)
        if fitting is not None:
            while opened[-1] is not fitting:
                yield from _inside(opened.pop(), paragraph)
            fitting.last = number
            fitting.places.append((paragraph, found))
            continue
        if not opened:
            first = form.format("一").rstrip("，")
            if first not in paragraph.text[: found.start()]:  # 对此案一是要查，二是要帮
                why = _("“%(first)s” before it is missing.") % {"first": first}
                yield Mark(paragraph, found.start(), found.end(), why, _("numbers of a list"))
            continue
        if number < opened[-1].last:
            first = form.format("一").rstrip("，")
            if first not in paragraph.text[: found.start()]:
                why = _("“%(first)s” before it is missing.") % {"first": first}
                yield Mark(paragraph, found.start(), found.end(), why, _("numbers of a list"), level=WARNING)
            continue
        expected = opened[-1].last + 1
        if number - opened[-1].last > 8:  # another thing than a list's number
            continue
        why = _("After %(before)s comes %(next)s.") % {
            "before": numerals.chinese(opened[-1].last),
            "next": numerals.chinese(expected),
        }
        right = found[0].replace(found[1], numerals.chinese(expected), 1)
        yield Mark(paragraph, found.start(), found.end(), why, _("numbers of a list"), right)
        opened[-1].last = max(number, opened[-1].last)
        opened[-1].places.append((paragraph, found))
    single = [each.places[0] for each in opened if len(each.places) == 1]
    for paragraph, found in single:
        if sum(other is paragraph for other, _found in single) == 1:  # 一是理论，一是实践 is no list
            why = _("This list has a first item only.")
            yield Mark(paragraph, found.start(), found.end(), why, _("numbers of a list"), level=WARNING)


def _inside(inner: Series, paragraph: Paragraph) -> Iterator[Mark]:
    """A list inside an item of another one that is numbered in the same way."""
    at, found = inner.places[0]
    if at is paragraph:
        why = _("A list inside a list should be numbered in another way.")
        yield Mark(at, found.start(), found.end(), why, _("numbers of a list"), level=QUERY)


def counts(whole: Whole) -> Iterator[Mark]:
    """“三点要求” against the 一是…二是… that follow in the paragraph."""
    for paragraph in whole.paragraphs:
        for kind, _form in KINDS[:3]:
            numbers = [(found, numerals.value(found[1])) for found in kind.finditer(paragraph.text)]
            firsts = [at for at, (_found, number) in enumerate(numbers) if number == 1]
            for at, first in enumerate(firsts):
                until = firsts[at + 1] if at + 1 < len(firsts) else len(numbers)
                last = numbers[until - 1][1]
                begins = numbers[first][0].start()
                before = paragraph.text[max(0, begins - 24) : begins]
                said = next(reversed(list(COUNT.finditer(before))), None)
                gap = before[said.end() :] if said else ""
                if said and last and last > 1 and numerals.value(said[1]) != last and "。" not in gap[:-1]:
                    start = begins - len(before) + said.start()
                    why = _("%(said)s are announced, and %(count)s follow.") % {"said": said[1], "count": last}
                    yield Mark(paragraph, start, start + len(said[0]), why, _("numbers of a list"))


def listed(whole: Whole) -> Iterator[Mark]:
    """Names against their count: 甲、乙、丙等两家 can't be; 甲、乙三家 is asked."""
    for paragraph in whole.paragraphs:
        for found in OPEN.finditer(paragraph.text):
            count, said = _items(found[1]), numerals.value(found[2])
            if said and count > said:
                why = _("%(count)s are named, more than %(said)s.") % {"count": count, "said": found[2]}
                yield Mark(paragraph, found.start(2), found.end(), why, _("counted"), level=WARNING)
        for found in CLOSED.finditer(paragraph.text):
            count, said = _items(found[1]), numerals.value(found[2])
            if said and count != said and not found[1].endswith(("等", "的")) and "等" not in found[1]:
                why = _("%(count)s are named, and %(said)s are counted.") % {"count": count, "said": found[2]}
                yield Mark(paragraph, found.start(2), found.end(), why, _("counted"))


def _items(text: str) -> int:
    """甲、乙和丙 are three."""
    return (
        text.count("、")
        + 1
        + bool(re.search(r"[\u4e00-\u9fff](?:和|及|以及|与)[\u4e00-\u9fff]", text.rsplit("、", 1)[1]))
    )


RULES = (
    Rule("series", FAMILY, gettext_lazy("Numbers of a list"), "一是…；三是…", ERROR, series),
    Rule("count", FAMILY, gettext_lazy("The announced number of items"), "三点要求：一是…二是…", WARNING, counts),
    Rule("listed", FAMILY, gettext_lazy("Names and their count"), "青浦、嘉定、松江两区", QUERY, listed),
)
