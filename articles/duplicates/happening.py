"""What a story says has happened: on which day, by whom, with whom, where, and what was done. Two stories of one event share
that even when they share no sentence."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from .. import search
from . import vocabulary
from .wording import NEAR_IDENTICAL, number

OUR_BUREAU = "上海局"
# Whose news much of a bulletin is: that two stories name them says nothing.
EVERYWHERE = {OUR_BUREAU, "国家邮政局", "街镇", "邮政公司"}
LEAD = 160  # characters of the first paragraph that say what the story is about
# The weight of the common names, and how much of the topic must be the same then.
ENOUGH_ON_ONE_DAY = ((1, 0.55), (2, 0.35), (3, 0.15))
ENOUGH_WITHOUT_A_DAY = ((2, 0.6), (3.5, 0.35), (4.5, 0.2))
AHEAD, BACK = timedelta(days=14), timedelta(days=31)  # told before it happens; 近日 and 日前


@dataclass(frozen=True)
class Facts:
    """What happened, as one story tells it.

    `days` are ISO dates, empty where it says 近日; `told` is the day on which it was told (its issue's, or of its handing in).
    `doers` are the postal bureaus and companies it names in its title and lead; `brands` the companies, `bodies` the public
    bodies, `people` and `places` those of the whole story, `sites` the places of title and lead of which there is only one;
    `acts` classes of vocabulary.ACTS. `head` and `text` are the words that are left over of title and lead, and of all.
    """

    told: str
    days: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    doers: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    head: str = ""
    text: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_dict(cls, values: Mapping[str, Any]) -> "Facts":
        kept: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return cls(**kept)

    def keys(self) -> set[int]:
        """Numbers under which it is found: each week in which it may have been, with each name. Signed, of 32 bits."""
        names = {*self.people, *self.places, *self.bodies, *self.districts, *self.brands}
        return {number(f"{week}|{name}".encode("utf-16-le")) for week in self._weeks() for name in names}

    def _weeks(self) -> set[int]:
        if self.days:
            return {date.fromisoformat(day).toordinal() // 7 for day in self.days}
        told = date.fromisoformat(self.told)
        return set(range((told - BACK).toordinal() // 7, told.toordinal() // 7 + 1))


def facts_of(
    title: str, paragraphs: Sequence[str], *, told: date, event_on: date | None = None, unit: str = ""
) -> Facts:
    """`paragraphs` are the text's; `unit` is the short name of whose story it is, `event_on` the day its writer has entered."""
    texts = [_plain(text) for text in paragraphs]
    first = next(filter(None, texts), "")
    lead = first[:LEAD]
    head, whole = f"{_plain(title)}。{lead}", "。".join([_plain(title), *texts])
    days = {event_on} if event_on else set()
    days |= _days(first, told) or _days(_plain(title), told)
    own = _units(_plain(unit))
    return Facts(
        told=told.isoformat(),
        days=tuple(sorted(day.isoformat() for day in days)),
        acts=_sorted(match.lastgroup for match in vocabulary.ACT.finditer(head)),
        doers=_sorted(_units(head) | own),
        districts=_sorted(re.findall(vocabulary.DISTRICTS, whole)),
        brands=_sorted(re.findall(vocabulary.BRANDS, whole)),
        bodies=_sorted(_bodies(whole)),
        people=_sorted(_people(whole)),
        places=_sorted(_places(whole)),
        sites=_sorted(place for place in _places(head) if place.endswith(vocabulary.SITES)),
        head=_left_over(head),
        text=_left_over(whole),
    )


def _plain(text: str) -> str:
    return re.sub(r"[“”‘’\"']", "", search.normalise(text))


def _sorted(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name}))


def _days(text: str, told: date) -> set[date]:
    """The first day that the text names, or its days from one to another."""
    for match in vocabulary.DAY.finditer(text):
        if vocabulary.SINCE.search(text[: match.start()]):
            continue
        first = _day(match["y"], match["m"], match["d"], told)
        last = _day(match["y"], match["m2"] or match["m"], match["d2"] or match["d3"], told)
        if first is None:
            continue
        span = (last - first).days if last else 0
        if match["d3"] and last:
            return {first, last}
        return {first + timedelta(days=at) for at in range(span + 1 if 0 < span <= 14 else 1)}
    return set()


def _day(year: str | None, month: str, day: str | None, told: date) -> date | None:
    """Without a year the last one that is not far ahead of the day on which it was told. None where there is no such day."""
    try:
        if day is None:
            return None
        if year:
            return date(int(year), int(month), int(day))
        found = date(told.year, int(month), int(day))
        return found if found <= told + AHEAD else found.replace(year=told.year - 1)
    except ValueError:
        return None


def _units(text: str) -> set[str]:
    """The postal bureaus and companies that are named, by one short name each."""
    bureaus = re.findall(rf"({vocabulary.DISTRICTS})(?:区|新区)?(?:邮政管理局|邮管局|局)", text)
    found = {f"{district}局" for district in bureaus} | set(re.findall(vocabulary.BRANDS, text))
    if re.search(r"(?:上海|(?<![\u4e00-\u9fff]区)市)(?:市?邮政管理局|邮管局|局)", text):
        found.add(OUR_BUREAU)
    return found


def _bodies(text: str) -> set[str]:
    return {
        vocabulary.BODY_NAMES[int(match.lastgroup[1:])] for match in vocabulary.BODY.finditer(text) if match.lastgroup
    }


