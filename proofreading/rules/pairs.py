"""Family 2, marks that come in pairs: unpaired, turned the wrong way, wrongly nested (GB/T 15834-2011 4.8, 4.9, 4.15)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..passages import ERROR, WARNING, Mark, Paragraph, Rule, Story, Whole

FAMILY = "punctuation"
CLOSING = {
    "“": "”",
    "‘": "’",
    "《": "》",
    "〈": "〉",
    "（": "）",
    "〔": "〕",
    "【": "】",
    "「": "」",
    "『": "』",
    "[": "]",
    "［": "］",
}
OPENING = {closing: opening for opening, closing in CLOSING.items()}
INNER = {"“": "‘’", "《": "〈〉"}
OUTER = {"‘": "“”", "〈": "《》"}
CLAUSES = {"“": "4.8.3.4", "‘": "4.8.3.4", "《": "4.15.3.5", "〈": "4.15.3.5"}
# What rightly stands in other brackets inside 《》: the year of a document's number, a dynasty, a draft's note.
NUMBER = re.compile(r"\d{4}|.{0,3}")
LIST_NUMBER = re.compile(r"(?:^|[，。；：、\s])(?:\d{1,2}|[一二三四五六七八九十]{1,2}|[a-zA-Z])$")


@dataclass(frozen=True)
class Pair:
    start: int
    end: int  # of the closing mark
    outside: tuple[str, ...]  # the opening marks around it, the outermost first


@dataclass(frozen=True)
class Loose:
    """A mark without its other half; `turned` when it only looks the wrong way."""

    place: int
    turned: bool = False


@lru_cache(maxsize=256)
def scan(text: str) -> tuple[list[Pair], list[Loose]]:
    """The pairs in the order of their closing marks, and the marks that lack their other half. Several rules ask."""
    stack: list[int] = []
    pairs: list[Pair] = []
    loose: list[Loose] = []

    def close(place: int) -> None:
        pairs.append(Pair(stack.pop(), place + 1, tuple(text[at] for at in stack)))

    for place, mark in enumerate(text):
        if mark in CLOSING:
            if stack and text[stack[-1]] == mark and mark in "“‘" and not _is_nested(text, place):
                loose.append(Loose(place, turned=True))
                close(place)
            else:
                stack.append(place)
        elif mark in OPENING and not _is_apostrophe(text, place):
            opening = OPENING[mark]
            if opening not in (text[at] for at in stack):
                if LIST_NUMBER.search(text[max(0, place - 4) : place]) and mark == "）":
                    continue
                turned = mark in "”’" and _next_of(text, place, opening + mark) == mark
                loose.append(Loose(place, turned))
                if turned:
                    stack.append(place)
                continue
            while text[stack[-1]] != opening and OPENING.get(text[stack[-1]]) != opening:
                loose.append(Loose(stack.pop()))
            close(place)
        if mark in "”’" and stack and text[stack[-1]] == mark and stack[-1] != place:
            close(place)
    return pairs, [*loose, *map(Loose, stack)]


def _next_of(text: str, place: int, marks: str) -> str:
    return next((mark for mark in text[place + 1 :] if mark in marks), "")


def _is_nested(text: str, place: int) -> bool:
    """The second of two opening marks of a kind: whether both are closed again."""
    marks = text[place], CLOSING[text[place]]
    following = [mark for mark in text[place + 1 :] if mark in marks]
    return following[:2] == [marks[1]] * 2


def _is_apostrophe(text: str, place: int) -> bool:
    """don’t, ’98"""
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 3]
    is_year = after.isdigit() and not text[place + 3 : place + 4].isdigit()
    return text[place] == "’" and (is_year or (bool(before) and before.isascii() and after[:1].isascii()))


def unpaired(whole: Whole) -> Iterator[Mark]:
    for story in whole.stories:
        for paragraph in story.paragraphs:
            for each in scan(paragraph.text)[1]:
                mark = paragraph.text[each.place]
                if mark == "“" and not each.turned and _goes_on(story, paragraph):
                    continue
                other = CLOSING.get(mark) or OPENING[mark]
                if each.turned:
                    why = _("This mark looks the wrong way: “%(mark)s” should stand here.") % {"mark": other}
                    yield Mark(paragraph, each.place, each.place + 1, why, "GB/T 15834-2011 4.8.2", other)
                else:
                    why = _("The other half of this mark, “%(mark)s”, is missing in the paragraph.") % {"mark": other}
                    yield Mark(paragraph, each.place, each.place + 1, why, f"GB/T 15834-2011 {_clause(mark)}")


def _clause(mark: str) -> str:
    return "4.8.2" if mark in "“”‘’" else "4.15.2" if mark in "《》〈〉" else "4.9.2"


def _goes_on(story: Story, paragraph: Paragraph) -> bool:
    """A quotation of several paragraphs: each begins with the mark, the last alone ends with it (4.8.3.5)."""
    following = story.paragraphs[paragraph.number + 1 : paragraph.number + 2]
    return paragraph.text.startswith("“") and bool(following) and following[0].text.startswith("“")


def nested(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        for pair in scan(paragraph.text)[0]:
            opening, inside = paragraph.text[pair.start], paragraph.text[pair.start + 1 : pair.end - 1]
            source = f"GB/T 15834-2011 {CLAUSES.get(opening, '4.15.3.5')}"
            if opening in INNER and pair.outside.count(opening) % 2 and pair.outside[-1] == opening:
                why = _("Inside marks of the same kind stand %(marks)s.") % {"marks": INNER[opening]}
                yield _with(paragraph, pair, INNER[opening], why, source)
            elif opening in OUTER and OUTER[opening][0] not in pair.outside and OPENING.get(opening) is None:
                why = _("The outer marks are %(outer)s; %(inner)s stand only inside them.")
                inner = opening + CLOSING[opening]
                yield _with(paragraph, pair, OUTER[opening], why % {"outer": OUTER[opening], "inner": inner}, source)
            elif opening in "〔【[［" and pair.outside[-1:] == ("《",) and not NUMBER.fullmatch(inside):
                yield _with(paragraph, pair, "〈〉", _("A title inside a title stands between 〈 and 〉."), source)


def _with(paragraph: Paragraph, pair: Pair, marks: str, why: str, source: str) -> Mark:
    inside = paragraph.text[pair.start + 1 : pair.end - 1]
    return Mark(paragraph, pair.start, pair.end, why, source, f"{marks[0]}{inside}{marks[1]}")


def bracket_in_bracket(whole: Whole) -> Iterator[Mark]:
    for paragraph in whole.paragraphs:
        for pair in scan(paragraph.text)[0]:
            if paragraph.text[pair.start] == "（" and pair.outside[-1:] == ("（",):
                why = _("Brackets of the same form should not stand inside each other.")
                yield _with(paragraph, pair, "〔〕", why, "GB/T 15834-2011 4.9.3")


RULES = (
    Rule("unpaired-mark", FAMILY, gettext_lazy("Unpaired marks"), "《邮政法的规定", ERROR, unpaired),
    Rule("nested-mark", FAMILY, gettext_lazy("Wrongly nested marks"), "《关于印发《方案》的通知》", ERROR, nested),
    Rule(
        "nested-bracket",
        FAMILY,
        gettext_lazy("Brackets inside brackets"),
        "（三级（高级））",
        WARNING,
        bracket_in_bracket,
    ),
)
