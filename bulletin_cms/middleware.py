from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME, middleware
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import second_factor
from accounts.hashers import TooManyAtOnce

from . import errors

MEGABYTE = 1024 * 1024
LARGEST_BODY = 25 * MEGABYTE
LARGEST_BODY_OF_STRANGERS = MEGABYTE


def _is_from_a_script(request) -> bool:
    return bool(request.htmx) or request.headers.get("Sec-Fetch-Dest") == "empty"


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """A page leads to the sign-in; a request from a script gets 401, so that no sign-in page lands inside a panel."""

    def handle_no_permission(self, request, view_func):
        if _is_from_a_script(request):
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)


class SecondFactorMiddleware:
    """Who owes a phone code, or has to set it up, gets to no other page than that (and the public ones)."""

    PAGES = {"code": "accounts:code", "set_up": "accounts:second_factor"}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        page = self.PAGES.get(second_factor.owed(request))
        if page is None or request.resolver_match.view_name in {page, "accounts:logout"}:
            return None
        if _is_from_a_script(request):
            return HttpResponse(status=401)
        address = request.get_full_path() if request.method == "GET" else "/"
        return redirect(f"{reverse(page)}?{urlencode({REDIRECT_FIELD_NAME: address})}")


class NoStoreMiddleware:
    """What a signed-in person saw stays in no cache; pictures and PDFs say for themselves how long they are kept."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class BodyLimitMiddleware:
    """Refuses a body that is too large before a byte of it is read; a stranger sends forms only."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > LARGEST_BODY_OF_STRANGERS and (length > LARGEST_BODY or not request.user.is_authenticated):
            return errors.too_large(request)
        return self.get_response(request)


class BusyMiddleware:
    """Too many passwords are being looked at just now: the page says so, and nothing waits for ever."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return errors.busy(request) if isinstance(exception, TooManyAtOnce) else None
