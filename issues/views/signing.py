"""The sign-off sheet, made for a phone: what is signed, as a whole and in its sums, and the signature."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.views.answers import SignedInRequest, refusals_as_messages
from articles.redline import Redline
from articles.views.answers import word_response
from workflow.refusals import blocking

from .. import amending, changes, desk, page_parts, proofs, recipients, redlines, remarks, reviews, signing
from ..amended import sentence
from ..content import base_of, content_of
from ..models import Issue, Status, short_code


@require_safe
@permission_required("issues.sign_issue", raise_exception=True)
def index(request):
    issues = Issue.objects.for_signer(request.user).select_related("bulletin")
    waiting = issues.filter(status=Status.PENDING).order_by("dated_on", "pk")
    signed = issues.exclude(status=Status.PENDING).newest_first()
    page_obj = Paginator(signed, 30).get_page(request.GET.get("page"))
    returned = Issue.objects.returned_by(request.user).with_return().order_by("-returned_at")
    context = {"waiting": waiting, "returned": returned, "page_obj": page_obj}
    return render(request, "issues/sign_off_list.html", context)


def _issue(request, pk):
    return get_object_or_404(
        Issue.objects.for_signer(request.user).select_related("bulletin", "frozen", "amends"), pk=pk
    )


def _context(issue, user):
    pending = issue.is_pending
    last, added, left_out = recipients.added_and_left_out(issue)
    placements = list(issue.placements.select_related("article__unit", "version"))
    reviewed = reviews.of(placements)
    noted = remarks.of(issue, placements)
    content = content_of(issue, dated_on=timezone.localdate() if pending else None)
    sent = issue.events.filter(transition=Issue.SEND.name).select_related("by").last()
    sign_off = issue.sign_offs.filter(withdrawn_at=None).select_related("by").first()
    return _proof_context(issue) | {
        "issue": issue,
        "proofread": _proofread(issue, noted, sign_off),
        "may_sign": issue.is_pending and issue.may(Issue.SIGN, user),
        "content": content,
        "changes": changes.since_sent_before(issue, content, sent_at=sent.at) if pending and sent else None,
        "warnings": [found for found in signing.problems(issue, noted) if found.code != "layout"] if pending else [],
        "reviews": reviewed,
        "has_stand_ins": any(review.stand_ins for review in reviewed),
        "last_return": issue.last_return() if pending else None,
        "sent": sent,
        "sign_off": sign_off,
        "last": None if issue.edition else last,
        "added": added,
        "left_out": left_out,
        **(_amendment(issue) if issue.edition else {}),
    }


def _proofread(issue, noted, sign_off):
    """As it was signed; of what waits, or was signed before this was kept, as it is now."""
    if sign_off and sign_off.proofread is not None:
        return remarks.sheet_of(sign_off.proofread)
    spans = page_parts.spans_of(signing.present_proof(issue))
    return remarks.sheet_of(remarks.record(noted, spans))


def _amendment(issue):
    """What a correction puts right, in its own words, and who compared it with the issue."""
    base = base_of(issue)
    return {"amended": [sentence(base, each) for each in issue.errata.all()], "checked": amending.checked(issue)}


def _proof_context(issue):
    """The pages and the verdict on them: of what waits those of now, of what is signed those that were signed."""
    proof = signing.present_proof(issue)
    is_ready, is_pending = proof.is_ready, issue.is_pending
    verdict = blocking(signing.layout_problems(proof.report)) if is_ready and is_pending else []
    is_failed = proof.is_failed
    return {
        "proof": proof,
        "report": proof.report,
        "verdict": verdict,
        "may_be_signed": is_ready and not verdict,
        "is_waiting": not is_failed and (not is_ready or is_pending and proof.report is None),
        "code": short_code(proof.digest),
        "is_ready": is_ready,
        "is_failed": is_failed,
        "is_worker_missing": proofs.is_worker_missing(proof),
        "state": desk.state_of(issue, proof),
    }


@require_safe
def show(request, pk):
    return render(request, "issues/sign_off.html", _context(_issue(request, pk), request.user))


@require_safe
def state(request, pk):
    """Asked every two seconds while the pages are being set; 204 as long as nothing has changed."""
    issue = _issue(request, pk)
    if request.GET.get("have") == desk.state_of(issue, signing.present_proof(issue)):
        return HttpResponse(status=204)
    return render(request, "issues/_sign_off.html", _context(issue, request.user) | {"is_swap": True})


@require_safe
def pages(request, pk):
    """The whole text: every page as it will be printed, or as plain text."""
    context = _context(_issue(request, pk), request.user)
    context["pages"] = page_parts.pages_of(context["proof"])
    context["as_text"] = request.GET.get("as") == "text"
    return render(request, "issues/sign_off_pages.html", context)


@require_safe
def changed(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed by character since the issue was sent the time before."""
    issue = _issue(request, pk)
    return render(
        request, "issues/sign_off_changes.html", {"issue": issue, "changes": _context(issue, request.user)["changes"]}
    )


@require_safe
def changed_word(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same as a Word file with revisions."""
    found = _redline(request, pk)
    return word_response(found) if found else redirect("issues:sign_off_changes", pk)


@require_POST
def changed_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the same as a PDF."""
    shown_at = reverse("issues:sign_off_changes", args=[pk])
    found = _redline(request, pk)
    if found is None:
        return redirect(shown_at)
    return redirect("issues:redline", redlines.request(found, by=request.user, shown_at=shown_at).pk)


def _redline(request: HttpRequest, pk: int) -> Redline | None:
    """None where nothing can have changed."""
    issue = _issue(request, pk)
    context = _context(issue, request.user)
    return changes.redline_of(issue, context["changes"], context["sent"]) if context["changes"] else None


@require_POST
def sign(request, pk):
    issue = _issue(request, pk)
    with refusals_as_messages(request):
        digest, code = request.POST.get("digest", ""), request.POST.get("code", "")
        sign_off = signing.sign(issue, by=request.user, expected_digest=digest, code=code)
        messages.success(request, Issue.SIGN.done % {"title": issue, "code": sign_off.code})
    return redirect("issues:sign_off", pk=pk)


@require_POST
def refuse(request, pk):
    """Return it to the desk, with the reason."""
    issue = _issue(request, pk)
    with refusals_as_messages(request):
        signing.back_to_the_desk(issue, Issue.REFUSE, by=request.user, note=request.POST.get("note", ""))
        messages.success(request, Issue.REFUSE.done % {"title": issue})
        return redirect("issues:sign_offs")
    return redirect("issues:sign_off", pk=pk)


@require_POST
def withdraw(request, pk):
    """Take the signature back, before it is issued."""
    issue = _issue(request, pk)
    with refusals_as_messages(request):
        signing.withdraw_sign_off(issue, by=request.user, note=request.POST.get("note", ""))
        messages.success(request, Issue.UNSIGN.done % {"title": issue})
        return redirect("issues:sign_offs")
    return redirect("issues:sign_off", pk=pk)
