"""What one person's stories have brought in the present quarter: for the home page."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils import timezone

from . import figures
from .models import CauseKind
from .ranges import Range


@dataclass(frozen=True)
class Own:
    within: Range
    adopted: int
    points: Decimal


def of_person(user) -> Own | None:
    """Of the stories that this person wrote, with what the person's unit has of each. None where nothing stands in the
    ledger for them. One query."""
    within = Range.quarter(timezone.localdate())
    found = figures.entries(within).filter(article__created_by=user, unit=user.unit_id)
    is_adopted = Q(cause=CauseKind.ADOPTED)
    sums = found.aggregate(
        entries=Count("pk"),
        points=Sum("points"),
        adopted=Count("pk", filter=is_adopted & Q(counters=None)) - Count("pk", filter=is_adopted & ~Q(counters=None)),
    )
    return Own(within, sums["adopted"], sums["points"]) if sums["entries"] else None
