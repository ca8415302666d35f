"""The readers: whom issues are sent to."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic import CreateView, ListView, UpdateView, View
from django.views.generic.edit import ModelFormMixin

from accounts.views.signing_in import RefusedIs422
from workflow import changes

from .. import holding
from ..forms import ReaderForm
from ..models import Reader
from .mailings import MANAGE


class ReaderList(PermissionRequiredMixin, ListView):
    permission_required = MANAGE
    paginate_by = 30

    def get_queryset(self):
        found = Reader.objects.matching(self.request.GET.get("q", "")).by_tier().select_related("unit", "user")
        return holding.marked(found)

    def get_context_data(self, **kwargs):
        return super().get_context_data(q=self.request.GET.get("q", ""), **kwargs)


class ReaderEdit(PermissionRequiredMixin, RefusedIs422, ModelFormMixin, View):
    permission_required = MANAGE
    model = Reader
    form_class = ReaderForm
    success_url = reverse_lazy("distribution:readers")

    @transaction.atomic
    def form_valid(self, form):
        is_new = form.instance.pk is None
        response = super().form_valid(form)
        changes.record_form(form, by=self.request.user, is_new=is_new)
        messages.success(self.request, _("%(reader)s is saved.") % {"reader": form.instance})
        return response


class ReaderCreate(ReaderEdit, CreateView):
    pass


class ReaderUpdate(ReaderEdit, UpdateView):
    def get_context_data(self, **kwargs):
        return super().get_context_data(held=holding.of_address(self.get_object().email), **kwargs)
