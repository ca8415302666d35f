"""What else changes when an article is decided, put aside, merged into another, or taken up again."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext

from workflow.refusals import Refused

from .statuses import Status


def decide(article, *, by) -> None:
    article.decided_at = timezone.now()


def merge(article, *, by, into) -> None:
    decide(article, by=by)
    take_up(article, by=by)
    article.merged_into = into


def reconsider(article, *, by) -> None:
    """What was merged is a story of its own again, as long as the other one has not been put into an issue with its unit."""
    if article.merged_into and article.merged_into.status in (Status.PLACED, Status.ISSUED):
        words = gettext("“%(title)s”, into which it was merged, stands in an issue. Take that one out first.")
        raise Refused(words % {"title": article.merged_into.flat_title})
    article.merged_into = None
    reopen(article, by=by)


def hold(article, *, by, until: date | None = None) -> None:
    if until is None or until <= timezone.localdate():
        raise Refused(gettext("Please give the day until which it is kept: tomorrow or later."))
    decide(article, by=by)
    article.held_until, article.held_from = until, article.moved_from


def take_up(article, *, by) -> None:
    article.held_until, article.held_from = None, ""


def reopen(article, *, by) -> None:
    """Its review begins again at the first step: what was passed before it was put aside is void."""
    article.decided_at = None
    take_up(article, by=by)
