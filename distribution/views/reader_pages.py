"""What readers see: their copy through the personal link, without an account, or signed in. GET shows, POST confirms."""

from dataclasses import dataclass
from functools import wraps
from io import BytesIO

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import ListView

from accounts.views.personal import by_secret
from articles import photos, richtext
from issues.content import content_of
from issues.models import Edition, Issue
from issues.views.answers import pdf_response
from typesetting.content import ArticleContent

from .. import access, links, mailing, receipts
from ..forms import ConfirmForm
from ..models import Delivery


@dataclass(frozen=True)
class Addresses:
    """Where a copy's parts are: below its personal link, or below its number for the signed-in reader."""

    kind: str  # "reader" or "copy"
    key: str | int

    def _reverse(self, name, *args):
        return reverse(f"distribution:{self.kind}_{name}", args=[self.key, *args])

    @property
    def page(self):
        return reverse("distribution:reader_page" if self.kind == "reader" else "distribution:copy", args=[self.key])

    @property
    def pdf(self):
        return self._reverse("pdf")

    @property
    def confirm(self):
        return self._reverse("confirm")

    def photo(self, photo_pk):
        return self._reverse("photo", photo_pk)


def by_link(view):
    """Find the copy by the token in the address; one and the same page for every link that is not valid."""

    @by_secret
    @wraps(view)
    def wrapper(request, token, **kwargs):
        delivery = links.find(token)
        if delivery is None:
            return render(request, "distribution/link_invalid.html", {"token": token}, status=404)
        return view(request, delivery, Addresses("reader", token), **kwargs)

    return wrapper


def signed_in(view, *, is_own=False):
    """Find a copy of the person who is signed in; unless it must be the own one, also a colleague's of the same unit."""

    @wraps(view)
    def wrapper(request, pk, **kwargs):
        copies = Delivery.objects.of(request.user) if is_own else Delivery.objects.readable_by(request.user)
        found = copies.select_related("mailing__issue__bulletin", "reader__unit", "receipt")
        return view(request, get_object_or_404(found, pk=pk), Addresses("copy", pk), **kwargs)

    return wrapper


def _log(request, kind, delivery, addresses):
    """A colleague's look is noted, but is not the reader's: their copy stays unopened."""
    issue, address = delivery.mailing.issue, request.META.get("REMOTE_ADDR", "")
    user = request.user if addresses.kind == "copy" else None
    theirs = delivery if user is None or delivery.reader.user_id == user.pk else None
    access.log(issue, kind, delivery=theirs, user=user, address=address)


def _page(request, delivery, addresses):
    if request.method == "GET":
        _log(request, access.Kind.OPEN, delivery, addresses)
    context = _copy(delivery, addresses)
    if "withdrawal" in context:
        return render(request, "distribution/copy_withdrawn.html", context)
    may_confirm = addresses.kind == "reader" or delivery.reader.user_id == request.user.pk
    return render(request, "distribution/copy.html", context | {"may_confirm": may_confirm})


def _copy(delivery, addresses):
    issue = delivery.mailing.issue
    if withdrawal := _withdrawal(issue):
        return {"delivery": delivery, "issue": issue, "content": content_of(issue), "withdrawal": withdrawal} | {
            "addresses": addresses,
            "amendments": _amendments(delivery, addresses),
        }
    content = content_of(issue)
    proof = issue.proofs.filter(sha256=issue.pdf_sha256).first()
    sign_off = issue.sign_offs.filter(withdrawn_at=None).first()
    pages = proof.first_pages if proof else []
    articles = [_article(article, addresses, pages[n : n + 1]) for n, article in enumerate(content.articles)]
    return {
        "delivery": delivery,
        "receipt": getattr(delivery, "receipt", None),
        "issue": issue,
        "content": content,
        "articles": articles,
        "first_articles": articles[:3],
        "further_articles": articles[3:],
        "briefs": [_article(article, addresses, []) for article in content.briefs],
        "code": sign_off.code if sign_off else "",
        "addresses": addresses,
        "amendments": _amendments(delivery, addresses),
        "form": ConfirmForm(),
    }


def _withdrawal(issue):
    """The document that withdrew the issue: from then on its reason is shown instead of the text."""
    return issue.amendments.issued().filter(edition=Edition.WITHDRAWAL).first()


