"""One text made of two that both came from a third. What one person changed and the other left alone is taken from each.

Fields are merged as a whole, the text itself by paragraph, list item and table. Where both changed the same place and
not to the same, it is a `Clash`: both are shown, and a person chooses. So nothing that was typed is dropped unasked.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from itertools import groupby
from typing import Literal, TypeVar

from .difference import ALIKE, Pair, likeness, stayed

State = Mapping[str, str]  # the fields of a text by name; what a person may type
Choice = Literal["mine", "theirs", "both"]
CHOICES: tuple[Choice, ...] = ("mine", "theirs", "both")
Part = TypeVar("Part")

BODY = "body"
LISTS = ("ul", "ol")
# Two runs of changed paragraphs are paired by what they say as long as no more pairs than this are possible.
MOST_PAIRS = 900


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading, a list item or a table: its HTML, and the list it stands in.

    Two are the same when they differ in white space between tags alone, which is the editor's affair.
    """

    key: str
    html: str = field(compare=False)
    within: str = ""

    @property
    def text(self) -> str:
        return unescape(re.sub(r"<[^>]*>", "", self.html)).strip()


Blocks = tuple[Block, ...]


@dataclass(frozen=True)
class Clash:
    """Where both changed the same. Of a field the three are its text, of a place in the text HTML; empty is deleted.

    `key` names the place and what stands there now: a choice holds as long as that is so. `number` counts the
    paragraphs from 1.
    """

    key: str
    name: str
    base: str
    mine: str
    theirs: str
    number: int = 0

    @property
    def is_in_text(self) -> bool:
        return self.name == BODY

    @property
    def choices(self) -> tuple[Choice, ...]:
        return CHOICES if self.is_in_text and self.mine and self.theirs else CHOICES[:2]


@dataclass
class Merged:
    """`state` is what is agreed; where a clash has no choice yet, theirs stands in it."""

    state: dict[str, str] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)
    chosen: set[str] = field(default_factory=set)  # the choices that were made use of


def merge(base: State, mine: State, theirs: State, choices: Mapping[str, str] | None = None) -> Merged:
    """The fields of `mine`, merged with what became of them meanwhile.

    Without a field in `base` nothing of it counts as deleted. `choices` are the person's, by the keys of the clashes.
    """
    merged = Merged()
    for name, text in mine.items():
        was, now = base.get(name, ""), theirs.get(name, "")
        if now in (was, text):
            merged.state[name] = text
        elif text == was:
            merged.state[name] = now
        elif name == BODY:
            merged.state[name] = _merged_body(was, text, now, choices or {}, merged)
        else:
            clash = Clash(_key(name, was, now), name, was, text, now)
            merged.state[name] = _chosen(clash, text, now, choices or {}, merged)[-1]
    return merged


def _chosen(clash: Clash, mine: Part, theirs: Part, choices: Mapping[str, str], merged: Merged) -> tuple[Part, ...]:
    choice = choices.get(clash.key)
    if choice not in clash.choices:
        merged.clashes.append(clash)
        return (theirs,)
    merged.chosen.add(choice)
    return {"mine": (mine,), "theirs": (theirs,), "both": (theirs, mine)}[choice]


def _key(*texts: str) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()[:16]


# --- the text --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Place:
    """A place of the text: the block of the common origin, if it is one, and what stands there in either text."""

    key: str
    base: Block | None
    mine: Block | None
    theirs: Block | None


def _merged_body(base: str, mine: str, theirs: str, choices: Mapping[str, str], merged: Merged) -> str:
    blocks: list[Block] = []
    for place in _places(split(base), split(mine), split(theirs)):
        one, other = place.mine, place.theirs
        if one == other or one == place.base:
            found: tuple[Block | None, ...] = (other,)
        elif other == place.base:
            found = (one,)
        else:
            was, mine_now, theirs_now = (join([block]) if block else "" for block in (place.base, one, other))
            clash = Clash(place.key, BODY, was, mine_now, theirs_now, number=len(blocks) + 1)
            found = _chosen(clash, one, other, choices, merged)
        blocks += filter(None, found)
    return join(blocks)


def _places(base: Sequence[Block], mine: Sequence[Block], theirs: Sequence[Block]) -> Iterator[_Place]:
    """The places of the text in order: between two of the origin's blocks stands what was added there."""
    ours, our_news = _became(base, mine, _pairs(base, mine))
    other, other_news = _became(base, theirs, _pairs(base, theirs))
    for at, block in enumerate([*base, None]):
        yield from _added(at, our_news[at], other_news[at])
        if block:
            now = other.get(at)
            yield _Place(_key(str(at), block.key, now.key if now else ""), block, ours.get(at), now)


def _added(at: int, mine: Sequence[Block], theirs: Sequence[Block]) -> Iterator[_Place]:
    """What was added at one place. Two that are alike are one that both wrote; of others each stands for itself."""
    ours, news = _became(theirs, mine, _likely(theirs, mine))
    for number, block in enumerate([*theirs, None]):
        yield from (_Place("", None, new, None) for new in news[number])
        if block:
            one = ours.get(number)
            yield _Place(_key("added", str(at), str(number), block.key), None, one, block)


