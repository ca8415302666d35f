"""The door to the dictionary of Chinese words (rjieba): is this a word, and where do words end."""

from functools import cache, lru_cache
from importlib import import_module
from itertools import accumulate
from typing import Any

LONGEST = 5  # characters of a word that is looked for at an edge


@cache
def _dictionary() -> Any:
    """Read when it is first asked for: it takes 33 MB and a moment, and most pages never ask."""
    return import_module("rjieba")


def is_word(text: str) -> bool:
    return bool(_dictionary().has_word(text))


def words(text: str) -> list[str]:
    """The words in their order; joined they are the text. No guesses at unknown words: those come as single characters."""
    return list(_dictionary().cut(text, False))


def ends_word(text: str, at: int) -> bool:
    """Whether a word of at least two characters ends with the character at this place."""
    return any(is_word(text[at - length + 1 : at + 1]) for length in range(2, min(LONGEST, at + 1) + 1))


def begins_word(text: str, at: int) -> bool:
    """Whether a word of at least two characters begins with the character at this place."""
    return any(is_word(text[at : at + length]) for length in range(2, min(LONGEST, len(text) - at) + 1))


def last_kind(text: str) -> str:
    """The part of speech of the last word: n…, v…, a…, d…, as in the PKU tag set."""
    return str(_dictionary().tag(text)[-1][1])


@lru_cache(maxsize=256)
def edges(text: str) -> frozenset[int]:
    """The places where words begin, and the end."""
    return frozenset({0, *accumulate(map(len, words(text)))})


def can_part(text: str, at: int) -> bool:
    """Whether words may end before this place: at an edge, or inside a long entry of two words (利用业务)."""
    places = edges(text)
    if at in places:
        return True
    begins, ends = max(place for place in places if place < at), min(place for place in places if place > at)
    return min(at - begins, ends - at) > 1 and is_word(text[begins:at]) and is_word(text[at:ends])
