from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.views.answers import refusals_as_messages
from workflow import audit, chain

from . import nightly, todo
from .forms import LogFilter, topics
from .models import Upkeep

ADMINISTER = "accounts.administer"


def home(request):
    """What this person is asked to do, and below it what they watch."""
    request.todo = todo.counts(request.user)  # the menu's too
    tasks, total = todo.tasks(request.user, request.todo), sum(request.todo.values())
    context = {"tasks": tasks, "total": total, "more": max(0, total - len(tasks)), **todo.watched(request.user)}
    return render(request, "home.html", context)


@require_safe
@permission_required(ADMINISTER, raise_exception=True)
def log(request):
    """All that happened, the newest first, and whether the chain was whole when it was last looked at."""
    form = LogFilter(request.GET)
    page_obj = Paginator(form.entries(), 50).get_page(request.GET.get("page"))
    names = topics()
    context = {
        "form": form,
        "page_obj": page_obj,
        "entries": [(entry, names.get(entry.topic, entry.source)) for entry in page_obj],
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "head": chain.last(),
        "waiting": audit.waiting_count(),
        "check": Upkeep.objects.filter(kind=Upkeep.Kind.LOG).first(),
    }
    return render(request, "log.html", context, status=200 if form.is_valid() else 422)


@require_POST
@permission_required(ADMINISTER, raise_exception=True)
def check_log(request):
    with refusals_as_messages(request):
        nightly.ask_for_log()
        messages.success(request, _("The log is being checked. The result appears here."))
    return redirect("log")
