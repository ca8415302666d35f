"""Compares the rows of an uploaded table with those that are stored: what would be new, changed, the same, and what is wrong."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from .checked import STATES, Checked
from .columns import Fault, Known
from .table import Table


def check(table: Table, file_rows: Iterable[dict[str, Any]], stored: list[Any], known: Known, by: Any) -> list[Checked]:
    """Each row of the file, in its order. `stored` are all rows of the table, `by` who brings the file in."""
    by_key = defaultdict(list)
    for row in stored:
        by_key[table.key_of(table.values_of(row))].append(row)
    checked = [_read(table, row, by_key, known) for row in file_rows]
    _refuse_twins(table, checked)
    add_faults(table, checked, stored, by)
    return checked


def add_faults(table: Table, checked: list[Checked], stored: list[Any], by: Any) -> None:
    """What is wrong among rows. A row that is left out for it keeps its former values, which may be in another's way."""
    is_new = True
    while is_new:
        found = list(table.faults([each for each in checked if not each.faults], stored, by))
        for each, name, words in found:
            each.faults.setdefault(name, words)
        is_new = bool(found)


def _read(table: Table, file_row: dict[str, Any], by_key: dict[tuple, list[Any]], known: Known) -> Checked:
    each = Checked(file_row["n"], file_row["c"], faults=dict(file_row["f"]))
    empty = []
    for column in table.columns:
        text = each.texts.get(column.name, "")
        try:
            if text and column.name not in each.faults:
                each.values[column.name] = column.read(text, known)
            elif column.name not in each.faults:
                empty.append(column)
        except Fault as fault:
            each.faults[column.name] = str(fault)
    for column in empty:
        if column.is_required:
            each.faults[column.name] = _("This has to be filled in.")
    if not each.faults.keys() & set(table.key):
        _match(table, each, by_key)
    for column in empty:
        _fill(each, column)
    add_row_faults(table, each)
    return each


def add_row_faults(table: Table, each: Checked) -> None:
    for name, words in table.row_faults(each):
        each.faults.setdefault(name, words)


def _match(table: Table, each: Checked, by_key: dict[tuple, list[Any]]) -> None:
    candidates = by_key.get(table.key_of(each.values), [])
    each.row = table.match(each.values, candidates) if candidates else None
    each.before = table.values_of(each.row) if each.row is not None else None


def _fill(each: Checked, column: Any) -> None:
    """A cell that is empty empties the field, unless it has a default; a column that the file lacks changes nothing."""
    keeps = column.name not in each.texts or column.default is not None
    if each.before is not None and keeps:
        each.values[column.name] = each.before[column.name]
    else:
        each.values[column.name] = column.empty if column.default is None else column.default


def _refuse_twins(table: Table, checked: list[Checked]) -> None:
    """No row may stand in the file twice."""
    first: dict[Any, Checked] = {}
    for each in checked:
        if each.faults.keys() & set(table.key):
            continue
        is_stored = each.row is not None and each.row.pk is not None
        identity = each.row.pk if is_stored else table.identity(each.values)
        other = first.setdefault(identity, each)
        if other is not each:
            for one, two in ((each, other), (other, each)):
                words = _("The same as in line %(line)s. Please keep one of the two.") % {"line": two.number}
                one.faults.setdefault(table.key[0], words)


def counts(checked: list[Checked]) -> dict[str, int]:
    found = Counter(each.state for each in checked)
    return {state: found[state] for state in STATES}


def digest(checked: list[Checked]) -> str:
    """What a person agrees to: the same as long as nothing of it is different."""
    seen = [[each.number, each.state, each.changes, each.former, each.faults] for each in checked]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:32]