def _amendments(delivery, addresses):
    """(what puts the issue right, the address of this reader's copy of it or nothing), the oldest first. Whoever is signed
    in, perhaps a colleague, is shown no personal link."""
    issued = delivery.mailing.issue.amendments.issued().order_by("issued_at", "pk")
    copies = Delivery.objects.filter(reader=delivery.reader_id, mailing__issue__in=issued).select_related("mailing")
    found = {
        copy.mailing.issue_id: Addresses("copy", copy.pk)
        if addresses.kind == "copy"
        else Addresses("reader", links.token_of(copy))
        for copy in copies
        if copy.is_link_valid
    }
    pages = {issue: its.page for issue, its in found.items()}
    return [(amendment, pages.get(amendment.pk, "")) for amendment in issued]


def _article(article: ArticleContent, addresses, page):
    return {
        "id": article.article_id,
        "title": article.title,
        "flat_title": article.title.replace("\n", ""),
        "subtitle": article.subtitle,
        "unit": article.unit,
        "page": page[0] if page else None,
        "parts": [
            (richtext.to_safe(text), [(addresses.photo(photo.photo_id), photo) for photo in photos])
            for text, photos in article.parts
        ],
    }


def _pdf(request, delivery, addresses):
    if _withdrawal(delivery.mailing.issue):
        return redirect(addresses.page)
    response = _official_pdf(delivery.mailing.issue)
    if request.method == "GET":
        _log(request, access.Kind.DOWNLOAD, delivery, addresses)
    return response


def _official_pdf(issue):
    pdf = BytesIO(access.official_pdf(issue))
    return pdf_response(pdf, issue.pdf_sha256, f"{issue}.pdf", as_attachment=True)


def _photo(_request, delivery, _addresses, photo_pk):
    if _withdrawal(delivery.mailing.issue):
        raise Http404
    return photos.response(get_object_or_404(delivery.mailing.issue.photos(), pk=photo_pk))


def _confirm(request, delivery, addresses):
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = request.user if addresses.kind == "copy" else None
        receipts.confirm(delivery, form.cleaned_data["name"], by=by)
        return redirect(addresses.page)
    context = {"delivery": delivery, "issue": delivery.mailing.issue, "form": form, "addresses": addresses}
    return render(request, "distribution/confirm.html", context, status=422 if form.errors else 200)


page = require_safe(by_link(_page))
pdf = require_safe(by_link(_pdf))
photo = require_safe(by_link(_photo))
confirm = require_http_methods(["GET", "HEAD", "POST"])(by_link(_confirm))
copy = require_safe(signed_in(_page))
copy_pdf = require_safe(signed_in(_pdf))
copy_photo = require_safe(signed_in(_photo))
copy_confirm = require_http_methods(["GET", "HEAD", "POST"])(signed_in(_confirm, is_own=True))


@require_POST
@by_secret
def new_link(request, token):
    """Send a new link to the address we know. The answer never tells whether there was such a link."""
    delivery = links.find_expired_too(token)
    if delivery:
        mailing.renew_expired(delivery)
    return render(request, "distribution/link_invalid.html", {"token": token, "is_asked": True})


@require_safe
@permission_required("issues.read_archive", raise_exception=True)
def download(request, issue_pk):
    """The official PDF for whoever may read the archive; the download is logged with their copy, if they have one."""
    issued = Issue.objects.issued().readable_to(request.user).exclude(pdf="")
    issue = get_object_or_404(issued, pk=issue_pk)
    delivery = Delivery.objects.of(request.user).filter(mailing__issue=issue).first()
    response = _official_pdf(issue)
    if request.method == "GET":
        address = request.META.get("REMOTE_ADDR", "")
        access.log(issue, access.Kind.DOWNLOAD, delivery=delivery, user=request.user, address=address)
    return response


class UnitCopies(ListView):
    """The copies that one may read signed in: the own ones, and those of the own unit."""

    template_name = "distribution/unit_copies.html"
    paginate_by = 30

    def get_queryset(self):
        rows = Delivery.objects.readable_by(self.request.user)
        return rows.select_related("mailing__issue", "reader", "receipt").order_by("-mailing__started_at", "-pk")
