"""Before an issue goes out: the check page, a trial copy, a planned start, and the start itself."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.answers import refusals_as_messages
from issues.models import Issue
from workflow.refusals import Refused

from .. import addressing, mailing, planning, trials
from ..forms import PlanForm, StartForm
from ..models import Mailing
from .mailings import may_manage


def _issue(issue_pk):
    return get_object_or_404(Issue.objects.issued().select_related("bulletin", "frozen"), pk=issue_pk)


@require_safe
@may_manage
def prepare(request, issue_pk):
    issue = _issue(issue_pk)
    if sent := Mailing.objects.filter(issue=issue).first():
        return redirect("distribution:detail", sent.pk)
    context = {
        "issue": issue,
        "subject": mailing.subject_of(issue),
        "audience": mailing.audience(issue),
        "addressed": addressing.addressed(addressing.printed_lines(issue)),
        "problems": mailing.problems(issue),
        "trial": trials.last(issue, request.user),
        "planned": planning.last(issue),
        "form": StartForm(),
    }
    return render(request, "distribution/prepare.html", context)


@require_POST
@may_manage
def start(request, issue_pk):
    issue = _issue(issue_pk)
    form = StartForm(request.POST)
    with refusals_as_messages(request):
        if not form.is_valid():
            raise Refused(str(form.errors["confirm_by"][0]))
        started = mailing.start(issue, by=request.user, **form.cleaned_data)
        return redirect("distribution:detail", started.pk)
    return redirect("distribution:prepare", issue.pk)


@require_POST
@may_manage
def trial(request, issue_pk):
    issue = _issue(issue_pk)
    with refusals_as_messages(request):
        trials.request(issue, by=request.user)
    return redirect("distribution:prepare", issue.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def plan(request, issue_pk):
    issue = _issue(issue_pk)
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_as_messages(request):
            planning.plan(issue, **form.cleaned_data, by=request.user)
        return redirect("distribution:prepare", issue.pk)
    context = {"issue": issue, "form": form}
    return render(request, "distribution/plan.html", context, status=422 if form.errors else 200)


@require_POST
@may_manage
def call_off(request, issue_pk):
    issue = _issue(issue_pk)
    with refusals_as_messages(request):
        planning.call_off(issue, by=request.user)
        messages.success(request, _("The planned start is called off; nothing is sent."))
    return redirect("distribution:prepare", issue.pk)
