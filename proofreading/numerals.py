"""Chinese numerals as numbers."""

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
CHINESE = "一二三四五六七八九十"


def value(text: str) -> int | None:
    """Of 七, 十二, 二十, 两 or of figures; None for anything else."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if ten:
        high = DIGITS.get(tens) if tens else 1
        low = DIGITS.get(ones) if ones else 0
        return None if high is None or low is None else high * 10 + low
    return DIGITS.get(text)


def chinese(number: int) -> str:
    """From 1 to 99."""
    tens, ones = divmod(number, 10)
    return f"{CHINESE[tens - 1] if tens > 1 else ''}{'十' if tens else ''}{CHINESE[ones - 1] if ones else ''}"
