from datetime import date, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.logged import sources
from workflow.models import Change, Entry


def topics() -> dict[str, str]:
    """The kinds of entries, as people call them. Changes of users, units and readers are each of a kind of its own."""
    named: dict[str, str] = {}
    for source, model in sources().items():
        if model is Change:
            named |= {f"{source}:{what}": str(label) for what, label in Change.What.choices}
        else:
            named[source] = str(model._meta.verbose_name)
    return named


def topic_choices():
    return [("", _("All")), *topics().items()]


class LogFilter(forms.Form):
    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    who = forms.CharField(label=_("Done by"), required=False, max_length=100)
    topic = forms.ChoiceField(label=pgettext_lazy("log", "Kind"), required=False, choices=topic_choices)
    first = forms.DateField(label=_("From day"), required=False)
    last = forms.DateField(label=_("Until day"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first", "last"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[name].error_messages["invalid"] = _("There is no such day. Please give it like 2026-04-08.")

    def clean_first(self):
        return self._day("first")

    def clean_last(self):
        return self._day("last")

    def _day(self, name):
        """Within the years that a database can compare in any zone."""
        day = self.cleaned_data[name]
        if day and not 1900 <= day.year <= 2999:
            raise ValidationError(self.fields[name].error_messages["invalid"])
        return day

    def clean(self):
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", _("This day lies before the first one. Please correct one of them."))

    def entries(self):
        """The newest first; none while the filter is wrong, which the page then says."""
        if not self.is_valid():
            return Entry.objects.none()
        asked, found = self.cleaned_data, Entry.objects.order_by("-number")
        for word in asked["q"].split():
            found = found.filter(Q(title__icontains=word) | Q(words__icontains=word))
        if asked["who"]:
            found = found.filter(who__icontains=asked["who"])
        if asked["topic"]:
            found = found.filter(topic=asked["topic"])
        if asked["first"]:
            found = found.filter(at__gte=_midnight(asked["first"]))
        if asked["last"]:
            found = found.filter(at__lt=_midnight(asked["last"] + timedelta(days=1)))
        return found.defer("fields")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
