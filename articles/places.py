"""Where photos stand in a text, and how they stay there while it is changed. Blocks are those of typesetting.blocks."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from typesetting.blocks import blocks

from . import richtext
from .pieces import pieces_of


def carried(before: str, after: str) -> list[int]:
    """Which block of the text after is what each block of the text before became, counted from 1; of one that was deleted,
    the block before it."""
    old, new = ([re.sub(r"\s", "", richtext.to_text(block)) for block in blocks(html)] for html in (before, after))
    found: list[int] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "delete":
            found += [c] * (b - a)
        elif kind != "insert":
            # Of those that were joined or divided, the last is the last.
            found += [*(min(c + at, d - 1) + 1 for at in range(b - a - 1)), d]
    return [max(1, at) for at in found]


def follow(place: int | None, to: Sequence[int]) -> int | None:
    """The place behind the same block, where `to` is what `carried` gives."""
    if place is None:
        return None
    return to[min(place, len(to)) - 1] if to else place


def pieces_before(html: str, place: int | None) -> int:
    """How many pieces of the text (articles.pieces) stand before a photo in this place; 0 for one behind all of it."""
    return sum(len(pieces_of(block)) for block in blocks(html)[:place]) if place else 0
