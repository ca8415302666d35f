"""Closing a month: what will be frozen, and the button; reopening it; what an earlier closing had frozen."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Unit
from accounts.views.answers import refusals_as_messages

from .. import closing, standing
from ..models import CLOSE, VIEW, ClosedMonth, LedgerRun


@require_safe
@permission_required(VIEW, raise_exception=True)
def index(request):
    months = closing.open_months()
    month = _month(request.GET.get("month"), months)
    scores = standing.scores(month, month) if month else {}
    context = {
        "months": months,
        "month": month,
        "rows": _rows(scores),
        "fields": {"month": f"{month:%Y-%m}", "seen": closing.seen(month)} if month else {},
        "earlier": len([each for each in months if month and each < month]),
        "run": LedgerRun.objects.filter(pk=1).first(),
        "closed": ClosedMonth.objects.select_related("by", "reopening__by"),
        "last": ClosedMonth.objects.standing().order_by("-month").first(),
        "may_close": request.user.has_perm(CLOSE),
        "tab": "closing",
    }
    return render(request, "points/closing.html", context)


def _rows(scores):
    """Each unit of which something is told, in the printed order."""
    units = Unit.objects.filter(pk__in=scores).order_by("position", "pk")
    return [(unit, scores[unit.pk]) for unit in units if _says_something(scores[unit.pk])]


def _says_something(score):
    return bool(score.total or score.volume or score.missed or score.bonus or score.deducted)


def _month(text, months):
    """The one that the address names; without one the last that is over."""
    named = {f"{month:%Y-%m}": month for month in months}
    return named.get(text) or (months[0] if months else None)


@require_POST
@permission_required(CLOSE, raise_exception=True)
def close(request):
    text = request.POST.get("month", "")
    with refusals_as_messages(request):
        month = _month(text, closing.open_months()) if text else None
        closed = closing.close(month, by=request.user, as_seen=request.POST.get("seen", ""))
        messages.success(request, _("%(month)s is closed. It changes no more.") % {"month": closed})
    return redirect("points:closing")


@require_safe
@permission_required(VIEW, raise_exception=True)
def show(request, pk):
    """What this closing froze, also when the month was reopened since."""
    closed = get_object_or_404(ClosedMonth.objects.select_related("by", "reopening__by"), pk=pk)
    context = {"closed": closed, "month": closed.month, "rows": _rows(standing.frozen(closed)), "tab": "closing"}
    return render(request, "points/closed_month.html", context)


@require_POST
@permission_required(CLOSE, raise_exception=True)
def reopen(request, pk):
    closed = get_object_or_404(ClosedMonth, pk=pk)
    with refusals_as_messages(request):
        closing.reopen(closed, by=request.user, why=request.POST.get("note", ""))
        messages.success(
            request, _("%(month)s is open again. What was closed stays readable below.") % {"month": closed}
        )
    return redirect("points:closing")
