"""Reminding the readers who have not confirmed: first whom and with which words, then the button; and until when."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views.answers import number_of, refusals_as_messages

from .. import receipt_table, reminders
from ..channels.email.letter import reminder_subject, sample
from ..forms import DeadlineForm, ReceiptFilter
from ..models import Mailing
from .mailings import may_manage

MOST_SHOWN = 1000


def _mailing(pk):
    return get_object_or_404(Mailing.objects.select_related("issue__bulletin", "issue__frozen"), pk=pk)


def _chosen(request, row):
    """The copies that the list of receipts showed."""
    form = ReceiptFilter(request.GET)
    return receipt_table.listed(row, **(form.cleaned_data if form.is_valid() else {}))


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def remind(request, pk):
    row = _mailing(pk)
    copies = _chosen(request, row)
    if request.method == "POST":
        left_out = [number_of(key) for key in request.POST.getlist("without")]
        shown_at = parse_datetime(request.POST.get("shown_at", ""))
        with refusals_as_messages(request):
            count = reminders.remind(row, copies.exclude(pk__in=left_out), by=request.user, shown_at=shown_at)
            messages.success(request, _("%(count)s readers are reminded.") % {"count": count})
        return redirect("distribution:receipts", row.pk)
    plan = reminders.plan(copies)
    context = {"mailing": row, "plan": plan, "shown": plan.ready[:MOST_SHOWN], "shown_at": timezone.now().isoformat()}
    context |= {"subject": reminder_subject(row), "text": sample(row, is_reminder=True)}
    return render(request, "distribution/remind.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def deadline(request, pk):
    row = _mailing(pk)
    form = DeadlineForm(request.POST or None, initial={"confirm_by": row.confirm_by, "remind_days": row.remind_days})
    if request.method == "POST" and form.is_valid():
        with refusals_as_messages(request):
            reminders.set_deadline(row, **form.cleaned_data, by=request.user)
            messages.success(request, _("The day by which to confirm is saved."))
        page = "remind" if request.GET.get("next") == "remind" else "receipts"
        return redirect(reverse(f"distribution:{page}", args=[row.pk]))
    context = {"mailing": row, "form": form}
    return render(request, "distribution/deadline.html", context, status=422 if form.errors else 200)
