"""Chains what waits: gives each row of the log its entry, in one order, with the hash of the one before.

Whoever writes a row takes no lock for it: only this takes one, for many rows at once, so that thousands of mails by
several workers don't wait for each other. Beat asks every few seconds; who needs the head asks before reading it.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection, transaction

from .logged import Logged, Said, sources
from .models import FIRST, Entry, Waiting

BATCH = 500
LOCK = 7_213_540_902  # PostgreSQL's advisory lock of this name is ours; it ends with the transaction


class Head(NamedTuple):
    """The last entry: its number, and its hash, which covers all before it."""

    number: int
    hash: str


def head() -> Head:
    """Of a chain to which everything is linked that is written up to now, also by this transaction.

    Until its end others wait with linking, so it is asked for last.
    """
    link()
    return last()


def last() -> Head:
    found = Entry.objects.order_by("-number").values_list("number", "hash").first()
    return Head(*found) if found else Head(0, FIRST)


def link() -> int:
    """Chain all that waits; returns how many that were."""
    count, after = 0, 0
    while True:
        linked, seen = _link_some(after)
        count += linked
        if not seen:
            return count
        after = seen


def _link_some(after: int) -> tuple[int, int]:
    """How many were linked, and the key of the last one looked at; 0 when none waits."""
    if not Waiting.objects.filter(pk__gt=after).exists():  # spares an idle system a write every few seconds
        return 0, 0
    with transaction.atomic():
        _lock()
        waiting = list(Waiting.objects.filter(pk__gt=after).order_by("pk")[:BATCH])
        rows = _rows(waiting)
        # One whose row is gone stays: the check names it.
        present = [each for each in waiting if (each.source, each.row) in rows]
        entries, previous = [], last()
        for number, each in enumerate(present, previous.number + 1):
            entry = _entry(number, each, rows[each.source, each.row], previous.hash)
            entries.append(entry)
            previous = Head(number, entry.hash)
        Entry.objects.bulk_create(entries)
        Waiting.objects.filter(pk__in=[each.pk for each in present]).delete()
    return len(present), waiting[-1].pk if waiting else 0


def _lock() -> None:
    """One links at a time. SQLite's transactions are one at a time anyway (IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _rows(waiting: Sequence[Waiting]) -> dict[tuple[str, int], Logged]:
    models, wanted = sources(), defaultdict(list)
    for each in waiting:
        wanted[each.source].append(each.row)
    return {
        (source, pk): row
        for source, keys in wanted.items()
        if (model := models.get(source))
        for pk, row in model._base_manager.select_related(*model.SAID_WITH).in_bulk(keys).items()
    }


def _entry(number: int, waiting: Waiting, row: Logged, previous: str) -> Entry:
    said: Said = row.said()
    entry = Entry(
        number=number,
        at=said.at,
        by=said.by,
        who=said.who,
        source=waiting.source,
        row=waiting.row,
        topic=f"{waiting.source}:{said.topic}" if said.topic else waiting.source,
        title=said.title,
        words=said.words,
        fields=row.as_json({name: getattr(row, name) for name in row.columns()}),
        previous=previous,
    )
    entry.hash = entry.computed_hash()
    return entry
