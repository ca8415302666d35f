"""The office asks units for stories, gives them longer, and takes back what is no longer wanted."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import Unit, User
from workflow.refusals import Refused, permit

from ..dates import written
from ..models import COMMISSION, Commission, Commissioned, CommissionEvent
from ..models.commission_moves import EXTENDED, PLEASE_WRITE


def ask(commission: Commission, units: Collection[Unit], *, by: User) -> Commission:
    """Keep the new commission and ask these units; with `is_for_all` all that are in use today, whatever was chosen."""
    permit(by, COMMISSION)
    today = timezone.localdate()
    chosen = Unit.objects.valid_on(today)
    if not commission.is_for_all:
        chosen = chosen.filter(pk__in=[unit.pk for unit in units])
    if not chosen:
        raise Refused(_("Choose at least one unit that is in use today."))
    if commission.due_on < today:
        raise Refused(_("The deadline is over. Please choose today or a later day."))
    with transaction.atomic():
        commission.created_by = by
        commission.save()
        rows = Commissioned.objects.bulk_create(
            Commissioned(commission=commission, unit=unit, due_on=commission.due_on) for unit in chosen
        )
        CommissionEvent.objects.bulk_create(_event(row, CommissionEvent.ASK, by, _until(row.due_on)) for row in rows)
        for row in rows:
            notices.write(row, PLEASE_WRITE, by=by.pk, note=_until(row.due_on))
    return commission


def extend(row: Commissioned, *, until: date, why: str, by: User) -> None:
    """Give one unit longer. The reason is read by the unit; a deadline is never moved forward."""
    permit(by, COMMISSION)
    if not why.strip():
        raise Refused(_("Please give the reason: it is shown to the people concerned."))
    with transaction.atomic():
        row = Commissioned.objects.select_for_update().get(pk=row.pk)
        if not row.is_open:
            words = _("It is now “%(status)s”, so there is no deadline to move.")
            raise Refused(words % {"status": row.get_status_display()})
        if until <= row.due_on or until < timezone.localdate():
            words = _("The new deadline has to lie after %(day)s, and not in the past.")
            raise Refused(words % {"day": written(row.due_on)})
        row.due_on = until
        row.save(update_fields=["due_on"])
        _event(row, CommissionEvent.EXTEND, by, f"{_until(until)}：{why.strip()}").save()
        notices.write(row, EXTENDED, by=by.pk, note=f"{_until(until)}：{why.strip()}")


def withdraw(commission: Commission, *, why: str, by: User) -> int:
    """Take it back from all units that have not handed anything in. Returns from how many."""
    permit(by, COMMISSION)
    with transaction.atomic():
        row = Commission.objects.select_for_update().get(pk=commission.pk)
        if row.withdrawn_on:
            raise Refused(_("“%(title)s” is withdrawn already.") % {"title": row})
        waiting = list(row.asked.filter(status__in=Commissioned.WITHDRAW.sources).order_by("pk"))
        if not waiting:
            raise Refused(_("All units have handed in their stories, so there is nothing to withdraw."))
        for each in waiting:
            each.apply(Commissioned.WITHDRAW, by=by, note=why)
        row.withdrawn_on = timezone.localdate()
        row.save(update_fields=["withdrawn_on"])
    return len(waiting)


def _event(row: Commissioned, act: str, by: User, note: str) -> CommissionEvent:
    return CommissionEvent(
        commissioned=row, by=by, transition=act, from_status=row.status, to_status=row.status, note=note
    )


def _until(day: date) -> str:
    return _("to be handed in by %(day)s") % {"day": written(day)}
