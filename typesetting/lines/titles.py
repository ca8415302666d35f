"""Breaks a title into balanced lines at the edges of its phrases, never inside a word."""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

from . import classes
from .classes import HAN, SPACE

LONGEST_NAME = 18  # characters: a longer name of a unit fits no line of a title and is one word no more
MOST_LINES = 3
FULL = 0.85  # of a line that the contents fill before they turn it
LONGEST_TURNED = 400  # characters; more is no title
OVERHANG = 0.1  # em that a line may be too long: the ink of a Han leaves as much free
PHRASE_EDGE, GOOD, FAIR, POOR, NEVER = -1.0, 0.0, 0.6, 2.5, 1e3  # what a break costs
ANOTHER_LINE, JOINED_PHRASES, UNEVENNESS = 3.0, 4.0, 3.0
HOURGLASS, WAIST = 8.0, 0.5  # the cost of a line shorter than both its neighbours by more than so many em
TAILS = frozenset(
    ("工作", "活动", "行动", "项目", "精神", "专项行动", "工程", "会议")
)  # they belong to the word before
URL_EDGES = frozenset("/?&=._-")  # a long address may be turned behind one of them
LONG_RUN = 12  # characters of a run of letters and digits that may be turned

Width = Callable[[str], float]
Names = frozenset[str]
NO_NAMES: Names = frozenset()


@cache
def words() -> tuple[frozenset[str], frozenset[str]]:
    """All known words, and those after which a title's line may well end."""
    lines = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line and not line.startswith("#")]
    verbs = frozenset(word for line in lines if line.startswith(">") for word in line[1:].split())
    return verbs | frozenset(word for line in lines if not line.startswith(">") for word in line.split()), verbs


def unit_names(names: Iterable[str]) -> Names:
    """Names of units as words of a title. One too long for a line is parted behind 公司 and nowhere else."""
    found: set[str] = set()
    for name in names:
        parts = [name] if len(name) <= LONGEST_NAME else re.findall(r".+?公司|.+$", name)
        found.update(part for part in parts if 1 < len(part) <= LONGEST_NAME)
    return frozenset(found)


@lru_cache(maxsize=64)
def _known(names: Names) -> tuple[frozenset[str], int]:
    """All known words with these names, and the length of the longest."""
    known = words()[0] | names
    return known, max(map(len, known))


@lru_cache(maxsize=1024)
def segments(text: str, names: Names = NO_NAMES) -> tuple[str, ...]:
    """The words of a title: the fewest that cover it, longer ones first; what is unknown stands as single characters."""
    known, longest = _known(names)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        options = [(best[end - 1][0] + 1.5, end - 1)]
        for start in range(max(0, end - longest), end - 1):
            if text[start:end] in known:
                options.append((best[start][0] + 1 - 0.01 * (end - start) ** 2, start))
        best.append(min(options))
    cuts = [len(text)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][1])
    return tuple(text[start:end] for start, end in pairwise(cuts[::-1]))


def break_costs(text: str, names: Names = NO_NAMES) -> dict[int, float]:
    """What it costs to end a line before each character; absent where a line may not end at all."""
    _, verbs = words()
    costs, place, parts = {}, 0, segments(text, names)
    for word, following in pairwise(parts):
        place += len(word)
        cost = _cost(text, place, word, following, verbs)
        if cost < NEVER:
            costs[place] = cost
    return costs


def _cost(text: str, place: int, word: str, following: str, verbs: frozenset[str]) -> float:
    last, first = text[place - 1], text[place]
    if first in classes.NEVER_FIRST or last in classes.NEVER_LAST or classes.kind(first) == SPACE:
        return NEVER
    if classes.kind(last) == classes.kind(first) != HAN and classes.kind(last) != classes.MARK:
        return 2 * POOR if last in URL_EDGES and _run_length(text, place) > LONG_RUN else NEVER
    cost = _phrase_cost(last, first, word, following, verbs)
    return max(cost, FAIR) + 2 * POOR if _is_inside_quotes(text, place) else cost


def _phrase_cost(last: str, first: str, word: str, following: str, verbs: frozenset[str]) -> float:
    if classes.kind(last) == SPACE or last in "，；：。！？":
        return PHRASE_EDGE
    if word in verbs and following in verbs:
        return PHRASE_EDGE - 0.2
    if following in TAILS:
        return POOR
    if first in "《“" or word in verbs:
        return GOOD
    if last in "》”":
        return FAIR / 2
    if following in verbs or last in "、局会部委办队站院司团组":
        return FAIR if len(word) > 1 or last in "、局" else POOR
    return FAIR + 0.4 if len(word) > 1 and len(following) > 1 else POOR


