"""The units as a table of Excel."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Tier, Unit
from .people import ADMINISTER
from .tables.checked import Checked
from .tables.columns import Choice, Column, Day, Names, Whole
from .tables.table import Found, Table, Values, used


def unit_names() -> Names:
    """Those that are valid today come first where a name was that of several."""
    today = timezone.localdate()
    units = sorted(Unit.objects.all(), key=lambda unit: not unit.is_valid_on(today))
    valid = [unit for unit in units if unit.is_valid_on(today)]
    taken = {unit.name for unit in valid} | {unit.short_name for unit in valid}
    others = (unit for unit in units[len(valid) :] if not taken & {unit.name, unit.short_name})
    return Names((unit.pk, unit.name, unit.short_name) for unit in (*valid, *others))


class Units(Table):
    name = "units"
    title = gettext_lazy("Units")
    permission = ADMINISTER
    home = "admin:accounts_unit_changelist"
    key = ("name",)
    notes = (
        gettext_lazy("Red headers have to be filled in. A unit is found again by its full name."),
        gettext_lazy("Days are written like 2026-04-08; without one a unit is valid always."),
    )
    columns = (
        Column("name", gettext_lazy("Full name"), is_required=True, longest=100, width=34, example="示例邮政管理局"),
        Column("short_name", gettext_lazy("Short name"), is_required=True, longest=40, width=14, example="示例局"),
        Choice(
            "tier",
            gettext_lazy("tier"),
            is_required=True,
            choices=dict(Tier.choices),
            width=14,
            example=Tier.BRANCH.label,
        ),
        Whole("position", gettext_lazy("Order within the tier"), default=100, width=14, example="100"),
        Day("valid_from", gettext_lazy("Valid from"), width=14),
        Day("valid_to", gettext_lazy("Valid to"), width=14),
        Choice(
            "approval",
            gettext_lazy("Approval inside the unit"),
            choices=dict(Unit.Approval.choices),
            default=Unit.Approval.AUTO.value,
            width=22,
            example=Unit.Approval.AUTO.label,
        ),
    )

    def rows(self) -> QuerySet:
        return Unit.objects.all()

    def identity(self, values: Values) -> tuple:
        return (*self.key_of(values), values.get("valid_from"))

    def match(self, values: Values, candidates: list[Any]) -> Any | None:
        """A name may come back: then its first day says which row is meant."""
        first = values.get("valid_from")
        days = [unit for unit in candidates if self.values_of(unit)["valid_from"] == first]
        if days or len(candidates) > 1:
            return days[0] if days else None
        last = self.values_of(candidates[0])["valid_to"]
        return None if first and last and first > last else candidates[0]

    def row_faults(self, each: Checked) -> Iterator[tuple[str, str]]:
        first, last = each.values.get("valid_from"), each.values.get("valid_to")
        if first and last and last < first:
            yield "valid_to", _("The last day must not lie before the first day.")

    def faults(self, checked: list[Checked], rows: list[Any], by: Any) -> Found:
        """A new name in use keeps the former one as a row of its own, from a day on: that is asked for one by one."""
        renamed = [each for each in checked if each.row is not None and {"name", "short_name"} & each.changes.keys()]
        in_use = used(Unit, [each.row for each in renamed], self.unused_by) if renamed else set()
        for each in renamed:
            if each.row.pk in in_use:
                name = next(name for name in ("name", "short_name") if name in each.changes)
                yield (
                    each,
                    name,
                    _("This unit is in use. Please rename it on its own page, where the former name is kept."),
                )


UNITS = Units()
