"""What the pages of all apps answer alike: a refusal is told on the page that follows, which may be the one asked for."""

from contextlib import contextmanager
from typing import overload

from django.contrib import messages
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from workflow.refusals import Refused

from ..models import User


class SignedInRequest(HttpRequest):
    """For types alone: of a page that nobody sees without signing in."""

    user: User
    htmx: HtmxDetails


@contextmanager
def refusals_as_messages(request):
    """An act that can't be done now is told on the page that follows."""
    try:
        yield
    except Refused as refused:
        messages.error(request, str(refused))


@overload
def number_of(text: str | None) -> int | None: ...
@overload
def number_of(text: str | None, default: int) -> int: ...
def number_of(text: str | None, default: int | None = None) -> int | None:
    """A row's key or another number that was sent; the default for what can't be one."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else default


def as_it_came(file: FieldFile, name: str) -> FileResponse:
    """A file that somebody sent, for saving: the browser never opens it. Not found where it is gone from the disk."""
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def asked_next(request) -> str:
    """The address that the form, or the page's own, asks to go to afterwards; empty for none, and for one of another site."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours else ""
