"""Keeps the names that a unit had, and the order in which issues print the units.

Renaming a unit in use enters its former name as a dated row of its own. The row itself stays that of the unit, so that its
people, readers and articles need not move. What was signed under the former name keeps it anyway: it is shown from the
frozen content.
"""

from datetime import date, timedelta
from typing import cast

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow import changes
from workflow.models import Change
from workflow.refusals import Refused, permit

from .models import Tier, Unit

ARRANGE = "accounts.arrange_units"
_RANK = {tier: rank for rank, tier in enumerate(Tier.values)}


def is_used(unit: Unit) -> bool:
    """Whether people, articles or readers are of this unit."""
    return any(
        cast("type[Model]", relation.related_model)._base_manager.filter(**{relation.field.name: unit.pk}).exists()
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
            renamed_to=unit,
        )


def present_units() -> dict[int, int]:
    """The key of each former name's row -> that of the row under which the unit goes on. What is not in it has one name."""
    following = dict(Unit.objects.exclude(renamed_to=None).values_list("pk", "renamed_to"))
    return {former: _last(following, former) for former in following}


def _last(following: dict[int, int], unit: int) -> int:
    while unit in following:
        unit = following[unit]
    return unit


def by_tier(day: date) -> dict[str, list[Unit]]:
    """The units that are valid on this day, in the order of each tier; also the tiers without any."""
    units = list(Unit.objects.valid_on(day))
    return {tier: [unit for unit in units if unit.tier == tier] for tier in Tier.values}


def arrange(unit: Unit, *, tier: str, position: int, by) -> None:
    """Put the unit at the 1-based position among the valid units of the tier, as far as it goes.

    All units are numbered in one row, tier by tier, so that lists of units stand in the printed order too. Issues that are
    being made keep their order.
    """
    permit(by, ARRANGE)
    if tier not in Tier.values:
        raise Refused(_("There is no such tier."))
    with transaction.atomic():
        units = list(Unit.objects.select_for_update())
        units.sort(key=lambda each: (_RANK[each.tier], each.position, each.pk))
        moved = next(each for each in units if each.pk == unit.pk)
        before = _place(moved)
        moved.tier = tier
        units.remove(moved)
        units.insert(_index(units, tier, position), moved)
        for number, each in enumerate(units, 1):
            each.position = number
        Unit.objects.bulk_update(units, ["tier", "position"])
        if (after := _place(moved)) != before:
            changes.record(moved, Change.What.DETAILS, by=by, note=changes.moved(_("order"), before, after))


def _place(unit: Unit) -> str:
    return f"{unit.get_tier_display()} {unit.position}"


def _index(units: list[Unit], tier: str, position: int) -> int:
    """Where in the whole row that position lies: in front of the valid unit that has it now, else behind the tier."""
    today = timezone.localdate()
    valid = [at for at, unit in enumerate(units) if unit.tier == tier and unit.is_valid_on(today)]
    if position <= len(valid):
        return valid[max(0, position - 1)]
    return sum(_RANK[unit.tier] <= _RANK[tier] for unit in units)
