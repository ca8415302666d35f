"""What the office has commissioned: the topics of a month, single stories, and who answers them."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import ListView

from accounts.views.answers import refusals_as_messages

from ..commissions import asking, changing
from ..forms import ChangeForm, CommissionFilter, CommissionForm
from ..forms.commissions import OVERDUE, after
from ..models import COMMISSION, Answer, Commission, Commissioned
from ..models.commission_moves import OVERDUE_LOOK

allowed = permission_required(COMMISSION, raise_exception=True)


class CommissionList(PermissionRequiredMixin, ListView):
    """A month's commissions with how many units have answered; narrowed to a state or a unit, the units' rows."""

    permission_required = COMMISSION
    raise_exception = True
    paginate_by = 30
    template_name = "articles/commission_list.html"

    def get_queryset(self):
        self.filter = CommissionFilter(self.request.GET)
        commissions = Commission.objects.of_month(self.filter.month) if self.filter.month else Commission.objects.all()
        self.rows = Commissioned.objects.filter(commission__in=commissions.order_by().values("pk"))
        if not self.filter.is_by_unit:
            return commissions.with_answers().order_by("kind", "due_on", "pk").reverse()
        rows = self.rows.with_reason().for_pages()
        if self.filter.chosen_unit:
            rows = rows.filter(unit=self.filter.chosen_unit)
        return rows.in_state(self.filter.state) if self.filter.state else rows

    def get_context_data(self, **kwargs):
        counts = self.rows.counted()
        looks = Commissioned.looks() | {OVERDUE: OVERDUE_LOOK}
        states = (Answer.ASKED, Answer.ACCEPTED, Answer.ANSWERED, OVERDUE, Answer.DECLINED, Answer.WITHDRAWN)
        month = self.filter.month
        return super().get_context_data(
            filter=self.filter,
            tabs=[(state, looks[state].word, counts[state]) for state in states if counts[state]],
            month=month,
            before=after(month, -1) if month else None,
            following=after(month) if month else None,
            overdue_elsewhere=Commissioned.objects.overdue().exclude(pk__in=self.rows.values("pk")).count()
            if month
            else 0,
            **kwargs,
        )


@allowed
def create(request):
    """A new commission; with ?kind=topic a topic of a month."""
    form = CommissionForm(request.POST or None, is_topic=request.GET.get("kind") == "topic")
    if request.method == "POST" and form.is_valid():
        with refusals_as_messages(request):
            commission = asking.ask(form.save(commit=False), form.cleaned_data["units"], by=request.user)
            count = commission.asked.count()
            words = _("“%(title)s” is commissioned from %(count)s units.")
            messages.success(request, words % {"title": commission, "count": count})
            return redirect("articles:commission", commission.pk)
    return render(request, "articles/commission_create.html", {"form": form})


@allowed
def change(request, pk):
    """What is wanted, until when: the units are told what was changed."""
    commission = get_object_or_404(Commission.objects.in_force(), pk=pk)
    form = ChangeForm(request.POST or None, instance=commission)
    status = 200
    if request.method == "POST":
        status = 422
        with refusals_as_messages(request):
            if form.is_valid():
                values = form.cleaned_data
                said = changing.change(commission, values, seen=values["seen"], by=request.user)
                words = _("It is changed, and the units are told: %(changes)s") % {"changes": "；".join(said)}
                messages.success(request, words if said else _("Nothing was changed."))
                return redirect("articles:commission", pk)
    present = Commission.objects.select_related("created_by").get(pk=pk)
    context = {"form": form, "commission": present, "seen": changing.mark(present)}
    return render(request, "articles/commission_change.html", context, status=status)


@require_safe
@allowed
def detail(request, pk):
    commission = get_object_or_404(Commission.objects.with_answers().select_related("created_by"), pk=pk)
    rows = list(commission.asked.with_reason().for_pages().order_by("unit__position", "unit_id"))
    may_withdraw = any(row.status in Commissioned.WITHDRAW.sources for row in rows) and not commission.withdrawn_on
    context = {"commission": commission, "rows": rows, "may_withdraw": may_withdraw}
    return render(request, "articles/commission_detail.html", context)


@require_POST
@allowed
def withdraw(request, pk):
    commission = get_object_or_404(Commission, pk=pk)
    with refusals_as_messages(request):
        count = asking.withdraw(commission, why=request.POST.get("note", ""), by=request.user)
        words = _("“%(title)s” is withdrawn from %(count)s units; they read the reason.")
        messages.success(request, words % {"title": commission, "count": count})
    return redirect("articles:commission", pk)
