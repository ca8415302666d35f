"""What is wanted of one unit: its list, the page of one commission, and what the unit and the office do there."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import ListView

from accounts.views.answers import asked_next, number_of, refusals_as_messages
from workflow.refusals import Refused

from ..commissions import answering, asking
from ..forms import ExtensionForm
from ..models import COMMISSION, WRITE, Article, Commissioned

TIED_AT_ONCE = 50
BY_HAND = {move.name: move for move in Commissioned.TRANSITIONS if move.done}


class UnitList(PermissionRequiredMixin, ListView):
    """What is, and was, wanted of the own unit: what is still to be done first."""

    permission_required = WRITE
    raise_exception = True
    paginate_by = 30
    template_name = "articles/commissioned_list.html"

    def get_queryset(self):
        return Commissioned.objects.of_unit(self.request.user).with_reason().for_pages().open_first()


@require_safe
def detail(request, pk):
    row = get_object_or_404(Commissioned.objects.visible_to(request.user).for_pages(), pk=pk)
    moves = [move.name for move in row.transitions_for(request.user) if move.done]
    may_write = row.is_open and row.may(Commissioned.ACCEPT, request.user)
    context = {
        "row": row,
        "commission": row.commission,
        "moves": moves,
        "may_write": may_write,
        "own": answering.tieable(request.user)[:TIED_AT_ONCE] if may_write and not row.article else [],
        "stories": _stories(row, request.user),
        "may_extend": row.is_open and request.user.has_perm(COMMISSION),
        "may_open_article": row.article_id
        and Article.objects.visible_to(request.user).filter(pk=row.article_id).exists(),
        "events": row.events.select_related("by").order_by("-pk"),
    }
    return render(request, "articles/commissioned_detail.html", context)


def _stories(row, user):
    """Those that the office may tie to it."""
    may_tie = user.has_perm(COMMISSION) and row.status in Commissioned.ATTACH.sources
    is_free = row.article is None or row.article.is_within_unit
    return answering.attachable(row, user)[:TIED_AT_ONCE] if may_tie and is_free else []


@require_POST
@permission_required(WRITE, raise_exception=True)
def begin(request, pk):
    """One click: the story is begun, and the editor open."""
    row = get_object_or_404(Commissioned.objects.of_unit(request.user), pk=pk)
    with refusals_as_messages(request):
        article = answering.begin(row, by=request.user)
        return redirect("articles:edit" if article.is_editable else "articles:detail", article.pk)
    return redirect("articles:commissioned", pk)


@require_POST
@permission_required(WRITE, raise_exception=True)
def tie(request, pk):
    """A story that the unit has already is the one."""
    row = get_object_or_404(Commissioned.objects.of_unit(request.user), pk=pk)
    return _tied(request, row, Article.objects.belonging_to(request.user), answering.tie)


@require_POST
@permission_required(COMMISSION, raise_exception=True)
def attach(request, pk):
    """The office says which story of the unit it is."""
    row = get_object_or_404(Commissioned, pk=pk)
    return _tied(request, row, Article.objects.visible_to(request.user), answering.attach)


def _tied(request, row, articles, act):
    """`act` ties the chosen one of these articles to the commission."""
    chosen = number_of(request.POST.get("article"))
    with refusals_as_messages(request):
        if chosen is None:
            raise Refused(_("Choose the story."))
        article = get_object_or_404(articles, pk=chosen)
        act(row, article, by=request.user)
        words = _("“%(title)s” is the story for “%(commission)s”.")
        messages.success(request, words % {"title": article, "commission": row})
    return redirect("articles:commissioned", row.pk)


@require_POST
@permission_required(COMMISSION, raise_exception=True)
def extend(request, pk):
    row = get_object_or_404(Commissioned, pk=pk)
    form = ExtensionForm(request.POST)
    with refusals_as_messages(request):
        if not form.is_valid():
            raise Refused(form.words)
        asking.extend(row, until=form.cleaned_data["until"], why=form.cleaned_data["note"], by=request.user)
        messages.success(request, _("The unit has longer for “%(title)s”, and reads the reason.") % {"title": row})
    return redirect("articles:commissioned", pk)


@require_POST
def transition(request, pk, name):
    """Accept, decline or withdraw."""
    move = BY_HAND.get(name)
    if move is None:
        raise Http404
    row = get_object_or_404(Commissioned.objects.visible_to(request.user), pk=pk)
    with refusals_as_messages(request):
        row.apply(move, by=request.user, note=request.POST.get("note", ""))
        messages.success(request, move.done % {"title": row})
    return redirect(asked_next(request) or reverse("articles:commissioned", args=[pk]))
