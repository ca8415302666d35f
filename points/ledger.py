"""Brings the ledger up to date: what the causes give now, against what stands in it. Rows are only ever added.

An entry that no longer holds gets a counter entry. Both go into their own month, or where that is closed into the first
one that is open, with a note.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.worker import notify

from . import causes
from .models import ClosedMonth, Entry, LedgerRun
from .months import first_of, shifted
from .rules import Rules, wait_for_others
from .valuing import Line, value

BATCH = 500
_COMPARED = [field.name for field in fields(Line) if field.compare]
# As they stand in the table of entries.
_ATTRIBUTES = {column.name: column.attname for column in Entry._meta.concrete_fields}
_COLUMNS = [_ATTRIBUTES[name] for name in _COMPARED]

logger = logging.getLogger(__name__)


# --- how it is asked for ---------------------------------------------------------------------------------------------
def ask() -> None:
    """Somebody wants it up to date now; a worker does it."""
    run, _is_new = LedgerRun.objects.get_or_create(pk=1)
    LedgerRun.objects.filter(pk=run.pk).update(asked_at=timezone.now())
    notify("points.tasks.bring_up_to_date")


def bring_up_to_date_if_due() -> None:
    """Where a cause may have changed, or somebody asks. Beat asks every minute; what goes wrong is said on the page."""
    run, _is_new = LedgerRun.objects.get_or_create(pk=1)
    now = timezone.now()
    mark = causes.mark(timezone.localdate())
    is_asked = Q(asked_at__isnull=False) & (Q(begun_at=None) | Q(begun_at__lt=F("asked_at")))
    is_free = Q(begun_at=None) | Q(ended_at__gte=F("begun_at")) | Q(begun_at__lt=now - LedgerRun.CUT_OFF)
    due = LedgerRun.objects.filter(is_free & (is_asked | ~Q(causes=mark)), pk=run.pk)
    if not due.update(begun_at=now, done=0, total=0):
        return
    try:
        added, error = bring_up_to_date(), ""
    except Exception as fault:
        logger.exception("The ledger could not be brought up to date")
        added, error, mark = 0, str(fault) or type(fault).__name__, ""
    LedgerRun.objects.filter(pk=run.pk).update(ended_at=timezone.now(), added=added, error=error, causes=mark)


# --- the act ---------------------------------------------------------------------------------------------------------
def bring_up_to_date(today: date | None = None) -> int:
    """Enter what is missing and counter what no longer holds, all or nothing; returns how many entries that took."""
    with transaction.atomic():
        wait_for_others()
        rules = Rules.load()
        if not rules:
            return 0
        lines = value(causes.derive(today or timezone.localdate()), rules)
        return _write(lines, ClosedMonth.objects.last())


def _write(lines: Sequence[Line], closed: date | None) -> int:
    wanted = Counter(map(_identity, lines))
    wrong: list[int] = []
    for row in Entry.objects.standing().order_by("pk").values_list("pk", *_COLUMNS):
        identity = row[1:]
        if wanted[identity]:
            wanted[identity] -= 1
        else:
            wrong.append(row[0])
    missing = []
    for line in lines:
        identity = _identity(line)
        if wanted[identity]:
            wanted[identity] -= 1
            missing.append(line)
    earliest = shifted(closed, 1) if closed else date.min
    entries = [*_counters(wrong, missing, earliest), *(_entry(line, earliest) for line in missing)]
    Entry.objects.bulk_create(entries, batch_size=BATCH)
    return len(entries)


def _identity(line: Line) -> tuple:
    return tuple(getattr(line, name) for name in _COMPARED)


def _entry(line: Line, earliest: date) -> Entry:
    values = dict(zip(_COLUMNS, _identity(line), strict=True))
    own = first_of(line.on)
    note = "；".join(filter(None, [line.note, _late(own) if own < earliest else ""]))
    return Entry(month=max(own, earliest), note=note, source=line.source, **values)


def _late(month: date) -> str:
    words = _("%(year)s-%(month)s was closed already, so it counts in this month.")
    return words % {"year": month.year, "month": month.month}


def _counters(wrong: Iterable[int], missing: Iterable[Line], earliest: date) -> list[Entry]:
    """What takes back these entries: the same with the points turned round."""
    instead = {(line.key, line.unit): line for line in missing}
    counters = []
    for start in range(0, len(keys := list(wrong)), BATCH):
        for entry in Entry.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk"):
            line = instead.get((entry.key, entry.unit_id))
            note = _("Entered anew under other rules.") if line and line.rule_set != entry.rule_set_id else ""
            note = note or (_("Entered anew: the cause has changed.") if line else _("The cause no longer holds."))
            late = _late(entry.month) if entry.month < earliest else ""
            values = {name: getattr(entry, name) for name in _COLUMNS} | {"points": -entry.points}
            note = "；".join(filter(None, [note, late]))
            values |= {"month": max(entry.month, earliest), "source": entry.source, "note": note}
            counters.append(Entry(counters=entry, **values))
    return counters
