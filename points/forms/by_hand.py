"""What is entered by hand, and how its story is found."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Unit
from articles.dates import DateField
from articles.models import Article

from ..models import Fault, HandCause, HandKind, Level


class StorySearch(forms.Form):
    q = forms.CharField(label=gettext_lazy("Words in title or text"), required=False, max_length=100)


class HandForm(forms.ModelForm):
    """Of one kind, about one article, or about a unit alone where none is given."""

    on = DateField(label=gettext_lazy("Day"))

    class Meta:
        model = HandCause
        fields = ["level", "fault", "unit", "on", "source"]

    HINTS = {
        HandKind.PASSED_UP: gettext_lazy("Which publication of which office, and its number."),
        HandKind.PRAISED: gettext_lazy("Who praised it, and where that is written."),
        HandKind.DEDUCTED: gettext_lazy("What was wrong, and how it is known to be the unit's fault."),
    }

    def __init__(self, *args: Any, kind: str, article: Article | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind, self.instance.article = kind, article
        fields: dict[str, Any] = self.fields
        is_deduction = kind == HandKind.DEDUCTED
        del fields["level" if is_deduction else "fault"]
        if is_deduction:
            fields["fault"].choices = Fault.choices
            fields["fault"].required = True
        else:
            first = 1 if kind == HandKind.PASSED_UP else 0  # an office is not above itself
            fields["level"].label = pgettext_lazy("points", "Level")
            fields["level"].choices = Level.choices[first:]
            fields["level"].required = True
        if article is None:
            fields["unit"].queryset = Unit.objects.filter(renamed_to=None).valid_on(timezone.localdate())
        elif is_deduction:
            credited = [unit.pk for unit in article.credited()]
            fields["unit"].queryset = Unit.objects.filter(pk__in=credited)
            self.initial.setdefault("unit", article.unit_id)
        else:
            del fields["unit"]
        if "unit" in fields:
            fields["unit"].required = True
            fields["unit"].empty_label = _("Choose a unit")
        self.initial.setdefault("on", timezone.localdate())
        fields["source"].help_text = self.HINTS[HandKind(kind)]

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("The day lies in the future. Please give the day on which it happened."))
        return day
