"""The editorial office's decision on one version of an article."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from workflow.documents import Transition
from workflow.refusals import Refused, permit

from . import assigning
from .models import WRITING, Article, ArticleEvent


def refusal(article: Article, user) -> str:
    """Why this person may not take the step that the article is in, in words; empty where they may."""
    part = article.part_of(user)
    if part == WRITING:
        return _("This is your own article: another person reviews it.")
    if article.step and part not in (None, article.step):
        words = _("You have taken the %(taken)s of this article, so another person takes the %(step)s.")
        return words % {"taken": article.step_label(part), "step": article.step_label(article.step)}
    return ""


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
    with _judging(article, version):
        return article.apply(decision, by=by, note=note, **details)


@contextmanager
def _judging(article: Article, version: int | None) -> Iterator[Article]:
    """The article's row under its lock, as it was on the screen."""
    with transaction.atomic():
        row = Article.objects.select_for_update().get(pk=article.pk)
        if row.current_version_id != version:
            words = _("A newer version of “%(title)s” has come in. This page shows it; please judge that one.")
            raise Refused(words % {"title": row.flat_title})
        yield row


def agree(article: Article, *, by, version: int | None) -> None:
    """Agree to what others of the office changed after it was passed."""
    permit(by, Article.REVIEW)
    with _judging(article, version) as row:
        if not row.agree_to_corrections(by):
            raise Refused(_("There is no change that waits for you to agree."))
        _record(row, ArticleEvent.AGREE, by)


def ratify(article: Article, *, by, version: int | None) -> None:
    """Take the step in which somebody had stood in (补审)."""
    permit(by, Article.REVIEW)
    with _judging(article, version) as row:
        event = row.to_ratify(by)
        if event is None:
            raise Refused(_("There is nothing that waits for you to confirm."))
        row.ratify(event, by)
        _record(row, ArticleEvent.RATIFY, by, note=row.step_label(row.step_of(event.from_status)))


def _record(row: Article, act: str, by, note: str = "") -> None:
    row.events.create(
        by=by, transition=act, from_status=row.status, to_status=row.status, note=note, **row.event_details()
    )


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
