"""Word files: sent, fetched back, and their report put aside."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views.answers import SignedInRequest, as_it_came, asked_next

from .. import intake
from ..models import Article, SourceFile
from .photos import writers_only

MOST_AT_ONCE = 20


@require_POST
@writers_only
def take_in(request: SignedInRequest) -> HttpResponse:
    """One draft for each file; a script sends them one by one and gets JSON."""
    uploads = request.FILES.getlist("files")[:MOST_AT_ONCE]
    kept = [intake.take_in(upload, by=request.user) for upload in uploads]
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"files": [_answer(source) for source in kept]})
    if not kept:
        messages.error(request, _("Choose a Word file first."))
    if len(kept) == 1 and kept[0].article_id:
        return redirect("articles:edit", kept[0].article_id)
    return redirect("articles:list")


@require_POST
@writers_only
def take_into(request: SignedInRequest, pk: int) -> HttpResponse:
    """The text of one file for a draft that has none yet."""
    articles = Article.objects.belonging_to(request.user).filter(status__in=Article.EDITABLE)
    article = get_object_or_404(articles, pk=pk)
    upload = request.FILES.get("files")
    source = intake.take_in(upload, by=request.user, into=article) if upload else None
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"files": [_answer(source)] if source else []})
    if source is None or source.refusal:
        messages.error(request, source.refusal if source else _("Choose a Word file first."))
    return redirect("articles:edit", pk)


def _answer(source: SourceFile) -> dict[str, str]:
    address = reverse("articles:edit", args=[source.article_id]) if source.article_id else ""
    return {"name": source.name, "refusal": source.refusal, "taken": source.taken, "url": address}


def fetch(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it was sent, never opened by the browser."""
    source = get_object_or_404(SourceFile.objects.visible_to(request.user), pk=pk)
    return as_it_came(source.file, source.name)


@require_POST
@writers_only
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """The report isn't shown beside the article any more; the file stays."""
    source = get_object_or_404(SourceFile.objects.belonging_to(request.user), pk=pk)
    source.dismissed_at = timezone.now()
    source.save(update_fields=["dismissed_at"])
    return redirect(asked_next(request) or "articles:list")
