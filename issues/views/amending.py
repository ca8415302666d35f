"""Corrections, corrected editions and withdrawals: begin one, write it, compare it with the issue, send, issue."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.answers import refusals_as_messages
from workflow.refusals import blocking

from .. import amending, desk, page_parts, signing
from ..amended import passages, sentence
from ..content import base_of
from ..models import AMEND, Erratum, Issue


def _amendment(request, pk):
    found = Issue.objects.for_desk(request.user).exclude(edition="").select_related("bulletin", "frozen", "amends")
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("issues.assemble_issue", raise_exception=True)
def begin(request, pk):
    """What went wrong, and what kind of document puts it right."""
    issue = get_object_or_404(Issue.objects.issued().for_desk(request.user).select_related("bulletin"), pk=pk)
    if request.method == "POST":
        with refusals_as_messages(request):
            amendment = amending.begin(issue, request.POST.get("edition", ""), by=request.user)
            return redirect("issues:amendment", pk=amendment.pk)
    context = {
        "issue": issue,
        "why_not": amending.why_not(issue),
        "editions": amending.editions_for(issue),
        "open": issue.amendments.open().first(),
    }
    return render(request, "issues/amendment_begin.html", context)


@require_safe
def show(request, pk):
    issue = _amendment(request, pk)
    if issue.is_issued:
        return redirect("issues:detail", pk=pk)
    context = _context(request, issue)
    if not request.htmx:
        return render(request, "issues/amendment.html", context)
    if request.GET.get("have") == context["state"]:
        return HttpResponse(status=204)
    return render(request, "issues/_amendment_pages.html", context)


def _context(request, issue, typed=None):
    base, proof = base_of(issue), signing.present_proof(issue)
    errata = [(erratum, sentence(base, erratum)) for erratum in issue.errata.all()]
    problems = signing.problems(issue) if issue.is_open else []
    last = issue.events.filter(transition=AMEND).select_related("by").last()
    user = request.user
    return {
        "issue": issue,
        "base": base,
        "errata": errata,
        "passages": passages(base) if issue.is_open and not issue.is_withdrawal else [],
        "typed": typed or {},
        "problems": problems,
        "blocking": blocking(problems),
        "checked": amending.checked(issue),
        "may_check": issue.is_open and amending.may_check(issue, user),
        "written": last,
        "last_return": issue.last_return() if issue.is_open else None,
        "may_publish": user.has_perm("issues.publish_issue"),
        "may_assemble": user.has_perm("issues.assemble_issue"),
        "signers": desk.signers() if issue.is_pending else [],
        "proof": proof,
        "pages": page_parts.pages_of(proof) if proof.is_ready else [],
        "state": desk.state_of(issue, proof),
    }


@require_POST
def add_erratum(request, pk):
    issue = _amendment(request, pk)
    key, wrong, right = (request.POST.get(name, "") for name in ("key", "wrong", "right"))
    with refusals_as_messages(request):
        amending.add_erratum(issue, key, wrong, right, by=request.user)
        messages.success(request, _("It stands in the correction now."))
        return redirect("issues:amendment", pk=pk)
    typed = {"key": key, "wrong": wrong, "right": right}
    return render(request, "issues/amendment.html", _context(request, issue, typed), status=422)


@require_POST
def remove_erratum(request, pk):
    erratum = get_object_or_404(Erratum.objects.filter(issue__in=Issue.objects.for_desk(request.user)), pk=pk)
    with refusals_as_messages(request):
        amending.remove_erratum(erratum, by=request.user)
        messages.success(request, _("It is taken away."))
    return redirect("issues:amendment", pk=erratum.issue_id)


@require_POST
def set_reason(request, pk):
    issue = _amendment(request, pk)
    with refusals_as_messages(request):
        amending.set_reason(issue, request.POST.get("reason", ""), by=request.user)
        messages.success(request, _("Saved."))
    return redirect("issues:amendment", pk=pk)


@require_POST
def check(request, pk):
    issue = _amendment(request, pk)
    with refusals_as_messages(request):
        amending.check(issue, by=request.user)
        messages.success(request, _("Noted: you have compared it with the issue."))
    return redirect("issues:amendment", pk=pk)


@require_POST
def void(request, pk):
    """Make the number of an issue in the making void."""
    issue = get_object_or_404(Issue.objects.open().for_desk(request.user), pk=pk)
    with refusals_as_messages(request):
        amending.void(issue, by=request.user, note=request.POST.get("note", ""))
        messages.success(request, Issue.VOID.done % {"title": issue})
        return redirect("issues:list")
    return redirect("issues:settings", pk=pk)
