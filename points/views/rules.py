"""Sets of rules: those that are and were in force, the examples, and a new one with what it would have meant."""

from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.forms.models import model_to_dict
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Unit
from accounts.views.answers import number_of, refusals_as_messages

from .. import rules, standing
from ..examples import EXAMPLES
from ..forms import RuleSetForm
from ..models import EDIT_RULES, VIEW, ClosedMonth, RuleSet
from ..months import first_of, last_quarter, shifted
from ..ranges import Range
from ..valuing import plain


@require_safe
@permission_required(VIEW, raise_exception=True)
def index(request):
    sets = RuleSet.objects.select_related("by").all()
    known = rules.Rules(list(sets))
    context = {
        "sets": sets,
        "in_force": known.in_force(timezone.localdate()) if known else None,
        "examples": EXAMPLES.values(),
        "tab": "rules",
    }
    return render(request, "points/rules.html", context)


@require_safe
@permission_required(VIEW, raise_exception=True)
def show(request, pk):
    found = get_object_or_404(RuleSet.objects.select_related("by"), pk=pk)
    form = RuleSetForm(instance=found, initial=model_to_dict(found))
    return render(request, "points/rules_show.html", {"rules": found, "parts": _said(form)})


def _said(form):
    """Heading -> label and value of each rule, as people read them."""
    return [(heading, [(bound.label, _words(form, bound)) for bound in bounds]) for heading, bounds in form.parts]


def _words(form, bound):
    value = bound.value()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, ""):
        return "—"
    choices = getattr(form.fields[bound.name], "choices", None)
    return dict(choices).get(value, value) if choices else _number(value)


def _number(value):
    return plain(value) if isinstance(value, Decimal) else value


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(EDIT_RULES, raise_exception=True)
def add(request):
    """Begun from an example or from another set. 试算 shows the last quarter under it and stores nothing."""
    if request.method != "POST":
        form = RuleSetForm(instance=_begun(request), initial={"valid_from": _first_month()})
        return render(request, "points/rules_form.html", {"form": form})
    form = RuleSetForm(request.POST)
    context = {"form": form}
    if form.is_valid():
        if request.POST.get("act") == "preview":
            context |= _preview(form.instance)
        else:
            with refusals_as_messages(request):
                added = rules.add(form.instance, by=request.user)
                words = _("“%(name)s” is in force from %(month)s. Open months are entered anew under it.")
                month = f"{added.valid_from.year}年{added.valid_from.month}月"
                messages.success(request, words % {"name": added, "month": month})
                return redirect("points:rules")
    return render(request, "points/rules_form.html", context, status=422 if form.errors else 200)


def _begun(request):
    """What the form begins with: a copy, which nothing ties to where it came from."""
    if slug := request.GET.get("example"):
        if slug not in EXAMPLES:
            raise Http404
        return EXAMPLES[slug].rules()
    if pk := number_of(request.GET.get("of")):
        found = get_object_or_404(RuleSet, pk=pk)
        return RuleSet(**{field: getattr(found, field) for field in RuleSetForm.Meta.fields}, groups=found.groups)
    return RuleSet()


def _first_month():
    """The first that a new set may begin in: the present one, or the one after the last closed."""
    closed, present = ClosedMonth.objects.last(), first_of(timezone.localdate())
    return max(present, shifted(closed, 1)) if closed else present


def _preview(draft):
    """Each unit that has points or a place in one of the two: how it stood, and how it would have stood."""
    start, end = last_quarter(timezone.localdate())
    now, then = standing.scores(start, end), standing.preview(draft, start, end)
    units = Unit.objects.filter(pk__in={*now, *then}).order_by("position", "pk")
    rows = [(unit, now.get(unit.pk), then.get(unit.pk)) for unit in units]
    asked = Range.quarter(start).asked
    return {"rows": rows, "has_rules": bool(now), "quarter": quarter_words(start), "asked": asked, "is_previewed": True}


def quarter_words(start: date) -> str:
    return _("%(year)s, quarter %(quarter)s") % {"year": start.year, "quarter": (start.month + 2) // 3}
