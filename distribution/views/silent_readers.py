"""Who never confirms, over all issues; and one reader's copies."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404
from django.views.generic import ListView

from .. import holding, silent_readers
from ..forms import SilentFilter
from ..models import Reader
from .mailings import VIEW
from .receipts import excel_response


class SilentReaders(PermissionRequiredMixin, ListView):
    permission_required = VIEW
    template_name = "distribution/silent_readers.html"
    paginate_by = 30

    def get_queryset(self):
        self.form = SilentFilter(self.request.GET)
        chosen = self.form.cleaned_data if self.form.is_valid() else {}
        self.mailings = silent_readers.counted_mailings(chosen.get("last") or silent_readers.LAST)
        return holding.marked(silent_readers.silent_readers(self.mailings, chosen.get("tier", "")))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            form=self.form, mailings=self.mailings, last=self.form["last"].value() or str(silent_readers.LAST), **kwargs
        )


class SilentReadersExcel(SilentReaders):
    def get(self, request, *args, **kwargs):
        return excel_response(silent_readers.xlsx(self.get_queryset()), silent_readers.title())


class ReaderCopies(PermissionRequiredMixin, ListView):
    """All copies of one reader, the newest first."""

    permission_required = VIEW
    template_name = "distribution/reader_copies.html"
    paginate_by = 30

    def get_queryset(self):
        self.reader = get_object_or_404(Reader.objects.select_related("unit"), pk=self.kwargs["pk"])
        return self.reader.deliveries.select_related("mailing__issue", "receipt").order_by(
            "-mailing__started_at", "-pk"
        )

    def get_context_data(self, **kwargs):
        held = holding.of_address(self.reader.email)
        return super().get_context_data(reader=self.reader, held=held, **kwargs)
