"""Past issues: search, the years, one issue, its PDF and the pictures of its pages."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Unit
from accounts.views.answers import number_of
from articles import photos

from .. import proofs, search
from ..content import content_of
from ..models import LINE_LENGTH, ArchiveEntry, Issue, Proof
from ..papers import official
from .answers import pdf_response, picture_response
from .bulletins import of_current

PARAMETERS = ("year", "tier", "kind")
HITS = 20  # on a page


@require_safe
@permission_required("issues.read_archive", raise_exception=True)
def index(request):
    query = request.GET.get("q", "").strip()[:100]
    unit = _unit(request)
    if query or unit:
        return render(request, "issues/archive_search.html", _search(request, query, unit) | _units(unit))
    return render(request, "issues/archive.html", _years(request) | _units(None))


def _unit(request) -> Unit | None:
    wanted = number_of(request.GET.get("unit"))
    return Unit.objects.filter(pk=wanted).first() if wanted is not None else None


def _units(chosen: Unit | None) -> dict:
    return {"unit": chosen, "units": Unit.objects.all()}


@require_safe
@permission_required("issues.read_archive", raise_exception=True)
def with_line(request):
    """The issues in whose printed lists a line stands."""
    text = request.GET.get("text", "")[:LINE_LENGTH]
    page_obj = Paginator(search.issues_with_line(text, request.user), 30).get_page(request.GET.get("page"))
    return render(request, "issues/archive_line.html", {"text": text, "page_obj": page_obj})


@require_safe
@permission_required("issues.read_archive", raise_exception=True)
def year_print(request, year):
    """One year's issues with their contents, for paper."""
    issued = of_current(request, Issue.objects.issued().originals().visible_to(request.user)).filter(year=year)
    issues = list(issued.with_counts().with_amendments().newest_first())
    if not issues:
        raise Http404
    search.add_contents(issues)
    return render(request, "issues/archive_print.html", {"year": year, "issues": issues})


def _search(request, query, unit):
    narrowed = {f"{name}s": _chosen(request, name) for name in PARAMETERS}
    found = search.Found(query, request.user, **narrowed, unit=unit and unit.pk)
    sort = request.GET.get("sort", "")
    page_obj = found.page(request.GET.get("page"), HITS, sort=sort)
    return {
        "query": query,
        "asked": query or unit.short_name,
        "issues": search.issues_named(query, request.user),
        "lines": [] if unit else search.printed_lines(query, request.user),
        "found": found,
        "page_obj": page_obj,
        "hits": search.hits_of(page_obj, query),
        "sort": sort,
        "total_words": _("%(count)s articles") % {"count": found.count},
    }


def _chosen(request, name):
    values = request.GET.getlist(name)[:30]
    return [value for value in values if _is_year(value)] if name == "year" else values


def _is_year(text):
    return len(text) == 4 and text.isascii() and text.isdecimal()


def _years(request):
    """One year's issues with their contents."""
    issued = of_current(request, Issue.objects.issued().originals().visible_to(request.user))
    years = list(issued.order_by("-year").values("year").annotate(count=Count("pk")))
    counts = {entry["year"]: entry["count"] for entry in years}
    wanted = request.GET.get("year", "")
    year = int(wanted) if _is_year(wanted) and int(wanted) in counts else next(iter(counts), None)
    contents = issued.filter(year=year).with_counts().with_amendments().newest_first()
    page_obj = Paginator(contents, 15).get_page(request.GET.get("page"))
    search.add_contents(page_obj)
    return {
        "years": years,
        "year": year,
        "page_obj": page_obj,
        "issue_count": counts.get(year),
        "article_count": ArchiveEntry.objects.visible_to(request.user).filter(year=year, issue__in=issued).count(),
    }


def _issued(request, pk, *, to_read=False):
    """Of a withdrawn issue everybody sees that it is, and why; its text is no longer for everybody `to_read`."""
    issues = Issue.objects.issued()
    found = issues.readable_to(request.user) if to_read else issues.visible_to(request.user)
    return get_object_or_404(found.select_related("bulletin", "frozen", "amends").with_amendments(), pk=pk)


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
    context = _pdf_context(issue)
    if not request.htmx:
        may_read = Issue.objects.readable_to(request.user).filter(pk=pk).exists()
        content = content_of(issue) if may_read else None
        context |= {"content": content, "query": request.GET.get("q", ""), "may_read": may_read}
        return render(request, "issues/issue_detail.html", context)
    if context["is_waiting"] and request.GET.get("have") == Proof.State.QUEUED:
        return HttpResponse(status=204)
    return render(request, "issues/_pdf_of_issue.html", context)


def _pdf_context(issue):
    """The official PDF with its check code, or how far a past issue that came without one is set again."""
    proof = None if issue.pdf else proofs.newest_ready(issue)
    queued = None if issue.pdf or proof else issue.proofs.order_by("-requested_at").first()
    sign_off = issue.sign_offs.filter(withdrawn_at=None).first()
    return {
        "issue": issue,
        "proof": proof,
        "queued": queued,
        "is_waiting": queued is not None and queued.is_queued,
        "code": sign_off.code if sign_off else "",
        "sm3": official.sm3_of(issue),
    }


@require_POST
def set_again(request, pk):
    """Ask for the PDF of a past issue that came without one."""
    issue = _issued(request, pk)
    if not issue.pdf:
        proofs.retry(proofs.request(issue))
    return redirect("issues:detail", pk=pk)


@require_safe
def pdf(request, pk):
    found = _pdf_of(_issued(request, pk, to_read=True))
    if found is None:
        messages.info(request, _("This past issue has no PDF yet. It can be set again here."))
        return redirect("issues:detail", pk=pk)
    file, sha256, name = found
    return pdf_response(file.open("rb"), sha256, name, as_attachment="download" in request.GET)


@require_safe
def photo(request, pk, photo_pk):
    """A photo of an issue, for whoever may see the issue: the signer and readers don't see the units' articles."""
    issue = get_object_or_404(Issue.objects.readable_to(request.user), pk=pk)
    return photos.response(get_object_or_404(issue.photos(), pk=photo_pk))


@require_safe
def page(request, pk, sha256, number):
    """The picture of one page. Of an issued issue only its official pages are shown, never an earlier proof's."""
    issue = get_object_or_404(Issue.objects.readable_to(request.user), pk=pk)
    file = issue.pdf if issue.pdf and issue.pdf_sha256 == sha256 else None
    if file is None and (not issue.is_issued or issue.is_past):
        proof = issue.proofs.filter(sha256=sha256, state=Proof.State.READY).first()
        file = proof.pdf if proof else None
    if file is None:
        raise Http404
    return picture_response(file, sha256, number, request.GET.get("size", "m"))
