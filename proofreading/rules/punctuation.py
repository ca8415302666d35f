"""Family 2: single marks and spaces by GB/T 15834-2011. Pairs stand in `pairs`, marks of lists in `lists`."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..passages import ERROR, WARNING, Mark, Paragraph, Rule, Whole
from .pairs import scan
from .patterns import Pattern, finder

FAMILY = "punctuation"
HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
FULL = dict(zip(",;:?!", "，；：？！", strict=True))
MARKS = "，。；：、！？"
AFTER = r"(?<=[\u4e00-\u9fff”’》〉）〕%\d])"
SPACE = "[ \u00a0\u3000\u2002\u2003]"


def _is_figure(paragraph: Paragraph, found: re.Match[str]) -> bool:
    """10,000 or 9:30: rightly half-width."""
    text = paragraph.text
    return text[: found.start()][-1:].isdigit() and text[found.end() :][:1].isdigit()


def _around_latin(paragraph: Paragraph, found: re.Match[str]) -> bool:
    """ "He said" and (ISO 9001) in half-width marks."""
    return not re.search(HAN, found[0])


HALF = finder(
    Pattern(
        re.compile(rf"{AFTER}[,;:?!](?=[\u4e00-\u9fff\d“‘《〈（〔]|\s*$)|[,;:?!](?={HAN})"),
        lambda found: FULL[found[0]],
        gettext_lazy("A Chinese sentence has full-width marks."),
        "GB/T 15834-2011 5.1",
        unless=_is_figure,
    ),
    Pattern(
        re.compile(rf"(?<={HAN})(?<![〇○零一二三四五六七八九十])\.(?={HAN}|\s*$)"),
        "。",
        gettext_lazy("A Chinese sentence has full-width marks."),
        "GB/T 15834-2011 4.1.2",
    ),
    Pattern(
        re.compile(r"\(([^()（）]*)\)"),
        r"（\1）",
        gettext_lazy("Brackets round Chinese words are full-width."),
        "GB/T 15834-2011 4.9.2",
        unless=_around_latin,
    ),
    Pattern(
        re.compile(r"\"([^\"]*)\""),
        r"“\1”",
        gettext_lazy("Quotation marks round Chinese words are “ and ”."),
        "GB/T 15834-2011 4.8.2",
        unless=_around_latin,
    ),
    Pattern(
        re.compile(rf"<<?([^<>]*{HAN}[^<>]*)>>?"),
        r"《\1》",
        gettext_lazy("The title of a work stands between 《 and 》."),
        "GB/T 15834-2011 4.15.2",
    ),
    Pattern(
        re.compile(rf"(?<={HAN})[•・‧∙](?={HAN})"),
        "·",
        gettext_lazy("The mark between parts of a name is ·."),
        "GB/T 15834-2011 4.14.2",
    ),
)
DASH = finder(
    Pattern(
        re.compile(
            r"(?<![-\w])-{2,}(?![-\w])|(?<=[^\x00-\x7f])-{2,}|(?<!—)—{3,}|[－─―]{2,}|—-|-—|(?<![A-Za-z0-9])-{2,}"
        ),
        "——",
        gettext_lazy("A dash is two characters long: ——."),
        "GB/T 15834-2011 4.10.2",
    ),
)
ELLIPSIS = finder(
    Pattern(
        re.compile(r"\.{3,}|。{3,}|[·•]{3,}|(?<!…)…(?!…)|…{3,}"),
        "……",
        gettext_lazy("An ellipsis is six dots: ……."),
        "GB/T 15834-2011 4.11.2",
    ),
    Pattern(
        re.compile(r"……(?=等(?!到|待|于|级|同))"),
        "",
        gettext_lazy("…… and 等 say the same; one of them is enough."),
        "GB/T 15834-2011 4.11",
        WARNING,
        deletes=True,
    ),
)
DOUBLED = finder(
    Pattern(
        re.compile(r"([，；：、！？])\1+|(?<!。)(。)。(?!。)"),
        lambda found: found[0][0],
        gettext_lazy("This mark stands twice."),
        "GB/T 15834-2011 5.1",
        unless=lambda paragraph, found: found[0][0] in "！？" and len(found[0]) <= 3,
    ),
    Pattern(
        re.compile(r"[，、；：][，。；：、！？]|。[，、；：！？]|。”[，、；：]"),
        "",
        gettext_lazy("Two marks stand side by side; one of them is too much."),
        "GB/T 15834-2011 5.1",
        unless=lambda paragraph, found: found[0][0] == found[0][1],
    ),
    Pattern(
        re.compile(r"(?<=[“《（〈‘〔])[，。；、：]|[，、；：](?=[》）〉〕])|。(?=[》〉])"),
        "",
        gettext_lazy("No such mark stands at this side of a bracket."),
        "GB/T 15834-2011 5.1",
        deletes=True,
    ),
)
BETWEEN = finder(
    Pattern(
        re.compile(r"(?<=[”》])、(?=[“《])"),
        "",
        gettext_lazy("Between names in quotation marks, or titles in 《》, usually no 、 stands."),
        "GB/T 15834-2011 4.5.3.5",
        deletes=True,
    ),
)
NOT_A_WORK = finder(
    Pattern(
        re.compile(r"《([^《》]*(?:活动|大赛|比赛|竞赛|培训班|研讨会|座谈会|推进会|发布会|启动仪式|奖|课程|展览))》"),
        r"“\1”",
        gettext_lazy("Meetings, activities, prizes and courses are no works: not 《》 but “”, or no marks."),
        "GB/T 15834-2011 A.13",
    ),
)
FULL_WIDTH = finder(
    Pattern(
        re.compile(r"[０-９Ａ-Ｚａ-ｚ％．]+"),
        lambda found: "".join(chr(ord(each) - 0xFEE0) for each in found[0]),
        gettext_lazy("Figures and Latin letters are half-width."),
        "GB/T 15835-2011 5.1.7",
    ),
)


def spaces(whole: Whole) -> Iterator[Mark]:
    """In the running text, except inside “” and 《》, where a space stands between the lines of a slogan."""
    source = "GB/T 15834-2011 5.1"
    for paragraph in whole.paragraphs:
        text = paragraph.text
        inside = [(pair.start, pair.end) for pair in scan(text)[0] if text[pair.start] in "“《‘〈"]
        near_mark = re.compile(rf"(?<=[{MARKS}“《（‘〈〔]){SPACE}+(?=\S)|(?<=\S){SPACE}+(?=[{MARKS}”》）’〉〕])")
        for found in near_mark.finditer(text):
            if not (paragraph.is_title and text[found.end()] in "“《（"):
                why = _("No space stands beside a mark.")
                yield Mark(paragraph, found.start(), found.end(), why, source, deletes=True, level=ERROR)
        if paragraph.is_title:
            continue
        for found in re.finditer(rf"(?<={HAN}){SPACE}+(?={HAN}|[“《（])|(?<=[”》）]){SPACE}+(?={HAN})", text):
            if not any(start < found.start() < end for start, end in inside):
                yield Mark(
                    paragraph, found.start(), found.end(), _("No space stands inside a sentence."), source, deletes=True
                )


def split_titles(whole: Whole) -> Iterator[Mark]:
    """A space in a title inside words that the story writes together: a line's end that was taken for one."""
    for story in whole.stories:
        title, body = story.paragraphs[0], "".join(paragraph.text for paragraph in story.body)
        for found in re.finditer(rf"({HAN}{{3}})(?:{SPACE}|\n)+({HAN}{{3}})", title.text):
            if "\n" not in found[0] and found[1] + found[2] in body:
                start, end = found.end(1), found.start(2)
                why = _("The story writes “%(words)s” without a space.") % {"words": found[1] + found[2]}
                yield Mark(title, start, end, why, "GB/T 9704-2012 7.3.1", deletes=True)


