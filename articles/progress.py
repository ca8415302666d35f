"""The line of steps an article goes, from writing to print."""

from dataclasses import replace

from django.utils.translation import gettext as _

from workflow import progress
from workflow.progress import Step

from .models import Article

BEGINNINGS = [move.name for move in Article.TRANSITIONS if move.begins_round]


def steps(article: Article, events: list) -> list[Step]:
    """Writing comes before the first move. `events`, oldest first, say who took a step and when. A declined or merged article
    goes no further; one that is kept for later stands where it stood."""
    if article.is_declined or article.is_merged:
        return []
    first, *rest = progress.steps(article, events, status=article.held_from or article.status)
    is_written = first.is_done or article.is_awaiting
    written = Step(_("Written"), is_written, not is_written, str(article.created_by or ""), article.created_at)
    return [written, _handed_in(first, article, events), *rest]


def _handed_in(step: Step, article: Article, events: list) -> Step:
    """With the unit's approval, where this round asked for one."""
    moves = {event.transition: event for event in events}
    begun = max((moves[name] for name in BEGINNINGS if name in moves), key=lambda event: event.pk, default=None)
    if article.is_editable or begun is None or begun.transition != Article.ASK_APPROVAL.name:
        return replace(step, is_now=False)
    approved = moves.get(Article.APPROVE.name)
    label = _("Approved by the unit")
    if not step.is_done or approved is None:
        return replace(step, label=label, is_now=article.is_awaiting)
    return replace(step, label=label, who=str(approved.by), at=approved.at)


def reviews(article: Article, events: list) -> list[Step]:
    """The steps of its review alone."""
    passes = {move.name for move in article.PASSES}
    line = zip(article.path(), progress.steps(article, events), strict=True)
    return [step for move, step in line if move.name in passes]
