"""What became of paragraphs from one text to the next, and of the characters of a paragraph that was changed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from diff_match_patch import diff_match_patch

from . import anchors

Operation = Literal["equal", "delete", "insert"]
Part = tuple[Operation, str]
Kind = Literal["same", "changed", "moved", "moved_away", "deleted", "added"]
Pair = tuple[int, int]

# Stands for what is no text, as in Unicode: a text that begins with it is a thing, which is compared with things alone,
# and neither joined to another nor split.
THING = "\ufffc"
OPERATIONS: dict[int, Operation] = {-1: "delete", 0: "equal", 1: "insert"}
# How much of two paragraphs has to be the same (Dice's measure over pairs of characters) to be one that was changed, or
# one that was moved as well. Two unrelated ones of a bulletin share less than a quarter.
ALIKE, ALIKE_ELSEWHERE = 0.4, 0.6
# How much of a paragraph has to stand inside another to be a part that was split off from it or joined to it.
INSIDE, SHORTEST_INSIDE = 0.6, 4
# Two short paragraphs that face each other alone are one that was changed when a third of their characters stayed.
SHORT, STAYED = 60, 1 / 3


@dataclass(frozen=True)
class Difference:
    """One paragraph of a comparison.

    `kind` is same, changed, deleted, added, moved (at its new place, perhaps changed too) or moved_away (at its old
    place). `before_at` and `after_at` are its places in the two texts, from 1; 0 where it has none. Where paragraphs
    were joined or split, `before` or `after` holds several lines.
    """

    kind: Kind
    before: str = ""
    after: str = ""
    before_at: int = 0
    after_at: int = 0

    @cached_property
    def parts(self) -> list[Part]:
        """What became of its characters."""
        if self.kind in ("deleted", "moved_away"):
            return [("delete", self.before)]
        if self.kind == "added":
            return [("insert", self.after)]
        return characters(self.before, self.after)

    @property
    def in_order(self) -> list[Part]:
        """The same without moves: what was moved is deleted at its old place and inserted at its new one."""
        return [("insert", self.after)] if self.kind == "moved" else self.parts


def characters(before: str, after: str) -> list[Part]:
    """What became of the characters of one text: as few as possible are deleted and inserted.

    A change of which several places are possible is put at a mark of punctuation. A single character that stayed by
    chance between two rewordings is shown with them. Long texts are compared piece by piece (`anchors`), so that no pair
    of paragraphs takes long; what can't be found again in them is shown as replaced.
    """
    if before == after:
        return [("equal", before)] if before else []
    engine = _engine()
    found = [part for pair in anchors.pieces(before, after) for part in _compared(engine, *pair) if part[1]]
    engine.diff_cleanupMerge(found)
    engine.diff_cleanupSemanticLossless(found)
    return list(_readable((OPERATIONS[code], text) for code, text in found))


def _compared(engine: diff_match_patch, before: str, after: str) -> list[tuple[int, str]]:
    """What is too long to be compared, and has no word that could be found again, was replaced."""
    if before != after and len(before) + len(after) > anchors.LONGEST:
        return [(-1, before), (1, after)]
    found: list[tuple[int, str]] = engine.diff_main(before, after, False)
    return found


def compare(before: Sequence[str], after: Sequence[str]) -> list[Difference]:
    """What became of each paragraph. `before` of all but the moved gives the old text, `after` of all but those that
    were moved away the new one, each in its order."""
    kept, moved = in_order(_alike(before, after), [len(text) + 1 for text in after])
    moved = [pair for pair in moved if likeness(before[pair[0]], after[pair[1]]) >= ALIKE_ELSEWHERE]
    groups = _Grouping(before, after, kept, moved).groups()
    return list(_differences(before, after, groups, moved))


def stayed(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """The paragraphs that stayed to the letter in their order, as many as possible: places from 0."""
    codes = {text: chr(number) for number, text in enumerate(sorted(set(before) & set(after)))}
    old = [at for at, text in enumerate(before) if text in codes]
    new = [at for at, text in enumerate(after) if text in codes]
    coded = ("".join(codes[texts[at]] for at in places) for texts, places in ((before, old), (after, new)))
    pairs: list[Pair] = []
    one = other = 0
    for code, text in _engine().diff_main(*coded, False):
        if code == 0:
            pairs += zip(old[one : one + len(text)], new[other : other + len(text)], strict=True)
        one += len(text) if code <= 0 else 0
        other += len(text) if code >= 0 else 0
    return pairs


def likeness(one: str, other: str) -> float:
    """How much of two paragraphs is the same, from 0 to 1."""
    grams, others = _grams(f"^{one}$"), _grams(f"^{other}$")
    return 2 * (grams & others).total() / (grams.total() + others.total())


def _engine() -> diff_match_patch:
    engine = diff_match_patch()
    engine.Diff_Timeout = 0  # no deadline, so that the same two texts always give the same answer
    return engine


# --- characters ------------------------------------------------------------------------------------------------------
@dataclass
class _Change:
    """What was replaced, and the text that stands equal in front of it."""

    equal: str = ""
    deleted: str = ""
    inserted: str = ""

    @property
    def is_rewording(self) -> bool:
        return bool(self.deleted and self.inserted) and len(self.deleted) + len(self.inserted) > 2

    def take_in(self, later: "_Change") -> None:
        self.deleted += later.equal + later.deleted
        self.inserted += later.equal + later.inserted


def _readable(parts: Iterable[Part]) -> Iterator[Part]:
    changes: list[_Change] = []
    for change in _changes(parts):
        if changes and _is_chance(changes[-1], change):
            changes[-1].take_in(change)
        else:
            changes.append(change)
    for change in changes:
        named: list[Part] = [("equal", change.equal), ("delete", change.deleted), ("insert", change.inserted)]
        yield from (part for part in named if part[1])


def _changes(parts: Iterable[Part]) -> list[_Change]:
    changes = [_Change()]
    for operation, text in parts:
        last = changes[-1]
        if operation == "delete":
            last.deleted += text
        elif operation == "insert":
            last.inserted += text
        elif last.deleted or last.inserted:
            changes.append(_Change(text))
        else:
            last.equal += text
    return changes


def _is_chance(one: _Change, other: _Change) -> bool:
    """A mark of punctuation parts clauses, and two characters are a word: these stay."""
    return len(other.equal) == 1 and other.equal.isalnum() and one.is_rewording and other.is_rewording


# --- paragraphs ------------------------------------------------------------------------------------------------------
def _alike(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """The paragraphs that became one another, wherever they stand now: places from 0, in the order of the new text."""
    pairs = _equal(before, after)
    old = set(range(len(before))) - {one for one, _other in pairs}
    new = set(range(len(after))) - {other for _one, other in pairs}
    found = [(-score, abs(one - other), one, other) for one, other, score in _likely(before, after, old, new)]
    for _score, _distance, one, other in sorted(found):
        if one in old and other in new:
            pairs.append((one, other))
            old.remove(one)
            new.remove(other)
    return sorted(pairs, key=lambda pair: pair[1])


def _equal(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """Those that stayed to the letter: as many as possible in their order, then the others."""
    pairs = stayed(before, after)
    gone = defaultdict(list)
    for at in sorted(set(range(len(before))) - {one for one, _other in pairs}):
        gone[before[at]].append(at)
    come = sorted(set(range(len(after))) - {other for _one, other in pairs})
    return pairs + [(gone[after[at]].pop(0), at) for at in come if gone[after[at]]]


def _likely(
    before: Sequence[str], after: Sequence[str], old: set[int], new: set[int]
) -> Iterator[tuple[int, int, float]]:
    """Those of `old` and `new` that are alike, and how much."""
    holders = defaultdict(list)
    sizes = {}
    for one in sorted(old):
        grams = _grams(f"^{before[one]}$")
        sizes[one] = grams.total()
        for gram, count in grams.items():
            holders[gram].append((one, count))
    for other in sorted(new):
        grams = _grams(f"^{after[other]}$")
        shared: Counter[int] = Counter()
        for gram, count in grams.items():
            for one, many in holders.get(gram, ()):
                shared[one] += min(count, many)
        for one, count in shared.items():
            score = 2 * count / (grams.total() + sizes[one])
            if score >= ALIKE:
                yield one, other, score


def _grams(text: str) -> Counter[str]:
    """Its pairs of characters; those of a thing are no text's."""
    kind = THING if THING in text[:2] else ""
    return Counter(kind + one + other for one, other in pairwise(text))


