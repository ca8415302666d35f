"""Remarks beside the paragraphs: added by reviewers, answered and closed by the unit and the office."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from accounts.views.answers import number_of, refusals_as_messages

from .. import remarks
from ..models import Article, ArticleRemark


def context_of(article: Article, user) -> dict:
    """What `_paragraph_remarks.html` needs: the remarks in the text on the screen, and for a reviewer its paragraphs."""
    version = article.current_version
    text = article if article.belongs_to(user) else version
    assert text, "others see what was handed in alone"
    rows = remarks.place_in(text, article.remarks.for_pages())
    may_remark = remarks.may_remark(article, user)
    return {
        "remarks": rows,
        "seen": article.current_version_id,
        "remarks_open": sum(row.is_open for row in rows),
        "may_remark": may_remark,
        "may_answer": remarks.may_answer(article, user),
        "paragraphs": list(enumerate(remarks.paragraphs_of(version))) if version and may_remark else [],
    }


@require_POST
def add(request, pk):
    article = get_object_or_404(Article.objects.visible_to(request.user).select_related("current_version"), pk=pk)
    remark = None
    with refusals_as_messages(request):
        remark = remarks.add(
            article,
            number_of(request.POST.get("paragraph"), default=-1),
            request.POST.get("text", ""),
            by=request.user,
            version=number_of(request.POST.get("version")),
        )
    return _answer(request, article, is_taken=remark is not None)


@require_POST
def change(request, pk):
    """Answer it, close it, or open it again: by the button that was pressed."""
    remark = get_object_or_404(
        ArticleRemark.objects.visible_to(request.user).select_related("article__current_version"), pk=pk
    )
    act = ACTS.get(request.POST.get("do", "answer"))
    if act is None:
        raise Http404
    is_taken = False
    with refusals_as_messages(request):
        act(remark, request.POST.get("text", ""), request.user)
        is_taken = True
    return _answer(request, remark.article, is_taken=is_taken)


ACTS = {
    "answer": lambda remark, text, by: remarks.answer(remark, text, by=by),
    "close": lambda remark, text, by: remarks.close(remark, text=text, by=by),
    "reopen": lambda remark, _text, by: remarks.reopen(remark, by=by),
}


def _answer(request, article, *, is_taken: bool):
    """The remarks as they are now. What was typed stays in its field unless it was taken."""
    if not request.htmx:
        return redirect("articles:detail", pk=article.pk)
    context = context_of(article, request.user)
    seen = number_of(request.POST.get("version"))
    context |= {"article": article, "is_swap": True} | ({"seen": seen, "is_beside_text": True} if seen else {})
    response = render(request, "articles/_paragraph_remarks.html", context)
    return trigger_client_event(response, "remark-taken") if is_taken else response
