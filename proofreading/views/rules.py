"""The rules: what each finds, whether it is on, and the style of the house."""

from itertools import groupby

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.views.answers import refusals_as_messages
from workflow import changes

from .. import engine, keeping
from ..forms import HouseForm
from ..models import HouseStyle, RuleSwitch
from ..states import FAMILY_WORDS
from .words import may_edit, tabs


@require_safe
@may_edit
def index(request):
    return _page(request, HouseForm(instance=HouseStyle.objects.first()))


def _page(request, form):
    switches = {row.rule: row for row in RuleSwitch.objects.select_related("by")}
    order = list(FAMILY_WORDS)
    rules = sorted(engine.rules(), key=lambda rule: order.index(rule.family))
    families = [
        (FAMILY_WORDS[family], [(rule, switches.get(rule.name), f"finding.{rule.level}") for rule in group])
        for family, group in groupby(rules, key=lambda rule: rule.family)
    ]
    context = {"tabs": tabs(), "tab": "rules", "families": families, "form": form}
    return render(request, "proofreading/rules.html", context, status=422 if form.errors else 200)


@require_POST
@may_edit
def switch(request, name):
    off = request.POST.get("off") == "1"
    with refusals_as_messages(request):
        keeping.switch(name, off=off, by=request.user)
        messages.success(request, _("The rule is switched off.") if off else _("The rule is switched on."))
    return redirect("proofreading:rules")


@require_POST
@may_edit
def house(request):
    form = HouseForm(request.POST, instance=HouseStyle.objects.first())
    if not form.is_valid():
        return _page(request, form)
    said = [
        changes.moved(form.fields[name].label, str(form.initial.get(name) or ""), str(form.cleaned_data[name] or ""))
        for name in form.changed_data
    ]
    with refusals_as_messages(request):
        keeping.save_house(form.instance, by=request.user, note="；".join(said))
        messages.success(request, _("Saved."))
    return redirect("proofreading:rules")
