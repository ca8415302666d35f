"""Past issues brought in the browser: files chosen, read by a worker, looked over beside their text, stored."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Unit
from accounts.views.answers import as_it_came, number_of, refusals_as_messages

from .. import proofs
from ..forms import PastHeadForm, initial_of
from ..models import Issue, PastFile
from ..past import drafts, intake, taking_back
from ..past.reading import LARGEST_FILE
from .bulletins import current

FILES, MOST_AT_ONCE = 50, 50  # on a page; without a script, in one request

editors_only = permission_required("issues.assemble_issue", raise_exception=True)


def _file(request, pk):
    files = PastFile.objects.visible_to(request.user)
    return get_object_or_404(files.select_related("issue", "uploaded_by", "checked_by"), pk=pk)


@require_safe
@editors_only
def index(request):
    """All files with what was read of them; the part with them comes anew while a worker is at them."""
    files = PastFile.objects.visible_to(request.user)
    sums = files.aggregate(
        all=Count("pk"),
        queued=Count("pk", Q(state=PastFile.State.QUEUED)),
        storing=Count("pk", Q(confirmed_at__isnull=False, issue=None)),
        stored=Count("pk", Q(issue__isnull=False)),
        last=Max("ready_at"),
    )
    sums["read"] = sums["all"] - sums["queued"]
    state = "{all}-{queued}-{storing}-{stored}".format(**sums)
    if request.htmx and request.GET.get("have") == state:
        return HttpResponse(status=204)
    page_obj = Paginator(files.select_related("issue").defer("draft"), FILES).get_page(request.GET.get("page"))
    intake.mark_taken(page_obj)
    oldest = files.waiting().first() if sums["queued"] else None
    context = {
        "page_obj": page_obj,
        "sums": sums,
        "sure": files.sure().count(),
        "state": state,
        "largest": LARGEST_FILE,
        "is_at_work": bool(sums["queued"] or sums["storing"]),
        "is_worker_missing": oldest is not None and proofs.is_worker_missing(oldest),
    }
    return render(request, "issues/_past_files.html" if request.htmx else "issues/past_files.html", context)


@require_POST
@editors_only
def upload(request):
    """A script sends them one by one and gets JSON."""
    answers = [_take_in(request, file) for file in request.FILES.getlist("files")[:MOST_AT_ONCE]]
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"files": answers})
    if not answers:
        messages.error(request, _("Please choose files first."))
    for answer in answers:
        if answer["refusal"]:
            messages.error(request, answer["refusal"])
    return redirect("issues:past_files")


def _take_in(request, file):
    refusal = intake.take_in(file, bulletin=current(request), by=request.user)
    return {"name": str(file.name), "refusal": refusal, "taken": "" if refusal else _("uploaded"), "url": ""}


@require_safe
@editors_only
def show(request, pk):
    """The rows that were read, each beside its lines in the file, to be put right; or why it was not read."""
    asked = _file(request, pk)
    if not asked.is_ready:
        return render(request, "issues/past_file.html", {"asked": asked})
    form = PastHeadForm(initial=initial_of(asked.draft))
    return _page(request, asked, form, asked.draft)


def _page(request, asked, form, draft, status=200):
    intake.mark_taken([asked])
    rows = drafts.shown(draft)
    context = {
        "asked": asked,
        "form": form,
        "rows": rows,
        "unsure": [(number, row["first"]) for number, row in enumerate(rows) if row["unsure"]],
        "whole": [(words, is_note) for words, is_note in drafts.whole(draft) if is_note or not asked.checked_at],
        "kinds": drafts.KINDS.items(),
        "units": Unit.objects.order_by("name").values_list("name", flat=True),
        "may_change": asked.issue_id is None and not asked.is_storing,
    }
    return render(request, "issues/past_file.html", context, status=status)


@require_POST
@editors_only
def mend(request, pk):
    """Save what was put right, and store it when asked to. What was typed comes back when it can't be saved."""
    asked = _file(request, pk)
    if not asked.is_ready:
        return redirect("issues:past_file", pk=pk)
    form = PastHeadForm(request.POST)
    if form.is_valid():
        with refusals_as_messages(request):
            seen = number_of(request.POST.get("seen"), 0)
            asked = intake.mend(asked, request.POST, form.cleaned_data, seen=seen, by=request.user)
            return _saved(request, asked)
    typed = asked.draft | {"rows": drafts.rows_from(request.POST)}
    return _page(request, _file(request, pk), form, typed, status=422 if form.errors else 409)


def _saved(request, asked):
    if request.POST.get("do") != "store":
        messages.success(request, _("“%(name)s” is saved, and counts as looked over.") % {"name": asked.name})
        return redirect("issues:past_file", pk=asked.pk)
    if asked.fault:
        messages.error(request, _("Saved, but not in the archive yet; what is missing stands below."))
        return redirect("issues:past_file", pk=asked.pk)
    with refusals_as_messages(request):
        issue = intake.store(asked, by=request.user)
        messages.success(request, _("%(issue)s is in the archive.") % {"issue": issue})
        return redirect("issues:past_files")
    return redirect("issues:past_file", pk=asked.pk)


@require_POST
@editors_only
def store_sure(request):
    with refusals_as_messages(request):
        count = intake.confirm(PastFile.objects.visible_to(request.user), by=request.user)
        messages.success(request, _("%(count)s issues are on their way into the archive.") % {"count": count})
    return redirect("issues:past_files")


@require_POST
@editors_only
def remove(request, pk):
    asked = _file(request, pk)
    with refusals_as_messages(request):
        intake.remove(asked, by=request.user)
        messages.success(request, _("“%(name)s” is removed.") % {"name": asked.name})
    return redirect("issues:past_files")


@require_safe
@editors_only
def original(request, pk):
    """The file as it came, never opened by the browser."""
    asked = _file(request, pk)
    return as_it_came(asked.file, asked.name)


@require_POST
@editors_only
def take_back(request, pk):
    """Out of the archive again, while nothing refers to it."""
    issue = get_object_or_404(Issue.objects.issued().visible_to(request.user), pk=pk)
    with refusals_as_messages(request):
        taking_back.take_back(issue, by=request.user)
        messages.success(request, _("%(issue)s is taken back. Its file is here again.") % {"issue": issue})
        return redirect("issues:past_files")
    return redirect("issues:detail", pk=pk)
