"""Who stands behind a printed line of the 报/送/发 lists; the groups of readers."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import CreateView, ListView, UpdateView, View
from django.views.generic.edit import ModelFormMixin

from accounts.views.answers import asked_next, refusals_as_messages
from accounts.views.signing_in import RefusedIs422
from issues.models import LINE_LENGTH
from workflow import changes

from .. import addressing
from ..forms import LineForm, ReaderGroupForm
from ..models import PrintedLine, ReaderGroup
from .mailings import MANAGE, may_manage


@require_http_methods(["GET", "HEAD", "POST"])
@may_manage
def line(request):
    """The line is named by its words, in the address: a list that is changed makes its rows anew."""
    text = request.GET.get("text", "").strip()
    if not 0 < len(text) <= LINE_LENGTH or not text.isprintable():
        return redirect("issues:recipient_lists")
    row = PrintedLine.objects.filter(text=text).select_related("changed_by").first()
    form = LineForm(request.POST or None, row=row, text=text)
    back = asked_next(request) or reverse("issues:recipient_lists")
    if request.method == "POST" and form.is_valid():
        with refusals_as_messages(request):
            addressing.tie(text, by=request.user, **form.cleaned_data)
            messages.success(request, _("Kept: who gets the issue for “%(line)s”.") % {"line": text})
        return redirect(back)
    following = request.POST.get("next") or request.GET.get("next", "")  # checked when it is followed
    context = {"form": form, "row": row, "text": text, "now": addressing.addressed([text])[0], "next": following}
    context["untie_fields"] = {"text": text, "next": following}
    return render(request, "distribution/line.html", context, status=422 if form.errors else 200)


@require_POST
@may_manage
def untie(request):
    with refusals_as_messages(request):
        addressing.untie(request.POST.get("text", ""), by=request.user)
    return redirect(asked_next(request) or "issues:recipient_lists")


class GroupList(PermissionRequiredMixin, ListView):
    permission_required = MANAGE
    model = ReaderGroup
    paginate_by = 30
    template_name = "distribution/groups.html"

    def get_queryset(self):
        return ReaderGroup.objects.annotate(line_count=Count("printed_lines")).order_by("name")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        sizes = addressing.sizes(context["object_list"])
        return context | {"groups": [(group, sizes[group.pk]) for group in context["object_list"]]}


class GroupEdit(PermissionRequiredMixin, RefusedIs422, ModelFormMixin, View):
    permission_required = MANAGE
    model = ReaderGroup
    form_class = ReaderGroupForm
    success_url = reverse_lazy("distribution:groups")

    def form_valid(self, form):
        is_new = form.instance.pk is None
        with transaction.atomic():
            answer = super().form_valid(form)
            changes.record_form(form, by=self.request.user, is_new=is_new)
        messages.success(self.request, _("%(group)s is saved.") % {"group": form.instance})
        return answer


class GroupCreate(GroupEdit, CreateView):
    pass


class GroupUpdate(GroupEdit, UpdateView):
    def get_context_data(self, **kwargs):
        lines = self.object.printed_lines.values_list("text", flat=True)
        return super().get_context_data(lines=list(lines), **kwargs)


@require_POST
@may_manage
def delete_group(request, pk):
    group = get_object_or_404(ReaderGroup, pk=pk)
    with refusals_as_messages(request):
        addressing.delete_group(group, by=request.user)
        messages.success(request, _("%(group)s is deleted.") % {"group": group})
        return redirect("distribution:groups")
    return redirect("distribution:group", group.pk)
