"""The door to OpenCC: the simplified forms of traditional and variant characters."""

from functools import cache

from opencc import OpenCC

# Rightly written so in simplified text: in names, and where the table has one meaning only.
KEPT = frozenset("乾瞭著藉於徵麽锺昇堃喆塚榘")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """The text with each other form in its standard form; kept as it is where its length would change."""
    converted = str(_converter().convert(text))
    if len(converted) != len(text):
        return text
    return "".join(old if old in KEPT else new for old, new in zip(text, converted, strict=True))
