"""One article: what it says now or said in a version, and the moves a person makes on it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views.answers import asked_next, number_of, refusals_as_messages
from workflow.refusals import Refused

from .. import checks, confirming, exempting, progress, review, revision, versions
from ..duplicates import showing
from ..forms import DecisionForm
from ..models import Article, ArticleEvent, Correction, Kind, Reason, UnitConfirmation
from ..pieces import numbered
from . import proofreading, remarks
from .versions import NOW

# The moves that have a place of their own on a page; any other is a button among the decisions.
PLACED_MOVES = (
    *(Article.SUBMIT, Article.ASK_APPROVAL, Article.APPROVE, Article.SEND_BACK, Article.WITHDRAW),
    *(Article.ACCEPT, Article.RETURN, Article.DECLINE, Article.HOLD, Article.DISCARD, Article.RESTORE),
)


def _moves_by_hand() -> dict:
    """What a person decides on a page of this app; the other moves are part of acts on an issue."""
    return {move.name: move for move in Article.TRANSITIONS if move.done}


def detail(request, pk):
    article = get_object_or_404(Article.objects.visible_to(request.user).for_pages(), pk=pk)
    is_own = article.belongs_to(request.user)
    every = list(article.events.select_related("by", "version"))
    events = [event for event in every if event.is_told_to(request.user)]
    moves = [move for move in article.transitions_for(request.user) if move.done]
    shown = article if is_own or not article.current_version else article.current_version
    context = {
        "article": article,
        "shown": shown,
        "pictures": shown.pictures(),
        "events": events[::-1],
        "steps": progress.steps(article, every),
        "versions": article.versions.visible_to(request.user).named().order_by("-number"),
        "source_files": article.source_files.all(),
        "moves": {move.name: move for move in moves},
        "further_moves": [move for move in moves if move not in PLACED_MOVES],
        "is_own": is_own,
        "is_written": is_own and article.is_editable,
        "decision_fields": {"version": article.current_version_id or ""},
        "approvers": article.asked_to_approve() if article.is_awaiting else [],
        "findings": checks.check(article, article.photos()) if Article.APPROVE in moves else [],
        "decision": _decision(article, events),
        "matches": showing.matches_of(article, request.user),
        "unit_names": "、".join(unit.short_name for unit in article.credited()),
    }
    context |= _confirmations(request.user, article) | remarks.context_of(article, request.user)
    if context["may_remark"] or context["remarks"]:
        context |= {"numbered": numbered(shown.html), "is_beside_text": True}
    context |= _for_the_office(request.user, article)
    if context.get("is_reviewer") and article.status in exempting.IN_HAND or Article.APPROVE in moves:
        context |= proofreading.context_of(article, request.user)
    judges = article.is_in_review and request.user.has_perm(Article.REVIEW) or Article.APPROVE in moves
    context |= _changes(request, article, events, judges=judges, to_agree=context.get("to_agree", []))
    return render(request, "articles/article_detail.html", context)


def _changes(
    request: HttpRequest, article: Article, events: list[ArticleEvent], *, judges: bool, to_agree: list[Correction]
) -> dict[str, Any]:
    """What changed since the article was last handed in or judged, or since it was reviewed where this person has to agree
    to that. Who judges it or has to agree sees it first, others when they ask."""
    is_written = article.is_editable and article.belongs_to(request.user)
    after = article if is_written else article.current_version
    before = versions.before_of(after, events) if after else None
    if to_agree:
        before = article.versions.filter(number__lt=to_agree[0].version.number).last()
    if after is None or before is None:
        return {}
    comparison = versions.compare_texts(before, after)
    shows_first = to_agree or judges and comparison.places
    shows = request.GET.get("show", "changes" if shows_first else "text") == "changes"
    names = {"a": before.number, "b": NOW if isinstance(after, Article) else after.number}
    return {"before": before, "comparison": comparison, "shows_changes": shows, "compared": urlencode(names)}


def _confirmations(user, article: Article) -> dict[str, Any]:
    """What the unit was asked and said; its remarks on the present version stay beside the office's decision."""
    found = [(each, confirming.remarks_of(each)) for each in article.confirmations.for_page()]
    return {
        "confirmations": found,
        "open_remarks": [remark for each, remarks in found if each.is_valid for remark in remarks],
        "asked_of_me": UnitConfirmation.objects.asked_of(user).filter(article=article).first() if found else None,
    }


