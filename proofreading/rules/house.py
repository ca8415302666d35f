"""Family 8: the style of the house, as its settings say."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..passages import QUERY, WARNING, Mark, Rule, Whole

FAMILY = "house"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史"
    "陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤柴鲁关"
)
OFFICES = (
    "党组书记|党委书记|局长|副局长|区长|副区长|镇长|副镇长|主任|副主任|党组成员|纪检组长|处长|副处长|董事长|总经理"
)
LEADER = re.compile(
    rf"((?:{OFFICES})(?:、(?:{OFFICES}))*)([{SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
    r"(?=主持|出席|参加|讲话|带队|率队|率|一行|[，、]|表示|强调|指出|介绍|作|同志|赴|到|和|及|等|会见|汇报|致辞|宣读)"
)


def final_marks(whole: Whole) -> Iterator[Mark]:
    for story in whole.stories:
        title = story.paragraphs[0]
        found = re.search(r"[。，；：、,.;]$", title.text)
        if found:
            why = _("A title has no final mark.")
            yield Mark(title, found.start(), found.end(), why, "GB/T 15834-2011 5.1", deletes=True)


def functions(whole: Whole) -> Iterator[Mark]:
    """Leading persons by name where the house names them by their function."""
    since = whole.tables.house.functions_since
    if since is None or whole.as_of < since:
        return
    known = {entry.name for entry in whole.tables.of("persons")}
    for paragraph in whole.paragraphs:
        for found in LEADER.finditer(paragraph.text):
            if found[2] not in known:
                why = _("Since %(day)s leading persons are named by their function, for example 局主要负责人.") % {
                    "day": f"{since:%Y-%m-%d}"
                }
                yield Mark(paragraph, found.start(2), found.end(2), why, _("house style"))


def lengths(whole: Whole) -> Iterator[Mark]:
    house = whole.tables.house
    for story in whole.stories:
        length = sum(len(paragraph.text) for paragraph in story.body)
        most = house.longest_brief if story.passage.kind == "brief" else house.longest_article
        if length > most and story.body:
            last = story.body[-1]
            why = _("%(length)s characters; at most %(most)s are wanted.") % {"length": length, "most": most}
            yield Mark(last, max(0, len(last.text) - 1), len(last.text), why, _("house style"))


def briefs(whole: Whole) -> Iterator[Mark]:
    for story in whole.stories:
        if story.passage.kind == "brief" and len(story.body) > 1:
            second = story.body[1]
            yield Mark(second, 0, min(1, len(second.text)), _("A brief has one paragraph."), _("house style"))


def next_steps(whole: Whole) -> Iterator[Mark]:
    for story in whole.stories:
        if whole.tables.house.asks_for_next_steps and len(story.body) > 2 and "局" in story.passage.unit:
            last = story.body[-1]
            if "下一步" not in last.text:
                why = _("Stories of bureaus close with 下一步.")
                yield Mark(last, 0, min(3, len(last.text)), why, _("house style"))


def own_name(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        for found in re.finditer("本刊(?!物)", paragraph.text):
            why = _("An internal bulletin does not call itself 本刊.")
            yield Mark(paragraph, found.start(), found.end(), why, _("house style"), "本简报")


RULES = (
    Rule("title-mark", FAMILY, gettext_lazy("Final marks in titles"), "召开会议。", WARNING, final_marks),
    Rule(
        "named-leader",
        FAMILY,
        gettext_lazy("Leading persons by their function"),
        "局长张三主持会议",
        WARNING,
        functions,
    ),
    Rule("length", FAMILY, gettext_lazy("Lengths"), "", QUERY, lengths),
    Rule("brief-paragraphs", FAMILY, gettext_lazy("Briefs of one paragraph"), "", WARNING, briefs),
    Rule("next-steps", FAMILY, gettext_lazy("The closing 下一步"), "", QUERY, next_steps),
    Rule("own-name", FAMILY, gettext_lazy("How the bulletin calls itself"), "本刊讯", QUERY, own_name),
)
