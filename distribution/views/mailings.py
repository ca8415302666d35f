"""Mailings: follow one, decide what the program may not."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import ListView

from accounts.views.answers import refusals_as_messages

from .. import holding, mailing, progress
from ..channels.email.letter import file_name, sample
from ..forms import AddressForm
from ..models import Delivery, Mailing, Reader

VIEW, MANAGE = "distribution.view_receipts", "distribution.manage_mailing"
HANDS_OVER = ("paper", "waiting")  # the lists in which copies are ticked
may_view = permission_required(VIEW, raise_exception=True)
may_manage = permission_required(MANAGE, raise_exception=True)


class MailingList(PermissionRequiredMixin, ListView):
    permission_required = VIEW
    paginate_by = 30

    def get_queryset(self):
        return Mailing.objects.select_related("issue__bulletin", "created_by").order_by("-started_at", "-pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(ready=mailing.ready_issues()[:10], **kwargs)
        progress.add_numbers(context["object_list"])
        return context


class MailingDetail(PermissionRequiredMixin, ListView):
    """The numbers, and below them the copies behind the chosen tile: what needs a person, if nothing is chosen."""

    permission_required = VIEW
    template_name = "distribution/mailing_detail.html"
    paginate_by = 30

    def get_queryset(self):
        self.mailing = get_object_or_404(
            Mailing.objects.select_related("issue__bulletin", "created_by"), pk=self.kwargs["pk"]
        )
        self.progress = progress.of(self.mailing)
        self.show = progress.tile(self.request.GET.get("show", ""), self.progress)
        return self.mailing.deliveries.shown_as(self.show).select_related("reader", "receipt").order_by("pk")

    def get_context_data(self, **kwargs):
        for delivery in (context := super().get_context_data(**kwargs))["object_list"]:
            delivery.advice = progress.advice(delivery)
        manages = self.request.user.has_perm(MANAGE)
        moves = self.mailing.transitions_for(self.request.user)
        return context | {
            "mailing": self.mailing,
            "progress": self.progress,
            "show": self.show,
            "heading": progress.HEADINGS[self.show],
            "hands_over": HANDS_OVER,
            "may_manage": manages,
            "moves": {move.name for move in moves},
            "newcomers": Reader.objects.without_copy_of(self.mailing.issue).count() if manages else 0,
        }


@require_safe
@may_view
def progress_box(request, pk):
    """The polled part of the page: 204 while it would show the same, the whole page anew when the state has changed."""
    row = get_object_or_404(Mailing.objects.select_related("issue"), pk=pk)
    current = progress.of(row)
    if request.GET.get("seen") == current.version:
        return HttpResponse(status=204)
    if request.GET.get("status") != row.status:
        return HttpResponse(headers={"HX-Refresh": "true"})
    show = progress.tile(request.GET.get("show", ""), current)
    return render(request, "distribution/_progress.html", {"mailing": row, "progress": current, "show": show})


def _move(request, pk, transition):
    row = get_object_or_404(Mailing, pk=pk)
    with refusals_as_messages(request):
        row.apply(transition, by=request.user)
    return redirect("distribution:detail", row.pk)


@require_POST
@may_manage
def pause(request, pk):
    return _move(request, pk, Mailing.PAUSE)


@require_POST
@may_manage
def resume(request, pk):
    return _move(request, pk, Mailing.RESUME)


@require_safe
@may_view
def letter(request, pk):
    """The letter as it goes out, without anybody's link."""
    row = get_object_or_404(Mailing.objects.select_related("issue__bulletin", "issue__frozen"), pk=pk)
    context = {"mailing": row, "attached": file_name(row.issue), "text": sample(row)}
    return render(request, "distribution/letter_preview.html", context)


def _is_key(text):
    return text.isascii() and text.isdecimal() and len(text) < 19


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def add(request, pk):
    """Send the issue to readers who have no copy yet."""
    row = get_object_or_404(Mailing.objects.select_related("issue"), pk=pk)
    newcomers = Reader.objects.without_copy_of(row.issue).by_tier()
    if request.method == "POST":
        chosen = newcomers.filter(pk__in=[key for key in request.POST.getlist("reader") if _is_key(key)])
        with refusals_as_messages(request):
            count = mailing.add(row, chosen, by=request.user)
            messages.success(request, _("The issue goes to %(count)s further readers.") % {"count": count})
            return redirect("distribution:detail", row.pk)
    return render(request, "distribution/add.html", {"mailing": row, "readers": newcomers[:500]})


@require_POST
@may_manage
def hand_over(request, pk):
    """Mark the ticked copies on paper as handed over."""
    row = get_object_or_404(Mailing, pk=pk)
    ticked = row.deliveries.filter(pk__in=[key for key in request.POST.getlist("delivery") if _is_key(key)])
    with refusals_as_messages(request):
        count = mailing.hand_over_many(ticked, by=request.user)
        messages.success(request, _("%(count)s copies are marked as handed over.") % {"count": count})
    return redirect(reverse("distribution:detail", args=[row.pk]) + "?show=paper")


@require_POST
@may_manage
def act(request, pk, act):
    if act not in mailing.ACTS:
        raise Http404
    delivery, chosen = get_object_or_404(Delivery, pk=pk), mailing.ACTS[act]
    with refusals_as_messages(request):
        chosen.do(delivery, by=request.user)
        messages.success(request, str(chosen.done))
    if "stay" in request.POST:
        return redirect("distribution:delivery", delivery.pk)
    if "receipts" in request.POST:
        return redirect("distribution:receipts", delivery.mailing_id)
    return redirect("distribution:detail", delivery.mailing_id)


def delivery_or_404(pk):
    return get_object_or_404(Delivery.objects.select_related("mailing__issue", "reader", "receipt"), pk=pk)


@require_safe
@may_view
def delivery_detail(request, pk):
    delivery = delivery_or_404(pk)
    context = {
        "delivery": delivery,
        "advice": progress.advice(delivery),
        "events": (events := list(delivery.events.select_related("by"))),
        "found_out": progress.found_out(events),
        "held": holding.of_address(delivery.address),
        "accesses": delivery.access_logs.select_related("user")[:50],
        "may_manage": request.user.has_perm(MANAGE),
        "stay": {"stay": "1"},
    }
    return render(request, "distribution/delivery_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def readdress(request, pk):
    delivery = delivery_or_404(pk)
    # The reader's may have been changed since.
    known = delivery.reader.email or delivery.address
    form = AddressForm(request.POST or None, initial={"address": known})
    if request.method == "POST" and form.is_valid():
        with refusals_as_messages(request):
            mailing.send_to(delivery, form.cleaned_data["address"], by=request.user)
        return redirect("distribution:detail", delivery.mailing_id)
    context = {"delivery": delivery, "form": form}
    return render(request, "distribution/readdress.html", context, status=422 if form.errors else 200)
