"""What an approver sees behind the link in a mail, without an account. GET shows, POST decides, once."""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from accounts import links
from accounts.views.answers import refusals_as_messages
from accounts.views.personal import by_secret

from .. import approvals, checks, findings, photos, versions
from ..duplicates import showing
from ..models import Photo
from . import renewing


def by_link(view):
    """Find what waits behind the token in the address; one and the same page for every link that is not valid."""

    @by_secret
    @wraps(view)
    def wrapper(request, token, **kwargs):
        link = links.find(token, approvals.PAGE)
        article = link and approvals.article_of(link)
        if article is None:
            return renewing.invalid(request, "approve", token)
        return view(request, link, article, token, **kwargs)

    return wrapper


@require_safe
@by_link
def page(request, link, article, token):
    return _page(request, link, article, token, asked=request.GET.get("ask", ""))


def _page(request, link, article, token, *, asked="", status=200):
    shown = article.current_version
    before = versions.before_of(shown, list(article.events.select_related("version")))
    context = {
        "link": link,
        "token": token,
        "article": article,
        "shown": shown,
        "pictures": shown.pictures(),
        "findings": [found for found in checks.check(article, article.photos()) if found.level != "ok"],
        "panel": findings.of(shown, article, office=False),
        "matches": showing.matches_of(article, link.user),
        "comparison": versions.compare_texts(before, shown) if before else None,
        "before": before,
        "asked": asked,
    }
    return render(request, "articles/approval.html", context, status=status)


@require_safe
@by_link
def photo(request, link, article, token, pk):
    shown = [entry["photo"] for entry in article.current_version.photos]
    return photos.response(get_object_or_404(Photo, pk=pk, pk__in=shown))


@require_POST
@by_link
def decide(request, link, article, token, name):
    decision = approvals.DECISIONS.get(name)
    if decision is None:
        raise Http404
    with refusals_as_messages(request):
        event = approvals.decide(link, article, decision, note=request.POST.get("note", ""))
        context = {"article": article, "event": event, "decision": decision}
        return render(request, "articles/approval_done.html", context)
    return _page(request, link, article, token, asked=name, status=422)
