"""What the ledger is narrowed by, from the address."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit

from ..models import CauseKind
from ..months import written


class EntryFilter(forms.Form):
    """`unit`, `month`, `cause`; and `article`, by which other pages lead here. What can't be read narrows nothing."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("Unit"), required=False)
    month = forms.ChoiceField(label=gettext_lazy("Month"), required=False)
    cause = forms.ChoiceField(label=gettext_lazy("Cause"), required=False)
    article = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    def __init__(self, *args: Any, entries: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries
        months = entries.order_by("-month").values_list("month", flat=True).distinct()
        named = [(f"{month:%Y-%m}", written(month)) for month in months]
        fields: dict[str, Any] = self.fields
        fields["month"].choices = [("", _("All months")), *named]
        fields["cause"].choices = [("", _("All causes")), *CauseKind.choices]
        fields["unit"].queryset = Unit.objects.filter(pk__in=entries.order_by().values("unit"))
        fields["unit"].empty_label = _("All units")
        fields["unit"].label_from_instance = lambda unit: unit.short_name

    @property
    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrowed(self) -> Any:
        wanted = self.wanted
        if month := wanted.pop("month", ""):
            wanted["month"] = date.fromisoformat(f"{month}-01")
        return self.entries.filter(**wanted)
