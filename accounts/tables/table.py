"""What a table of Excel is: which rows it holds, in which columns, and what must be true of the whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, cast

from django.conf import settings
from django.db.models import Model, QuerySet
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
    notes: Sequence[Words] = ()
    columns: Sequence[Column]
    key: Sequence[str]  # the columns by which a row is found again
    unused_by: Sequence[str] = ()  # relations that don't keep a row from being taken back
    unique: Sequence[str] = ()  # fields that are NULL or empty while rows exchange their values

    def rows(self) -> QuerySet:
        """All rows, in the order in which they are written."""
        raise NotImplementedError

    def known(self) -> Known:
        return {}

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


def shared(
    table: Table, checked: list[Checked], rows: list[Any], name: str, counts: Callable[[Values], bool] | None = None
) -> Iterator[tuple[Checked, str]]:
    """The rows of the file whose value of this column another row would have too, and the label of that one."""
    holders: dict[str, list[tuple[int | str, str]]] = defaultdict(list)
    of_file = {each.row.pk for each in checked if each.row}
    for row in rows:
        if row.pk not in of_file:
            _hold(table, holders, row.pk, table.values_of(row), name, counts)
    for each in checked:
        _hold(table, holders, f"row {each.number}", each.values, name, counts)
    for each in checked:
        if each.is_written and each.values[name]:
            others = [label for who, label in holders[plain(str(each.values[name]))] if who != f"row {each.number}"]
            if others and (counts is None or counts(each.values)):
                yield each, others[0]


def _hold(table: Table, holders: dict, who: int | str, values: Values, name: str, counts: Any) -> None:
    if values[name] and (counts is None or counts(values)):
        holders[plain(str(values[name]))].append((who, table.label(values)))


def find(name: str) -> Table | None:
    return next((table for table in declared() if table.name == name), None)


def declared() -> list[Table]:
    """All tables of the site, as the settings name them."""
    return [import_string(path) for path in settings.EXCEL_TABLES]
