"""Near misses: places that are almost a known wording."""

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

SHORTEST = 6  # characters of a wording that near misses are looked for
SMALL = set("的之和与及、，“”《》 ")  # a wording may rightly be varied by these


@dataclass(frozen=True)
class Near:
    start: int
    end: int
    distance: int


def allowed(wording: str) -> int:
    """How many characters may differ for a place to be taken for the wording."""
    return 0 if len(wording) < SHORTEST else 1 if len(wording) < 12 else 2


def near_misses(text: str, wording: str) -> Iterator[Near]:
    """Places that begin and end like the wording and differ in between; the wording itself is none."""
    most = allowed(wording)
    if not most:
        return
    half = len(wording) // 2
    exact = _all(text, wording)
    found: dict[int, Near] = {}
    for seed, offset in ((wording[:half], 0), (wording[half:], half)):
        for at in _all(text, seed):
            if any(start <= at < start + len(wording) for start in exact):
                continue
            if near := _best(text, at - offset, wording, most):
                known = found.get(near.start)
                if known is None or near.distance < known.distance:
                    found[near.start] = near
    yield from found.values()


def _all(text: str, part: str) -> list[int]:
    places, at = [], text.find(part)
    while at >= 0:
        places.append(at)
        at = text.find(part, at + 1)
    return places


def _best(text: str, begins: int, wording: str, most: int) -> Near | None:
    best: Near | None = None
    for start in range(max(0, begins - most), begins + most + 1):
        for length in range(len(wording) - most, len(wording) + most + 1):
            place = text[start : start + length]
            if len(wording) == SHORTEST == len(place):
                continue  # 党员学习教育 is no slip for 党史学习教育: in a short wording no character is only exchanged
            if not place or place[0] != wording[0] or place[-1] != wording[-1]:
                continue
            distance = Levenshtein.distance(place, wording, score_cutoff=most)
            if 0 < distance <= most and (best is None or distance < best.distance) and not _is_varied(place, wording):
                best = Near(start, start + length, distance)
    return best


def _is_varied(place: str, wording: str) -> bool:
    """Whether only small words and marks differ."""
    for each in Levenshtein.editops(wording, place):
        kind, at, other = each.tag, each.src_pos, each.dest_pos
        changed = {wording[at]} if kind != "insert" else set()
        changed |= {place[other]} if kind != "delete" else set()
        if not changed <= SMALL:
            return False
    return True
