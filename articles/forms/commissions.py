"""What the office types to commission stories, and what its list of them is narrowed by."""

from datetime import date
from typing import cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit

from ..models import Answer, Commission, CommissionKind
from .lists import UnitField

MONTHS_AHEAD = 3
OVERDUE = "overdue"


def month_of(day: date) -> date:
    return day.replace(day=1)


def after(month: date, count: int = 1) -> date:
    """The first day of the month so many months later, or before."""
    year, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(year, index + 1, 1)


def read_month(text: str) -> date | None:
    """2026-11 as the first of November 2026; None for what is no month."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


class UnitsField(forms.ModelMultipleChoiceField):
    label_from_instance = UnitField.label_from_instance


class WantedForm(forms.ModelForm):
    """What is wanted, until when, and for which issue."""

    class Meta:
        model = Commission
        fields = ["title", "wording", "length", "due_on", "wanted_year", "wanted_number"]
        labels = {
            "is_for_all": gettext_lazy("All units that are in use today"),
            "is_binding": gettext_lazy("Who lets the deadline pass has missed it, and this counts"),
        }
        widgets = {
            "wording": forms.Textarea(attrs={"rows": 4}),
            "due_on": forms.DateInput(attrs={"type": "date", "class": "date"}, format="%Y-%m-%d"),
        }
        error_messages = {
            "title": {"required": gettext_lazy("Write the topic.")},
            "due_on": {
                "required": gettext_lazy("Choose the day until which it is to be handed in."),
                "invalid": gettext_lazy("There is no such day. Please choose another one."),
            },
        }

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate() and day != self.initial.get("due_on"):
            raise forms.ValidationError(_("The deadline is over. Please choose today or a later day."))
        return day

    def clean(self):
        data = super().clean() or self.cleaned_data
        given = {name for name in ("wanted_year", "wanted_number") if data.get(name)}
        if len(given) == 1:
            missing = "wanted_year" if "wanted_number" in given else "wanted_number"
            self.add_error(missing, _("An issue has a year and a number: please give both, or neither."))
        return data


class ChangeForm(WantedForm):
    """Of a commission that runs. `seen` marks what the person saw (commissions/changing.py)."""

    seen = forms.CharField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_topic = self.instance.is_topic
        if self.is_topic:
            for name in ("wanted_year", "wanted_number"):
                del self.fields[name]


class CommissionForm(WantedForm):
    """A single commission, or with `topic` a topic of a month."""

    month = forms.ChoiceField(label=gettext_lazy("Month"))
    units = UnitsField(
        Unit.objects.none(),
        label=gettext_lazy("Units"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("A unit that you chose is no longer in use.")},
    )

    class Meta(WantedForm.Meta):
        fields = [
            "title", "wording", "month", "length", "due_on", "wanted_year", "wanted_number", "is_for_all", "units", "is_binding",
        ]  # fmt: skip

    def __init__(self, *args, is_topic: bool, **kwargs):
        today = timezone.localdate()
        kwargs.setdefault("initial", {"is_for_all": is_topic, "is_binding": not is_topic, "month": f"{today:%Y-%m}"})
        super().__init__(*args, **kwargs)
        self.is_topic = is_topic
        self.instance.kind = CommissionKind.TOPIC if is_topic else CommissionKind.SINGLE
        cast("forms.ModelMultipleChoiceField", self.fields["units"]).queryset = Unit.objects.valid_on(today)
        for name in ("wanted_year", "wanted_number") if is_topic else ("month",):
            del self.fields[name]
        if is_topic:
            months = [after(month_of(today), count) for count in range(MONTHS_AHEAD + 1)]
            choices = [(f"{month:%Y-%m}", written_month(month)) for month in months]
            cast("forms.ChoiceField", self.fields["month"]).choices = choices

    def clean_month(self):
        return read_month(self.cleaned_data["month"])

    def clean(self):
        data = super().clean()
        if not data.get("is_for_all") and not data.get("units") and "units" not in self.errors:
            self.add_error("units", _("Choose at least one unit, or all of them."))
        return data


def written_month(month: date) -> str:
    return _("%(month)s/%(year)s") % {"year": month.year, "month": month.month}


class CommissionFilter(forms.Form):
    """From the address of the office's list: a month (or all of them), a state, a unit. What can't be read narrows nothing."""

    ALL = "all"

    unit = UnitField(
        label=gettext_lazy("Unit"), queryset=Unit.objects.all(), required=False, empty_label=gettext_lazy("All units")
    )

    def __init__(self, sent):
        super().__init__(sent)
        self.is_valid()
        asked = sent.get("month", "")
        self.month = None if asked == self.ALL else read_month(asked) or month_of(timezone.localdate())
        state = sent.get("state", "")
        self.state = state if state in (*Answer.values, OVERDUE) else ""
        self.chosen_unit = self.cleaned_data.get("unit")

    @property
    def is_by_unit(self) -> bool:
        """Whether the rows of units are listed, not the commissions."""
        return bool(self.state or self.chosen_unit)


class ExtensionForm(forms.Form):
    """Until when a unit gets longer, and why."""

    until = forms.DateField(
        label=gettext_lazy("New deadline"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Choose the new deadline."),
            "invalid": gettext_lazy("There is no such day. Please choose another one."),
        },
    )
    note = forms.CharField(required=False, max_length=1000)

    @property
    def words(self) -> str:
        """What is wrong with the form, as one sentence."""
        return " ".join(str(message) for messages in self.errors.values() for message in messages)
