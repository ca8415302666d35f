from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from workflow import changes
from workflow.models import Change

from . import mails, second_factor, throttle
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

    def get_invalid_login_error(self):
        """django-axes has answered before the password was looked at, or this was the last try it allows."""
        if getattr(self.request, "axes_locked_out", False):
            return forms.ValidationError(throttle.locked_words(self.request, self.cleaned_data["username"]), "locked")
        return super().get_invalid_login_error()


class CodeForm(forms.Form):
    """One code from the phone, or a recovery code; `accept` says what becomes of it."""

    code = forms.CharField(
        label=_("Phone code"),
        max_length=20,
        error_messages={"required": _("Please enter the six digits that your phone shows.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}),
    )

    def __init__(self, *args, accept, **kwargs):
        super().__init__(*args, **kwargs)
        self.accept = accept

    def clean_code(self):
        try:
            self.accepted = self.accept(self.cleaned_data["code"])
        except second_factor.CodeRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return self.cleaned_data["code"]


class _NewPassword(SetPasswordForm):
    """Says in one sentence what the validators of the settings ask for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.help_text = _("At least 10 characters, not only digits, not like your name, and not a common password.")
        first.error_messages["required"] = _("Please enter a new password.")
        second.label, second.help_text = _("The new password once more"), ""
        second.error_messages["required"] = _("Please enter the new password once more.")


class NewPasswordForm(_NewPassword):
    error_messages = {"password_mismatch": _("The two entries differ. Please enter the new password twice alike.")}

    @transaction.atomic
    def save(self, commit=True):
        user = super().save(commit)
        changes.record(user, Change.What.PASSWORD, by=user)
        mails.write(mails.Kind.PASSWORD_CHANGED, user)
        return user


class ChangePasswordForm(NewPasswordForm, PasswordChangeForm):
    error_messages = NewPasswordForm.error_messages | {
        "password_incorrect": _("This is not the present password. Please enter it again.")
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["old_password"].error_messages["required"] = _("Please enter your present password.")


class ForgottenPasswordForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={
            "required": _("Please enter your e-mail address."),
            "invalid": _("This is not an e-mail address, for example name@example.cn."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ProfileForm(forms.ModelForm):
    """One's own details. The address opens the account, so a new one needs the password, and the old one is told."""

    password = forms.CharField(
        label=_("Present password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

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

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if "email" in self.changed_data and "email" in cleaned:
            password = cleaned.get("password")
            if not password:
                self.add_error("password", _("Please enter your present password: the e-mail address is a new one."))
            elif not User.objects.get(pk=self.instance.pk).check_password(password):
                self.add_error("password", _("This is not the present password. Please enter it again."))
        return cleaned

    @transaction.atomic
    def save(self, commit=True):
        old = self.initial["email"]
        user = super().save(commit)
        changes.record_form(self, by=user, is_new=False)
        if "email" in self.changed_data:
            mails.write(mails.Kind.ADDRESS_CHANGED, user, address=old, detail=user.email)
        return user


class NoticesForm(forms.ModelForm):
    """How soon one is told of what by mail."""

    class Meta:
        model = User
        fields = ["urgent_mails", "work_mails", "news_mails"]
