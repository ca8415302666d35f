"""The panel of the proofreader beside an article: looked at, asked for, and what a person does with a finding."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.answers import asked_next, number_of, refusals_as_messages

from .. import exempting, findings, proofing, revision
from ..models import Article, ArticleVersion, Exemption


def context_of(
    article: Article, user, *, text: Article | ArticleVersion | None = None, edits: bool = False
) -> dict[str, Any]:
    """What `_proofreading.html` needs. `text` is what the page shows; `edits`: in an editor, where suggestions are put in."""
    may_let_through = exempting.may_let_through(article, user)
    office = user.has_perm(Article.REVIEW) and not (article.is_editable and article.belongs_to(user))
    shown = text or _shown(article, user)
    panel = findings.of(shown, article, office=office) if article.pk else findings.Panel()
    return {
        "panel": panel,
        "edits": edits,
        "may_ignore": bool(article.pk) and exempting.may_ignore(article, user),
        "may_let_through": may_let_through,
        "may_take": edits or _may_take(article, user),
        "seen_version": article.current_version_id or "",
    }


def _shown(article: Article, user) -> Article | ArticleVersion:
    return article if article.belongs_to(user) or not article.current_version else article.current_version


def _may_take(article: Article, user) -> bool:
    """Where the text is read, the office takes a suggestion as a change of its own; one in an issue is changed on its desk."""
    if not user.has_perm(Article.REVIEW) or not article.is_revisable:
        return False
    return not revision.refusal(article, user)


def _article(request, pk) -> Article:
    return get_object_or_404(Article.objects.visible_to(request.user).select_related("unit", "current_version"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def panel(request, pk):
    """A POST asks for the proof, a GET looks how far it is: 204 as long as nothing is new."""
    article = _article(request, pk)
    if request.method == "POST":
        proofing.request(article)
    return _answer(request, article)


def _answer(request, article: Article, *, is_swap: bool = False):
    context = context_of(article, request.user, edits="edits" in request.GET)
    if request.method == "GET" and request.GET.get("have") == context["panel"].state:
        return HttpResponse(status=204)
    return render(request, "articles/_proofreading.html", context | {"article": article, "is_swap": is_swap})


@require_POST
def decide(request, pk, act):
    """Ignore a finding, let it through, or take its suggestion."""
    article = _article(request, pk)
    key = request.POST.get("rule", ""), request.POST.get("quote", "").replace("\r\n", "\n")
    with refusals_as_messages(request):
        if act == "take":
            return _take(request, article, key)
        if act not in EXEMPT:
            raise Http404
        EXEMPT[act](article, key, request.POST.get("reason", ""), by=request.user)
    return _back(request, article)


EXEMPT = {"ignore": exempting.ignore, "let-through": exempting.let_through}


def _take(request, article: Article, key: findings.Key):
    number, seen = number_of(request.POST.get("number"), 0), number_of(request.POST.get("version"), 0)
    version = exempting.take(article, number, key, by=request.user, seen=seen, every="every" in request.POST)
    words = _("The suggestion is taken: version %(number)s. Its unit sees what was changed.")
    messages.success(request, words % {"number": version.number}, extra_tags="toast")
    return redirect(reverse("articles:detail", args=[article.pk]) + f"?show=text#finding-{number}")


@require_POST
def heed(request, pk):
    """What was ignored or let through counts again."""
    visible = Article.objects.visible_to(request.user)
    exemption = get_object_or_404(Exemption.objects.filter(article__in=visible).select_related("article"), pk=pk)
    with refusals_as_messages(request):
        exempting.heed(exemption, by=request.user)
    return _back(request, _article(request, exemption.article_id))


def _back(request, article: Article):
    if request.htmx:
        return _answer(request, article, is_swap=True)
    return redirect(asked_next(request) or reverse("articles:detail", args=[article.pk]) + "#proofreading")
