"""Word's automatic numbering as the text that it showed: 一、 （一） 一是 第一条 1. with all levels, restarts and overrides.

ECMA-376 part 1, 17.9. A paragraph names a list and a level (numPr), or its style does; the list says how its numbers look.
"""

import re
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from .package import Package, W

DIGITS = "零一二三四五六七八九"
LEGAL_DIGITS, LEGAL_UNITS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")
UNITS = ("", "十", "百", "千")
CHINESE = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "japaneseDigitalTenThousand",
    "taiwaneseCounting", "taiwaneseCountingThousand", "koreanCounting",
}  # fmt: skip
CYCLES = {"ideographTraditional": "甲乙丙丁戊己庚辛壬癸", "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥"}
LEVELS = 9
MOST_STYLES = 20  # that rest on one another; Word knows eleven
# 一、 1. （一） 一是 ① ㊀: what follows them follows at once.
NEEDS_NO_SPACE = re.compile(r"[\W是\u2460-\u24ff\u3280-\u3289]$")


@dataclass(frozen=True)
class Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None  # the level after which it begins anew; 0 never
    is_legal: bool = False  # all its numbers in Arabic digits


@dataclass
class NumberedList:
    """One w:num: its levels, and the counters, which it shares with the others of the same abstract list."""

    levels: dict[int, Level]
    counters: dict[int, int]
    restarts: dict[int, int] = field(default_factory=dict)  # level -> where it begins when it is first used


class Numbering:
    """Labels the paragraphs of one document, asked for in their order."""

    def __init__(self, package: Package, styles: "dict[str, Element]") -> None:
        self._styles = styles
        self._abstract: dict[str, Element] = {}
        self._lists: dict[str, NumberedList] = {}
        self._by_style: dict[str, int] = {}
        part = package.part_of_type("numbering")
        root = package.xml(part) if part else None
        if root is not None:
            self._read(root)

    def is_bullet(self, paragraph: Element) -> int | None:
        """The level of a list with bullets; None for all others."""
        if found := self._place(paragraph):
            level = found[0].levels.get(found[1])
            return found[1] if level and level.form == "bullet" else None
        return None

    def label(self, paragraph: Element) -> str:
        """The number that stood before this paragraph, with what stood between; empty when there is none."""
        found = self._place(paragraph)
        if not found:
            return ""
        numbered, at = found
        level = numbered.levels.get(at)
        if level is None or level.form == "bullet":
            return ""
        self._count(numbered, at)
        return self._text(numbered, level, at)

    def _place(self, paragraph: Element) -> tuple[NumberedList, int] | None:
        """The list and level that the paragraph is of, by itself or by its style."""
        style = _value(paragraph, f"{W}pPr/{W}pStyle")
        number, level = _numbered(paragraph.find(f"{W}pPr"))
        for _ in range(MOST_STYLES):
            if style not in self._styles or (number is not None and level is not None):
                break
            number_of_style, level_of_style = _numbered(self._styles[style].find(f"{W}pPr"))
            if number is None and number_of_style is not None:
                number = number_of_style
                level = self._by_style.get(style, level_of_style) if level is None else level
            level = level_of_style if level is None else level
            style = _value(self._styles[style], f"{W}basedOn")
        if number is None or number == "0" or number not in self._lists:
            return None
        return self._lists[number], min(level or 0, LEVELS - 1)

    def _count(self, numbered: NumberedList, at: int) -> None:
        for above in range(at):
            if above not in numbered.counters:
                numbered.counters[above] = self._start(numbered, above)
        if at in numbered.restarts:
            numbered.counters[at] = numbered.restarts.pop(at)
        elif at in numbered.counters:
            numbered.counters[at] += 1
        else:
            numbered.counters[at] = self._start(numbered, at)
        for below in range(at + 1, LEVELS):
            level = numbered.levels.get(below)
            if level and (level.restart is None or at < level.restart):
                numbered.counters.pop(below, None)

    @staticmethod
    def _start(numbered: NumberedList, at: int) -> int:
        return numbered.levels[at].start if at in numbered.levels else 1

    @staticmethod
    def _text(numbered: NumberedList, level: Level, at: int) -> str:
        def number(match: re.Match[str]) -> str:
            which = int(match[1]) - 1
            form = numbered.levels[which].form if which in numbered.levels else "decimal"
            return written(numbered.counters.get(which, 1), "decimal" if level.is_legal else form)

        text = re.sub(r"%([1-9])", number, level.text)
        return text if level.suffix == "nothing" else before_words(text)

    def _read(self, root: Element) -> None:
        for each in root.findall(f"{W}abstractNum"):
            self._abstract[each.get(f"{W}abstractNumId", "")] = each
        shared: dict[str, dict[int, int]] = {}
        numbers = {each.get(f"{W}numId", ""): each for each in root.findall(f"{W}num")}
        for number, each in numbers.items():
            name = self._followed(_value(each, f"{W}abstractNumId"), numbers)
            levels = {_level_of(level): _read_level(level) for level in self._levels_of(name)}
            for level in self._levels_of(name):
                if style := _value(level, f"{W}pStyle"):
                    self._by_style[style] = _level_of(level)
            numbered = NumberedList(levels, shared.setdefault(name, {}))
            for override in each.findall(f"{W}lvlOverride"):
                self._override(numbered, override)
            self._lists[number] = numbered

    @staticmethod
    def _override(numbered: NumberedList, override: Element) -> None:
        at = _level_of(override)
        if (level := override.find(f"{W}lvl")) is not None:
            numbered.levels[at] = _read_level(level)
        start = override.find(f"{W}startOverride")
        if start is not None:
            numbered.restarts[at] = _whole(start.get(f"{W}val"), 1)
            numbered.levels[at] = replace(numbered.levels.get(at, Level()), start=numbered.restarts[at])

    def _levels_of(self, name: str) -> list[Element]:
        return self._abstract[name].findall(f"{W}lvl") if name in self._abstract else []

    def _followed(self, name: str, numbers: dict[str, Element]) -> str:
        """A list may only name a style of lists, whose own list has the levels."""
        abstract = self._abstract.get(name)
        style = _value(abstract, f"{W}numStyleLink") if abstract is not None else ""
        if style in self._styles:
            number, _level = _numbered(self._styles[style].find(f"{W}pPr"))
            if number in numbers:
                return _value(numbers[number], f"{W}abstractNumId")
        return name


