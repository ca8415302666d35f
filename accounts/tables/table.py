"""What a table of Excel is: which rows it holds, in which columns, and what must be true of the whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, cast

from django.conf import settings
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from .checked import Checked
from .columns import Column, Known, Words, plain

Found = Iterator[tuple[Checked, str, str]]
Values = dict[str, Any]


class Table:
    """One table. Its columns, the rows and what `known` rows cells may name are declared by a subclass."""

    name: str
    title: Words
    permission: str
    home: str  # the name of the page on which its rows are
    home_args: Sequence[str] = ()
    notes: Sequence[Words] = ()
    columns: Sequence[Column]
    told: Sequence[Column] = ()  # stand in what is taken out, to be read; what comes back in them is left aside
    key: Sequence[str]  # the columns by which a row is found again
    unused_by: Sequence[str] = ()  # relations that don't keep a row from being taken back
    unique: Sequence[str] = ()  # fields that are NULL or empty while rows exchange their values

    def rows(self) -> QuerySet:
        """All rows, in the order in which they are written."""
        raise NotImplementedError

    def fixed(self) -> Sequence[Any]:
        """Rows that come with the program, not stored. One that a file changes is passed to `update`, which stores it."""
        return ()

    def known(self) -> Known:
        return {}

    @property
    def address(self) -> str:
        return reverse(self.home, args=self.home_args)

    def row_faults(self, each: Checked) -> Iterator[tuple[str, str]]:
        """What is wrong with a row by itself, as (column's name, sentence); a faulty cell has given no value."""
        yield from ()

    def faults(self, checked: list[Checked], rows: list[Any], by: Any) -> Found:
        """What is wrong with sound rows among all others, as (row, column's name, sentence)."""
        yield from ()

    def label(self, values: Values) -> str:
        return " ".join(str(values[name]) for name in self.key)

    def values_of(self, row: Any) -> Values:
        return {column.name: column.value_of(row) for column in self.columns}

    def key_of(self, values: Values) -> tuple:
        return tuple(plain(str(values[name])) for name in self.key)

    def identity(self, values: Values) -> tuple:
        """Equal for two new rows of a file that can't both be."""
        return self.key_of(values)

    def match(self, values: Values, candidates: list[Any]) -> Any | None:
        """Which of the rows with the same key the file means; None for a new one."""
        same = [row for row in candidates if all(getattr(row, name) == values[name] for name in self.key)]
        return (same or candidates or [None])[0]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def create(self, all_values: list[Values], by: Any) -> list[Any]:
        model = self.rows().model
        rows = [self._filled(model(), values) for values in all_values]
        created: list[Any] = model._default_manager.bulk_create(rows)
        return created

    def update(self, changes: list[tuple[Any, Values]], by: Any) -> None:
        """Each row gets these values of some of its columns."""
        names = {name for _row, values in changes for name in values}
        for row, values in changes:
            self._filled(row, values)
        manager = self.rows().model._base_manager
        for name in names & set(self.unique):  # two rows may exchange what only one may have at a time
            changed = [row.pk for row, values in changes if name in values]
            manager.filter(pk__in=changed).update(**{name: self.column(name).empty})
        if names:
            manager.bulk_update([row for row, _values in changes], names)

    def keeps(self, rows: list[Any]) -> dict[int, str]:
        """Why new rows can't be taken back any more, by their keys."""
        return {pk: _("It is in use by now.") for pk in used(self.rows().model, rows, self.unused_by)}

    def remove(self, rows: list[Any]) -> None:
        self.rows().model._base_manager.filter(pk__in=[row.pk for row in rows]).delete()

    def _filled(self, row: Any, values: Values) -> Any:
        for column in self.columns:
            if column.name in values:
                column.put(row, values[column.name])
        return row


def used(model: type[Model], rows: Iterable[Any], apart: Sequence[str]) -> set[int]:
    """The keys of those rows that other rows name."""
    keys = [row.pk for row in rows]
    found: set[int] = set()
    for relation in _relations(model):
        if relation.name not in apart:
            others = cast("type[Model]", relation.related_model)._base_manager
            found.update(
                others.filter(**{f"{relation.field.name}__in": keys}).values_list(relation.field.name, flat=True)
            )
    return found


def _relations(model: type[Model]) -> Iterator[Any]:
    """From other rows to one of these, also those that are not followed in this direction."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and not relation.many_to_many:
            yield relation


class _Holders:
    """Who has which value of a column: a stored row by its key, a row of the file as itself."""

    def __init__(self, table: Table, name: str, counts: Callable[[Values], bool]) -> None:
        self.table, self.name, self.counts = table, name, counts
        self.by_value: dict[str, dict[Any, str]] = defaultdict(dict)

    def add(self, who: Any, values: Values) -> str:
        """The value as it is compared; empty when the row has none that counts."""
        value = plain(str(values[self.name])) if values[self.name] and self.counts(values) else ""
        if value:
            self.by_value[value][who] = self.table.label(values)
        return value


def shared(
    table: Table, checked: list[Checked], rows: list[Any], name: str, counts: Callable[[Values], bool] = bool
) -> Iterator[tuple[Checked, str]]:
    """The rows of the file whose value of this column another row would have too, and the label of that one.

    Such a row is left out, so that its former value stays, which may be in the way of a further row of the file.
    """
    holders, of_file = _Holders(table, name, counts), {each.row.pk for each in checked if each.row is not None}
    for row in rows:
        if row.pk not in of_file:
            holders.add(row.pk, table.values_of(row))
    by_number = {f"line {each.number}": each for each in checked}
    for who, each in by_number.items():
        holders.add(who, each.values)
    written = {who for who, each in by_number.items() if each.is_written}
    waiting = list(holders.by_value)
    while waiting:
        here = holders.by_value[waiting.pop()]
        clashing = [who for who in here if who in written] if len(here) > 1 else []
        found = [(who, next(label for other, label in here.items() if other != who)) for who in clashing]
        for who, label in found:
            written.discard(who)
            del here[who]
            if (before := by_number[who].before) is not None:
                waiting.append(holders.add(who, before))
            yield by_number[who], label


def find(name: str) -> Table | None:
    return next((table for table in declared() if table.name == name), None)


def declared() -> list[Table]:
    """All tables of the site, as the settings name them."""
    return [import_string(path) for path in settings.EXCEL_TABLES]
