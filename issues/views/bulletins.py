"""Which bulletin a person works with: the one chosen in the head of the page where there are several, else the first."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.views.answers import asked_next

from ..models import Bulletin

CHOSEN = "bulletin"  # in the session


def bulletins_of(request) -> list[Bulletin]:
    """All bulletins, the current one first. One query a request."""
    if not hasattr(request, "bulletins"):
        chosen = request.session.get(CHOSEN) if hasattr(request, "session") else None
        request.bulletins = sorted(Bulletin.objects.all(), key=lambda bulletin: (bulletin.pk != chosen, bulletin.pk))
    return request.bulletins


def current(request) -> Bulletin | None:
    return next(iter(bulletins_of(request)), None)


def of_current(request, issues):
    """Those of the current bulletin. Where there is only one, nothing is asked for."""
    return issues.filter(bulletin=current(request)) if len(bulletins_of(request)) > 1 else issues


@require_POST
def choose(request, pk):
    """From now on this person works with another bulletin."""
    request.session[CHOSEN] = get_object_or_404(Bulletin, pk=pk).pk
    return redirect(asked_next(request) or "home")
