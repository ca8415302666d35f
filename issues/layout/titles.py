"""Breaks a title into balanced lines at the edges of its phrases, never inside a word."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path

from . import classes
from .classes import HAN, SPACE

LONGEST_WORD = 8
MOST_LINES = 3
FULL = 0.75  # of a line that the contents fill before they turn it
LONGEST_TURNED = 400  # characters; more is no title
OVERHANG = 0.1  # em that a line may be too long: the ink of a Han leaves as much free
PHRASE_EDGE, GOOD, FAIR, POOR, NEVER = -1.0, 0.0, 0.6, 2.5, 1e3  # what a break costs
ANOTHER_LINE, JOINED_PHRASES, UNEVENNESS = 3.0, 4.0, 3.0
TAILS = frozenset(
    ("工作", "活动", "行动", "项目", "精神", "专项行动", "工程", "会议")
)  # they belong to the word before

Width = Callable[[str], float]


@cache
def words() -> tuple[frozenset[str], frozenset[str]]:
    """All known words, and those after which a title's line may well end."""
    lines = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line and not line.startswith("#")]
    verbs = frozenset(word for line in lines if line.startswith(">") for word in line[1:].split())
    return verbs | frozenset(word for line in lines if not line.startswith(">") for word in line.split()), verbs


def segments(text: str) -> list[str]:
    """The words of a title: the fewest that cover it, longer ones first; what is unknown stands as single characters."""
    known, _ = words()
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        options = [(best[end - 1][0] + 1.5, end - 1)]
        for start in range(max(0, end - LONGEST_WORD), end - 1):
            if text[start:end] in known:
                options.append((best[start][0] + 1 - 0.01 * (end - start) ** 2, start))
        best.append(min(options))
    cuts = [len(text)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][1])
    return [text[start:end] for start, end in pairwise(cuts[::-1])]


def break_costs(text: str) -> dict[int, float]:
    """What it costs to end a line before each character; absent where a line may not end at all."""
    _, verbs = words()
    costs, place, parts = {}, 0, segments(text)
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
        return NEVER
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


def _is_inside_quotes(text: str, place: int) -> bool:
    return any(text.count(a, 0, place) > text.count(b, 0, place) for a, b in ("《》", "“”", "（）", "〈〉", "‘’"))


def balance(title: str, measure: float, width: Width) -> tuple[str, ...] | None:
    """The lines of a title, all within `measure` em: the editor's own lines (parted by line feeds) when each of them fits,
    otherwise as few lines as can be, about evenly long, parted where it reads best. Spaces at a break are dropped.
    None when it can't be had in five lines."""
    given = _given(title)
    if all(_fits(line, measure, width) for line in given):
        return given
    return _rebroken(given, measure, width) or _best(_joined(given), measure, width, (4, 5))


def fit(title: str, measure: float, sizes: Sequence[float], width: Width) -> tuple[float, tuple[str, ...]] | None:
    """The size in points and the lines of a title that takes three lines at most: the largest of `sizes` at which the
    editor's own breaks can stand, else at which any can. None when the smallest gives no three lines either."""
    given = _given(title)
    for broken, most in ((_kept, max(MOST_LINES, len(given))), (_rebroken, MOST_LINES)):
        for size in sizes:
            lines = broken(given, measure / size, width)
            if lines and len(lines) <= most:
                return size, lines
    return None


def turned(text: str, measure: float, width: Width) -> tuple[str, ...]:
    """A title in running lines, as the contents have it: each as full as it can be without breaking a word."""
    if len(text) > LONGEST_TURNED:
        return (text,)
    sums = [0.0, *accumulate(map(width, text))]
    lines, costs, start = [], break_costs(text), 0
    while sums[-1] - sums[start] > measure:
        last = bisect_right(sums, sums[start] + measure) - 1
        edges = [at for at in range(last, start, -1) if at in costs and sums[at] - sums[start] > measure / 2]
        full = [at for at in edges if costs[at] < POOR and sums[at] - sums[start] > measure * FULL]
        end = (full or edges or [max(last, start + 1)])[0]
        lines.append(text[start:end].strip())
        start = end
    return (*lines, text[start:].strip())


