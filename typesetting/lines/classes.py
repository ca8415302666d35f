"""What each character is to a Chinese line: its rule width, its kind, and where a line may not begin or end."""

import unicodedata
from functools import lru_cache

OPENING = frozenset("“‘《〈（【『「〔［｛〖")
CLOSING = frozenset("”’》〉）】』」〕］｝〗")
POINTS = frozenset("，。、；：！？．")
MARKS = OPENING | CLOSING | POINTS

# layout.md, rule 7: what never begins and what never ends a line.
NEVER_FIRST = CLOSING | POINTS | frozenset("…—·～％℃‰") | frozenset(")]},.:;!?%")
NEVER_LAST = OPENING | frozenset("([{")

# layout.md, rule 6: runs that are never split.
RUN_CHARACTERS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,%+-/&:@_<>=?#~|∶")
SPACES = frozenset(" \t\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000")

HAN, MARK, LATIN, SPACE, DASH, ELLIPSIS, OTHER = "han", "mark", "latin", "space", "dash", "ellipsis", "other"

ZERO_WIDTH_JOINER, NO_BREAK_SPACE = "\u200d", "\u00a0"


@lru_cache(maxsize=16384)
def kind(character: str) -> str:
    """The kind of one character, by which breaks, gaps and spreading are decided."""
    if character in MARKS:
        return MARK
    if character in SPACES:
        return SPACE
    if character == "—":
        return DASH
    if character == "…":
        return ELLIPSIS
    if character in RUN_CHARACTERS:
        return LATIN
    if unicodedata.east_asian_width(character) in "WF":
        return HAN
    if unicodedata.category(character)[0] in "LN":
        return LATIN if unicodedata.east_asian_width(character) != "A" else OTHER
    return OTHER


@lru_cache(maxsize=16384)
def rule_width(character: str) -> float:
    """Width in em by the printed rules: Han and marks 1, every ASCII character ½ (layout.md, rule 2)."""
    if "\x20" <= character <= "\x7e":
        return 0.5
    if character in MARKS or character in "—…·～％℃\u3000":
        return 1.0
    if joins_previous(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    return 0.5


@lru_cache(maxsize=16384)
def joins_previous(character: str) -> bool:
    """Whether it never stands apart from the character before it (combining marks, joiners, selectors)."""
    return unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf") or "\U0001f3fb" <= character <= "\U0001f3ff"


@lru_cache(maxsize=16384)
def is_ideograph(character: str) -> bool:
    """A full-width letter or number, which gets a gap beside ASCII ones; a full-width sign such as ％ or ￥ belongs to them."""
    return kind(character) == HAN and unicodedata.category(character)[0] in "LN"


def is_letter_or_digit(character: str) -> bool:
    """An ASCII letter or digit: what gets a gap beside Han (layout.md, rule 3)."""
    return character.isascii() and character.isalnum()


def is_flag(character: str) -> bool:
    """A regional indicator: two of them are one flag."""
    return "\U0001f1e6" <= character <= "\U0001f1ff"