def _decision(article: Article, events: list[ArticleEvent]) -> ArticleEvent | None:
    """Why it is declined, merged, kept for later or made a brief, and who is to be asked."""
    if article.is_declined or article.is_merged or article.is_held:
        return next(event for event in reversed(events) if event.to_status == article.status)
    if article.kind == Kind.BRIEF:
        return next((event for event in reversed(events) if event.made_a_brief), None)
    return None


def _for_the_office(user, article) -> dict:
    """What the decision bar needs."""
    if not user.has_perm("articles.review_article"):
        return {}
    may_not_judge = review.refusal(article, user) if article.is_in_review else ""
    context = {
        "is_reviewer": True,
        "may_ask_unit": confirming.may_be_asked(article),
        "may_revise": article.is_revisable and not revision.refusal(article, user),
        "may_not_judge": may_not_judge,
        "reasons": Reason.objects.filter(is_used=True) if article.status in Article.DECLINE.sources else [],
        "tomorrow": timezone.localdate() + timedelta(days=1),
        "findings": checks.check(article, article.photos()) if article.is_in_review else [],
    }
    context["stand_ins"] = article.stand_ins()
    context["may_ratify"] = bool(context["stand_ins"]) and article.to_ratify(user) is not None
    context["corrections"] = list(article.corrections.open().select_related("person", "version"))
    if context["corrections"] and article.status in Article.REVIEWED:
        context["to_agree"] = list(article.corrections.to_agree(user).select_related("version"))
    if article.is_in_review and not may_not_judge:
        context["place"] = review.neighbours(article, Article.objects.waiting_for(user))
    return context


@require_POST
@permission_required(Article.REVIEW, raise_exception=True)
def agree(request, pk):
    """To what others changed after the review."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=pk)
    with refusals_as_messages(request):
        review.agree(article, by=request.user, version=number_of(request.POST.get("version")))
        messages.success(request, _("You have agreed to the changes in “%(title)s”.") % {"title": article.flat_title})
        return redirect(asked_next(request) or article_url(article))
    return redirect(article_url(article))


@require_POST
@permission_required(Article.REVIEW, raise_exception=True)
def ratify(request, pk):
    """Take the step in which somebody had stood in."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=pk)
    with refusals_as_messages(request):
        review.ratify(article, by=request.user, version=number_of(request.POST.get("version")))
        messages.success(request, _("You have confirmed the review of “%(title)s”.") % {"title": article.flat_title})
    return redirect(article_url(article))


@require_POST
def transition(request, pk, name):
    """Every move of an article that a person decides; `version` is what was on the screen of a reviewer."""
    move = _moves_by_hand().get(name)
    if move is None:
        raise Http404
    articles = Article.objects
    found = articles.discarded_by(request.user) if move == Article.RESTORE else articles.visible_to(request.user)
    article = get_object_or_404(found, pk=pk)
    following = _following(request.user, article) if move.permission == Article.REVIEW else None
    with refusals_as_messages(request):
        if review.is_decision(move):
            _decide(request, article, move)
        else:
            article.apply(move, by=request.user, note=request.POST.get("note", ""))
        messages.success(request, move.done % {"title": article.flat_title}, extra_tags=_undo(article, move))
        return redirect(_next(request, article, move, following))
    return redirect(article_url(article))


def _decide(request, article, move):
    form = DecisionForm(request.POST, decision=move.name)
    if not form.is_valid():
        raise Refused(form.words)
    version, note = number_of(request.POST.get("version")), form.cleaned_data["note"]
    review.decide(article, move, by=request.user, version=version, note=note, **form.details)


def _following(user, article) -> int | None:
    """Asked before the move: after it the article has no place in the queue any more."""
    return review.neighbours(article, Article.objects.waiting_for(user))["next"]


def _undo(article, move) -> str:
    """The button of the message that takes the move back, where one click does."""
    return (
        f"toast undo={reverse('articles:transition', args=[article.pk, 'restore'])}" if move == Article.DISCARD else ""
    )


def article_url(article) -> str:
    return reverse("articles:detail", args=[article.pk])


def _next(request, article, move, following: int | None) -> str:
    """Where the page asked to go; otherwise a reviewer gets the article that followed in the queue, the unit its article."""
    if asked := asked_next(request):
        return asked
    if move == Article.DISCARD:
        return reverse("articles:list")
    if move in (Article.WITHDRAW, Article.RESTORE):
        return reverse("articles:edit", args=[article.pk])
    if move in (Article.RECONSIDER, Article.RESUME, Article.RELEASE):
        return article_url(article)
    if move.permission == Article.REVIEW:
        return reverse("articles:detail", args=[following]) if following else reverse("articles:queue")
    return article_url(article)
