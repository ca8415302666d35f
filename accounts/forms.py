from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, PasswordResetForm, SetPasswordForm
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


class _NewPassword:
    """Says in one sentence what the validators of the settings ask for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.help_text = _("At least 10 characters, not only digits, not like your name, and not a common password.")
        first.error_messages["required"] = _("Please enter a new password.")
        second.label, second.help_text = _("The new password once more"), ""
        second.error_messages["required"] = _("Please enter the new password once more.")


class NewPasswordForm(_NewPassword, SetPasswordForm):
    error_messages = {"password_mismatch": _("The two entries differ. Please enter the new password twice alike.")}


class ChangePasswordForm(_NewPassword, PasswordChangeForm):
    error_messages = NewPasswordForm.error_messages | {
        "password_incorrect": _("This is not the present password. Please enter it again.")
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["old_password"].error_messages["required"] = _("Please enter your present password.")


class ForgottenPasswordForm(PasswordResetForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].error_messages["required"] = _("Please enter your e-mail address.")


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
