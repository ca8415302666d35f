"""What is pasted into an article's text, cleaned; nothing is stored."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import pasting, richtext, wrapping
from ..models import Article


def editors_of_texts(view):
    """Those who write articles, and those who change what was handed in."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not (request.user.has_perm("articles.write_article") or request.user.has_perm(Article.REVIEW)):
            raise PermissionDenied
        return view(request)

    return guarded


@require_POST
@editors_of_texts
def paste(request: HttpRequest) -> HttpResponse:
    """Answers JSON: the text as it goes into the article, and what is said of it."""
    try:
        pasted = pasting.read(request.POST.get("html", ""), request.POST.get("text", ""))
    except pasting.TooLarge:
        return JsonResponse({}, status=413)
    return JsonResponse({"html": pasted.body, "said": pasted.words, "joined": pasted.joined})


@require_POST
@editors_of_texts
def join_lines(request: HttpRequest) -> HttpResponse:
    """Answers JSON: the whole text with its wrapped lines put together, and what is said of it."""
    html, made = wrapping.rejoin(richtext.clean(request.POST.get("html", "")))
    said = _("Lines put together into %(count)s paragraphs") % {"count": made}
    return JsonResponse({"html": html, "said": said if made else _("No broken lines were found in the text.")})
