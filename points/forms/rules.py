"""A set of rules, as it is filled in."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Tier

from ..models import TIERS, RuleSet

# The parts of the page: heading, and the fields in it.
PARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Handed in and printed"), ("submitted", "brief", "short", "middle", "long", "first")),
    (gettext_lazy("Lengths of articles"), ("short_up_to", "middle_up_to")),
    (gettext_lazy("Adopted by a higher office"), ("passed_city", "passed_ministry", "passed_state")),
    (
        gettext_lazy("Praised by a leader"),
        ("praised_bureau", "praised_city", "praised_ministry", "praised_state"),
    ),
    (gettext_lazy("Commissions"), ("on_time", "missed", "zero_after")),
    (gettext_lazy("Deductions"), ("retracted", "corrected", "duplicate")),
    (gettext_lazy("Bounds"), ("monthly_cap", "minimum", "withholds", "highest_only", "shared")),
    (gettext_lazy("Ranking"), (*(f"group_{tier}" for tier in TIERS), "shown")),
)


class MonthField(forms.DateField):
    """A month, as the browser's own field sends it; also as people write it: 2026年10月."""

    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month"})

    def __init__(self, **options: Any) -> None:
        wrong = _("This can't be read as a month. Please write it like 2026-10.")
        formats = ["%Y-%m", "%Y年%m月", "%Y.%m"]
        super().__init__(input_formats=formats, error_messages={"invalid": wrong}, **options)

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        return day.replace(day=1) if day else None


class RuleSetForm(forms.ModelForm):
    valid_from = MonthField(label=gettext_lazy("In force from"))

    class Meta:
        model = RuleSet
        fields = ["name", "valid_from", *(name for _part, names in PARTS for name in names if "group_" not in name)]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [(str(number), _("ranking %(number)s") % {"number": number}) for number in range(1, len(TIERS) + 1)]
        for tier in TIERS:
            self.fields[f"group_{tier}"] = forms.ChoiceField(
                label=Tier(tier).label, choices=numbers, initial=str(self.instance.group_of(tier))
            )
        self.fields["zero_after"].help_text = _("Empty: never.")
        self.fields["monthly_cap"].help_text = _("Empty: no bound.")
        self.fields["minimum"].help_text = _("A unit with fewer is not ranked. 0: all are.")
        for field in self.fields.values():
            if isinstance(field, forms.DecimalField | forms.IntegerField):
                field.localize = False
                field.widget.attrs["inputmode"] = "decimal"

    @property
    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(heading, [self[name] for name in names]) for heading, names in PARTS]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        short, middle = values.get("short_up_to"), values.get("middle_up_to")
        if short is not None and middle is not None and middle < short:
            self.add_error("middle_up_to", _("This must not be less than the bound of short articles."))
        if values.get("withholds") and values.get("minimum") == 0:
            self.add_error("minimum", _("Please give the number below which no bonus is given."))
        self.instance.groups = {tier: int(values[key]) for tier in TIERS if values.get(key := f"group_{tier}")}
        return values
