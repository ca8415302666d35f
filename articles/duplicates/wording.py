"""How much of two texts is the same, to the letter: fingerprints that find the pair, a score that judges it, the common runs."""

from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from django.utils.translation import gettext as _

from .. import search

GRAM = 5  # characters: what the score counts
PRINT, WINDOW = 12, 12  # characters of a fingerprint; of so many neighbours one is kept
NEAR_IDENTICAL, OVERLAP = 0.6, 0.25
SHORTEST_RUN = 8  # characters: shorter ones are words that every story uses

_letters_of = lru_cache(maxsize=8192)(lambda character: "".join(filter(str.isalnum, search.normalise(character))))


def letters(text: str) -> str:
    """The text without white space and punctuation, in one form: what is compared."""
    return "".join(filter(str.isalnum, search.normalise(text)))


def grams(text: str, length: int = GRAM) -> set[str]:
    """The runs of so many letters. The text comes from `letters`."""
    return {text[at : at + length] for at in range(len(text) - length + 1)}


def score(one: set[str], other: set[str]) -> float:
    """Jaccard's measure over the runs of five letters of two texts (`grams`), from 0 to 1."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def kind(text: float, *, is_same_event: bool) -> str:
    """What the pair is called; empty where it is none."""
    if text >= NEAR_IDENTICAL:
        return "near-identical"
    if text >= OVERLAP:
        return "overlap"
    return "same event" if is_same_event else ""


def said(text: float, *, is_same_event: bool) -> str:
    """In what two texts are the same, in words."""
    words = {
        "near-identical": _("almost the same text, %(percent)s %%"),
        "overlap": _("the same in part, %(percent)s %%"),
    }
    named = words.get(kind(text, is_same_event=is_same_event))
    parts = [named % {"percent": round(text * 100)}] if named else []
    return "，".join([*parts, *([_("the same event")] if is_same_event else [])])


def fingerprints(text: str) -> set[int]:
    """Of the hashes of its runs of twelve letters the least of each twelve neighbours (winnowing, Schleimer, Wilkerson and
    Aiken 2003): two texts that share a run of 23 letters share at least one. Signed numbers of 32 bits."""
    coded = text.encode("utf-16-le")
    last = max(0, len(coded) - 2 * PRINT)
    hashes = [number(coded[at : at + 2 * PRINT]) for at in range(0, last + 1, 2)] if coded else []
    return set(_least(hashes))


def number(coded: bytes) -> int:
    return crc32(coded) - 2**31


def _least(hashes: list[int]) -> Iterator[int]:
    waiting: deque[int] = deque()  # places whose hashes ascend
    for at, value in enumerate(hashes):
        while waiting and hashes[waiting[-1]] >= value:
            waiting.pop()
        waiting.append(at)
        if waiting[0] <= at - WINDOW:
            waiting.popleft()
        if at >= WINDOW - 1 or at == len(hashes) - 1:
            yield hashes[waiting[0]]


Part = tuple[bool, str]


def common_runs(one: list[str], other: list[str]) -> tuple[list[list[Part]], list[list[Part]]]:
    """The paragraphs of both texts in parts: (stands in the other text too, characters)."""
    runs = [grams(letters("".join(texts)), SHORTEST_RUN) for texts in (one, other)]
    shared = runs[0] & runs[1]
    return [_parts(text, shared) for text in one], [_parts(text, shared) for text in other]


def _parts(text: str, shared: set[str]) -> list[Part]:
    kept = [(at, letter) for at, character in enumerate(text) for letter in _letters_of(character)]
    run = "".join(letter for _at, letter in kept)
    places: set[int] = set()
    for at in range(len(run) - SHORTEST_RUN + 1):
        if run[at : at + SHORTEST_RUN] in shared:
            first, last = kept[at][0], kept[at + SHORTEST_RUN - 1][0]
            places.update(range(first, last + 1))
    edges = [0, *(at for at in range(1, len(text)) if (at in places) != (at - 1 in places)), len(text)]
    return [(start in places, text[start:end]) for start, end in pairwise(edges) if start < end]
