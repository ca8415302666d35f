"""The versions of an article: one opened or restored, two beside each other (花脸稿)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.views.answers import SignedInRequest, refusals_as_messages

from .. import restoring, versions
from ..models import Article, ArticleVersion
from ..redline import Redline, of_texts
from .answers import word_response

NOW = "now"  # in the address: what the unit's article says at present


def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = ArticleVersion.objects.visible_to(request.user).named().select_related("article__unit")
    shown = get_object_or_404(found, article=pk, number=number)
    context = {
        "article": shown.article,
        "shown": shown,
        "pictures": shown.pictures(),
        "versions": found.filter(article=pk).order_by("-number"),
        "may_restore": restoring.may_restore(shown, request.user),
    }
    return render(request, "articles/version.html", context)


@require_POST
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    version = get_object_or_404(ArticleVersion.objects.visible_to(request.user), article=pk, number=number)
    with refusals_as_messages(request):
        new, before = restoring.restore(version, by=request.user)
        words = _("Version %(number)s stands again, as version %(new)s.") % {"number": number, "new": new.number}
        undo = f" undo={reverse('articles:version_restore', args=[pk, before.number])}" if before else ""
        messages.success(request, words, extra_tags=f"toast{undo}")
    return redirect("articles:detail", pk)


@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    article = _article(request, pk)
    texts = _texts(request, article)
    before, after = _chosen(request, texts)
    shown = texts.get(after, article)
    context: dict[str, object] = {"article": article, "shown": shown, "texts": texts, "before": before, "after": after}
    if before and after:
        context["comparison"] = versions.compare_texts(texts[before], texts[after])
        context["compared"] = urlencode({"a": before, "b": after})
    return render(request, "articles/compare.html", context)


@require_safe
def compare_word(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The two that are asked for, as a Word file with revisions."""
    found = redline_asked_for(request, pk)
    return word_response(found) if found else redirect("articles:compare", pk)


def _article(request: HttpRequest, pk: int) -> Article:
    return get_object_or_404(Article.objects.visible_to(request.user).for_pages(), pk=pk)


def redline_asked_for(request: SignedInRequest, pk: int) -> Redline | None:
    """The comparison of the two states in the address. None where one of them is not there."""
    article = _article(request, pk)
    texts = _texts(request, article)
    before, after = (texts.get(request.GET.get(name, "")) for name in ("a", "b"))
    if before is None or after is None:
        return None
    return of_texts(article, before, after, by=request.user)


def _texts(request: HttpRequest, article: Article) -> dict[str, versions.Text]:
    """What this person may compare, by its name in the address, oldest first."""
    kept = article.versions.visible_to(request.user).named().order_by("number")
    texts: dict[str, versions.Text] = {str(version.number): version for version in kept}
    if article.is_editable and article.belongs_to(request.user):
        texts[NOW] = article
    return texts


def _chosen(request: HttpRequest, texts: dict[str, versions.Text]) -> tuple[str, str]:
    """The two that were asked for; the last two without a word. Empty where there is no other."""
    names = list(texts)
    after = request.GET.get("b", "")
    after = after if after in texts else next(reversed(names), "")
    before = request.GET.get("a", "")
    earlier = names[: names.index(after)] if after else []
    return before if before in texts else next(reversed(earlier), ""), after
