"""Addresses to which nothing is sent, and mails that came back."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import ListView

from accounts.views.answers import refusals_as_messages

from .. import holding
from ..bounces import filing, mailbox, postfix
from ..forms import HeldForm
from ..models import HeldAddress, ReturnedMail
from .mailings import MANAGE, may_manage


class HeldList(PermissionRequiredMixin, ListView):
    """Those that are held now; `show=past` those that were."""

    permission_required = MANAGE
    template_name = "distribution/held.html"
    paginate_by = 30

    def get_queryset(self):
        self.q, self.is_past = self.request.GET.get("q", ""), self.request.GET.get("show") == "past"
        rows = HeldAddress.objects.past() if self.is_past else HeldAddress.objects.current()
        return rows.matching(self.q).select_related("delivery__mailing__issue", "put_by", "taken_off_by")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(q=self.q, is_past=self.is_past, **kwargs)
        readers = holding.readers_at(row.address for row in context["object_list"])
        context["rows"] = [(row, readers.get(row.address, [])) for row in context["object_list"]]
        return context


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def hold(request):
    form = HeldForm(request.POST or None, initial={"address": request.GET.get("address", "")})
    if request.method == "POST" and form.is_valid():
        with refusals_as_messages(request):
            holding.add(**form.cleaned_data, by=request.user)
            messages.success(request, _("Nothing is sent to %(address)s any more.") % form.cleaned_data)
            return redirect("distribution:held")
    return render(request, "distribution/held_form.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@may_manage
def take_off(request, pk):
    row = get_object_or_404(HeldAddress, pk=pk)
    with refusals_as_messages(request):
        holding.take_off(row, by=request.user)
        messages.success(request, _("Mail goes to %(address)s again.") % {"address": row.address})
    return redirect("distribution:held")


class ReturnedList(PermissionRequiredMixin, ListView):
    """What nobody could make sense of, for a person to look at; `show=all` all that came."""

    permission_required = MANAGE
    template_name = "distribution/returned.html"
    paginate_by = 30

    def get_queryset(self):
        self.q, self.is_all = self.request.GET.get("q", ""), self.request.GET.get("show") == "all"
        rows = ReturnedMail.objects.all() if self.is_all else ReturnedMail.objects.waiting()
        return rows.matching(self.q).select_related("delivery__mailing__issue", "delivery__reader", "looked_by")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            q=self.q,
            is_all=self.is_all,
            waiting=ReturnedMail.objects.waiting().count(),
            sources=[mark for mark in (mailbox.mark(), postfix.mark()) if mark],
            is_set=mailbox.is_set(),
            **kwargs,
        )


@require_POST
@may_manage
def look(request, pk):
    """A person has looked at what was not recognised."""
    row = get_object_or_404(ReturnedMail, pk=pk)
    with refusals_as_messages(request):
        filing.look(row, by=request.user)
    query = {name: request.POST[name] for name in ("page", "q") if request.POST.get(name)}
    return redirect(f"{reverse('distribution:returned')}?{urlencode(query)}" if query else "distribution:returned")