def _became(
    before: Sequence[Block], after: Sequence[Block], pairs: Sequence[Pair]
) -> tuple[dict[int, Block], dict[int, list[Block]]]:
    """What each block became, by its place; and what was added before each place. What is in neither was deleted."""
    news: dict[int, list[Block]] = defaultdict(list)
    place, paired = 0, {other: one for one, other in pairs}
    for at, block in enumerate(after):
        if at in paired:
            place = paired[at] + 1
        else:
            news[place].append(block)
    return {one: after[other] for one, other in pairs}, news


def _pairs(before: Sequence[Block], after: Sequence[Block]) -> list[Pair]:
    """Which blocks became which: those that are alike, then those that face each other between these."""
    return _in_gaps(_likely(before, after), before, after, _facing)


def _likely(before: Sequence[Block], after: Sequence[Block]) -> list[Pair]:
    """The same ones in their order, and between these the most alike."""
    kept = stayed([_letters(block) for block in before], [_letters(block) for block in after])
    return _in_gaps(kept, before, after, _alike)


def _letters(block: Block) -> str:
    return f"{block.within}{block.key}"


Find = Callable[[Sequence[Block], Sequence[Block]], Iterable[Pair]]


def _in_gaps(pairs: Sequence[Pair], before: Sequence[Block], after: Sequence[Block], find: Find) -> list[Pair]:
    """The pairs, and those that `find` sees between each two of them."""
    found: list[Pair] = []
    old = new = 0
    for one, other in [*pairs, (len(before), len(after))]:
        found += [(old + left, new + right) for left, right in find(before[old:one], after[new:other])]
        found.append((one, other))
        old, new = one + 1, other + 1
    return found[:-1]


def _facing(before: Sequence[Block], after: Sequence[Block]) -> Iterable[Pair]:
    return zip(range(len(before)), range(len(after)), strict=False)


def _alike(before: Sequence[Block], after: Sequence[Block]) -> list[Pair]:
    """The pairs in order that are most alike together."""
    if not before or not after or len(before) * len(after) > MOST_PAIRS:
        return []
    best: dict[Pair, tuple[float, list[Pair]]] = defaultdict(lambda: (0.0, []))
    for one, old in enumerate(before):
        for other, new in enumerate(after):
            ways = [best[one - 1, other], best[one, other - 1]]
            if (alike := _likeness(old.text, new.text)) >= ALIKE:
                score, pairs = best[one - 1, other - 1]
                ways.append((score + alike, [*pairs, (one, other)]))
            best[one, other] = max(ways, key=lambda way: way[0])
    return best[len(before) - 1, len(after) - 1][1]


def _likeness(one: str, other: str) -> float:
    """One that was only written on is the same, however short it was."""
    return 1 if one and other and (one.startswith(other) or other.startswith(one)) else likeness(one, other)


# --- HTML and its blocks ---------------------------------------------------------------------------------------------
def split(html: str) -> list[Block]:
    """The blocks of cleaned HTML. Without blank ones; text that stands in no block becomes a paragraph."""
    splitter = _Splitter()
    splitter.feed(html)
    splitter.close()
    splitter.finish()
    return splitter.blocks


def join(blocks: Iterable[Block]) -> str:
    parts = []
    for within, run in groupby(blocks, key=lambda block: block.within):
        html = "\n".join(block.html for block in run)
        parts.append(f"{within}\n{html}\n</{within[1:3]}>" if within else html)
    return "\n".join(parts)


class _Splitter(HTMLParser):
    """Cuts where no tag is open but a list's."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.blocks: list[Block] = []
        self.html = ""
        self.depth = 0
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raw = self.get_starttag_text() or ""
        if not self.depth and tag in ("p", "h3", "h4", "li", "table", *LISTS):
            self.finish()
        if not self.depth and tag in LISTS and not self.within:
            self.within = raw
            return
        self.html += raw
        self.depth += tag != "br"

    def handle_endtag(self, tag: str) -> None:
        if not self.depth:
            self.finish()
            self.within = ""
            return
        self.html += f"</{tag}>"
        self.depth -= 1

    def handle_data(self, data: str) -> None:
        self.html += data

    def handle_entityref(self, name: str) -> None:
        self.html += f"&{name};"

    def handle_charref(self, name: str) -> None:
        self.html += f"&#{name};"

    def finish(self) -> None:
        html, self.html, self.depth = self.html.strip(), "", 0
        if not re.sub(r"<(?!table\b)[^>]*>|\s|&nbsp;", "", html):
            return
        if not re.match(r"<(p|h3|h4|li|table|ul|ol)\b", html):
            html = f"<li>{html}</li>" if self.within else f"<p>{html}</p>"
        elif self.within and not html.startswith("<li"):
            html = f"<li>{html}</li>"
        key = re.sub(r"(?<=>)\s+(?=<(?!(?:strong|em|sub|sup)\b))", "", html)
        self.blocks.append(Block(re.sub(r"\s+", " ", key), html, self.within))
