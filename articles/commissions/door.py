"""What became of the commissions, for those who count it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import F, Q

from ..models import Answer, Commissioned

Kind = Literal["on-time", "late", "missed"]


@dataclass(frozen=True)
class Outcome:
    """What one unit made of one commission. `on` is the day it was handed in; of a missed one the deadline."""

    commissioned_id: int
    unit_id: int
    article_id: int | None
    commission_title: str
    on: date
    kind: Kind


def outcomes(upto: date) -> Iterable[Outcome]:
    """All that was settled as of this day, in the order of the deadlines, one for each unit asked.

    A missed one is late once it is handed in, and none at all once the office has given the unit longer or has withdrawn it:
    what is read later may say otherwise of the same row. Who declines after the deadline has missed it all the same. What
    does not bind a unit is never missed. What was declined in time, or withdrawn, is nothing.
    """
    rows = Commissioned.objects.select_related("commission").exclude(status=Answer.WITHDRAWN)
    answered = Q(status=Answer.ANSWERED, settled_on__lte=upto)
    declined_in_time = Q(status=Answer.DECLINED, settled_on__lte=F("due_on"))
    missed = Q(commission__is_binding=True, due_on__lt=upto) & ~declined_in_time
    for row in rows.filter(answered | missed).order_by("due_on", "pk").iterator():
        yield _outcome(row, upto)


def _outcome(row: Commissioned, upto: date) -> Outcome:
    kind: Kind = "missed"
    on, article = row.due_on, None
    if row.is_answered and row.settled_on and row.settled_on <= upto:
        kind = "on-time" if row.settled_on <= row.due_on else "late"
        on, article = row.settled_on, row.article_id
    return Outcome(row.pk, row.unit_id, article, row.commission.title, on, kind)
