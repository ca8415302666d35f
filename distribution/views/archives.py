"""The archive package (归档包) of an issue: asked for, waited for, fetched by the editors."""

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.views.answers import SignedInRequest, refusals_as_messages
from issues import proofs
from issues.models import Issue

from ..archiving import contents, requests
from ..archiving.metadata import NOTE
from ..archiving.package import SOURCE
from ..archiving.papers import VERIFIER
from ..archiving.sheets import MADE
from ..models import ARCHIVE, ArchivePackage

may_archive = permission_required(ARCHIVE, raise_exception=True)


def _issue(request: SignedInRequest, pk: int) -> Issue:
    issued = Issue.objects.issued().visible_to(request.user)
    return get_object_or_404(issued.select_related("bulletin", "frozen"), pk=pk)


@require_safe
@may_archive
def show(request: SignedInRequest, issue_pk: int) -> HttpResponse:
    """The last package that was asked for, asked again until it is settled; and when one was made before."""
    issue = _issue(request, issue_pk)
    asked = ArchivePackage.objects.filter(issue=issue).select_related("asked_by").first()
    context = {
        "issue": issue,
        "asked": asked,
        "is_worker_missing": asked is not None and proofs.is_worker_missing(asked),
        "problem": contents.problem(issue),
        "note": NOTE,
        "missing": contents.missing_settings(),
        "made": issue.events.filter(transition=MADE).select_related("by").order_by("-at", "-pk")[:20],
    }
    return render(request, "distribution/_archive.html" if request.htmx else "distribution/archive.html", context)


@require_POST
@may_archive
def make(request: SignedInRequest, issue_pk: int) -> HttpResponse:
    issue = _issue(request, issue_pk)
    with refusals_as_messages(request):
        requests.request(issue, by=request.user)
    return redirect("distribution:archive", issue.pk)


@require_safe
@may_archive
def download(request: SignedInRequest, pk: int) -> HttpResponseBase:
    ready = ArchivePackage.objects.filter(
        state=ArchivePackage.State.READY, issue__in=Issue.objects.visible_to(request.user)
    )
    asked = get_object_or_404(ready.select_related("issue"), pk=pk)
    return _attached(asked.file.open("rb"), requests.file_name(asked.issue), "application/zip")


@require_safe
@may_archive
def verifier(request: SignedInRequest) -> HttpResponseBase:
    """验证.py from here: one that came with a package may have been changed with it."""
    return _attached(SOURCE.open("rb"), VERIFIER, "text/x-python; charset=utf-8")


def _attached(opened, name: str, content_type: str) -> FileResponse:
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response
