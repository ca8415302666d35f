"""The office changes what it has asked for: the units are told, and what it was before stays in the events."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import User
from workflow.refusals import Refused, permit

from ..dates import written
from ..models import COMMISSION, Answer, Commission, CommissionEvent
from ..models.commission_moves import CHANGED

FIELDS = ("title", "wording", "length", "due_on", "wanted_year", "wanted_number")


def mark(commission: Commission) -> str:
    """Another one for each state of what is wanted: what the person saw who changes it."""
    said = repr([getattr(commission, name) for name in FIELDS])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def change(commission: Commission, values: Mapping[str, Any], *, seen: str, by: User) -> list[str]:
    """Put `values` (of FIELDS) in, and say for each what was changed. Refused where another person was quicker.

    A new deadline holds for the units that have not answered; who was given longer keeps the later day.
    """
    permit(by, COMMISSION)
    with transaction.atomic():
        commission = Commission.objects.select_for_update().get(pk=commission.pk)
        if commission.withdrawn_on:
            raise Refused(_("“%(title)s” is withdrawn already.") % {"title": commission})
        if mark(commission) != seen:
            raise Refused(_("Another person has changed it meanwhile. The page shows the present state."))
        former = {name: getattr(commission, name) for name in FIELDS}
        for name in FIELDS:
            setattr(commission, name, values.get(name, former[name]))
        said = list(_said(former, commission))
        if not said:
            return []
        if commission.due_on != former["due_on"] and commission.due_on < timezone.localdate():
            raise Refused(_("The deadline is over. Please choose today or a later day."))
        commission.save()
        _pass_on(commission, former, said, by)
    return said


def _pass_on(commission: Commission, former: Mapping[str, Any], said: list[str], by: User) -> None:
    before = _("What was wanted before: %(wording)s") % {"wording": former["wording"]}
    is_reworded = former["wording"] and former["wording"] != commission.wording
    note = "\n".join(["；".join(said), *([before] if is_reworded else [])])
    for row in commission.asked.select_for_update().order_by("pk"):
        if row.is_open and commission.due_on != former["due_on"]:
            has_longer = row.due_on > former["due_on"]
            row.due_on = max(row.due_on, commission.due_on) if has_longer else commission.due_on
            row.save(update_fields=["due_on"])
        status = {"from_status": row.status, "to_status": row.status}
        CommissionEvent.objects.create(commissioned=row, by=by, transition=CommissionEvent.CHANGE, note=note, **status)
        if row.is_open or row.status == Answer.DECLINED:
            notices.write(row, CHANGED, by=by.pk, note="；".join(said))


def _said(former: Mapping[str, Any], now: Commission) -> Iterator[str]:
    if now.title != former["title"]:
        yield _("the topic was “%(before)s”, and is now “%(now)s”") % {"before": former["title"], "now": now.title}
    if now.wording != former["wording"]:
        yield _("what is wanted is worded anew")
    if now.length != former["length"]:
        yield _("the length: %(now)s") % {"now": _length(now.length)}
    if now.due_on != former["due_on"]:
        yield _days(former["due_on"], now.due_on)
    if (now.wanted_year, now.wanted_number) != (former["wanted_year"], former["wanted_number"]):
        yield _("wanted for: %(now)s") % {"now": now.wanted_for or _("no issue in particular")}


def _days(before: date, now: date) -> str:
    return _("the deadline was %(before)s, and is now %(now)s") % {"before": written(before), "now": written(now)}


def _length(characters: int | None) -> str:
    return _("%(count)s characters at most") % {"count": characters} if characters else _("as long as it needs")