def unfinished(whole: Whole) -> Iterator[Mark]:
    """A paragraph of the running text that ends without a mark."""
    for paragraph in whole.paragraphs:
        text = paragraph.text.rstrip()
        if not paragraph.is_title and len(text) > 40 and re.search(rf"[{HAN[1:-1]}\d，、；]$", text):
            ends = text[-1] in "，、；"
            why = _("The paragraph has no final mark.")
            suggestion = "。" if ends else text[-1] + "。"
            yield Mark(paragraph, len(text) - 1, len(text), why, "GB/T 15834-2011 4.1.3", suggestion)


RULES = (
    Rule("half-width-mark", FAMILY, gettext_lazy("Half-width marks"), "11月22日,由", ERROR, HALF),
    Rule(
        "full-width-figure", FAMILY, gettext_lazy("Full-width figures and letters"), "２０２６年", WARNING, FULL_WIDTH
    ),
    Rule("dash", FAMILY, gettext_lazy("Dashes"), "行动纲领--学习", ERROR, DASH),
    Rule("ellipsis", FAMILY, gettext_lazy("Ellipses"), "收寄、分拣...", ERROR, ELLIPSIS),
    Rule("marks-side-by-side", FAMILY, gettext_lazy("Marks side by side"), "会议强调，。", ERROR, DOUBLED),
    Rule("mark-between-titles", FAMILY, gettext_lazy("、 between titles"), "《邮政法》、《条例》", WARNING, BETWEEN),
    Rule("not-a-work", FAMILY, gettext_lazy("《》 round what is no work"), "《安全生产座谈会》", WARNING, NOT_A_WORK),
    Rule("space", FAMILY, gettext_lazy("Spaces in the text"), "会议 强调", WARNING, spaces),
    Rule("split-title", FAMILY, gettext_lazy("A word broken in the title"), "产业工人 队伍建设", ERROR, split_titles),
    Rule("no-final-mark", FAMILY, gettext_lazy("No final mark"), "", WARNING, unfinished),
)
