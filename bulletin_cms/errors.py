"""The pages for what went wrong: each says what to do. A fault of ours gets a code that stands in the log."""

import logging
import secrets
import sys

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


def _page(request, status: int, title: str, text: str):
    return render(request, "error.html", {"title": title, "text": text}, status=status)


def bad_request(request, exception=None):
    return _page(
        request,
        400,
        _("This could not be read"),
        _("The address or what was sent is not complete, so nothing was done. Please go back and try again."),
    )


def permission_denied(request, exception=None):
    return _page(
        request,
        403,
        _("This is not yours to do"),
        _("Nothing was changed. If it should be yours, ask the administrator for the role."),
    )


def not_found(request, exception=None):
    return _page(
        request,
        404,
        _("There is no such page, or it is not yours to see"),
        _("Perhaps the address is not complete, or what was here belongs to another unit."),
    )


def csrf_failure(request, reason=""):
    return _page(
        request,
        403,
        _("This page was open for too long"),
        _("For safety nothing was done. Please go back, load the page again and repeat the last step."),
    )


def too_large(request):
    return _page(
        request,
        413,
        _("This is too large"),
        _("At most 25 MB can be sent at once, so nothing was taken over. Please make the file smaller."),
    )


def busy(request):
    response = _page(
        request,
        503,
        _("Many people are signing in just now"),
        _("Nothing was done. Please wait a few seconds and try once more."),
    )
    response["Retry-After"] = "10"
    return response


def server_error(request):
    """Nothing here may fail again: no database, no context processors."""
    code = secrets.token_hex(2).upper()
    logger.error("error code %s at %s", code, request.path, exc_info=sys.exc_info())
    context = {
        "title": _("The system failed"),
        "text": _("What you just did was not completed; nothing that was there is lost. Please try once more.")
        + _("If it fails again, give the administrator the code %(code)s.") % {"code": code},
    }
    return HttpResponse(render_to_string("error.html", context), status=500)