def _people(text: str) -> set[str]:
    """Names that stand beside a title, with two and with three characters where they may be either."""
    found = set()
    for match in (*vocabulary.TITLED.finditer(text), *vocabulary.NAMED.finditer(text)):
        found |= {part for part in (match[1][:2], match[1]) if not vocabulary.NO_NAME.search(part)}
    return found


def _places(text: str) -> set[str]:
    names = ((match["n"], match["k"]) for match in vocabulary.PLACE.finditer(text))
    return {f"{name[-2:]}{kind}" for name, kind in names if not vocabulary.NO_PLACE.search(name[-2:])}


def _left_over(text: str) -> str:
    """The words of what happened: without dates, names of units, acts and what is general, in pieces."""
    for pattern in (vocabulary.DAY, vocabulary.GENERAL, vocabulary.ACT, vocabulary.BODY):
        text = pattern.sub(" ", text)
    text = re.sub(vocabulary.DISTRICTS, " ", re.sub(vocabulary.BRANDS, " ", text))
    return " ".join(dict.fromkeys(re.findall(r"[\u4e00-\u9fffa-z0-9]{2,}", text)))


def pairs_of(words: str) -> set[str]:
    return {a + b for a, b in pairwise(words) if " " not in (a, b)}


# --- two stories -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Shared:
    """What two stories have in common. `day` is equal, open (one of them doesn't say it) or apart; `topic` how much of what
    either says first the other says at all, from 0 to 1. `is_split`: each names bureaus, companies or sites of its own."""

    day: str
    acts: set[str]
    doers: set[str]
    bodies: set[str]
    people: set[str]
    places: set[str]
    districts: set[str]
    is_split: bool
    topic: float

    @property
    def named(self) -> float:
        """The weight of the names of others than the two who tell it."""
        return 2 * bool(self.people) + 1.5 * min(2, len(self.places)) + len(self.bodies)


def is_same_event(one: Facts, other: Facts, *, text: float = 0) -> bool:
    """Whether both tell of one event: on one day, or on days that may be one, with the same people, bodies and places, and of
    the same thing. When in doubt they don't. `text` is how much of their words is the same: the same text about days that may
    be one tells of one event, unless it was written out for others."""
    if _day_of(one, other) == "apart":
        return False
    both = shared(one, other)
    if text >= NEAR_IDENTICAL and not both.is_split:
        return True
    if not both.acts and not both.people:
        return False
    if both.is_split:
        return both.day == "equal" and both.named >= 2 and both.topic >= 0.4
    is_rare = bool(both.acts & vocabulary.RARE_ACTS)
    weight = both.named + min(2, len(both.doers)) + 0.5 * bool(both.districts) + is_rare
    enough = ENOUGH_ON_ONE_DAY if both.day == "equal" else ENOUGH_WITHOUT_A_DAY
    return any(weight >= names and both.topic >= topic for names, topic in enough)


def shared(one: Facts, other: Facts) -> Shared:
    doers = set(one.doers) & set(other.doers) | set(one.brands) & set(other.brands)
    return Shared(
        day=_day_of(one, other),
        acts=set(one.acts) & set(other.acts),
        doers=doers - EVERYWHERE,
        # Two districts have each a court and a fire brigade of their own.
        bodies=set() if _is_of_two_districts(one, other) else (set(one.bodies) & set(other.bodies)) - EVERYWHERE,
        people=set(one.people) & set(other.people),
        places=set(one.places) & set(other.places),
        districts=set(one.districts) & set(other.districts),
        is_split=_is_split(one, other),
        topic=_topic(one, other),
    )


def _day_of(one: Facts, other: Facts) -> str:
    if one.days and other.days:
        return "equal" if set(one.days) & set(other.days) else "apart"
    (first, last), (others_first, others_last) = _span(one), _span(other)
    return "open" if first <= others_last and others_first <= last else "apart"


def _span(facts: Facts) -> tuple[date, date]:
    """From when to when it may have been."""
    if facts.days:
        return date.fromisoformat(facts.days[0]), date.fromisoformat(facts.days[-1])
    told = date.fromisoformat(facts.told)
    return told - BACK, told


def _is_split(one: Facts, other: Facts) -> bool:
    """Each tells of a bureau, a company or a site of its own, of which the other says nothing."""
    kinds = zip(_told_of(one), _named_in(one), _told_of(other), _named_in(other), strict=True)
    return any(left and right and not left & names and not right & known for left, known, right, names in kinds)


def _is_of_two_districts(one: Facts, other: Facts) -> bool:
    return bool(one.districts and other.districts) and not set(one.districts) & set(other.districts)


def _told_of(facts: Facts) -> tuple[set[str], set[str], set[str]]:
    """The bureaus, the companies and the sites of its title and lead."""
    bureaus = {doer for doer in facts.doers if doer.endswith("局")}
    return bureaus - EVERYWHERE, set(facts.doers) - bureaus, set(facts.sites)


def _named_in(facts: Facts) -> tuple[set[str], set[str], set[str]]:
    bureaus = {f"{district}局" for district in facts.districts} | set(facts.doers)
    return bureaus, {*facts.brands, *facts.doers}, set(facts.places)


def _topic(one: Facts, other: Facts) -> float:
    covers = []
    for head, text in ((one.head, other.text), (other.head, one.text)):
        pairs = pairs_of(head)
        covers.append(len(pairs & pairs_of(text)) / len(pairs) if pairs else 0.0)
    return sum(covers) / 2
