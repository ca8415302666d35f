"""The search in the log, and the page on which an office is founded."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.contrib.auth.forms import BaseUserCreationForm
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from issues.models import Bulletin
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


class BulletinForm(forms.ModelForm):
    class Meta:
        model = Bulletin
        fields = ["name_lines", "publisher", "used_number", "used_total_number"]
        labels = {
            "name_lines": _("Name of the bulletin, as printed, line by line"),
            "used_number": _("Last issue of this year: its number"),
            "used_total_number": _("The same issue counted from the first one"),
        }
        help_texts = {
            "used_number": _("0 when there was none this year. For 2026年第9期 it is 9."),
            "used_total_number": _("0 when they are not counted. For 总第544期 it is 544."),
        }
        widgets = {"name_lines": forms.Textarea(attrs={"rows": 2, "data-name-lines": True})}
        error_messages = {
            "name_lines": {"required": _("Please give the name as it is printed.")},
            "publisher": {"required": _("Please give who publishes it, as it is printed.")},
        }

    def clean_name_lines(self):
        return "\n".join(line.strip() for line in self.cleaned_data["name_lines"].splitlines() if line.strip())

    def save(self, commit=True):
        self.instance.used_year = timezone.localdate().year
        return super().save(commit)


class FounderForm(BaseUserCreationForm):
    """The administrator."""

    error_messages = {"password_mismatch": _("The two entries differ. Please enter the new password twice alike.")}

    class Meta:
        model = User
        fields = ["name", "username", "email"]
        labels = {"name": _("Name"), "username": _("User name"), "email": _("E-mail")}
        help_texts = {
            "username": _("To sign in with, for example wang.li: letters, digits and . - _ only."),
            "email": _("A link goes there when the password is forgotten."),
        }
        error_messages = {
            "name": {"required": _("Please give your name.")},
            "username": {"required": _("Please choose a user name.")},
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        first, second = self.fields["password1"], self.fields["password2"]
        first.label, second.label = _("Password"), _("The password once more")
        first.help_text = _("At least 10 characters, not only digits, not like your name, and not a common password.")
        second.help_text = ""
        first.error_messages["required"] = _("Please enter a new password.")
        second.error_messages["required"] = _("Please enter the new password once more.")
        self.fields["name"].required = True
