"""Family 6: wrong words by the table of confusions, words left over by a slip, other script forms, broken sentence frames."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..lexicon import begins_word, can_part, ends_word, is_word
from ..passages import ERROR, QUERY, WARNING, Mark, Paragraph, Rule, Whole
from ..scripts import simplified
from ..tables import Entry, parts
from .patterns import Pattern, finder

FAMILY = "words"
LEFT_OVER = gettext_lazy("left over by an edit")
NEAR = 10  # characters on either side in which the words of a context are looked for


def confusions(whole: Whole) -> Iterator[Mark]:
    entries = whole.tables.of("confusions", whole.as_of)
    for paragraph in whole.paragraphs:
        for entry in entries:
            for wrong in entry.wrongs:
                at = paragraph.text.find(wrong)
                while at >= 0:
                    end = at + len(wrong)
                    if _is_meant(paragraph.text, at, end, entry):
                        why = _("“%(wrong)s” is taken for “%(right)s” here.") % {"wrong": wrong, "right": entry.name}
                        yield Mark(paragraph, at, end, why, entry.source, entry.name, level=entry.extra)
                    at = paragraph.text.find(wrong, end)


def _is_meant(text: str, start: int, end: int, entry: Entry) -> bool:
    return (
        (not entry.near or any(_stands(text, start, end, word) for word in parts(entry.near)))
        and not any(_stands(text, start, end, word) for word in parts(entry.unless))
        and can_part(text, start)
        and can_part(text, end)  # 员工｜开展 holds no 工开
    )


def _stands(text: str, start: int, end: int, word: str) -> bool:
    before, place, after = word.rpartition("~") if "~" in word else ("", "", word)
    if place:
        return text[:start].endswith(before) and text[end:].startswith(after)
    return word in text[max(0, start - NEAR) : start] or word in text[end : end + NEAR]


def script_forms(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        right = simplified(paragraph.text)
        if right == paragraph.text or len(right) != len(paragraph.text):
            continue
        pairs = enumerate(zip(paragraph.text, right, strict=True))
        for at, character in ((at, new) for at, (old, new) in pairs if old != new):
            why = _("The standard form of this character is “%(right)s”.") % {"right": character}
            yield Mark(paragraph, at, at + 1, why, "《通用规范汉字表》（2013年）", character)


def _is_joined(paragraph: Paragraph, found: re.Match[str]) -> bool:
    """普及｜与, 和｜及时, 和｜与此有关的."""
    text, start, end = paragraph.text, found.start(), found.end()
    clause = re.split("[，。；：]", text[end:])[0]
    return ends_word(text, start) or begins_word(text, end - 1) or "相" in clause or "有关" in clause


NOMINAL = re.compile("得到|进行|加以|给予|予以|作出|受到|缺乏|需要|形成|离不开|是|有|和|对|与")


def _is_noun(paragraph: Paragraph, found: re.Match[str]) -> bool:
    """得到有效的贯彻执行, 准确的把握: the verb is the name of an act."""
    text = paragraph.text
    before, after = re.split("[，。；：]", text[: found.start()])[-1], re.split("[，。；：、]", text[found.end() :])[0]
    ends = re.search(r"^.{2,12}(?:的|作用|意义|态度|氛围|工作|精神|能力|机制|体系|情况)", after)
    return NOMINAL.search(before) is not None or len(after) < 5 or ends is not None


SLIPS = finder(
    Pattern(
        re.compile(
            r"(?<=[向对给为把被由让与])([\u4e00-\u9fff]{0,4}[员者师长哥姐民众生工友兵])([他她]们?)(?![们人方国乡处日])"
        ),
        lambda found: found[2],
        gettext_lazy("A noun and a pronoun stand side by side; one of them was left over by an edit."),
        LEFT_OVER,
        unless=lambda paragraph, found: paragraph.text[found.end() - len(found[2]) - 1] == "其",
    ),
    Pattern(
        re.compile(r"(?<=\d)[个名位家项件](?=[名位家项件])"),
        "",
        gettext_lazy("Two measure words stand side by side."),
        LEFT_OVER,
        deletes=True,
        unless=lambda paragraph, found: begins_word(paragraph.text, found.end()),
    ),
    Pattern(
        re.compile(r"和[与及]|[与及]和|及与|与及|的地(?=[推开进做加])|地的(?=[推开进做加])"),
        "",
        gettext_lazy("Two words that say the same stand side by side."),
        LEFT_OVER,
        unless=_is_joined,
    ),
    Pattern(
        re.compile(
            r"为为了|在在于|对对于|由由于|因因为|但但是|并并且|将将要|把把|被被|于于|从从而|或或者|是是否|已已经|应应当|可可以|如如果"
        ),
        lambda found: found[0][1:],
        gettext_lazy("A character was left over by an edit."),
        LEFT_OVER,
        unless=lambda paragraph, found: is_word(paragraph.text[max(0, found.start() - 1) : found.start() + 1]),
    ),
    Pattern(
        re.compile(r"(?:进行|开展|加强|推进|落实|组织){2,}(?=[了的]?)"),
        "",
        gettext_lazy("Two verbs stand side by side; one of them was left over by an edit."),
        LEFT_OVER,
        WARNING,
        unless=lambda paragraph, found: (
            found[0][:2] != found[0][2:4] and found[0] not in ("进行开展", "开展进行", "进行加强", "进行推进")
        ),
    ),
)


def _says_including(paragraph: Paragraph, found: re.Match[str]) -> bool:
    sentence = re.split("[。；！？]", paragraph.text[: found.start()])[-1]
    return re.search("包括|包含|涵盖|含|囊括|连同|算|计", sentence) is not None


FRAMES = finder(
    Pattern(
        re.compile(r"(?<=[^，。；：])在内(?=的|[，。；])"),
        "",
        gettext_lazy("“在内” needs 包括 before it."),
        "《现代汉语八百词》“包括”",
        unless=_says_including,
    ),
    Pattern(
        re.compile(
            r"(?:^|(?<=[，。；]))(?:积极|努力|有力|全力|切实)?(?:助力|助推|推动|促进|服务)[^，。；：]{2,20}的(?:重大|积极|重要|应有)?作用(?=[。；，])"
        ),
        "",
        gettext_lazy("Two sentence frames are mixed: “发挥…作用” lacks its verb."),
        "《现代汉语》（黄伯荣、廖序东）“句式杂糅”",
        unless=lambda paragraph, found: re.search("发挥|起到|具有|产生", found[0]) is not None,
    ),
    Pattern(
        re.compile(r"围绕以[^，。；]{2,20}为|围绕[^，。；]{2,20}为(?:中心|主题|主线|重点)(?=[，。；])"),
        "",
        gettext_lazy("“围绕…” and “以…为…” are mixed."),
        "《现代汉语》（黄伯荣、廖序东）“句式杂糅”",
    ),
    Pattern(
        re.compile(r"(?:防止|避免|杜绝|严防|谨防|切忌)[^，。；]{0,12}(?:不再(?=发生|出现)|不要|不得|未能)"),
        "",
        gettext_lazy("The double negation says the opposite of what is meant."),
        "《现代汉语》（黄伯荣、廖序东）“否定不当”",
    ),
    Pattern(
        re.compile(r"(?:目的|宗旨)是为了"),
        lambda found: found[0][:-2],
        gettext_lazy("“目的是” and “为了” say the same."),
        "《现代汉语》（黄伯荣、廖序东）“成分赘余”",
        WARNING,
    ),
    Pattern(
        re.compile(r"原因是(?:因为|由于)"),
        "原因是",
        gettext_lazy("“原因是” and “因为” say the same."),
        "《现代汉语》（黄伯荣、廖序东）“成分赘余”",
        WARNING,
    ),
    Pattern(
        re.compile(r"之所以[^。；]{2,40}的原因"),
        "",
        gettext_lazy("“之所以” and “的原因” say the same."),
        "《现代汉语》（黄伯荣、廖序东）“句式杂糅”",
        WARNING,
    ),
    Pattern(
        re.compile(
            r"(?<=[，。；])标志(?=[\u4e00-\u9fff]{2,}[^，。；]{4,}(?:正式|进入|迈|开启|落地|完成|建立|形成|成为))(?![着性牌物是为了])"
        ),
        "标志着",
        gettext_lazy("Before what it means stands 标志着."),
        "《现代汉语八百词》“着”",
        WARNING,
    ),
    Pattern(
        re.compile(r"被评为[^，。；]{2,20}(?:荣誉)?称号"),
        "",
        gettext_lazy("“被评为” and “称号” don't go together: 被授予…称号."),
        "《现代汉语实词搭配词典》",
        WARNING,
    ),
    Pattern(
        re.compile(
            r"开展(?=(?:(?!召开|举行|举办|参加)[^，。；：、“”《》]){0,24}"
            r"(?:推进会|座谈会|部署会|动员会|评审会|启动仪式|签约仪式|会议|例会|大会)(?:[，。；]|$))"
        ),
        "召开",
        gettext_lazy("A meeting is held, 召开, not 开展."),
        "《现代汉语实词搭配词典》",
        WARNING,
    ),
    Pattern(
        re.compile(
            r"召开(?=[^，。；：《》]{0,24}(?:主题党日活动|实践活动|志愿服务活动|宣传活动|演练|培训班|专项行动)(?:[，。；]|$))"
        ),
        "开展",
        gettext_lazy("An activity is carried out, 开展, not 召开."),
        "《现代汉语实词搭配词典》",
        WARNING,
    ),
)
PLEONASMS = (
    ("目前现在|现在目前", "目前"),
    ("非常十分|十分非常", "十分"),
    ("再次重申", "重申"),
    ("凯旋归来", "凯旋"),
    ("亲眼目睹", "目睹"),
    ("免费赠送", "赠送"),
    ("过去的往事", "往事"),
    ("悬殊很大", "悬殊"),
    ("(?:大约|约)(?=近\\d)", ""),
    ("日益更加|更加日益", "日益"),
    ("各位([\u4e00-\u9fff]{2,4})们", r"各位\1"),
)
TWICE = finder(
    *(
        Pattern(
            re.compile(wrong),
            right,
            gettext_lazy("These words say one thing twice."),
            "《现代汉语》（黄伯荣、廖序东）“成分赘余”",
            deletes=not right,
        )
        for wrong, right in PLEONASMS
    )
)
MANNER = (
    "积极|认真|深入|切实|扎实|稳步|有序|有效|全面|严格|主动|及时|科学|合理|"
    "大力|持续|坚决|坚定|不断|进一步|更好|广泛|充分|准确|圆满|顺利"
)
ACTS = "开展|推进|推动|落实|贯彻|做好|完成|组织|参与|配合|学习|宣传|解决|提升|履行|执行|服务|落细|把握|领会|查找|整改"
DE = finder(
    Pattern(
        re.compile(
            rf"(?P<how>{MANNER})的(?=(?:{ACTS})(?!作用|意义|力度|情况|工作|态度|力|度|效果|成效|氛围|任务|方案|机制|能力|水平|精神|者|措施|计划|方式|举措|体系|模式|方法|路径|过程))"
        ),
        r"\g<how>地",
        gettext_lazy("Before a verb stands 地."),
        "《现代汉语词典》第7版“地”",
        unless=_is_noun,
    ),
    Pattern(
        re.compile(
            r"(?<=[做干办走学说写抓管行展成])的(?=(?:很|非常|十分|特别|越来越)(?:好|快|顺利|成功|到位|出色|扎实|圆满|精彩)(?:[，。；、]|$)|井井有条|有声有色)"
        ),
        "得",
        gettext_lazy("Between a verb and how it is done stands 得."),
        "《现代汉语词典》第7版“得”",
    ),
)
LACKS_DE = finder(
    Pattern(
        re.compile(
            r"(?<=[^，。；、的]{6})(提升|推进|建设|发展|治理)(?=(?:重要|有力|关键)(?:抓手|举措|途径|载体|保障|支撑)(?:[，。；]|$))"
        ),
        r"\1的",
        gettext_lazy("Is 的 missing before the last words?"),
        "《现代汉语八百词》“的”",
        in_titles=False,
        unless=lambda paragraph, found: (
            re.search("作为|这一", re.split("[，。；]", paragraph.text[: found.start()])[-1]) is not None
        ),
    ),
)


RULES = (
    Rule("wrong-word", FAMILY, gettext_lazy("Words taken for others"), "凝聚公示", ERROR, confusions),
    Rule("script-form", FAMILY, gettext_lazy("Other script forms"), "發展", ERROR, script_forms),
    Rule("left-over", FAMILY, gettext_lazy("Words left over by an edit"), "向快递员他赠送", ERROR, SLIPS),
    Rule("sentence-frame", FAMILY, gettext_lazy("Broken sentence frames"), "防止不再发生", ERROR, FRAMES),
    Rule("said-twice", FAMILY, gettext_lazy("One thing said twice"), "再次重申", WARNING, TWICE),
    Rule("de", FAMILY, gettext_lazy("的, 地 and 得"), "认真的开展", WARNING, DE),
    Rule("lacks-de", FAMILY, gettext_lazy("的 missing"), "", QUERY, LACKS_DE),
)
