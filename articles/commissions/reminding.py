"""Units are reminded of what they still owe: once before the deadline, and once when it has come."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts import notices

from ..dates import written
from ..models import Answer, Commissioned
from ..models.commission_moves import DUE_NOW, DUE_SOON

DAYS_BEFORE = 3


def remind() -> None:
    """Safe to run at any time, any number of times: each row says of which deadline its unit was reminded.

    A day on which nothing ran loses no reminder. One that was asked late is told only that its day has come.
    """
    today = timezone.localdate()
    soon = Q(due_on__gt=today, due_on__lte=today + timedelta(days=DAYS_BEFORE))
    _remind(soon, "reminded_for", DUE_SOON)
    _remind(Q(due_on__lte=today), "reminded_last_for", DUE_NOW)


def _remind(due: Q, field: str, told) -> None:
    owed = Q(commission__is_binding=True) | Q(status=Answer.ACCEPTED)
    is_new = Q(**{field: None}) | ~Q(**{field: F("due_on")})
    for key in Commissioned.objects.open().filter(due, owed, is_new).values_list("pk", flat=True):
        with transaction.atomic():
            row = Commissioned.objects.open().filter(is_new, pk=key).select_for_update().first()
            if row is None:  # another worker did it, or the unit has handed in meanwhile
                continue
            notices.write(row, told, by=None, note=written(row.due_on))
            setattr(row, field, row.due_on)
            row.save(update_fields=[field])
