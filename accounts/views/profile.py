"""One's own account: details, password, the code from the phone."""

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.messages.views import SuccessMessageMixin
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, UpdateView

from .. import second_factor
from ..forms import ChangePasswordForm, CodeForm, ProfileForm
from ..models import User
from ..roles import SIGNER
from .answers import SignedInRequest
from .signing_in import RefusedIs422


class ProfileView(RefusedIs422, SuccessMessageMixin, UpdateView):
    """One's own details; the unit and the roles are the administrator's to change."""

    request: SignedInRequest
    model = User
    form_class = ProfileForm
    template_name = "registration/profile.html"
    success_url = reverse_lazy("accounts:profile")
    success_message = _("Your details are saved.")

    def get_object(self, queryset=None):
        return User.objects.select_related("unit").get(pk=self.request.user.pk)


class PasswordChangeView(RefusedIs422, SuccessMessageMixin, auth_views.PasswordChangeView):
    form_class = ChangePasswordForm
    success_url = reverse_lazy("accounts:profile")
    success_message = _("The password is changed. Other devices have been signed out.")


class SecondFactorView(RefusedIs422, FormView):
    """Set the phone code up; or, when it is on, switch it off again or make room for another phone."""

    request: SignedInRequest
    form_class = CodeForm

    def dispatch(self, request, *args, **kwargs):
        self.is_on = bool(request.user.second_factor_id)
        return super().dispatch(request, *args, **kwargs)

    def get_template_names(self):
        return ["registration/second_factor_on.html" if self.is_on else "registration/second_factor.html"]

    def get_form_kwargs(self):
        act = second_factor.remove if self.is_on else second_factor.confirm
        return super().get_form_kwargs() | {"accept": lambda code: act(self.request.user, code)}

    def get_context_data(self, **kwargs):
        is_needed = self.request.user.has_role(SIGNER)
        if self.is_on:
            return super().get_context_data(**kwargs, is_needed=is_needed)
        device = second_factor.begin(self.request.user)
        picture = second_factor.qr_code(device, gettext("Bulletin"))
        secret = second_factor.typed_secret(device)
        return super().get_context_data(**kwargs, is_needed=is_needed, picture=picture, secret=secret)

    def form_valid(self, form):
        if self.is_on:
            messages.success(self.request, _("The phone code is switched off."))
            return redirect("accounts:second_factor" if self.request.user.has_role(SIGNER) else "accounts:profile")
        device, codes = form.accepted
        second_factor.pass_session(self.request, device.pk)
        return render(self.request, "registration/recovery_codes.html", {"codes": codes})
