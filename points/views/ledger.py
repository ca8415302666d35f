"""The ledger: every entry with its article, its issue and its rule; and bringing it up to date."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Sum
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.views.answers import refusals_as_messages
from articles.models import Article
from issues.models import Issue

from .. import ledger
from ..forms import EntryFilter
from ..models import VIEW, ClosedMonth, Entry, LedgerRun

ROWS = 50


@require_safe
def index(request):
    """The office's list of all; a unit's people see their own unit's."""
    user = request.user
    if not (user.has_perm(VIEW) or user.has_perm("articles.write_article")):
        raise PermissionDenied
    entries = Entry.objects.visible_to(user)
    filter_form = EntryFilter(request.GET, entries=entries)
    found = filter_form.narrowed()
    rows = found.select_related("unit", "article", "issue__bulletin", "rule_set", "commissioned", "hand")
    page = Paginator(rows.prefetch_related("countered_by"), ROWS).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    context = {
        "filter": filter_form,
        "page_obj": page,
        "entries": shown,
        "sum": found.aggregate(sum=Sum("points"))["sum"] or 0,
        "openable": _openable(Article, "article_id", shown, user),
        "readable": _openable(Issue, "issue_id", shown, user),
        "closed": ClosedMonth.objects.last(),
        "is_office": user.has_perm(VIEW),
        "tab": "entries",
    }
    return render(request, "points/entry_list.html", context | _state(request))


def _openable(model, column, entries, user):
    """The keys on this page that the person may open."""
    keys = {getattr(entry, column) for entry in entries} - {None}
    return set(model.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


def _state(request):
    return {"run": LedgerRun.objects.filter(pk=1).first()}


@require_POST
@permission_required(VIEW, raise_exception=True)
def update(request):
    with refusals_as_messages(request):
        ledger.ask(by=request.user)
        messages.success(request, _("The ledger is being brought up to date."))
    return redirect("points:entries")


@require_safe
@permission_required(VIEW, raise_exception=True)
def state(request):
    """How far it is, asked for again until it has ended."""
    return render(request, "points/_ledger_state.html", _state(request))
