"""Which unit a past issue's story came from, by the names in its title and text."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from accounts.models import Tier
from articles.duplicates.vocabulary import BRANDS, DISTRICTS
from issues.past.text import compact


@dataclass(frozen=True)
class NamedUnit:
    name: str
    short_name: str
    tier: str


BUREAU = NamedUnit("上海市邮政管理局", "上海局", Tier.BUREAU)
POST = "中国邮政集团"
POST_SHORT = {"上海市分公司": "上海邮政"}

# How a unit that nobody entered yet shows itself: by its full name.
FULL_NAMES: tuple[tuple[re.Pattern, Callable[[re.Match], NamedUnit]], ...] = (
    (re.compile(BUREAU.name), lambda match: BUREAU),
    (
        re.compile(rf"({DISTRICTS})邮政管理局"),
        lambda match: NamedUnit(match[0], f"{match[1]}局", Tier.BRANCH),
    ),
    (
        re.compile(rf"{POST}(?:有限公司)?(上海(?:市|邮政)[\u4e00-\u9fff]{{0,8}}?分公司)"),
        lambda match: NamedUnit(match[0], POST_SHORT.get(match[1], match[1]), Tier.POST),
    ),
    (
        re.compile(
            rf"(?:上海|浙江|中国)?({BRANDS})(?:快递|速递|货运|速运|快运|物流|供应链|集团|国际)*(?:股份)?有限公司"
        ),
        lambda match: NamedUnit(match[0], match[1], Tier.COURIER),
    ),
)


def names_in(texts: Iterable[str]) -> list[NamedUnit]:
    """The units that the texts name in full, each once."""
    found: dict[str, NamedUnit] = {}
    for text in texts:
        for pattern, unit_of in FULL_NAMES:
            for match in pattern.finditer(text):
                unit = unit_of(match)
                found.setdefault(unit.name, unit)
    return list(found.values())


def unit_of(title: str, paragraphs: Sequence[str], units: Iterable[NamedUnit]) -> NamedUnit | None:
    """The unit that wrote the story: the one its title names first, else the one its text speaks of most.

    Longer names go before the shorter ones that they contain; a full name before any short one.
    """
    units = list(units)
    title = compact(title)
    body = "".join(compact(paragraph) for paragraph in paragraphs)
    named = first_named(title, [(unit.name, unit) for unit in units])
    if named is None and not title:
        named = first_named(body, [(unit.name, unit) for unit in units])
    if named is None:
        named = most_named(body, units)
    if named is None:
        short = [(unit.short_name, unit) for unit in units if len(unit.short_name) >= 2]
        named = first_named(title, short) or first_named(body, short)
    return named


def first_named(text: str, names: Sequence[tuple[str, NamedUnit]]) -> NamedUnit | None:
    places = [(text.find(compact(name)), -len(name), at) for at, (name, _unit) in enumerate(names) if name]
    places = [place for place in places if place[0] >= 0]
    return names[min(places)[2]][1] if places else None


def most_named(body: str, units: Sequence[NamedUnit]) -> NamedUnit | None:
    """Only units that the text names in full at least once; their short names count too."""
    counts = []
    for at, unit in enumerate(units):
        name, short = compact(unit.name), compact(unit.short_name)
        full = len(re.findall(re.escape(name), body))
        longer = [compact(other.name) for other in units if name in compact(other.name) and other.name != unit.name]
        full -= sum(body.count(one) for one in longer)
        shorts = body.count(short) if short and short not in name else 0
        if full > 0:
            counts.append((full + 1.5 * shorts, -body.find(name), at))
    return units[max(counts)[2]] if counts else None
