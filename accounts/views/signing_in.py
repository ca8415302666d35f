"""Into the site and out of it: password, the code from the phone, a forgotten password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import FormView
from django.views.generic.edit import FormMixin

from .. import links, mails, second_factor
from ..forms import CodeForm, ForgottenPasswordForm, LoginForm, NewPasswordForm
from ..models import User
from .personal import by_secret


class RefusedIs422(FormMixin):
    """A form that was refused is not a page that was found: scripts and tests can tell by the status."""

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class LoginView(RefusedIs422, auth_views.LoginView):
    """Back to `next` afterwards; an address of another site is never followed."""

    form_class = LoginForm
    redirect_authenticated_user = True

    def get(self, request, *args, **kwargs):
        if not User.objects.exists():
            return redirect(settings.FIRST_PAGE)  # nobody could sign in
        return super().get(request, *args, **kwargs)


class CodeView(RefusedIs422, auth_views.RedirectURLMixin, FormView):
    """The second step of the sign-in: the code from the phone."""

    form_class = CodeForm
    template_name = "registration/code.html"
    next_page = "home"

    def dispatch(self, request, *args, **kwargs):
        if second_factor.owed(request) != "code":
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        user = self.request.user
        return super().get_form_kwargs() | {"accept": lambda code: second_factor.check(user, code)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, next=self.get_redirect_url())

    def form_valid(self, form):
        second_factor.pass_session(self.request)
        return super().form_valid(form)


def admin_login(request):
    """The administration has no sign-in of its own, which would know no phone code."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect(f"{reverse('accounts:login')}?{urlencode({REDIRECT_FIELD_NAME: request.GET.get('next', '')})}")


class LogoutView(auth_views.LogoutView):
    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        messages.info(request, _("You are signed out."))
        return response


@method_decorator(login_not_required, name="dispatch")
class PasswordResetView(RefusedIs422, FormView):
    """The same page in the same time for any address: the worker looks whose it is, and writes."""

    form_class = ForgottenPasswordForm
    template_name = "registration/password_reset_form.html"
    success_url = reverse_lazy("accounts:password_reset_done")

    def form_valid(self, form):
        mails.ask_for_link(form.cleaned_data["email"])
        return super().form_valid(form)


@require_safe
@by_secret
def welcome(request, token):
    """From the mail about a new account to the choice of a password, for seven days or until there is one."""
    link = links.find(token, "accounts:welcome")
    if link and not link.user.has_usable_password():
        return redirect(mails.password_address(link.user))
    return redirect("accounts:password_reset_confirm", "used", "or-expired")


class PasswordResetConfirmView(RefusedIs422, auth_views.PasswordResetConfirmView):
    form_class = NewPasswordForm
    success_url = reverse_lazy("accounts:password_reset_complete")
