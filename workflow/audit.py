"""Reads the whole log: whether each entry is what it was, and each row what its entry says."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from .chain import Head
from .logged import sources
from .models import FIRST, Entry, Waiting

BATCH = 500


def faults(noted: Iterable[tuple[str, Head]]) -> Iterator[str]:
    """For each thing looked at an empty text, or what is wrong with it.

    `noted` are heads that were written down elsewhere, and where: by them an end that was cut off is found, and a chain
    that somebody has computed anew.
    """
    yield from _entries()
    yield from _rows_without_entry()
    yield from _waiting_without_row()
    yield from noted_faults(noted)


def noted_faults(noted: Iterable[tuple[str, Head]]) -> Iterator[str]:
    for where, head in noted:
        yield _noted_fault(where, head)


def _entries() -> Iterator[str]:
    expected, previous = 1, FIRST
    entries = Entry.objects.order_by("number").iterator(BATCH)
    while batch := list(islice(entries, BATCH)):
        rows = _rows_of(batch)
        for entry in batch:
            yield (_link_fault(entry, expected, previous) or _row_fault(entry, rows.get((entry.source, entry.row))))
            expected, previous = entry.number + 1, entry.hash


def _link_fault(entry: Entry, expected: int, previous: str) -> str:
    """What was said of an entry is told once: the next ones are compared with what stands there."""
    if entry.number != expected:
        words = _("Log: the entries %(first)s to %(last)s are missing")
        return words % {"first": expected, "last": entry.number - 1}
    if entry.computed_hash() != entry.hash:
        return _("Log: entry %(number)s was changed") % {"number": entry.number}
    if entry.previous != previous:
        words = _("Log: entry %(number)s does not follow the one before it: one was changed, put in or taken out there")
        return words % {"number": entry.number}
    return ""


def _row_fault(entry: Entry, row: dict[str, Any] | None) -> str:
    """What the entry knows of the row, compared with the row; a column that only one of them has is of another version."""
    about = {"number": entry.number, "table": entry.source, "row": entry.row}
    if row is None:
        return _("Log: the row of entry %(number)s is gone (%(table)s %(row)s)") % about
    try:
        logged = json.loads(entry.fields)
    except ValueError:
        return _("Log: entry %(number)s can't be read") % about
    names = [name for name in logged.keys() & row.keys() if logged[name] != row[name]]
    if names:
        words = _("Log: the row of entry %(number)s was changed (%(table)s %(row)s): %(columns)s")
        return words % (about | {"columns": "、".join(sorted(names))})
    return ""


def _rows_of(batch: Sequence[Entry]) -> dict[tuple[str, int], dict[str, Any]]:
    """The rows that these entries are about, as JSON has them."""
    models, wanted = sources(), defaultdict(list)
    for entry in batch:
        wanted[entry.source].append(entry.row)
    return {
        (source, values["pk"]): json.loads(model.as_json({name: values[name] for name in model.columns()}))
        for source, keys in wanted.items()
        if (model := models.get(source))
        for values in model._base_manager.filter(pk__in=keys).values("pk", *model.columns())
    }


def _rows_without_entry() -> Iterator[str]:
    """Written past the program."""
    for source, model in sources().items():
        found = model._base_manager.filter(~_has(Entry, source), ~_has(Waiting, source)).order_by("pk")
        for pk in found.values_list("pk", flat=True).iterator():
            words = _("Log: a row was put in past the log (%(table)s %(row)s)")
            yield words % {"table": source, "row": pk}


def _has(model: type[Entry] | type[Waiting], source: str) -> Exists:
    return Exists(model.objects.filter(source=source, row=OuterRef("pk")))


def _waiting_without_row() -> Iterator[str]:
    """A row that was deleted before it was chained."""
    models = sources()
    for source in Waiting.objects.order_by("source").values_list("source", flat=True).distinct():
        waiting, model = Waiting.objects.filter(source=source), models.get(source)
        if model:
            waiting = waiting.exclude(Exists(model._base_manager.filter(pk=OuterRef("row"))))
        for row in waiting.order_by("pk").values_list("row", flat=True):
            words = _("Log: a row that was to be chained is gone (%(table)s %(row)s)")
            yield words % {"table": source, "row": row}


def _noted_fault(where: str, head: Head) -> str:
    if not head.number:
        return ""
    found = Entry.objects.filter(number=head.number).values_list("hash", flat=True).first()
    about = {"where": where, "number": head.number}
    if found is None:
        return _("Log: %(where)s names entry %(number)s, which is not there: the end of the log was cut off") % about
    if found != head.hash:
        words = _("Log: %(where)s names another hash of entry %(number)s: the log was written anew since")
        return words % about
    return ""


def waiting_count() -> int:
    return Waiting.objects.count()
