"""The pages on which an article is written: saving by itself, handing in."""

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views.answers import refusals_as_messages

from .. import checks, clashes, intake, richtext
from ..duplicates import showing
from ..forms import ArticleForm, Conflict, base_of
from ..models import WRITE, Article
from . import duplicates, proofreading, remarks
from .detail import article_url
from .photos import take_in, writers_only


def _own(user, pk):
    """The own unit's article, whatever its status; None for a new one."""
    if pk is None:
        return None
    articles = Article.objects.belonging_to(user).select_related("unit", "commissioned__commission")
    return get_object_or_404(articles, pk=pk)


@csp_replace(richtext.Editor.CSP)
def edit(request, pk=None):
    """Whoever writes for the office alone has no such page: a notice that leads here leads them on to the article."""
    own = Article.objects.visible_to(request.user).filter(pk=pk, created_by=request.user.pk).first()
    if own and not request.user.has_perm(WRITE) and request.method == "GET":
        return redirect(article_url(own))
    return _edit(request, pk)


@writers_only
def _edit(request, pk):
    article = _own(request.user, pk)
    if request.method != "POST":
        if article and not article.is_editable:
            messages.info(request, _("This article is no longer with you, so its text can't be changed here."))
            return redirect(article_url(article))
        return _page(request, ArticleForm(instance=article, user=request.user))
    form = ArticleForm(request.POST, instance=article, user=request.user)
    if form.is_blank and not request.FILES:
        form.for_submission()
        return _page(request, form, status=422)
    if not form.can_be_kept:
        return _page(request, form, status=422)
    try:
        article = form.keep()
    except Conflict as conflict:
        return _page(request, form, status=409, conflict=conflict)
    for words in take_in(request, article)[1]:
        messages.error(request, words)
    if request.POST.get("act") == "submit":
        return _submit(request, form, article)
    return redirect("articles:edit", article.pk) if form.is_valid() else _page(request, form, status=422)


def _submit(request, form, article):
    if not form.for_submission():
        return _page(request, form, status=422)
    with refusals_as_messages(request):
        move = article.handing_in()
        article.apply(move, by=request.user)
        messages.success(request, move.done % {"title": article.flat_title})
        return redirect(article_url(article))
    return redirect("articles:edit", article.pk)


def _page(request, form, *, status=200, conflict=None):
    article = form.instance
    pictures = article.photos() if article.pk else []
    findings, move = checks.check(article, pictures), article.handing_in()
    context = {
        "form": form,
        "article": article,
        # Beside a conflict stands the state that this page was made from, until a choice is made.
        "base": request.POST.get("base", "") if conflict else base_of(article),
        "pictures": pictures,
        "is_blank": article.pk and request.method != "POST" and intake.is_blank(article),
        "source_files": article.source_files.filter(dismissed_at=None) if article.pk else [],
        "may_discard": article.pk and Article.DISCARD in article.transitions_for(request.user),
        "findings": findings,
        "last_return": article.last_return() if article.came_back else None,
        "handing_in": move,
        "may_hand_in": not article.pk or article.may(move, request.user),
        "approvers": article.approvers() if move == Article.ASK_APPROVAL else [],
        "is_submission": request.POST.get("act") == "submit",
    }
    context |= proofreading.context_of(article, request.user, text=article, edits=True)
    if article.pk:
        context["matches"] = showing.matches_of(article, request.user)
        context |= remarks.context_of(article, request.user)
    if conflict:
        context |= _conflict_context(conflict)
    return render(request, "articles/article_form.html", context, status=status)


@require_POST
@writers_only
def autosave(request, pk=None):
    """Answers JSON: what the page needs to go on; 409 with both texts where somebody else changed the same."""
    form = ArticleForm(request.POST, instance=_own(request.user, pk), user=request.user)
    if not form.can_be_kept:
        return JsonResponse({"errors": _errors(form)}, status=422)
    try:
        article = form.keep()
    except Conflict as conflict:
        return JsonResponse(_conflict(request, conflict), status=409)
    findings = checks.check(article, article.photos())
    return JsonResponse(
        {
            "saved": f"{timezone.localtime():%H:%M}",
            "taken_over": form.taken_over,
            "errors": _errors(form),
            "refused": "、".join(str(form[name].label) for name in form.errors),
            "checks": render_to_string("articles/_checks.html", {"findings": findings}, request),
            "duplicates": duplicates.note_of(request, article),
            "edit_url": reverse("articles:edit", args=[article.pk]),
            "autosave_url": reverse("articles:autosave", args=[article.pk]),
            "presence_url": reverse("articles:presence", args=[article.pk]),
            "photo_url": reverse("articles:photo_add", args=[article.pk]),
        }
    )


def _conflict(request, conflict) -> dict:
    html = render_to_string("articles/_conflict.html", _conflict_context(conflict), request)
    return {"html": html, "base": base_of(conflict.theirs)}


def _conflict_context(conflict) -> dict:
    return {"theirs": conflict.theirs, "clashes": clashes.shown(conflict.clashes), "form_id": "article-form"}


def _errors(form) -> dict[str, str]:
    return {name: errors[0] for name, errors in form.errors.items()}
