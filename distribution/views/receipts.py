"""Receipts: the list of an issue's, on paper and in Excel, and those that the office enters."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods
from django.views.generic import ListView

from accounts.views.answers import refusals_as_messages
from issues import redlines

from .. import receipt_table, receipts, reminders
from ..forms import EnterReceiptForm, ReceiptFilter
from ..models import Mailing
from .mailings import MANAGE, VIEW, delivery_or_404, may_manage

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def excel_response(content, title):
    header = content_disposition_header(as_attachment=True, filename=f"{title}.xlsx")
    return HttpResponse(content, content_type=EXCEL, headers={"Content-Disposition": header})


class ReceiptList(PermissionRequiredMixin, ListView):
    permission_required = VIEW
    template_name = "distribution/receipts.html"
    paginate_by: int | None = 30

    def get_queryset(self):
        self.mailing = get_object_or_404(Mailing.objects.select_related("issue"), pk=self.kwargs["pk"])
        self.form = ReceiptFilter(self.request.GET)
        chosen = self.form.cleaned_data if self.form.is_valid() else {}
        return receipt_table.listed(self.mailing, **chosen)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            mailing=self.mailing,
            numbers=(numbers := self.mailing.deliveries.numbers()),
            missing=numbers["all"] - numbers["confirmed"],
            form=self.form,
            last_round=reminders.last_round(self.mailing),
            may_manage=self.request.user.has_perm(MANAGE),
            **kwargs,
        )


class ReceiptSheet(ReceiptList):
    """All rows on one page, to be printed."""

    template_name = "distribution/receipts_print.html"
    paginate_by = None

    def get_context_data(self, **kwargs):
        return super().get_context_data(now=timezone.now(), **kwargs)


class ReceiptExcel(ReceiptList):
    """All rows as an Excel file."""

    def get(self, request, *args, **kwargs):
        copies = self.get_queryset()
        return excel_response(receipt_table.xlsx(self.mailing, copies), receipt_table.title(self.mailing))


class ReceiptPdf(ReceiptSheet):
    """All rows as a PDF, which a worker makes."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        self.object_list = self.get_queryset()
        name = receipt_table.title(self.mailing)
        page = render_to_string("distribution/receipts_page.html", self.get_context_data(title=name))
        shown_at = reverse("distribution:receipts", args=[self.mailing.pk])
        asked = redlines.request_page(page, f"{name}.pdf", by=request.user, shown_at=shown_at)
        return redirect("issues:redline", asked.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def enter_receipt(request, pk):
    delivery = delivery_or_404(pk)
    form = EnterReceiptForm(request.POST or None, issued_on=delivery.mailing.issue.dated_on)
    if request.method == "POST" and form.is_valid():
        with refusals_as_messages(request):
            receipts.enter(delivery, **form.cleaned_data, by=request.user)
        return redirect("distribution:receipts", delivery.mailing_id)
    context = {"delivery": delivery, "form": form}
    return render(request, "distribution/enter_receipt.html", context, status=422 if form.errors else 200)
