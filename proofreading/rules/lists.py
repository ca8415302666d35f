"""Family 2: marks in lists and after their numbers (GB/T 15834-2011 4.5, 4.7)."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..lexicon import begins_word
from ..passages import ERROR, QUERY, WARNING, Mark, Rule, Whole
from .pairs import scan
from .patterns import Pattern, finder

FAMILY = "punctuation"
BODY = r"(?:局|公司|委|办|中心|协会|学会|院|厅|处|镇|街道|政府|支队|大队|总队|集团|学校|大学)"
NAME = rf"[^，。；：、！？“”《》（）\d]{{1,12}}{BODY}"
# A name, a comma, another name, and then 等 or more names: one list, so the comma is a 、.
NAMES = re.compile(
    rf"({NAME})，(?=({NAME})(?:、{NAME})*等(?:有关|相关|单位|部门|企业|负责|领导|同志|代表|参|\d|[一二三四五六七八九十]))"
)
# What begins another clause after the comma, instead of a name.
SHORT = re.compile(
    r"(?<=、)[\u4e00-\u9fff]{2,5}，(?=([\u4e00-\u9fff]{2,5})等(?:企业|单位|部门|品牌|公司|快递|地区|街镇|[\d十]))"
)
VERBS = re.compile(
    "与|和|同|对|向|为|在|由|从|到|赴|请|会同|联合|邀请|组织|听取|了解|参观|走访|慰问|督促|指导|要求|检查|调研|协调|督导|通知|约谈|前往|"
    "召集|牵头|推动|带领|陪同|配合|协助|支持|引导|帮助|依托|通过|根据|按照"
)
ITEM = r"[\u4e00-\u9fff]"


def commas_between_names(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        for found in (*NAMES.finditer(paragraph.text), *SHORT.finditer(paragraph.text)):
            if not VERBS.match(found[2] if found.re is NAMES else found[1]):
                why = _("Names in one list are separated by 、.")
                yield Mark(paragraph, found.end() - 1, found.end(), why, "GB/T 15834-2011 4.5.3.1", "、")


def commas_between_items(whole: Whole) -> Iterator[Mark]:
    pattern = re.compile(rf"(?=({ITEM}{{3,7}})、({ITEM}{{3,7}})，({ITEM}{{3,7}}?)([的等“。；，]|$))")
    for paragraph in whole.paragraphs:
        seen = set()
        for found in pattern.finditer(paragraph.text):
            second, third = found[2], found[3]
            first = found[1][-len(second) :]
            at = found.end(2)
            is_alike = len(first) == len(second) == len(third) and first[0] == second[0] == third[0]
            if is_alike and at not in seen:
                seen.add(at)
                why = _("“%(one)s” and “%(other)s” are of one list, whose items are separated by 、.")
                words = why % {"one": second, "other": third}
                yield Mark(paragraph, at, at + 1, words, "GB/T 15834-2011 4.5.3.1", "、")


def _begins_word(paragraph, found: re.Match[str]) -> bool:
    """、和谐, 、及时: the character belongs to a word."""
    return begins_word(paragraph.text, found.end())


BEFORE_ETC = finder(
    Pattern(
        re.compile(r"(?<=[\u4e00-\u9fff”》）])、(?=等(?!级|待|候|式|同|次|距|效|额|离))"),
        "",
        gettext_lazy("No 、 stands before 等."),
        "GB/T 15834-2011 4.5.3.1",
        ERROR,
        deletes=True,
    ),
    Pattern(
        re.compile(r"、(?=[和及])"),
        "",
        gettext_lazy("No 、 stands before the word that joins the last item."),
        "GB/T 15834-2011 4.5.3.1",
        deletes=True,
        unless=_begins_word,
    ),
)
NUMBERS = finder(
    Pattern(
        re.compile(r"(?:^|(?<=[。；：]))(\d{1,2})、(?=[\u4e00-\u9fff])"),
        r"\1.",
        gettext_lazy("After an Arabic number stands a point."),
        "GB/T 15834-2011 4.5.3.3",
        WARNING,
    ),
    Pattern(
        re.compile(r"(（[一二三四五六七八九十]{1,3}）|（\d{1,2}）|[①-⑳])[、，.．]"),
        r"\1",
        gettext_lazy("After a number in brackets stands no mark."),
        "GB/T 15834-2011 4.5.3.3",
    ),
    Pattern(
        re.compile(r"((?:^|(?<=[。；：，]))(?:第[一二三四五六七八九十]|其[一二三四]|首先|其次|再次|最后))、"),
        r"\1，",
        gettext_lazy("After such a number word stands a comma."),
        "GB/T 15834-2011 4.4.3",
    ),
    Pattern(
        re.compile(r"((?:^|(?<=[。；：，]))[一二三四五六七八九十][是要])[、，：](?=[\u4e00-\u9fff])"),
        r"\1",
        gettext_lazy("After “一是” no mark stands."),
        "GB/T 15834-2011 4.4.3",
        WARNING,
    ),
    Pattern(
        re.compile(r"^([一二三四五六七八九十]{1,3})[，．.：](?=[\u4e00-\u9fff])"),
        r"\1、",
        gettext_lazy("After a Chinese number stands 、."),
        "GB/T 15834-2011 4.5.3.3",
        in_titles=False,
    ),
)


def colons(whole: Whole) -> Iterator[Mark]:
    """Two colons in one sentence, outside quotations and brackets."""
    for paragraph in whole.paragraphs:
        inside = [(pair.start, pair.end) for pair in scan(paragraph.text)[0]]
        last = -1
        for found in re.finditer(r"[：。！？；]", paragraph.text):
            at = found.start()
            if any(start < at < end for start, end in inside) or paragraph.text[at + 1 : at + 2] == "“":
                continue
            if found[0] != "：":
                last = -1
            elif last >= 0:
                why = _("A sentence should not have a colon inside the part after another colon.")
                yield Mark(paragraph, at, at + 1, why, "GB/T 15834-2011 4.7.3")
            else:
                last = at


RULES = (
    Rule(
        "comma-between-names",
        FAMILY,
        gettext_lazy("Comma instead of 、 between names"),
        "青浦局，宝山局等单位",
        ERROR,
        commas_between_names,
    ),
    Rule(
        "comma-between-items",
        FAMILY,
        gettext_lazy("Comma instead of 、 between items"),
        "高质量、高水平，高效率的",
        ERROR,
        commas_between_items,
    ),
    Rule("mark-before-last", FAMILY, gettext_lazy("、 before 等 and 和"), "中通、圆通、等企业", WARNING, BEFORE_ETC),
    Rule(
        "mark-after-number",
        FAMILY,
        gettext_lazy("Marks after the numbers of a list"),
        "（一）、总体要求",
        ERROR,
        NUMBERS,
    ),
    Rule("colon-in-colon", FAMILY, gettext_lazy("Two colons in a sentence"), "", QUERY, colons),
)