def in_order(pairs: list[Pair], sizes: Sequence[int]) -> tuple[list[Pair], list[Pair]]:
    """The pairs that kept their order, and those that were moved: the smallest, by the `sizes` of what is new."""
    runs: list[list[Pair]] = []
    for pair in pairs:
        if runs and pair == (runs[-1][-1][0] + 1, runs[-1][-1][1] + 1):
            runs[-1].append(pair)
        else:
            runs.append([pair])
    weights = [sum(sizes[other] for _one, other in run) for run in runs]
    best, previous = list(weights), [-1] * len(runs)
    for at, run in enumerate(runs):
        for earlier in range(at):
            if runs[earlier][-1][0] < run[0][0] and best[earlier] + weights[at] > best[at]:
                best[at], previous[at] = best[earlier] + weights[at], earlier
    at = max(range(len(runs)), key=best.__getitem__, default=-1)
    chosen = set()
    while at >= 0:
        chosen.add(at)
        at = previous[at]
    kept = [pair for at in sorted(chosen) for pair in runs[at]]
    return kept, [pair for at, run in enumerate(runs) if at not in chosen for pair in run]


@dataclass
class _Group:
    """Paragraphs that became one another: `old` and `new` are their places, from the first to behind the last."""

    old: tuple[int, int]
    new: tuple[int, int]


