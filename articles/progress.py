"""The line of steps an article goes, from writing to print."""

from dataclasses import replace

from django.utils.translation import gettext as _

from workflow import progress
from workflow.progress import Step

from .models import Article


def steps(article: Article, events: list) -> list[Step]:
    """Writing comes before the first move. `events`, oldest first, say who took a step and when."""
    first, *rest = progress.steps(article, events)
    written = Step(_("Written"), first.is_done, first.is_now, str(article.created_by or ""), article.created_at)
    return [written, replace(first, is_now=False), *rest]
