"""Past issues: search, the years, one issue, its PDF and the pictures of its pages."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import archive, desk, proofs
from ..content import content_of
from ..models import Issue, Proof, Status, short_code
from .answers import pdf_response, picture_response, ring

PARAMETERS = ("year", "tier", "kind")


@require_safe
@permission_required("issues.read_archive", raise_exception=True)
def index(request):
    query = request.GET.get("q", "").strip()[:100]
    return _search(request, query) if query else _browse(request)


def _search(request, query):
    chosen = {f"{name}s": _chosen(request, name) for name in PARAMETERS}
    everything = archive.found(query)
    hits = archive.narrowed(everything, **chosen)
    page_obj = Paginator(archive.ordered(hits, request.GET.get("sort", "")), 20).get_page(request.GET.get("page"))
    context = {
        "query": query,
        "issues": archive.issues_named(query),
        "page_obj": page_obj,
        "hits": archive.hits_of(page_obj, query),
        "facets": archive.facets(everything, **chosen),
        "total": everything.count(),
        "in_title": hits.filter(in_title=1).count(),
        "is_narrowed": any(chosen.values()),
        "sort": request.GET.get("sort", ""),
        "total_words": _("%(count)s articles") % {"count": page_obj.paginator.count},
    }
    return render(request, "issues/archive_search.html", context)


def _chosen(request, name):
    values = request.GET.getlist(name)[:30]
    return [value for value in values if value.isdigit() and len(value) == 4] if name == "year" else values


def _browse(request):
    """One year's issues with their contents."""
    issued = Issue.objects.issued()
    years = list(issued.order_by("-year").values("year").annotate(count=Count("pk")))
    known = [entry["year"] for entry in years]
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdigit() and int(wanted) in known else (known[0] if known else None)
    contents = issued.filter(year=year).newest_first().annotate(
        article_count=Count("placements", filter=~Q(placements__section="brief")),
        brief_count=Count("placements", filter=Q(placements__section="brief")),
    )
    page_obj = Paginator(contents, 15).get_page(request.GET.get("page"))
    archive.add_contents(page_obj)
    context = {
        "years": years,
        "year": year,
        "page_obj": page_obj,
        "issue_count": sum(entry["count"] for entry in years),
        "article_count": archive.articles().count(),
        "since": issued.aggregate(first=Min("year"))["first"],
    }
    return render(request, "issues/archive.html", context)


def _issued(request, pk):
    return get_object_or_404(Issue.objects.issued().visible_to(request.user).select_related("bulletin"), pk=pk)


def _pdf_of(issue):
    """(file, hash, name) of the official PDF, or of a past issue set again; None if there is neither yet."""
    if issue.pdf:
        return issue.pdf, issue.pdf_sha256, f"{issue}.pdf"
    proof = proofs.newest_ready(issue)
    return (proof.pdf, proof.sha256, _("%(issue)s (set again).pdf") % {"issue": issue}) if proof else None


@require_safe
def detail(request, pk):
    """The whole issue to read."""
    issue = _issued(request, pk)
    content = content_of(issue)
    proof = proofs.newest_ready(issue) if not issue.pdf else None
    queued = None if issue.pdf or proof else issue.proofs.order_by("-requested_at").first()
    sign_off = issue.sign_offs.filter(withdrawn_at=None).select_related("by").first()
    context = {
        "issue": issue,
        "content": content,
        "proof": proof,
        "queued": queued,
        "is_waiting": queued is not None and queued.state == Proof.State.QUEUED,
        "code": short_code(sign_off.digest) if sign_off else "",
        "sections": desk.sections_of(issue),
        "query": request.GET.get("q", ""),
    }
    template = "issues/_pdf_of_issue.html" if request.htmx else "issues/issue_detail.html"
    if request.htmx and request.GET.get("have") == (queued.state if queued else ""):
        return HttpResponse(status=204)
    return render(request, template, context)


@require_POST
def set_again(request, pk):
    """Ask for the PDF of a past issue that came without one."""
    issue = _issued(request, pk)
    if not issue.pdf:
        proof = proofs.request(issue)
        if proof.state == Proof.State.FAILED:
            proof = proofs.retry(proof)
            proof.is_new = True
        ring(proof)
    return redirect("issues:detail", pk=pk)


@require_safe
def pdf(request, pk):
    found = _pdf_of(_issued(request, pk))
    if found is None:
        messages.info(request, _("This past issue has no PDF yet. It can be set again here."))
        return redirect("issues:detail", pk=pk)
    return pdf_response(*found, as_attachment="download" in request.GET)


@require_safe
def page(request, pk, sha256, number):
    """The picture of one page. Of an issued issue only its official pages are shown, never an earlier proof's."""
    issue = get_object_or_404(Issue.objects.visible_to(request.user), pk=pk)
    file = issue.pdf if issue.pdf and issue.pdf_sha256 == sha256 else None
    if file is None and (issue.status != Status.ISSUED or issue.is_past):
        proof = issue.proofs.filter(sha256=sha256, state=Proof.State.READY).first()
        file = proof.pdf if proof else None
    if file is None:
        raise Http404
    return picture_response(file, sha256, number, request.GET.get("size", "m"))
