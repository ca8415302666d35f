"""The page on which the office edits its reasons."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.views.answers import refusals_as_messages

from .. import reasons
from ..models import Reason

allowed = permission_required(reasons.EDIT, raise_exception=True)


@require_safe
@allowed
def index(request):
    rows = list(Reason.objects.all())
    tables = [(act, [row for row in rows if row.act == act.value]) for act in Reason.Act]
    return render(request, "articles/reason_list.html", {"tables": tables})


@require_POST
@allowed
def add(request):
    with refusals_as_messages(request):
        reason = reasons.add(request.POST.get("act", ""), request.POST.get("label", ""), by=request.user)
        messages.success(request, _("“%(label)s” stands in the table.") % {"label": reason.label}, extra_tags="toast")
    return redirect("articles:reasons")


@require_POST
@allowed
def change(request, pk):
    """Save its label, move it, or put it out of use: by the button that was pressed."""
    reason = get_object_or_404(Reason, pk=pk)
    act = ACTS.get(request.POST.get("do", "save"))
    if act is None:
        raise Http404
    with refusals_as_messages(request):
        act(reason, request)
    return redirect("articles:reasons")


ACTS = {
    "save": lambda reason, request: reasons.rename(reason, request.POST.get("label", ""), by=request.user),
    "up": lambda reason, request: reasons.move(reason, -1, by=request.user),
    "down": lambda reason, request: reasons.move(reason, 1, by=request.user),
    "out": lambda reason, request: reasons.put_in_use(reason, False, by=request.user),
    "in": lambda reason, request: reasons.put_in_use(reason, True, by=request.user),
}
