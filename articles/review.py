"""The editorial office's decision on one version of an article."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from workflow.documents import Transition
from workflow.refusals import Refused, permit

from . import assigning
from .models import Article, ArticleEvent


def is_decision(move: Transition) -> bool:
    """Whether it judges the version that is on the screen: every move of the people who review, or approve in the unit."""
    return move.permission in (Article.REVIEW, Article.APPROVAL)


def decide(
    article: Article, decision: Transition, *, by, version: int | None, note: str = "", **details
) -> ArticleEvent:
    """Judge the version that was on the screen. Refused when a newer one has come in since.

    `details` are what the decision needs besides: `reason` (a Reason), `until` (a day). The note begins with the reason.
    """
    reason = details.get("reason")
    if reason and (decision == Article.DECLINE or not note.strip()):
        note = reason.said(note)
    with transaction.atomic():
        row = Article.objects.select_for_update().get(pk=article.pk)
        if row.current_version_id != version:
            raise Refused(
                _("A newer version of “%(title)s” has come in. This page shows it; please judge that one.")
                % {"title": row.flat_title}
            )
        return article.apply(decision, by=by, note=note, **details)


def hold(keys: Collection[int], *, until: date | None, by) -> int:
    """Keep these articles of the queue for later, until a day; all of them or none. Returns how many."""
    permit(by, Article.REVIEW)
    with transaction.atomic():
        articles = assigning.ticked(keys, by)
        for article in articles:
            article.apply(Article.HOLD, by=by, until=until)
    return len(articles)


def neighbours(article: Article, waiting) -> dict[str, int | None]:
    """Its place in the queue as that stands there: position (1-based, None when it isn't in it), count, and the keys of the
    previous and the next article; after the last comes the first."""
    keys = list(waiting.by_due_day().values_list("pk", flat=True))
    at = keys.index(article.pk) if article.pk in keys else None
    position = 0 if at is None else at + 1
    others = [key for key in (*keys[position:], *keys[:1]) if key != article.pk]
    return {
        "position": position or None,
        "count": len(keys),
        "previous": keys[at - 1] if at else None,
        "next": others[0] if others else None,
    }
