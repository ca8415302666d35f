"""The editorial office's decision on one version of an article."""

from django.db import transaction
from django.utils.translation import gettext as _

from workflow.documents import Transition
from workflow.refusals import Refused

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


def neighbours(article: Article, waiting) -> dict:
    """Place in the queue, oldest first: position (1-based), count, previous and next article (or None)."""
    before = waiting.filter(submitted_at__lt=article.submitted_at) | waiting.filter(
        submitted_at=article.submitted_at, pk__lt=article.pk
    )
    after = waiting.filter(submitted_at__gt=article.submitted_at) | waiting.filter(
        submitted_at=article.submitted_at, pk__gt=article.pk
    )
    return {
        "position": before.count() + 1,
        "count": waiting.count(),
        "previous": before.order_by("-submitted_at", "-pk").first(),
        "next": after.order_by("submitted_at", "pk").first() or before.order_by("submitted_at", "pk").first(),
    }
