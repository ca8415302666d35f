"""Recipient lists: the versions in time, one version, its lines, two versions side by side."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.views.answers import refusals_as_messages

from .. import recipients
from ..forms import LinesForm, NewListForm
from ..models import Issue, RecipientList
from .answers import number_in
from .bulletins import current, of_current
from .issues import form_view

allowed = permission_required("issues.manage_recipient_lists", raise_exception=True)


def _lists():
    return RecipientList.objects.select_related("bulletin", "created_by")


def _valid_today(request):
    bulletin = current(request)
    return recipients.list_valid_on(bulletin, timezone.localdate()) if bulletin else None


@require_safe
@allowed
def index(request):
    """The timeline, with the list that holds today."""
    return _show(request, _valid_today(request))


@require_safe
@allowed
def detail(request, pk):
    return _show(request, get_object_or_404(_lists(), pk=pk))


def _show(request, shown):
    versions = of_current(request, _lists()).annotate(line_count=Count("lines")).order_by("-valid_from")
    used = recipients.issues_under(shown) if shown else Issue.objects.none()
    context = {
        "shown": shown,
        "lines": LinesForm(recipients.lines_of(shown.lines.all())) if shown else None,
        "page_obj": Paginator(versions, 30).get_page(request.GET.get("page")),
        "current": _valid_today(request),
        "following": recipients.next_version(shown) if shown else None,
        "used": used[:12],
        "used_count": used.count(),
        "bulletin": current(request),
    }
    return render(request, "issues/recipientlist_list.html", context)


@form_view
@allowed
def create(request):
    bulletin = current(request)
    if bulletin is None:
        raise Http404
    form = NewListForm(request.POST or None)
    new = form.save(bulletin, by=request.user) if form.is_valid() else None
    if new:
        messages.success(request, _("The new list is a copy. Change its lines here."))
        return redirect("issues:recipient_list_edit", pk=new.pk)
    return render(request, "issues/recipientlist_create.html", {"form": form}, status=422 if form.errors else 200)


@form_view
@allowed
def edit(request, pk):
    """One text row per entry. The row buttons come back as `act` and change the form only."""
    shown = get_object_or_404(_lists(), pk=pk)
    bound = request.method == "POST"
    form = LinesForm(data=request.POST) if bound else LinesForm(recipients.lines_of(shown.lines.all()))
    if bound and "act" in request.POST:
        form.act(request.POST["act"])
    elif bound and form.is_valid():
        recipients.set_lines(shown, form.lines, by=request.user)
        messages.success(request, _("The list is saved."))
        return redirect("issues:recipient_list", pk=pk)
    template = "issues/_lines_form.html" if request.htmx else "issues/recipientlist_edit.html"
    context = {"form": form, "shown": shown, "used_count": recipients.issues_under(shown).issued().count()}
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
@allowed
def delete(request, pk):
    shown = get_object_or_404(_lists(), pk=pk)
    with refusals_as_messages(request):
        recipients.delete(shown, by=request.user)
        messages.success(request, _("The list is deleted."))
        return redirect("issues:recipient_lists")
    return redirect("issues:recipient_list", pk=pk)


@require_safe
@allowed
def compare(request):
    """Two versions, `a` the older one and `b`; without them the two newest."""
    versions = list(of_current(request, _lists()))
    by_pk = {version.pk: version for version in versions}
    newest = versions[0] if versions else None
    after = by_pk.get(number_in(request.GET, "b"), newest)
    before = by_pk.get(number_in(request.GET, "a"), versions[1] if len(versions) > 1 else newest)
    rows = []
    if before and after:
        rows = recipients.compare(recipients.lines_of(before.lines.all()), recipients.lines_of(after.lines.all()))
    context = {
        "versions": versions,
        "before": before,
        "after": after,
        "comparison": rows,
        "differs": recipients.differs(rows),
    }
    return render(request, "issues/recipientlist_compare.html", context)
