"""The list behind the bell, and how soon one is told by mail."""

from django.contrib.messages.views import SuccessMessageMixin
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import ListView, UpdateView

from .. import notices
from ..forms import NoticesForm
from ..models import Notice, User
from .answers import SignedInRequest
from .signing_in import RefusedIs422


class NoticeList(ListView):
    """What this person was told, the newest first."""

    request: SignedInRequest
    paginate_by = 30
    template_name = "registration/notices.html"

    def get_queryset(self):
        return Notice.objects.filter(user=self.request.user).select_related("by")


@require_POST
def open_notice(request, pk):
    """To the place it is about. It is read by that."""
    notice = get_object_or_404(request.user.notices, pk=pk)
    notices.mark_read(request.user.notices.filter(pk=pk))
    return redirect(notice.url)


@require_POST
def read_all(request):
    notices.mark_read(request.user.notices)
    return redirect("accounts:notices")


class NoticeChoices(RefusedIs422, SuccessMessageMixin, UpdateView):
    model = User
    form_class = NoticesForm
    template_name = "registration/notice_choices.html"
    success_url = reverse_lazy("accounts:notices")
    success_message = _("Saved. It holds for what comes from now on.")

    def get_object(self, queryset=None):
        return User.objects.get(pk=self.request.user.pk)
