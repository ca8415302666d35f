from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from .models import User


class LoginForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("The user name or the password is not right. Please look again."),
        "inactive": _("The user name or the password is not right. Please look again."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name or e-mail")
        self.fields["username"].error_messages["required"] = _("Please enter your user name or e-mail.")
        self.fields["password"].error_messages["required"] = _("Please enter your password.")


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "mobile", "email"]
        error_messages = {
            "name": {"required": _("Please enter your name.")},
            "email": {"invalid": _("This is not an e-mail address, for example name@example.cn.")},
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "mobile": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
