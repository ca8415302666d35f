from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.messages.views import SuccessMessageMixin
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import UpdateView

from .forms import ChangePasswordForm, ForgottenPasswordForm, LoginForm, NewPasswordForm, ProfileForm
from .models import User


class RefusedIs422:
    """A form that was refused is not a page that was found: scripts and tests can tell by the status."""

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class LoginView(RefusedIs422, auth_views.LoginView):
    """Back to `next` afterwards; an address of another site is never followed."""

    form_class = LoginForm
    redirect_authenticated_user = True


class LogoutView(auth_views.LogoutView):
    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        messages.info(request, _("You are signed out."))
        return response


class PasswordChangeView(RefusedIs422, SuccessMessageMixin, auth_views.PasswordChangeView):
    form_class = ChangePasswordForm
    success_url = reverse_lazy("accounts:profile")
    success_message = _("The password is changed. Other devices have been signed out.")


class PasswordResetView(RefusedIs422, auth_views.PasswordResetView):
    form_class = ForgottenPasswordForm
    success_url = reverse_lazy("accounts:password_reset_done")
    email_template_name = "registration/password_reset_email.txt"
    subject_template_name = "registration/password_reset_subject.txt"


class PasswordResetConfirmView(RefusedIs422, auth_views.PasswordResetConfirmView):
    form_class = NewPasswordForm
    success_url = reverse_lazy("accounts:password_reset_complete")


class ProfileView(RefusedIs422, SuccessMessageMixin, UpdateView):
    """One's own details; the unit and the roles are the administrator's to change."""

    model = User
    form_class = ProfileForm
    template_name = "registration/profile.html"
    success_url = reverse_lazy("accounts:profile")
    success_message = _("Your details are saved.")

    def get_object(self, queryset=None):
        return User.objects.select_related("unit").get(pk=self.request.user.pk)
