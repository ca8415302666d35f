"""Adds words to the office's table, ends them, and switches rules on and off. Everything is logged."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from workflow import changes
from workflow.models import Change
from workflow.refusals import Refused, permit

from .engine import rules
from .models import HouseStyle, RuleSwitch, Word
from .tables import Entry, shipped

EDIT = "proofreading.edit_words"


def add(entry: Entry, *, by: Any) -> Word:
    permit(by, EDIT)
    if not entry.source:
        raise Refused(_("Please give the source of the entry."))
    with transaction.atomic():
        if any(word.entry.key == entry.key for word in Word.objects.filter(kind=entry.kind, name=entry.name)):
            raise Refused(_("This entry is there already. End it first, then add the new one."))
        word = _stored(entry, by)
        changes.record(word, Change.What.ADDED, by=by, note=_noted(entry))
    return word


def end(mark: str, *, until: date, becomes: str = "", by: Any) -> Entry:
    """The entry is valid to this day; a shipped one gets a row of the office's own that says so."""
    permit(by, EDIT)
    with transaction.atomic():
        entry, word = _find(mark, Word.objects.select_for_update())
        if entry.until is not None:
            raise Refused(_("This entry has its last day already."))
        if entry.since and until < entry.since:
            raise Refused(_("The last day must not lie before the first day."))
        if word is None:
            word = _stored(entry, by)
        Word.objects.filter(pk=word.pk).update(until=until, becomes=becomes, by=by, at=timezone.now())
        note = changes.moved(_("valid to"), "", date_format(until))
        changes.record(word, Change.What.DETAILS, by=by, note=f"{note}；{becomes}" if becomes else note)
    return entry


def looked_up(mark: str) -> Entry:
    """Refused when no entry has it."""
    return _find(mark, Word.objects.all())[0]


def _find(mark: str, words: QuerySet[Word]) -> tuple[Entry, Word | None]:
    for word in words:
        if word.entry.mark == mark:
            return word.entry, word
    for entry in shipped().entries:
        if entry.mark == mark:
            return entry, None
    raise Refused(_("This entry is no longer there."))


def switch(name: str, *, off: bool, by: Any) -> None:
    permit(by, EDIT)
    rule = next((rule for rule in rules() if rule.name == name), None)
    if rule is None:
        raise Refused(_("There is no such rule."))
    with transaction.atomic():
        values = {"is_off": off, "by": by, "at": timezone.now()}
        row, _created = RuleSwitch.objects.update_or_create(rule=name, defaults=values)
        note = _("%(rule)s: switched off") if off else _("%(rule)s: switched on")
        changes.record(row, Change.What.DETAILS, by=by, note=note % {"rule": rule.label})


def save_house(style: HouseStyle, *, by: Any, note: str) -> None:
    permit(by, EDIT)
    with transaction.atomic():
        style.pk = 1
        style.save()
        changes.record(style, Change.What.DETAILS, by=by, note=note)


def _stored(entry: Entry, by: Any) -> Word:
    word = unsaved(entry)
    word.by = by
    word.save()
    return word


def unsaved(entry: Entry) -> Word:
    """A row that says the same."""
    columns = ("kind", "name", "other", "wrong", "near", "unless", "extra", "since", "until", "becomes", "source")
    return Word(**{name: getattr(entry, name) for name in columns})


def _noted(entry: Entry) -> str:
    said = (entry.other, entry.wrong, entry.becomes, entry.source)
    return "；".join(part.replace("|", "、") for part in said if part)
