from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.answers import refusals_as_messages
from workflow import audit, chain

from . import first_steps, nightly, todo
from .forms import BulletinForm, FounderForm, LogFilter, topics
from .models import Upkeep

ADMINISTER = "accounts.administer"


def home(request):
    """What this person is asked to do, and below it what they watch."""
    request.todo = todo.counts(request.user)  # the menu's too
    tasks, total = todo.tasks(request.user, request.todo), sum(request.todo.values())
    context = {"tasks": tasks, "total": total, "more": max(0, total - len(tasks)), **todo.watched(request.user)}
    context["first_steps"] = first_steps.steps(request.user)
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


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request):
    """The first page of an empty office: its bulletin and its administrator. Whoever comes needs the code of the console."""
    if not first_steps.is_empty():
        return redirect("accounts:login")
    given = request.POST.get("code") or request.GET.get("code", "")
    if not first_steps.is_code(given):
        return render(request, "registration/begin_locked.html", status=403 if given else 200)
    data = request.POST or None
    bulletin, founder = BulletinForm(data), FounderForm(data)
    if request.method == "POST" and bulletin.is_valid() & founder.is_valid():
        with refusals_as_messages(request):
            user = first_steps.found(bulletin.save(commit=False), founder.save(commit=False))
            login(request, user, backend="accounts.backends.RoleBackend")
            messages.success(request, _("The office is set up. What comes next stands here."))
        return redirect("home")
    context = {"bulletin": bulletin, "founder": founder, "code": given}
    return render(request, "registration/begin.html", context, status=422 if bulletin.errors or founder.errors else 200)
