"""Keeps the names that a unit had: renaming one in use enters its former name as a dated row of its own.

The row itself stays that of the unit, so that its people, readers and articles need not move. What was signed under the
former name keeps it anyway: it is shown from the frozen content.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from .models import Unit


def is_used(unit: Unit) -> bool:
    """Whether people, articles or readers are of this unit."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: unit.pk}).exists()
        for relation in Unit._meta.related_objects
    )


def is_renamed(before: Unit, after: Unit) -> bool:
    return (before.name, before.short_name) != (after.name, after.short_name)


def first_day_of_name(before: Unit, after: Unit) -> date:
    """From when the new name holds: the day that was entered, else today."""
    given = after.valid_from if after.valid_from != before.valid_from else None
    return given or timezone.localdate()


def save(unit: Unit) -> Unit | None:
    """Save a unit that was there before. Returns the row of its former name when there is one now."""
    with transaction.atomic():
        before = Unit.objects.select_for_update().get(pk=unit.pk)
        first_day = first_day_of_name(before, unit)
        # A second change on the same day corrects the first.
        is_new_name = is_renamed(before, unit) and (before.valid_from is None or before.valid_from < first_day)
        if not (is_new_name and is_used(before)):
            unit.save()
            return None
        unit.valid_from = first_day
        unit.save()
        return Unit.objects.create(
            name=before.name,
            short_name=before.short_name,
            tier=before.tier,
            position=before.position,
            valid_from=before.valid_from,
            valid_to=first_day - timedelta(days=1),
        )
