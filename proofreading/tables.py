"""What the proofreader knows besides its rules, as plain data. `shipped()` reads the files of this package; no database."""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path

DATA = Path(__file__).parent / "data"
# The kinds of entries, each in a file of its name: what `name`, `other`, `wrong`, `extra` are of each stands at Entry.
KINDS = ("units", "persons", "documents", "phrases", "series", "confusions")
SEPARATOR = "|"


@dataclass(frozen=True)
class Entry:
    """One row. Texts of several parts are separated by |; a day is None where the row has no such limit.

    units       name, other: short names, wrong: common miswritings, becomes: the name after its last day
    persons     name, other: title, wrong: miswritings of the name, extra: order of precedence
    documents   name without 《》, other: short names, becomes
    phrases     name: the exact wording, wrong: miswritings, extra: 是 when it has to stand in “”, becomes
    series      name, other: its parts in their order
    confusions  name: the right word, wrong, near: one of these words must stand near (~ is the place of the wrong word,
                "利用~"), unless: none of these may, extra: the level when it isn't an error
    """

    kind: str
    name: str
    other: str = ""
    wrong: str = ""
    near: str = ""
    unless: str = ""
    extra: str = ""
    since: date | None = None
    until: date | None = None
    becomes: str = ""
    source: str = ""

    @property
    def key(self) -> tuple[str, str, str, date | None]:
        """An office's row with the same key stands in place of the shipped one."""
        return self.kind, self.name, self.wrong if self.kind == "confusions" else self.other, self.since

    @cached_property
    def nears(self) -> tuple[str, ...]:
        return parts(self.near)

    @property
    def mark(self) -> str:
        """Names the entry in an address."""
        return hashlib.sha256(repr(self.key).encode()).hexdigest()[:16]

    def is_valid_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or self.until >= day)

    @cached_property
    def others(self) -> tuple[str, ...]:
        return parts(self.other)

    @cached_property
    def wrongs(self) -> tuple[str, ...]:
        return parts(self.wrong)


def parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(SEPARATOR) if part)


@dataclass(frozen=True)
class House:
    """The office's style. Lengths in characters."""

    longest_article: int = 2_000
    longest_brief: int = 300
    # From this day on leading persons are named by their function; None: by name always.
    functions_since: date | None = date(2026, 1, 1)
    asks_for_next_steps: bool = False  # stories of bureaus end with 下一步


@dataclass(frozen=True)
class Tables:
    entries: tuple[Entry, ...] = ()
    off: frozenset[str] = frozenset()  # names of the rules that the office has switched off
    house: House = field(default_factory=House)

    def of(self, kind: str, day: date | None = None) -> list[Entry]:
        """The entries of a kind, on a day those that are valid."""
        return [each for each in self._by_kind.get(kind, ()) if day is None or each.is_valid_on(day)]

    @cached_property
    def _by_kind(self) -> dict[str, list[Entry]]:
        kinds: dict[str, list[Entry]] = {}
        for entry in self.entries:
            kinds.setdefault(entry.kind, []).append(entry)
        return kinds

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(repr((self.entries, sorted(self.off), self.house)).encode()).hexdigest()


@cache
def shipped() -> Tables:
    return Tables(tuple(entry for kind in KINDS for entry in _read(kind)))


def _read(kind: str) -> Iterator[Entry]:
    with (DATA / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            texts = {name: value for name, value in row.items() if name not in ("since", "until")}
            yield Entry(kind, since=_day(row["since"]), until=_day(row["until"]), **texts)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def over(own: Iterable[Entry], base: Iterable[Entry]) -> tuple[Entry, ...]:
    """The office's own rows, and those of the base that none of them stands in place of."""
    mine = tuple(own)
    taken = {entry.key for entry in mine}
    return (*mine, *(entry for entry in base if entry.key not in taken))