def _run_length(text: str, place: int) -> int:
    """Of the letters, digits and signs without a Han or a blank that go on across the place."""
    before, behind = re.search(r"[!-~]*$", text[:place]), re.match(r"[!-~]*", text[place:])
    assert before is not None  # it may be empty
    assert behind is not None
    return len(before[0]) + len(behind[0])


def _is_inside_quotes(text: str, place: int) -> bool:
    return any(text.count(a, 0, place) > text.count(b, 0, place) for a, b in ("《》", "“”", "（）", "〈〉", "‘’"))


class Broken(NamedTuple):
    """A title in lines, with what its breaks and its shape cost."""

    cost: float
    lines: tuple[str, ...]
    worst: float = 0.0  # of its breaks
    has_waist: bool = False  # a line shorter than both its neighbours
    is_undone: bool = False  # the editor's own breaks were given up

    @property
    def reads_well(self) -> bool:
        return not self.has_waist and not (self.is_undone and self.worst >= POOR)


def balance(title: str, measure: float, width: Width, names: Names = NO_NAMES) -> tuple[str, ...] | None:
    """The lines of a title, all within `measure` em: the editor's own lines (parted by line feeds) when each of them fits,
    otherwise as few lines as can be, about evenly long, parted where it reads best. Spaces at a break are dropped.
    None when it can't be had in five lines."""
    given = _given(title, names)
    if all(_fits(line, measure, width) for line in given):
        return given
    for counts in ((2, 3), (4,), (5,)):
        if found := _best(_joined(given, names), measure, width, counts, names):
            return found.lines
    return None


def fit(
    title: str, measure: float, sizes: Sequence[float], width: Width, names: Names = NO_NAMES
) -> tuple[float, tuple[str, ...]] | None:
    """The size in points and the lines of a title that takes three lines at most, as large as can be: at each size the
    editor's own breaks first, then others, if these read well. No line is shorter than both its neighbours unless the
    editor wants it or it can't be had otherwise. None when the smallest size gives no three lines."""
    given = _given(title, names)
    found = [(size, broken) for size in sizes for broken in _ways(given, measure / size, width, names)]
    for choice in ([one for one in found if one[1].reads_well], [one for one in found if not one[1].has_waist], found):
        if choice:
            size, broken = choice[0]
            return size, broken.lines
    return None if not names else fit(title, measure, sizes, width)


def _ways(given: tuple[str, ...], measure: float, width: Width, names: Names) -> Iterator[Broken]:
    """How a title may be broken at one size: as the editor has it, the editor's lines broken further, all anew."""
    if all(_fits(line, measure, width) for line in given):
        yield Broken(0.0, given)
        return
    most = max(MOST_LINES, len(given))
    if 1 < len(given) < most:
        kept, seams = "".join(given), frozenset(accumulate(map(len, given[:-1])))
        yield from filter(None, [_best(kept, measure, width, range(len(given) + 1, most + 1), names, seams)])
    anew = [_best(text, measure, width, (2, 3), names) for text in {_joined(given, names), "".join(given)}]
    if found := list(filter(None, anew)):
        yield min(found)._replace(is_undone=len(given) > 1)


def turned(
    text: str, measure: float, width: Width, names: Names = NO_NAMES, *, last: float | None = None, indent: float = 0.0
) -> tuple[str, ...]:
    """A title in running lines, as the contents have it: each as full as it can be without breaking a word.

    The last line is `last` long at most (as long as the others when None); all but the first are `indent` shorter.
    """
    if len(text) > LONGEST_TURNED:
        return (text,)
    last = measure if last is None else last
    sums = [0.0, *accumulate(map(width, text))]
    lines: list[str] = []
    costs, start = break_costs(text, names), 0
    while sums[-1] - sums[start] > last - (indent if lines else 0.0):
        room = measure - (indent if lines else 0.0)
        end = _fullest(sums, costs, start, room)
        lines.append(text[start:end].strip())
        start = end
    return (*lines, text[start:].strip())


def _fullest(sums: list[float], costs: dict[int, float], start: int, room: float) -> int:
    """Where a running line ends: at the last good edge that leaves it full, else at the last edge of a word."""
    most = min(bisect_right(sums, sums[start] + room) - 1, len(sums) - 2)
    edges = [at for at in range(most, start, -1) if at in costs and sums[at] - sums[start] > room / 2]
    good = [at for at in edges if costs[at] < POOR and sums[at] - sums[start] > room * FULL]
    return (good or edges or [max(most, start + 1)])[0]


def _given(title: str, names: Names) -> tuple[str, ...]:
    """The editor's lines, without a space that stands inside a word: it comes from an earlier break of the line."""
    lines = (line.strip() for line in title.split("\n"))
    return tuple(_without_stray_spaces(line, names) for line in lines if line)


