"""A personal link that is not valid: what its page says, and a new one for one that is only too old."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import links, notices
from accounts.models import Notice, PersonalLink
from accounts.views.answers import refusals_as_messages
from accounts.views.personal import by_secret

from .. import approvals, confirming

# What a link of this kind opens, and how one finds what it asks.
KINDS = {"approve": (approvals.PAGE, approvals.article_of), "unit": (confirming.PAGE, confirming.behind)}


def invalid(request, kind: str, token: str):
    """The same page for every such link, but one that its owner may have sent anew says so."""
    renewal = reverse("articles:link_renew", args=[kind, token]) if _expired(kind, token) else ""
    return render(request, "articles/link_invalid.html", {"renewal": renewal}, status=404)


@require_POST
@by_secret
def renew(request, kind, token):
    if kind not in KINDS:
        raise Http404
    if link := _expired(kind, token):
        with refusals_as_messages(request):
            notices.send_again(link)
            return render(request, "articles/link_renewed.html", {"address": _masked(link.user.email)})
    return invalid(request, kind, token)


def _expired(kind: str, token: str) -> PersonalLink | None:
    """An old link, unused, of which the question is still open and told to its owner."""
    page, asked = KINDS[kind]
    link = links.find_expired(token, page)
    is_open = link and link.user.email and asked(link) and Notice.objects.filter(link=link, settled_at=None).exists()
    return link if is_open else None


def _masked(address: str) -> str:
    """As much as its owner needs to know it again."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}"
