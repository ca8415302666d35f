"""查重: which other articles say the same, side by side, and what the office does with them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.views.answers import number_of, refusals_as_messages

from .. import joining, review, revision
from ..duplicates import showing
from ..models import Article, Reason
from .detail import article_url

# The reasons that the office's table begins with: 内容重复, 与同期稿件内容相近.
REPEATS, RESEMBLES = "B01", "J03"


def _article(request, pk) -> Article:
    return get_object_or_404(Article.objects.visible_to(request.user).for_pages(), pk=pk)


@require_GET
def note(request, pk):
    """The part of a page that says what was found; a page that shows it asks until all is compared."""
    return HttpResponse(note_of(request, _article(request, pk)))


def note_of(request, article: Article) -> str:
    return render_to_string("articles/_duplicates.html", note_context(request, article), request)


def note_context(request, article: Article) -> dict:
    return {"article": article, "matches": showing.matches_of(article, request.user)}


@require_GET
def page(request, pk):
    article = _article(request, pk)
    matches = showing.matches_of(article, request.user)
    chosen = _chosen(matches, request.GET.get("with"))
    is_own = article.belongs_to(request.user)
    shown = article if is_own or not article.current_version else article.current_version
    context: dict[str, Any] = {
        "article": article,
        "shown": shown,
        "matches": matches,
        "chosen": chosen,
        "is_own": is_own,
    }
    if chosen:
        context["may_open"] = Article.objects.visible_to(request.user).filter(pk=chosen.article.pk).exists()
        context["sides"] = showing.side_by_side(shown, chosen.shown, marks_differences=chosen.is_same_text)
    if request.user.has_perm(Article.REVIEW):
        context |= _acts(request.user, article, matches)
    return render(request, "articles/duplicates.html", context)


def _chosen(matches: showing.Matches, asked: str | None) -> showing.Match | None:
    """The one that stands beside it: the one asked for, else the likest."""
    if asked is None:
        return next(iter(matches.found), None)
    chosen = next((match for match in matches.found if match.article.pk == number_of(asked)), None)
    if chosen is None:
        raise Http404
    return chosen


def _acts(user, article: Article, matches: showing.Matches) -> dict:
    reasons = Reason.objects.filter(is_used=True)
    return {
        "others": [match for match in matches.found if match.is_open],
        "may_merge": article.status in joining.KEEPS and not review.refusal(article, user),
        "may_make_brief": article.is_revisable and article.kind == "article" and not revision.refusal(article, user),
        "reasons": reasons,
        "repeats": REPEATS,
        "chosen_reason": RESEMBLES,
    }


@require_POST
@permission_required(Article.REVIEW, raise_exception=True)
def merge(request, pk):
    """Tell the ticked articles with this one."""
    article = _article(request, pk)
    with refusals_as_messages(request):
        joining.merge(article, _ticked(request, article), by=request.user)
        units = "、".join(unit.short_name for unit in Article.objects.get(pk=pk).credited())
        words = _("“%(title)s” is now told for %(units)s.")
        messages.success(request, words % {"title": article.flat_title, "units": units})
        return redirect(article_url(article))
    return redirect(reverse("articles:duplicates", args=[pk]))


@require_POST
@permission_required(Article.REVIEW, raise_exception=True)
def keep(request, pk):
    """Decline the ticked articles in favour of this one."""
    article = _article(request, pk)
    with refusals_as_messages(request):
        reason = (
            Reason.objects.offered_for(Article.DECLINE.name).filter(pk=number_of(request.POST.get("reason"))).first()
        )
        note = request.POST.get("note", "")[:1000]
        declined = joining.keep(article, _ticked(request, article), by=request.user, reason=reason, note=note)
        words = _("“%(title)s” is kept; %(count)s others are declined, and their units read the reason.")
        messages.success(request, words % {"title": article.flat_title, "count": len(declined)})
        return redirect(article_url(article))
    return redirect(reverse("articles:duplicates", args=[pk]))


def _ticked(request, article: Article) -> dict[int, int | None]:
    """Of those that were found the ticked ones, each with the version that was on the screen."""
    found = {match.article.pk for match in showing.matches_of(article, request.user).found}
    ticked = {number_of(key) for key in request.POST.getlist("other")}
    return {key: number_of(request.POST.get(f"version-{key}")) for key in sorted(found & ticked)}
