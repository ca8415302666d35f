"""Cuts two long texts where they are the same without doubt: comparing them whole takes time that grows with the square."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from os.path import commonprefix

LONGEST = 600  # characters of two texts together that are compared as they are
GRAMS = (8, 4, 2)  # the lengths of the words by which places are known, the longest first

Place = tuple[int, int]


def pieces(before: str, after: str, lengths: tuple[int, ...] = GRAMS) -> Iterator[tuple[str, str]]:
    """The two texts in pairs that became one another, in order. A pair has more than LONGEST characters when it is equal,
    or when the two have no word in common that each has but once."""
    if len(before) + len(after) <= LONGEST or not lengths:
        yield before, after
        return
    start = len(commonprefix([before, after]))
    old, new = before[start:], after[start:]
    end = len(commonprefix([old[::-1], new[::-1]]))
    old, new = old[: len(old) - end], new[: len(new) - end]
    yield before[:start], after[:start]
    for here, there in pairwise([(0, 0), *_anchors(old, new, lengths[0]), (len(old), len(new))]):
        yield from pieces(old[here[0] : there[0]], new[here[1] : there[1]], lengths[1:])
    yield before[len(before) - end :], after[len(after) - end :]


def _anchors(before: str, after: str, length: int) -> list[Place]:
    """Where words of this length begin that stand once in either text, in the same order in both: of those that go on one
    from the other only the first."""
    new = _single(after, length)
    places = _longest_rise([(place, new[word]) for word, place in _single(before, length).items() if word in new])
    starts = [(-2, -2), *places]
    return [place for last, place in pairwise(starts) if place != (last[0] + 1, last[1] + 1)]


def _single(text: str, length: int) -> dict[str, int]:
    words = [text[at : at + length] for at in range(len(text) - length + 1)]
    counts = Counter(words)
    return {word: at for at, word in enumerate(words) if counts[word] == 1}


def _longest_rise(places: list[Place]) -> list[Place]:
    """As many as possible, in the order of the old text, whose places in the new one rise."""
    ends: list[int] = []  # by the length of a rise, less one: the lowest place in the new text that ends one
    last: list[int] = []  # and its number in `places`
    before: list[int] = []
    for number, (_old, new) in enumerate(places):
        at = bisect_left(ends, new)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1], last[at : at + 1] = [new], [number]
    chain, number = [], last[-1] if last else -1
    while number >= 0:
        chain.append(places[number])
        number = before[number]
    return chain[::-1]
