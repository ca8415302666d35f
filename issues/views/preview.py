"""The pages of an article as it is being written, and the pictures of pages by what they look like."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.models import Article

from .. import desk, page_parts, previews, proofs
from ..models import ArticlePreview, Issue, Proof
from .answers import page_picture_response


def _article(request, pk):
    """What this person may change: its text is nobody else's business before it is handed in."""
    return get_object_or_404(Article.objects.editable_by(request.user).select_related("unit"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def article(request, pk):
    """The pages of the text as it was saved last; 204 as long as nothing is new. A POST asks for them, and the page does
    so after each save; a GET only looks how far they are."""
    found = _article(request, pk)
    preview = previews.request(found) if request.method == "POST" else previews.present(found)
    return _answer(request, preview)


@require_POST
def article_retry(request, pk):
    preview = previews.request(_article(request, pk))
    previews.retry(preview)
    return _answer(request, preview)


def _answer(request, preview):
    pace = desk.pace_of(preview)
    state = f"{preview.pk}-{preview.digest[:16]}-{preview.state}-{pace}"
    if request.GET.get("have") == state:
        return HttpResponse(status=204)
    context = {
        "preview": preview,
        "pages": page_parts.pages_of(preview),
        "state": state,
        "pace": pace,
        "is_stale": not preview.is_ready,
        "is_worker_missing": proofs.is_worker_missing(preview),
    }
    return render(request, "issues/_article_preview.html", context)


@require_safe
def article_page_picture(request, pk, page_hash):
    preview = get_object_or_404(ArticlePreview, article=_article(request, pk), pdf__gt="")
    return page_picture_response(
        *preview.showing(page_hash), previews.owner(pk), page_hash, request.GET.get("size", "m")
    )


@require_safe
def page_picture(request, pk, page_hash):
    """The picture of a page of an issue in the making."""
    issue = get_object_or_404(Issue.objects.open().visible_to(request.user), pk=pk)
    for proof in issue.proofs.filter(state=Proof.State.READY).order_by("-ready_at").defer("places", "report"):
        if page_hash in proof.page_hashes:
            return page_picture_response(
                proof.pdf, proof.page_hashes, proofs.owner(issue), page_hash, request.GET.get("size", "m")
            )
    raise Http404
