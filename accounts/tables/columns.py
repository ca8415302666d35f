"""The kinds of columns: how the text of a cell becomes a value of a row, and a value the text of a cell."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

Words = str | Promise
SEPARATORS = re.compile(r"[、,，;；/\s]+")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
LARGEST_NUMBER = 32_767


class Fault(Exception):
    """A cell can't be taken over; the text says what to do."""


def plain(text: str) -> str:
    """For comparing what people typed: full width or half width, with or without blanks, capital or small."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


class Names:
    """The rows that a cell may name, each by its own word or by another one."""

    def __init__(self, rows: Iterable[tuple[int, str, str]]) -> None:
        self.words: dict[int, str] = {}
        self._own, self._other = defaultdict(set), defaultdict(set)
        for pk, word, other in rows:
            self.words[pk] = word
            self._own[plain(word)].add(pk)
            self._other[plain(other)].add(pk)

    def find(self, text: str) -> int:
        found = self._own.get(plain(text)) or self._other.get(plain(text))
        if not found:
            raise Fault(_("There is no “%(text)s” here. Please choose one of the list.") % {"text": text})
        if len(found) > 1:
            raise Fault(_("“%(text)s” names several. Please give the full name.") % {"text": text})
        return next(iter(found))


Known = Mapping[str, Names]


class Column:
    """One line of text. Its `name` is that of the model's field; None as `default`: an empty cell empties the field."""

    empty: Any = ""
    default: Any = None

    def __init__(
        self,
        name: str,
        header: Words,
        *,
        is_required: bool = False,
        longest: int = 200,
        width: int = 16,
        example: Words = "",
        other_headers: Sequence[str] = (),
    ) -> None:
        self.name, self.header, self.is_required, self.longest = name, header, is_required, longest
        self.width, self.example, self.other_headers = width, example, other_headers

    def value_of(self, row: Any) -> Any:
        return getattr(row, self.name)

    def put(self, row: Any, value: Any) -> None:
        setattr(row, self.name, value)

    def read(self, text: str, known: Known) -> Any:
        """The value of a cell that is not empty. Raises Fault."""
        if len(text) > self.longest:
            words = _("At most %(most)s characters go here, and these are %(count)s.")
            raise Fault(words % {"most": self.longest, "count": len(text)})
        if not text.isprintable():
            raise Fault(_("A character here can't be shown. Please type the cell anew."))
        return text

    def words(self, value: Any, known: Known) -> str:
        """As it stands in a cell."""
        return "" if value is None else str(value)

    def choices(self, known: Known) -> list[str]:
        """What a cell may say; empty when it may say anything."""
        return []


class Name(Column):
    """A name by which a program knows something: half width, without blanks."""

    def read(self, text: str, known: Known) -> str:
        value: str = super().read("".join(unicodedata.normalize("NFKC", text).split()), known)
        return value


class Address(Name):
    def read(self, text: str, known: Known) -> str:
        address = super().read(text.replace("。", "."), known)
        try:
            validate_email(address)
        except ValidationError as error:
            raise Fault(_("This is not an e-mail address, for example name@example.cn.")) from error
        return address


class Whole(Column):
    def __init__(self, *args: Any, default: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.default = default

    def read(self, text: str, known: Known) -> int:
        digits = unicodedata.normalize("NFKC", text)
        if not (digits.isascii() and digits.isdecimal() and len(digits) < 6 and int(digits) <= LARGEST_NUMBER):
            raise Fault(_("A whole number from 0 to %(most)s goes here.") % {"most": LARGEST_NUMBER})
        return int(digits)


class Day(Column):
    """A day; its value is ISO text, so that it can be kept as JSON."""

    empty = None

    def value_of(self, row: Any) -> str | None:
        day = getattr(row, self.name)
        return day.isoformat() if day else None

    def put(self, row: Any, value: str | None) -> None:
        setattr(row, self.name, date.fromisoformat(value) if value else None)

    def read(self, text: str, known: Known) -> str:
        found = DAY.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
        try:
            return date(*(int(part) for part in found.groups())).isoformat() if found else self._refuse(text)
        except ValueError as error:
            raise Fault(_("There is no such day: %(text)s.") % {"text": text}) from error

    def _refuse(self, text: str) -> str:
        raise Fault(_("A day goes here, such as 2026-04-08."))


class Choice(Column):
    """One of some words."""

    def __init__(self, *args: Any, choices: Mapping[Any, Words], default: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.labels, self.default = choices, default

    def read(self, text: str, known: Known) -> Any:
        for value, label in self.labels.items():
            if plain(str(label)) == plain(text):
                return value
        raise Fault(_("“%(text)s” can't stand here, only: %(choices)s.") % {"text": text, "choices": self._listed()})

    def words(self, value: Any, known: Known) -> str:
        return str(self.labels.get(value, value))

    def choices(self, known: Known) -> list[str]:
        return [str(label) for label in self.labels.values()]

    def _listed(self) -> str:
        return pgettext("between words of a list", ", ").join(str(label) for label in self.labels.values())


class Several(Choice):
    """Any number of some words; its value is a list in the order of the choices."""

    def read(self, text: str, known: Known) -> list:
        chosen = [super(Several, self).read(part, known) for part in SEPARATORS.split(text) if part.strip()]
        return [value for value in self.labels if value in chosen]

    def words(self, value: list, known: Known) -> str:
        return pgettext("between words of a list", ", ").join(super(Several, self).words(each, known) for each in value)

    @property
    def empty(self) -> list:
        return []


class Reference(Column):
    """Another row by its name; its value is that row's key."""

    empty = None

    def __init__(self, *args: Any, among: str, is_listed: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.among, self.is_listed = among, is_listed

    def value_of(self, row: Any) -> int | None:
        value: int | None = getattr(row, f"{self.name}_id")
        return value

    def put(self, row: Any, value: int | None) -> None:
        setattr(row, f"{self.name}_id", value)

    def read(self, text: str, known: Known) -> int:
        return known[self.among].find(text)

    def words(self, value: int | None, known: Known) -> str:
        return known[self.among].words.get(value, "") if value else ""

    def choices(self, known: Known) -> list[str]:
        return sorted(set(known[self.among].words.values())) if self.is_listed else []


def headers_of(columns: Iterable[Column]) -> dict[str, Column]:
    """plain text of a header -> the column; each may have several."""
    return {plain(header): column for column in columns for header in (str(column.header), *column.other_headers)}


def required(columns: Iterable[Column]) -> Iterator[Column]:
    return (column for column in columns if column.is_required)
