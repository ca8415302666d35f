"""The page on which the office sets the order of the units."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import units
from ..models import Tier, Unit
from .answers import refusals_as_messages

allowed = permission_required(units.ARRANGE, raise_exception=True)


@require_safe
@allowed
def index(request):
    return render(request, "accounts/unit_order.html", _context())


@require_POST
@allowed
def move(request, pk):
    """To a `tier`, to the 1-based `position` there, or `to` one up or down."""
    unit = get_object_or_404(Unit.objects.valid_on(timezone.localdate()), pk=pk)
    said = ""
    with refusals_as_messages(request):
        tier = request.POST.get("tier", unit.tier)
        units.arrange(unit, tier=tier, position=_position(unit, request.POST), by=request.user)
        said = _said(unit)
    if request.htmx:
        return render(request, "accounts/_units.html", _context() | {"is_swap": True, "said": said})
    if said:
        messages.success(request, said)
    return redirect("accounts:units")


def _context():
    rows = units.by_tier(timezone.localdate())
    return {"tiers": [(tier, rows[tier.value]) for tier in Tier], "choices": Tier.choices}


def _position(unit, wanted) -> int:
    """Where it is to stand; behind the others where nothing is said."""
    asked = wanted.get("position", "")
    if asked.isdecimal() and len(asked) < 6:
        return int(asked)
    step = {"up": -1, "down": 1}.get(wanted.get("to"))
    return _place(unit) + step if step else Unit.objects.count() + 1


def _place(unit) -> int:
    return [each.pk for each in units.by_tier(timezone.localdate())[unit.tier]].index(unit.pk) + 1


def _said(unit) -> str:
    unit.refresh_from_db()
    words = _("%(unit)s is now number %(place)s under %(tier)s.")
    return words % {"unit": unit.short_name, "place": _place(unit), "tier": unit.get_tier_display()}
