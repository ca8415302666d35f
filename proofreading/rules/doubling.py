"""Family 1: words, characters and clauses that stand twice by a slip.

What stands twice rightly: words of the same character (原原本本), where a word ends and another begins (学习｜习近平,
管理局｜局领导), verbs said twice (研究研究).
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..lexicon import begins_word, edges, ends_word, is_word, last_kind, words
from ..passages import ERROR, QUERY, WARNING, Mark, Paragraph, Rule, Whole

FAMILY = "doubling"
WORD = re.compile(r"([\u4e00-\u9fff]{2,10})\1")
TWICE = re.compile(r"([\u4e00-\u9fff])(?=\1)")
# Rightly said twice: measure words (一步一步), degree, sounds.
STEPS = re.compile(r"一.+|.着|[那这]么|[很好极最].|许多|非常|十分|常常|哈哈|渐渐|慢慢|永远|[大成].")
# Verbs that may be said twice to mean "a little"; seldom in an official text.
SOFTENED = frozenset(
    [
        "研究",
        "讨论",
        "商量",
        "考虑",
        "学习",
        "了解",
        "休息",
        "活动",
        "锻炼",
        "放松",
        "打听",
        "琢磨",
        "交流",
        "沟通",
        "体验",
        "感受",
        "参观",
        "观察",
        "尝试",
        "收拾",
        "整理",
        "检查",
        "反思",
        "总结",
        "照顾",
    ]
)
PARTICLES = set("由让使给的了是在和与及为对把被将向从等以于就并而也都又还不到地要会能可有没更最很再才")
# Often the last character of one name and the first of the next word: 南桥镇｜镇政府, 市局｜局机关, 党员｜员工.
EDGES = set(
    "局区县市镇乡村街省州厅处科室部委办会院校厂站队组团党社司店行所国路道线馆园员者人家长级年月日天只册股个条件份上下中内外前后里间时"
)
CLAUSE = re.compile(r"([^，。；：、！？“”《》]{6,60})[，。；、]\1(?=[，。；！？]|$)")
SENTENCE = re.compile(r"[^。！？]{16,}[。！？]")


def doubled_words(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        text = paragraph.text
        for found in WORD.finditer(text):
            word, after = found[1], text[found.end() : found.end() + 1]
            if len(set(word)) == 1 or STEPS.fullmatch(word) or _runs_on(text, word, found.end()):
                continue
            if not {found.start(), found.end(1)} <= edges(text) or (word[-1] in EDGES and after in tuple("长办委")):
                continue  # 带来｜越来越, 支队｜支队长
            why = _("“%(word)s” stands twice.") % {"word": word}
            level = _how_sure(word, after)
            yield Mark(paragraph, found.start(), found.end(), why, _("doubled by a slip"), word, level=level)


def _how_sure(word: str, after: str) -> str:
    """Verbs may be said twice; and the second may belong to a longer word (快递｜快递员)."""
    if word in SOFTENED or (after and is_word(word + after)):
        return QUERY
    return WARNING if last_kind(word)[:1] in tuple("vdzmo") else ERROR


def _runs_on(text: str, word: str, end: int) -> bool:
    """委员会｜委员｜会见: the second time it is the beginning of other words."""
    return any(is_word(word[:-back]) and begins_word(text[end - back : end + 3], 0) for back in range(1, len(word) - 1))


def doubled_characters(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        places = [found.start() for found in TWICE.finditer(paragraph.text)]
        if not places:
            continue
        at, tokens = 0, []
        for word in words(paragraph.text):
            tokens.append((at, word))
            at += len(word)
        for place in places:
            if level := _is_slip(paragraph, place, tokens):
                character = paragraph.text[place]
                why = _("“%(word)s” stands twice.") % {"word": character}
                yield Mark(paragraph, place, place + 2, why, _("doubled by a slip"), character, level=level)


def _is_slip(paragraph: Paragraph, place: int, tokens: list[tuple[int, str]]) -> str:
    """The level, or "" where the character stands twice rightly."""
    text, character = paragraph.text, paragraph.text[place]
    before, after = text[max(0, place - 2) : place], text[place + 2 : place + 4]
    if character in EDGES or before[-1:] in (character, "一") or after[:1] == character:
        return ""
    if (
        (character not in "的了在是" and is_word(character * 2))
        or len(set(before)) < len(before)
        or len(set(after)) < len(after)
    ):
        return ""  # 浓浓, 暖暖和和
    if character in PARTICLES:
        return "" if ends_word(text, place) or begins_word(text, place + 1) else ERROR
    number = next(number for number, (at, word) in enumerate(tokens) if at <= place < at + len(word))
    left, right = tokens[number][1], tokens[number + 1][1] if number + 1 < len(tokens) else ""
    if tokens[number][0] + len(left) != place + 1:
        return ""  # inside one word
    before = tokens[number - 1][1] if number else "，"
    after = tokens[number + 2][1] if number + 2 < len(tokens) else "，"
    if len(left) == 1 and len(right) > 1 and not ends_word(text, place) and _is_known(before):
        return WARNING
    if len(right) == 1 and len(left) > 1 and left[0] != "一" and not begins_word(text, place + 1) and _is_known(after):
        return WARNING
    return ""


def _is_known(word: str) -> bool:
    """What stands beside a lone character: beside a part of an unknown name nothing can be said."""
    return len(word) > 1 or not word.isalnum() or word in PARTICLES


def doubled_clauses(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        for found in CLAUSE.finditer(paragraph.text):
            why = _("The same words stand twice, one after the other.")
            yield Mark(paragraph, found.start(), found.end(), why, _("doubled by a slip"), found[1])


def doubled_sentences(whole: Whole) -> Iterator[Mark]:
    for story in whole.stories:
        seen: set[str] = set()
        for paragraph in story.body:
            for found in SENTENCE.finditer(paragraph.text):
                if found[0] in seen:
                    why = _("The same sentence stands in this story before.")
                    yield Mark(paragraph, found.start(), found.end(), why, _("doubled by a slip"), deletes=True)
                seen.add(found[0])


RULES = (
    Rule("doubled-word", FAMILY, gettext_lazy("Doubled words"), "各部门部门", ERROR, doubled_words),
    Rule("doubled-character", FAMILY, gettext_lazy("Doubled characters"), "良好的的环境", ERROR, doubled_characters),
    Rule(
        "doubled-clause",
        FAMILY,
        gettext_lazy("Doubled clauses"),
        "进一步压实责任，进一步压实责任。",
        ERROR,
        doubled_clauses,
    ),
    Rule(
        "doubled-sentence", FAMILY, gettext_lazy("The same sentence twice in a story"), "", WARNING, doubled_sentences
    ),
)