def _without_stray_spaces(line: str, names: Names) -> str:
    if " " not in line:
        return line
    parts = line.split(" ")
    edges = {0, *accumulate(map(len, segments("".join(parts), names)))}
    place, text = 0, ""
    for before, part in pairwise(["", *parts]):
        place += len(before)
        text += (" " if place in edges and text else "") + part
    return text


def _best(
    text: str, measure: float, width: Width, counts: Iterable[int], names: Names, seams: frozenset[int] = frozenset()
) -> Broken | None:
    """The cheapest lines of these counts, parted at all of the `seams` at least; phrases side by side are parted from each
    other rather than within."""
    if len(text) > 6 * measure:
        return None
    costs = break_costs(text, names) | dict.fromkeys(seams, 0.0)
    for allowed in (_between_phrases(text, costs, measure, width), costs):
        found = [broken for count in counts for broken in _splits(text, allowed, count, measure, width, seams)]
        if found:
            return min(found)
    return None


def _between_phrases(text: str, costs: dict[int, float], measure: float, width: Width) -> dict[int, float]:
    """Without the breaks inside a phrase that fits on a line of its own; a full-width space outside quotes parts phrases."""
    edges = [place for place in costs if text[place - 1] == "\u3000" and not _is_inside_quotes(text, place)]
    allowed = dict(costs) if not edges else {edge: costs[edge] for edge in edges}
    for start, end in pairwise([0, *sorted(edges), len(text)]):
        if edges and not _fits(text[start:end], measure, width):
            allowed |= {place: cost for place, cost in costs.items() if start < place < end}
    return allowed


def _joined(lines: tuple[str, ...], names: Names) -> str:
    """The editor's lines as one text again; a space keeps two phrases apart where the second begins with a verb."""
    _, verbs = words()
    text = lines[0] if lines else ""
    for line in lines[1:]:
        text += ("\u3000" if segments(line, names)[0] in verbs else "") + line
    return text


def _fits(line: str, measure: float, width: Width) -> bool:
    line = line.strip()
    return sum(width(character) for character in line) - _blank(line) <= measure + OVERHANG


def _blank(line: str) -> float:
    """The empty halves of a mark that begins and of one that ends a line: they may stand outside the measure."""
    blank = 0.5 if line[0] in classes.OPENING else 0.0
    return blank + (0.5 if line[-1] in classes.CLOSING or line[-1] in classes.POINTS else 0.0)


def _splits(
    text: str,
    costs: Mapping[int, float],
    count: int,
    measure: float,
    width: Callable[[str], float],
    seams: Collection[int],
) -> Iterator[Broken]:
    """Every way to split a title into `count` lines that fit, parted at the seams."""
    sums = [0.0, *accumulate(map(width, text))]
    places = [*sorted(place for place in costs if 0 < place < len(text)), len(text)]
    edges = [place for place in places[:-1] if costs[place] == PHRASE_EDGE]

    def length(start: int, end: int) -> float:
        visible = text[start:end].rstrip()
        return sums[start + len(visible)] - sums[start] - _blank(visible)

    def ways(start: int, first: int, left: int) -> Iterator[tuple[int, ...]]:
        """The ends of the lines from `start` on; `first` is the number of the first place behind it."""
        if sums[-1] - sums[start] > left * (measure + OVERHANG + 1):
            return
        stop = min((seam for seam in seams if seam > start), default=len(text))
        for number in range(first, len(places)):
            end = places[number]
            if end > stop or length(start, end) > measure + OVERHANG:
                return
            if left == 1 and end == len(text):
                yield (end,)
            elif left > 1:
                yield from ((end, *more) for more in ways(end, number + 1, left - 1))

    for ends in ways(0, 0, count):
        spans = list(pairwise((0, *ends)))
        lengths, breaks = [length(*span) for span in spans], [costs[end] for end in ends[:-1]]
        joined = sum(JOINED_PHRASES for start, end in spans for edge in edges if start < edge < end)
        waist = _waist(lengths)
        cost = ANOTHER_LINE * count + joined + sum(breaks) + _unevenness(lengths, sums[-1] / count) + waist
        lines = tuple(text[start:end].strip() for start, end in spans)
        yield Broken(cost, lines, max(breaks, default=0.0), waist > 0)


def _unevenness(lengths: list[float], ideal: float) -> float:
    return sum((abs(length - ideal) / ideal * UNEVENNESS) ** 2 for length in lengths)


def _waist(lengths: list[float]) -> float:
    """What it costs that a line is shorter than both its neighbours (GB/T 9704-2012 7.3.1: 梯形或菱形)."""
    depths = (
        min(before, after) - middle for before, middle, after in zip(lengths, lengths[1:], lengths[2:], strict=False)
    )
    return sum(HOURGLASS + depth for depth in depths if depth > WAIST)