class _Grouping:
    """Makes groups of the pairs in order, and takes in what was split off from them or joined to them."""

    def __init__(self, before: Sequence[str], after: Sequence[str], kept: list[Pair], moved: list[Pair]) -> None:
        self.before, self.after = before, after
        self.found = [_Group((one, one + 1), (other, other + 1)) for one, other in kept]
        taken = kept + moved
        self.old = _texts_in(before) - {one for one, _other in taken}
        self.new = _texts_in(after) - {other for _one, other in taken}

    def groups(self) -> list[_Group]:
        if self.old and self.new:
            self.found += [pair for old, new in self._gaps() for pair in self._pairs_in_gap(old, new)]
            self.found.sort(key=lambda group: group.old)
        if self.old or self.new:
            for group in self.found:
                while self._extends(group):
                    pass
        return self.found

    def _gaps(self) -> list[tuple[list[int], list[int]]]:
        """The old and the new paragraphs that are left over between two groups."""
        gaps, old, new = [], 0, 0
        for group in [*self.found, _Group((len(self.before), 0), (len(self.after), 0))]:
            left = [one for one in range(old, group.old[0]) if one in self.old]
            right = [other for other in range(new, group.new[0]) if other in self.new]
            if left and right:
                gaps.append((left, right))
            old, new = group.old[1], group.new[1]
        return gaps

    def _pairs_in_gap(self, old: list[int], new: list[int]) -> Iterator[_Group]:
        """Those of which one stands inside the other; two short ones that face each other alone."""
        if len(old) == len(new) == 1 and _is_short_change(self.before[old[0]], self.after[new[0]]):
            yield self._taken(old[0], new[0])
            return
        left, right = (
            {at: set(_grams(texts[at])) for at in places} for texts, places in ((self.before, old), (self.after, new))
        )
        for other in new:
            one = next((one for one in left if _is_inside(left[one], right[other])), None)
            if one is not None:
                yield self._taken(one, other)
                left = {at: grams for at, grams in left.items() if at > one}

    def _taken(self, one: int, other: int) -> _Group:
        self.old.remove(one)
        self.new.remove(other)
        return _Group((one, one + 1), (other, other + 1))

    def _extends(self, group: _Group) -> bool:
        """Takes in one neighbour of the group whose characters are missing on its other side."""
        before, after = _lines(self.before, group.old), _lines(self.after, group.new)
        missing = _grams(before) - _grams(after), _grams(after) - _grams(before)
        for texts, left_over, name, lost in (
            (self.after, self.new, "new", missing[0]),
            (self.before, self.old, "old", missing[1]),
        ):
            first, end = getattr(group, name)
            for at, place in ((first - 1, (first - 1, end)), (end, (first, end + 1))):
                if at in left_over and _is_part(_grams(texts[at]), lost):
                    left_over.remove(at)
                    setattr(group, name, place)
                    return True
        return False


def _texts_in(texts: Sequence[str]) -> set[int]:
    """The places of those that are no things."""
    return {at for at, text in enumerate(texts) if not text.startswith(THING)}


def _is_short_change(before: str, after: str) -> bool:
    longest = max(len(before), len(after))
    return longest <= SHORT and longest * STAYED <= sum(
        len(text) for operation, text in characters(before, after) if operation == "equal"
    )


def _is_inside(one: set[str], other: set[str]) -> bool:
    """Whether most of the shorter stands in the longer."""
    shortest = min(len(one), len(other))
    return shortest >= SHORTEST_INSIDE and len(one & other) >= INSIDE * shortest


def _is_part(grams: Counter[str], lost: Counter[str]) -> bool:
    return grams.total() >= SHORTEST_INSIDE and (grams & lost).total() >= INSIDE * grams.total()


def _lines(texts: Sequence[str], places: tuple[int, int]) -> str:
    return "\n".join(texts[places[0] : places[1]])


def _differences(
    before: Sequence[str], after: Sequence[str], groups: list[_Group], moved: list[Pair]
) -> Iterator[Difference]:
    """The groups in order; between them what is gone from the old text, then what is new in the new one."""
    to, come_from = dict(moved), {other: one for one, other in moved}
    old = new = 0
    for group in [*groups, _Group((len(before), 0), (len(after), 0))]:
        for one in range(old, group.old[0]):
            if one in to:
                yield Difference("moved_away", before[one], after[to[one]], one + 1, to[one] + 1)
            else:
                yield Difference("deleted", before=before[one], before_at=one + 1)
        for other in range(new, group.new[0]):
            if other in come_from:
                one = come_from[other]
                yield Difference("moved", before[one], after[other], one + 1, other + 1)
            else:
                yield Difference("added", after=after[other], after_at=other + 1)
        if group.old[1]:
            was, now = _lines(before, group.old), _lines(after, group.new)
            yield Difference("same" if was == now else "changed", was, now, group.old[0] + 1, group.new[0] + 1)
        old, new = group.old[1], group.new[1]
