"""Takes a table of Excel in: kept when uploaded, stored as a whole when somebody has looked it over, taken back on demand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from workflow import changes as log
from workflow.models import Change
from workflow.refusals import Refused, permit

from . import checking, reading
from .checked import FAULTY, Checked
from .columns import Column, Known, Words, headers_of, plain
from .models import TableImport
from .table import Table, Values

KEPT_UNSTORED = timedelta(days=7)


@dataclass
class Line:
    """A row as the check page shows it; its cells are (column, text, former text or None, fault)."""

    number: int
    state: str
    cells: list[tuple[Column, str, str | None, str]]


@dataclass
class Result:
    table: Table
    checked: list[Checked]
    known: Known

    @cached_property
    def counts(self) -> dict[str, int]:
        return checking.counts(self.checked)

    @property
    def digest(self) -> str:
        return checking.digest(self.checked)

    @cached_property
    def written_count(self) -> int:
        return sum(each.is_written for each in self.checked)

    def line(self, each: Checked) -> Line:
        return Line(each.number, f"row.{each.state}", [self._cell(each, column) for column in self.table.columns])

    def _cell(self, each: Checked, column: Column) -> tuple[Column, str, str | None, str]:
        name, fault = column.name, each.faults.get(column.name, "")
        text = column.words(each.values[name], self.known) if name in each.values else each.texts.get(name, "")
        was = column.words(each.former[name], self.known) if name in each.former else None
        return column, text, was, fault


def upload(table: Table, data: bytes, name: str, *, by: Any) -> TableImport:
    """Read a file and keep what it says; nothing else changes."""
    permit(by, table.permission)
    found = reading.read(data, name, table.columns)
    told = headers_of(table.told)
    unused = [header for header in found.unused if plain(header).strip("*") not in told]
    TableImport.objects.filter(stored_at=None, created_at__lt=timezone.now() - KEPT_UNSTORED).delete()
    return TableImport.objects.create(table=table.name, file_name=name[-200:], rows=found.rows, unused=unused, by=by)


def check(wanted: TableImport, *, by: Any) -> Result:
    """What storing it now would do."""
    table = wanted.declaration
    known = table.known()
    return Result(table, checking.check(table, wanted.rows, [*table.rows(), *table.fixed()], known, by), known)


def described(wanted: TableImport, changes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was changed, as the page of a stored table shows it: `cells` are (header, former text, new text)."""
    table = wanted.declaration
    known = table.known()
    return [change | {"cells": list(_described(table, known, change))} for change in changes]


def _described(table: Table, known: Known, change: dict[str, Any]) -> Iterator[tuple[Words, str, str]]:
    before, after = change["before"] or {}, change["after"]
    for column in table.columns:
        if column.name in before:
            yield (
                column.header,
                column.words(before[column.name], known),
                column.words(after[column.name], known),
            )


def store(wanted: TableImport, *, by: Any, seen: str, without_faulty: bool = False) -> TableImport:
    """All of it or nothing. `seen` is the digest of what the person has looked over: by now it may be something else."""
    permit(by, wanted.declaration.permission)
    try:
        with transaction.atomic():
            return _store(wanted, by, seen, without_faulty)
    except IntegrityError as error:
        raise _changed_meanwhile() from error


def _store(wanted: TableImport, by: Any, seen: str, without_faulty: bool) -> TableImport:
    wanted = TableImport.objects.select_for_update().get(pk=wanted.pk)
    if wanted.stored_at:
        raise Refused(_("This table has been taken in already."))
    table = wanted.declaration
    known, rows = table.known(), [*table.rows().select_for_update(of=("self",)), *table.fixed()]
    checked = checking.check(table, wanted.rows, rows, known, by)
    if checking.digest(checked) != seen:
        raise _changed_meanwhile()
    faulty = sum(each.state == FAULTY for each in checked)
    if faulty and not without_faulty:
        raise Refused(
            _("%(count)s rows are faulty. Please correct them in Excel, or leave them out.") % {"count": faulty}
        )
    written = [each for each in checked if each.is_written]
    if not written:
        raise Refused(_("Nothing of this table is new or different, so there is nothing to take in."))
    wanted.changes = _write(table, written, by)
    wanted.by, wanted.stored_at, wanted.left_out = by, timezone.now(), faulty
    wanted.rows = []  # of what a file says about people nothing is kept but what it changed
    wanted.save()
    return wanted


def _changed_meanwhile() -> Refused:
    return Refused(
        _("Somebody has changed the data meanwhile. Nothing was taken in; please look the table over once more.")
    )


