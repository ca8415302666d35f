"""Brings the ledger up to date: what the causes give now, against what stands in it. Rows are only ever added.

An entry that no longer holds gets a counter entry. Both go into their own month, or where that is closed into the first
one that is open, with a note.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from datetime import date
from functools import partial
from operator import attrgetter

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.refusals import permit
from workflow.worker import notify

from . import causes
from .models import VIEW, CauseKind, ClosedMonth, Entry, LedgerRun
from .months import first_of, shifted
from .rules import Rules, wait_for_others
from .valuing import Line, value

BATCH = 500
_PRINTED = (CauseKind.ADOPTED, CauseKind.FIRST)
_COMPARED = [field.name for field in fields(Line) if field.compare]
# As they stand in the table of entries.
_ATTRIBUTES = {column.name: column.attname for column in Entry._meta.concrete_fields}
_COLUMNS = [_ATTRIBUTES[name] for name in _COMPARED]

logger = logging.getLogger(__name__)


# --- how it is asked for ---------------------------------------------------------------------------------------------
def ask(*, by) -> None:
    """Somebody wants it up to date now; a worker does it."""
    permit(by, VIEW)
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
    tell = partial(_tell, run.pk)
    try:
        added, error = bring_up_to_date(tell=tell), ""
    except Exception as fault:
        logger.exception("The ledger could not be brought up to date")
        added, error, mark = 0, str(fault) or type(fault).__name__, ""
    LedgerRun.objects.filter(pk=run.pk).update(ended_at=timezone.now(), added=added, error=error, causes=mark)


def _tell(pk: int, done: int, total: int) -> None:
    LedgerRun.objects.filter(pk=pk).update(done=done, total=total)


# --- the act ---------------------------------------------------------------------------------------------------------
def bring_up_to_date(today: date | None = None, tell: Callable[[int, int], object] = lambda done, total: None) -> int:
    """Enter what is missing and counter what no longer holds; returns how many entries that took.

    What is to be written is worked out without a lock, and written in parts, each of whole causes, so that others wait for
    a part at most. When a cause, a rule or the ledger has moved meanwhile it is worked out anew. `tell` hears how many of
    how many are written.
    """
    today = today or timezone.localdate()
    added = 0
    while True:
        as_read = _mark(today)
        entries = _to_write(today)
        done = 0
        for part in _parts(entries):
            with transaction.atomic():
                wait_for_others()
                if _mark(today) != as_read:
                    break
                Entry.objects.bulk_create(part)
                as_read = _mark(today)
            added, done = added + len(part), done + len(part)
            tell(done, len(entries))
        else:
            return added


def _mark(today: date) -> tuple[str, int]:
    newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
    return causes.mark(today), newest or 0


def _parts(entries: list[Entry]) -> Iterator[list[Entry]]:
    """About so many at a time; those of one cause stay together."""
    part: list[Entry] = []
    for entry in sorted(entries, key=attrgetter("on", "key")):
        if len(part) >= BATCH and part[-1].key != entry.key:
            yield part
            part = []
        part.append(entry)
    if part:
        yield part


def _to_write(today: date) -> list[Entry]:
    """What the ledger lacks to say what the causes give now."""
    rules = Rules.load()
    if not rules:
        return []
    lines = value(causes.derive(today), rules)
    closed = ClosedMonth.objects.last()
    earliest = shifted(closed, 1) if closed else date.min
    wanted = Counter(map(_identity, lines))
    wrong: list[int] = []
    on = _COLUMNS.index("on")
    for pk, month, *columns in Entry.objects.standing().order_by("pk").values_list("pk", "month", *_COLUMNS):
        identity = tuple(columns)
        # What came too late for a month that is open again counts there after all.
        is_late = month > max(first_of(identity[on]), earliest)
        if wanted[identity] and not is_late:
            wanted[identity] -= 1
        else:
            wrong.append(pk)
    missing = []
    for line in lines:
        identity = _identity(line)
        if wanted[identity]:
            wanted[identity] -= 1
            missing.append(line)
    withdrawn = {line.article for line in lines if line.cause == CauseKind.WITHDRAWN}
    return [*_counters(wrong, missing, earliest, withdrawn), *(_entry(line, earliest) for line in missing)]


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


def _counters(wrong: Iterable[int], missing: Iterable[Line], earliest: date, withdrawn: set[int | None]) -> list[Entry]:
    """What takes back these entries: the same with the points turned round. `withdrawn` are stories whose issue was."""
    instead = {(line.key, line.unit): line for line in missing}
    counters = []
    for start in range(0, len(keys := list(wrong)), BATCH):
        for entry in Entry.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk"):
            line = instead.get((entry.key, entry.unit_id))
            note = _("Entered anew under other rules.") if line and line.rule_set != entry.rule_set_id else ""
            if line and not note:
                is_same = _identity(line) == tuple(getattr(entry, name) for name in _COLUMNS)
                note = (
                    _("Entered anew: its month is open again.")
                    if is_same
                    else _("Entered anew: the cause has changed.")
                )
            if not note and entry.cause in _PRINTED and entry.article_id in withdrawn:
                note = _("The issue was withdrawn.")
            note = note or _("The cause no longer holds.")
            late = _late(entry.month) if entry.month < earliest else ""
            values = {name: getattr(entry, name) for name in _COLUMNS} | {"points": -entry.points}
            note = "；".join(filter(None, [note, late]))
            values |= {"month": max(entry.month, earliest), "source": entry.source, "note": note}
            counters.append(Entry(counters=entry, **values))
    return counters
