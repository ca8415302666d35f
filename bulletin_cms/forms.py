"""The page on which an office is founded."""

from django import forms
from django.contrib.auth.forms import BaseUserCreationForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from issues.models import Bulletin


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
