"""The issues in the making, the next one, and an issue's own settings and recipients."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.answers import refusals_as_messages

from .. import assembly, numbering, recipients
from ..forms import LinesForm, OpenIssueForm, SettingsForm
from ..models import Issue, IssueKind, Status
from .bulletins import current, of_current

form_view = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@permission_required("issues.assemble_issue", raise_exception=True)
def index(request):
    """Issues in the making, and the last ones issued."""
    issues = of_current(request, Issue.objects.for_desk(request.user)).with_counts()
    making = Paginator(issues.open().order_by("dated_on", "pk"), 30).get_page(request.GET.get("page"))
    context = {
        "page_obj": making,
        "last_issued": issues.issued().originals().with_amendments().newest_first()[:5],
        "void": issues.filter(status=Status.VOIDED).order_by("-updated_at")[:5],
    }
    return render(request, "issues/issue_list.html", context)


@form_view
@permission_required("issues.assemble_issue", raise_exception=True)
def create(request):
    bulletin = current(request)
    form = OpenIssueForm(request.POST or None)
    if bulletin and form.is_valid():
        issue = form.save(bulletin, by=request.user)
        messages.success(
            request, _("%(issue)s is begun. Its number is provisional until it is issued.") % {"issue": issue}
        )
        return redirect("issues:desk", pk=issue.pk)
    next_numbers = _next_numbers(bulletin, form)
    context = {"form": form, "bulletin": bulletin, "next_numbers": next_numbers}
    return render(request, "issues/issue_create.html", context, status=422 if form.errors else 200)


def _next_numbers(bulletin, form):
    if bulletin is None:
        return None
    day = form.fields["dated_on"].initial()
    return numbering.next_numbers(bulletin, IssueKind.REGULAR, day.year)


def _open_issue(request, pk):
    opened = Issue.objects.open().originals().for_desk(request.user)
    return get_object_or_404(opened.select_related("bulletin"), pk=pk)


@form_view
def settings(request, pk):
    issue = _open_issue(request, pk)
    form = SettingsForm(request.POST or None, instance=issue)
    if form.is_valid():
        with refusals_as_messages(request):
            form.save(by=request.user)
            messages.success(request, _("The settings are saved."))
        return redirect("issues:desk", pk=pk)
    context = {"form": form, "issue": Issue.objects.get(pk=pk), "is_empty": not issue.placements.exists()}
    return render(request, "issues/issue_settings.html", context, status=422 if form.errors else 200)


@require_safe
def history(request, pk):
    """Who moved and changed the issue, and what: newest first."""
    issue = get_object_or_404(Issue.objects.for_desk(request.user), pk=pk)
    events = issue.events.select_related("by").order_by("-at", "-pk")
    page_obj = Paginator(events, 50).get_page(request.GET.get("page"))
    return render(request, "issues/issue_history.html", {"issue": issue, "page_obj": page_obj})


@require_POST
def discard(request, pk):
    issue = get_object_or_404(Issue.objects.open().for_desk(request.user), pk=pk)
    with refusals_as_messages(request):
        numbering.discard(issue, by=request.user)
        messages.success(request, str(Issue.DISCARD.done))
        return redirect("issues:list")
    return redirect("issues:desk" if issue.edition else "issues:settings", pk=pk)


@form_view
def issue_recipients(request, pk):
    """The issue's copy beside the list valid on its day, and its own lines."""
    issue = _open_issue(request, pk)
    bound = request.method == "POST"
    form = LinesForm(data=request.POST) if bound else LinesForm(recipients.lines_of(issue.recipients.all()))
    if form.is_bound and "act" in request.POST:
        form.act(request.POST["act"])
    elif form.is_bound and form.is_valid():
        with refusals_as_messages(request):
            assembly.set_recipients(issue, form.lines, by=request.user)
            messages.success(request, _("The recipients of %(issue)s are saved.") % {"issue": issue})
        return redirect("issues:desk", pk=pk)
    template = "issues/_lines_form.html" if request.htmx else "issues/issue_recipients.html"
    context = _compared(issue) | {"issue": issue, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


def _compared(issue):
    valid = recipients.list_valid_on(issue.bulletin, issue.dated_on)
    own = recipients.lines_of(issue.recipients.all())
    comparison = recipients.compare(own, recipients.lines_of(valid.lines.all() if valid else []))
    return {"valid": valid, "comparison": comparison, "differs": recipients.differs(comparison)}


@require_POST
def update_recipients(request, pk):
    issue = _open_issue(request, pk)
    with refusals_as_messages(request):
        assembly.update_recipients(issue, by=request.user)
        messages.success(request, _("%(issue)s now has the list valid on its day.") % {"issue": issue})
    return redirect("issues:desk", pk=pk)
