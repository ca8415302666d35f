"""Comparisons as PDFs (花脸稿): asked for, waited for, fetched by whoever asked."""

from hashlib import sha256
from io import BytesIO

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.views.answers import SignedInRequest
from articles.views.versions import redline_asked_for

from .. import proofs, redlines
from ..models import RedlinePdf
from .answers import pdf_response


def _own(request: SignedInRequest) -> QuerySet[RedlinePdf]:
    return RedlinePdf.objects.filter(asked_by=request.user).defer("page")


@require_POST
def of_article(request: SignedInRequest, pk: int) -> HttpResponse:
    shown_at = reverse("articles:compare", args=[pk])
    found = redline_asked_for(request, pk)
    if found is None:
        return redirect(shown_at)
    address = f"{shown_at}?{urlencode({name: request.GET[name] for name in ('a', 'b')})}"
    return redirect("issues:redline", redlines.request(found, by=request.user, shown_at=address).pk)


@require_safe
def show(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far it is; asked again until it is settled."""
    asked = get_object_or_404(_own(request), pk=pk)
    name = "issues/_redline.html" if request.htmx else "issues/redline.html"
    return render(request, name, {"asked": asked, "is_worker_missing": proofs.is_worker_missing(asked)})


@require_safe
def pdf(request: SignedInRequest, pk: int) -> HttpResponseBase:
    asked = get_object_or_404(_own(request).filter(pdf__gt=""), pk=pk)
    with asked.pdf.open("rb") as file:
        data = file.read()
    return pdf_response(BytesIO(data), sha256(data).hexdigest(), asked.name, as_attachment=True)