def before_words(label: str) -> str:
    """The number with what parts it from the words behind it."""
    if not label or NEEDS_NO_SPACE.search(label):
        return label
    return label + ("　" if re.search(r"[\u3400-\u9fff]$", label) else " ")


def written(number: int, form: str) -> str:
    """The number as Word writes it in this form (17.18.59); in Arabic digits in the many that no office here uses."""
    if form in CHINESE:
        return chinese(number)
    if form == "chineseLegalSimplified" or form == "ideographLegalTraditional":
        return _by_units(number, LEGAL_DIGITS, LEGAL_UNITS)
    if form in ("ideographDigital", "japaneseDigital", "taiwaneseDigital"):
        return "".join("〇" if digit == "0" else DIGITS[int(digit)] for digit in str(number))
    if form in CYCLES:
        return CYCLES[form][(number - 1) % len(CYCLES[form])]
    if form.startswith("decimalEnclosed"):
        return _enclosed(number, form)
    if form == "none":
        return ""
    if form == "ideographEnclosedCircle" and 1 <= number <= 10:
        return chr(0x3280 + number - 1)
    if form == "decimalFullWidth" or form == "decimalFullWidth2":
        return "".join(chr(0xFF10 + int(digit)) for digit in str(number))
    if form == "decimalZero":
        return f"{number:02}"
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (number - 1) % 26) * (1 + (number - 1) // 26)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman"):
        return roman(number) if form == "upperRoman" else roman(number).lower()
    return str(number)


def chinese(number: int) -> str:
    """一 … 十, 十一 … 二十, 一百零一."""
    text = _by_units(number, DIGITS, UNITS)
    return text[1:] if text.startswith("一十") else text


def _by_units(number: int, digits: str, units: tuple[str, ...]) -> str:
    if not 0 < number < 10_000:
        return digits[0] if number == 0 else str(number)
    text, places = "", len(str(number))
    for at, digit in enumerate(str(number)):
        text += digits[int(digit)] + (units[places - at - 1] if digit != "0" else "")
    return re.sub(f"{digits[0]}+", digits[0], text).rstrip(digits[0])


def _enclosed(number: int, form: str) -> str:
    first = {"decimalEnclosedFullstop": 0x2488, "decimalEnclosedParen": 0x2474}.get(form, 0x2460)
    return chr(first + number - 1) if 1 <= number <= 20 else str(number)


def roman(number: int) -> str:
    text = ""
    values = (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC")
    for value, letters in (*values, (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        text += letters * (number // value)
        number %= value
    return text


def _numbered(properties: Element | None) -> tuple[str | None, int | None]:
    """The list and the level that these properties name; None for what they don't say."""
    named = properties.find(f"{W}numPr") if properties is not None else None
    if named is None:
        return None, None
    level = _value(named, f"{W}ilvl")
    return _value(named, f"{W}numId") or None, _whole(level, 0) if level else None


def _read_level(level: Element) -> Level:
    legal, restart = level.find(f"{W}isLgl"), _value(level, f"{W}lvlRestart")
    return Level(
        start=_whole(_value(level, f"{W}start"), 0) if level.find(f"{W}start") is not None else 0,
        form=_value(level, f".//{W}numFmt") or "decimal",
        text=_value(level, f"{W}lvlText"),
        suffix=_value(level, f"{W}suff") or "tab",
        restart=_whole(restart, 0) if restart else None,
        is_legal=legal is not None and legal.get(f"{W}val", "1") not in ("0", "false"),
    )


def _level_of(element: Element) -> int:
    return min(_whole(element.get(f"{W}ilvl"), 0), LEVELS - 1)


def _value(element: Element, path: str) -> str:
    found = element.find(path)
    return found.get(f"{W}val", "") if found is not None else ""


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,5}", text) else otherwise
