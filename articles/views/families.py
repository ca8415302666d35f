"""A text that several units sent: the office takes one of them and answers the others at once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views.answers import asked_next, number_of, refusals_as_messages
from workflow.refusals import Refused

from .. import findings, joining
from ..duplicates import showing
from ..duplicates.showing import Matches
from ..models import Article, Reason
from .duplicates import REPEATS

MERGE, DECLINE = "merge", "decline"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Article.REVIEW, raise_exception=True)
def family(request, pk):
    """The page asks which one is taken, and how the others are answered; a refused answer stays on it as it was given."""
    article = get_object_or_404(Article.objects.visible_to(request.user).for_pages(), pk=pk)
    matches = showing.matches_of(article, request.user)
    members = {article.pk: article} | {match.article.pk: match.article for match in matches.one_text}
    if request.method == "POST":
        with refusals_as_messages(request):
            messages.success(request, _answer(request, members))
            return redirect(asked_next(request) or "articles:queue")
    if sum(map(_is_open, members.values())) < 2:
        return redirect(reverse("articles:duplicates", args=[pk]))
    status = 409 if request.method == "POST" else 200
    return render(request, "articles/family.html", _context(request, article, members, matches), status=status)


def _answer(request, members: dict[int, Article]) -> str:
    """Merge or decline all that are open but the chosen one; what is said of it."""
    sent = request.POST
    kept = members.get(number_of(sent.get("kept"), 0))
    if kept is None:
        raise Refused(_("Choose the text that is taken."))
    open_keys = [key for key, each in members.items() if _is_open(each)]
    others = {key: number_of(sent.get(f"version-{key}")) for key in open_keys if key != kept.pk}
    if sent.get("act") == DECLINE:
        words = _("“%(title)s” of %(unit)s says the same and is used.")
        said = {"title": kept.flat_title[:60], "unit": kept.unit.short_name}
        reason = Reason.objects.offered_for(Article.DECLINE.name).filter(pk=number_of(sent.get("reason"))).first()
        note = sent.get("note", "").strip()[:1000] or words % said
        count = len(joining.keep(kept, others, by=request.user, reason=reason, note=note))
        words = _("“%(title)s” is kept; %(count)s others are declined, and their units read the reason.")
        return words % {"title": kept.flat_title, "count": count}
    joining.merge(kept, others, by=request.user)
    units = "、".join(unit.short_name for unit in Article.objects.get(pk=kept.pk).credited())
    return _("“%(title)s” is now told for %(units)s.") % {"title": kept.flat_title, "units": units}


def _is_open(article: Article) -> bool:
    return article.status in joining.KEEPS


def _context(request, article: Article, members: dict[int, Article], matches: Matches) -> dict[str, Any]:
    said = {match.article.pk: match.said for match in matches.one_text}
    panels = findings.panels_of(members.values())
    shown = [
        {"article": each, "said": said.get(key, ""), "panel": panels.get(key), "is_open": _is_open(each)}
        for key, each in members.items()
    ]
    sent, asked = request.POST, asked_next(request)
    return {
        "article": article,
        "members": shown,
        "matches": matches,
        "units": matches.units,
        "others_count": sum(map(_is_open, members.values())) - 1,
        "chosen": number_of(sent.get("kept"), 0) if sent else article.pk,
        "act": sent.get("act", MERGE),
        "note": sent.get("note", ""),
        "reasons": Reason.objects.offered_for(Article.DECLINE.name),
        "chosen_reason": number_of(sent.get("reason"), 0),
        "repeats": REPEATS,
        "next": asked or "",
        "back": asked or reverse("articles:queue"),
    }