def _write(table: Table, written: list[Checked], by: Any) -> list[dict[str, Any]]:
    """Returns what it changed: before None for a new row."""
    changed = [(each, each.changes, each.former) for each in written if each.row is not None]
    table.update([(each.row, changes) for each, changes, _former in changed], by)
    new = [each for each in written if each.row is None]
    rows = table.create([each.values for each in new], by)
    _log(table, [(each.row, former, changes) for each, changes, former in changed], by)
    _log(table, [(row, None, each.values) for row, each in zip(rows, new, strict=True)], by)
    return [
        *(_change(table, each.row, each.values, former, changes) for each, changes, former in changed),
        *(_change(table, row, each.values, None, each.values) for row, each in zip(rows, new, strict=True)),
    ]


def _log(table: Table, written: Iterable[tuple[Any, Values | None, Values]], by: Any) -> None:
    """Of each row that was written what it was before (None: it is new) and the values that it got."""
    known = table.known()
    Change.objects.bulk_create(
        change for row, before, after in written for change in _logged(table, known, row, before, after, by)
    )


def _logged(table: Table, known: Known, row: Any, before: Values | None, after: Values, by: Any) -> Iterator[Change]:
    columns = [column for column in table.columns if column.name in after]
    if before is None:
        words = [f"{column.header}：{text}" for column in columns if (text := column.words(after[column.name], known))]
        yield log.draft(row, Change.What.ADDED, by=by, note="；".join(words))
        return
    notes: dict[str, list[str]] = {}
    for column in columns:
        was, now = (column.words(values[column.name], known) for values in (before, after))
        notes.setdefault(log.kind_of(column.name), []).append(log.moved(column.header, was, now))
    yield from (log.draft(row, what, by=by, note="；".join(words)) for what, words in notes.items())


def _change(table: Table, row: Any, values: Values, before: Values | None, after: Values) -> dict[str, Any]:
    return {"pk": row.pk, "label": table.label(values), "before": before, "after": after}


def undo(wanted: TableImport, *, by: Any) -> TableImport:
    """Put back what it changed. What has been used or changed since remains, and `remains` says why."""
    permit(by, wanted.declaration.permission)
    try:
        with transaction.atomic():
            wanted = TableImport.objects.select_for_update().get(pk=wanted.pk)
            if not wanted.may_be_undone:
                raise Refused(_("This table is not in, so there is nothing to take back."))
            wanted.remains = _put_back(wanted.declaration, wanted.changes, by)
            wanted.undone_at = timezone.now()
            wanted.save()
    except IntegrityError as error:
        raise Refused(
            _("Somebody is changing the same rows just now. Nothing was taken back; please try once more.")
        ) from error
    return wanted


def _put_back(table: Table, changes: list[dict[str, Any]], by: Any) -> list[dict[str, str]]:
    rows = {row.pk: row for row in table.rows().select_for_update(of=("self",))}
    reasons: dict[int, str] = {}
    for change in changes:
        row = rows.get(change["pk"])
        if row is None:
            reasons[change["pk"]] = _("It has been deleted since.")
        elif any(table.values_of(row)[name] != value for name, value in change["after"].items()):
            reasons[change["pk"]] = _("It has been changed since.")
    left = [change for change in changes if change["pk"] not in reasons]
    reasons |= _remove(table, [rows[change["pk"]] for change in left if change["before"] is None], rows, by)
    former = {change["pk"]: change["before"] for change in left if change["before"] is not None}
    reasons |= _restore(table, former, rows, by)
    return [{"label": change["label"], "why": reasons[change["pk"]]} for change in changes if change["pk"] in reasons]


def _remove(table: Table, new: list[Any], rows: dict[int, Any], by: Any) -> dict[int, str]:
    reasons = table.keeps(new)
    free = [row for row in new if row.pk not in reasons]
    Change.objects.bulk_create(log.draft(row, Change.What.REMOVED, by=by) for row in free)
    for row in free:
        del rows[row.pk]
    table.remove(free)
    return reasons


def _restore(table: Table, former: dict[int, Values], rows: dict[int, Any], by: Any) -> dict[int, str]:
    """The former values go in only where they are as right as those of a file."""
    checked = []
    for number, (pk, values) in enumerate(former.items(), 1):
        before = table.values_of(rows[pk])
        checked.append(Checked(number, {}, rows[pk], before | values, before, is_put_back=True))
        checking.add_row_faults(table, checked[-1])
    checking.add_faults(table, checked, list(rows.values()), by)
    sound = [each for each in checked if not each.faults]
    table.update([(each.row, former[each.row.pk]) for each in sound], by)
    _log(table, [(each.row, each.before, former[each.row.pk]) for each in sound], by)
    return {each.row.pk: next(iter(each.faults.values())) for each in checked if each.faults}