def _given(title: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in title.split("\n") if line.strip())


def _kept(given: tuple[str, ...], measure: float, width: Width) -> tuple[str, ...] | None:
    """The editor's lines, each one that is too long broken once or twice more."""
    broken = [(line,) if _fits(line, measure, width) else _best(line, measure, width, (2, 3)) for line in given]
    return tuple(line for lines in broken for line in lines) if all(broken) else None


def _rebroken(given: tuple[str, ...], measure: float, width: Width) -> tuple[str, ...] | None:
    return _best(_joined(given), measure, width, (2, 3))


def _best(text: str, measure: float, width: Width, counts: tuple[int, ...]) -> tuple[str, ...] | None:
    """The cheapest lines of these counts; phrases side by side are parted from each other rather than within."""
    if len(text) > 6 * measure:
        return None
    costs = break_costs(text)
    for allowed in (_between_phrases(text, costs, measure, width), costs):
        found = [split for count in counts if (split := _split(text, allowed, count, measure, width))]
        if found:
            return tuple(line.strip() for line in min(found)[1])
    return None


def _between_phrases(text: str, costs: dict[int, float], measure: float, width: Width) -> dict[int, float]:
    """Without the breaks inside a phrase that fits on a line of its own; a full-width space outside quotes parts phrases."""
    edges = [place for place in costs if text[place - 1] == "\u3000" and not _is_inside_quotes(text, place)]
    allowed = dict(costs) if not edges else {edge: costs[edge] for edge in edges}
    for start, end in pairwise([0, *sorted(edges), len(text)]):
        if edges and not _fits(text[start:end], measure, width):
            allowed |= {place: cost for place, cost in costs.items() if start < place < end}
    return allowed


def _joined(lines: tuple[str, ...]) -> str:
    """The editor's lines as one text again; a space keeps two phrases apart where the second begins with a verb."""
    _, verbs = words()
    text = lines[0]
    for line in lines[1:]:
        text += ("\u3000" if segments(line)[0] in verbs else "") + line
    return text


def _fits(line: str, measure: float, width: Width) -> bool:
    line = line.strip()
    return sum(width(character) for character in line) - _blank(line) <= measure + OVERHANG


def _blank(line: str) -> float:
    """The empty halves of a mark that begins and of one that ends a line: they may stand outside the measure."""
    blank = 0.5 if line[0] in classes.OPENING else 0.0
    return blank + (0.5 if line[-1] in classes.CLOSING or line[-1] in classes.POINTS else 0.0)


def _split(text, costs, count, measure, width) -> tuple[float, list[str]] | None:
    """The cheapest split into `count` lines with its cost, or None when none fits."""
    sums = [0.0]
    for character in text:
        sums.append(sums[-1] + width(character))
    ideal = sums[-1] / count
    places = [0, *sorted(costs), len(text)]
    best: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {(0, 0): (ANOTHER_LINE * count, ())}
    for line in range(1, count + 1):
        for end in places[1:] if line < count else [len(text)]:
            options = []
            for start in places:
                if start >= end:
                    continue
                spaces = end - start - len(text[start:end].rstrip())
                length = sums[end - spaces] - sums[start] - _blank(text[start : end - spaces])
                if length > measure + OVERHANG or (line - 1, start) not in best:
                    continue
                cost, cuts = best[line - 1, start]
                uneven = (abs(length - ideal) / ideal * UNEVENNESS) ** 2
                joined = sum(JOINED_PHRASES for place in places if start < place < end and costs[place] == PHRASE_EDGE)
                options.append((cost + uneven + joined + costs.get(end, 0.0), (*cuts, end)))
            if options:
                best[line, end] = min(options)
    if (count, len(text)) not in best:
        return None
    cost, cuts = best[count, len(text)]
    return cost, [text[start:end] for start, end in pairwise((0, *cuts))]
