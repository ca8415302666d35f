"""One text that several units sent (通稿): in lists it is one."""

from collections.abc import Sequence

from ..models import Pair
from . import wording


def gathered(keys: Sequence[int]) -> list[list[int]]:
    """The articles with these keys in their order, those of one text together where the first of them stands. One query.

    Copies of one unit alone are no family. What is told with another story already is known, and stands by itself.
    """
    pairs = Pair.objects.filter(text__gte=wording.NEAR_IDENTICAL, one__is_revision=False, other__is_revision=False)
    pairs = pairs.filter(one__article__in=keys, other__article__in=keys)
    pairs = pairs.filter(one__article__merged_into=None, other__article__merged_into=None)
    leads = {key: key for key in keys}
    units: dict[int, int | None] = {}
    sides = [(f"{side}__article", f"{side}__article__unit") for side in ("one", "other")]
    for one, one_unit, other, other_unit in pairs.values_list(*sides[0], *sides[1]):
        units |= {one: one_unit, other: other_unit}
        leads[_lead(leads, one)] = _lead(leads, other)
    groups: dict[int, list[int]] = {}
    for key in keys:
        groups.setdefault(_lead(leads, key), []).append(key)
    found: list[list[int]] = []
    for key in keys:
        group = groups[_lead(leads, key)]
        if len({units.get(each) for each in group}) == 1:
            found.append([key])
        elif group[0] == key:
            found.append(group)
    return found


def _lead(leads: dict[int, int], key: int) -> int:
    while leads[key] != key:
        key = leads[key]
    return key
