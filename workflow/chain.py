"""Chains what waits: gives each row of the log its entry, in one order, with the hash of the one before.

Whoever writes a row takes no lock for it: only this takes one, for many rows at once, so that thousands of mails by
several workers don't wait for each other. Beat asks every few seconds; who needs the head asks before reading it.
"""

import math
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection, transaction

from .logged import Logged, Said, sources
from .models import FIRST, Entry, Waiting

BATCH = 200
Key = tuple[str, int]  # source and row
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


def link(seconds: float = math.inf) -> int:
    """Chain all that waits, or what can be in so many seconds; returns how many that were."""
    count, after, begun = 0, 0, time.monotonic()
    while (at := time.monotonic()) - begun < seconds:
        linked, seen = _link_some(after)
        count += linked
        if not seen:
            break
        after = seen
        if linked == BATCH and not connection.in_atomic_block:
            time.sleep(time.monotonic() - at)  # SQLite lets one write at a time: others get as long as it took
    return count


def _link_some(after: int) -> tuple[int, int]:
    """How many were linked, and the key of the last one looked at; 0 when none waits."""
    if not Waiting.objects.filter(pk__gt=after).exists():  # spares an idle system a write every few seconds
        return 0, 0
    with transaction.atomic():
        _lock()
        waiting = list(Waiting.objects.filter(pk__gt=after).order_by("pk")[:BATCH])
        wanted = _wanted(waiting)
        rows, chained = _rows(waiting, wanted), _chained(wanted)
        entries, previous = [], last()
        for key, row in rows.items():
            if key not in chained:
                entry = _entry(previous.number + 1, *key, row, previous.hash)
                entries.append(entry)
                previous = Head(entry.number, entry.hash)
        Entry.objects.bulk_create(entries)
        # One whose row is gone stays: the check names it.
        Waiting.objects.filter(pk__in=[each.pk for each in waiting if (each.source, each.row) in rows]).delete()
    return len(entries), waiting[-1].pk if waiting else 0


def _lock() -> None:
    """One links at a time. SQLite's transactions are one at a time anyway (IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _wanted(waiting: Sequence[Waiting]) -> dict[str, list[int]]:
    """source -> the rows of it, each once."""
    wanted: dict[str, dict[int, None]] = defaultdict(dict)
    for each in waiting:
        wanted[each.source][each.row] = None
    return {source: list(rows) for source, rows in wanted.items()}


def _chained(wanted: dict[str, list[int]]) -> set[Key]:
    """What has its entry already: a row that waits a second time must hold up nothing."""
    return {
        (source, row)
        for source, rows in wanted.items()
        for row in Entry.objects.filter(source=source, row__in=rows).values_list("row", flat=True)
    }


def _rows(waiting: Sequence[Waiting], wanted: dict[str, list[int]]) -> dict[Key, Logged]:
    """Those that are there, in the order in which they wait."""
    models = sources()
    found = {
        (source, pk): row
        for source, keys in wanted.items()
        if (model := models.get(source))
        for pk, row in model._base_manager.select_related(*model.SAID_WITH).in_bulk(keys).items()
    }
    return {key: found[key] for each in waiting if (key := (each.source, each.row)) in found}


def _entry(number: int, source: str, pk: int, row: Logged, previous: str) -> Entry:
    said: Said = row.said()
    entry = Entry(
        number=number,
        at=said.at,
        by=said.by,
        who=said.who,
        source=source,
        row=pk,
        topic=f"{source}:{said.topic}" if said.topic else source,
        title=said.title,
        words=said.words,
        fields=row.as_json({name: getattr(row, name) for name in row.columns()}),
        previous=previous,
    )
    entry.hash = entry.computed_hash()
    return entry
