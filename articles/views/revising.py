"""The page on which the office changes a text that was handed in."""

from collections.abc import Callable

from csp.decorators import csp_replace
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Max
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views.answers import refusals_as_messages

from .. import checks, clashes, revision, richtext
from ..forms import KindForm, RevisionForm
from ..models import Article, ArticleVersion
from ..revision import Wording
from . import proofreading
from .detail import article_url


@csp_replace(richtext.Editor.CSP)  # type: ignore[arg-type]  # its types know views without arguments alone
@permission_required(Article.REVIEW, raise_exception=True)
def revise(request, pk):
    article = get_object_or_404(Article.objects.visible_to(request.user).for_pages(), pk=pk)
    back = article_url(article)
    if request.method != "POST" and not article.is_revisable:
        messages.info(request, _("Its text can't be changed here now. In an issue it is changed on the desk."))
        return redirect(back)
    return answer(request, article, lambda form: _act(article, form, by=request.user), back=back)


def _act(article: Article, form: RevisionForm, *, by) -> ArticleVersion:
    return revision.revise(article, form.wording, by=by, seen=form.seen, is_correction=form.is_correction)


def answer(request, article: Article, act: Callable[[RevisionForm], ArticleVersion], *, back: str):
    """The page, or what became of it: `act` is done with the valid form, then the person is back at `back`.

    What was typed stays on the page when the form is refused, when the act is, and when a newer version has come in that
    changes the same places.
    """
    if request.method != "POST":
        return _page(request, RevisionForm(instance=article), seen=article.current_version_id, back=back)
    before, form = article.current_version_id, RevisionForm(request.POST, instance=article)
    if not form.is_valid():
        return _page(request, form, seen=form.seen, back=back, status=422)
    try:
        with refusals_as_messages(request):
            version = act(form)
            messages.success(request, _said(version, is_new=version.pk != before), extra_tags="toast")
            return redirect(back)
    except revision.Superseded as superseded:
        return _page(request, form, seen=form.seen, back=back, superseded=superseded, status=409)
    return _page(request, form, seen=form.seen, back=back, status=409)


@require_POST
@permission_required(Article.REVIEW, raise_exception=True)
def switch_kind(request, pk):
    """Make a brief of an article, or an article of a brief, as KindForm says."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=pk)
    switch(request, lambda wording, seen: revision.revise(article, wording, by=request.user, seen=seen))
    return redirect(article_url(article))


def switch(request, act: Callable[[Wording, int], ArticleVersion]) -> None:
    """Change the kind as KindForm says, and say what became of it."""
    form = KindForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.words)
        return
    try:
        with refusals_as_messages(request):
            version = act(form.wording, form.cleaned_data["version"])
            words = _("“%(title)s” is now: %(kind)s. Its unit sees it.")
            kind = version.article.get_kind_display()
            messages.success(request, words % {"title": version.flat_title, "kind": kind}, extra_tags="toast")
    except revision.Superseded:
        messages.error(request, _("The text has been changed meanwhile. Please look at it, then decide."))


def _said(version: ArticleVersion, *, is_new: bool) -> str:
    if not is_new:
        return _("Nothing was changed.")
    return _("“%(title)s” is changed: version %(number)s. Its unit sees what was changed.") % {
        "title": version.flat_title,
        "number": version.number,
    }


def _page(request, form, *, seen, back, superseded=None, status=200):
    pictures = form.pictures
    own = form.instance.versions.filter(created_by=request.user).aggregate(last=Max("pk"))
    context = {
        "form": form,
        "article": form.instance,
        "pictures": pictures,
        "places": range(1, len(pictures) + 1),
        "seen": seen,
        "back": back,
        "own_version": own["last"] or 0,
        "findings": checks.check(form.instance, pictures),
        **proofreading.context_of(form.instance, request.user, edits=True),
    }
    if superseded:
        context |= {"theirs": superseded.theirs, "clashes": clashes.shown(superseded.clashes)}
    return render(request, "articles/article_revise.html", context, status=status)
