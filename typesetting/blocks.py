"""The outermost blocks of a story's cleaned HTML (paragraphs, headings, lists, tables), and the photos between them."""

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

_TAG = re.compile(r"<(/?)(?:p|div|h[1-6]|ul|ol|table|blockquote)\b[^>]*>", re.IGNORECASE)


class Placed(Protocol):
    @property
    def after(self) -> int | None:
        """The block behind which it stands, counted from 1; None is behind the last one."""


P = TypeVar("P", bound=Placed)


def blocks(html: str) -> list[str]:
    """The HTML cut behind each of its outermost blocks: put together it is the same again."""
    found, begun, depth = [], 0, 0
    for tag in _TAG.finditer(html):
        depth += -1 if tag[1] else 1
        if depth <= 0:
            found.append(html[begun : tag.end()])
            begun, depth = tag.end(), 0
    rest = html[begun:]
    if rest.strip() or not found:
        return [*found, rest] if rest else found
    return [*found[:-1], found[-1] + rest]


def parted(html: str, photos: Sequence[P]) -> list[tuple[str, list[P]]]:
    """The text in parts, each with the photos that stand behind it, in their order."""
    found = blocks(html)
    ends = [len(found) if photo.after is None else max(1, min(photo.after, len(found))) for photo in photos]
    parts = []
    begun = 0
    for end in sorted({*ends, len(found)}):
        behind = [photo for photo, at in zip(photos, ends, strict=True) if at == end]
        if end > begun or behind:
            parts.append(("".join(found[begun:end]), behind))
        begun = end
    return parts
