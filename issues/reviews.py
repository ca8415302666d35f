"""Who reviewed the articles of an issue, and what of it is still open."""

from dataclasses import dataclass

from articles import progress
from articles.models import ArticleEvent, Correction
from workflow.progress import Step

from .models import Placement


@dataclass(frozen=True)
class Review:
    """The steps of one article's review, and those of them that somebody took in another's absence."""

    placement: Placement
    steps: list[Step]
    stand_ins: list[ArticleEvent]

    @property
    def is_open(self) -> bool:
        """A step waits for a further person's confirmation."""
        return any(not hasattr(event, "ratification") for event in self.stand_ins)


def of(placements: list[Placement]) -> list[Review]:
    """Of placements with their articles loaded: one query."""
    articles = {placement.article_id: placement.article for placement in placements}
    events: dict[int, list[ArticleEvent]] = {pk: [] for pk in articles}
    for event in ArticleEvent.objects.filter(article__in=articles).select_related("by", "ratification__person"):
        event.article = articles[event.article_id]
        events[event.article_id].append(event)
    return [_review(placement, events[placement.article_id]) for placement in placements]


def _review(placement: Placement, events: list[ArticleEvent]) -> Review:
    article, stand_ins = placement.article, {move.name for move in placement.article.STAND_INS}
    absences = [event for event in events if event.transition in stand_ins and event.round == article.round]
    return Review(placement, progress.reviews(article, events), absences)


def open_corrections(placements: list[Placement]) -> list[Correction]:
    """The changes of the reviewed articles to which others have to agree before the issue is sent."""
    articles = [placement.article_id for placement in placements]
    return list(Correction.objects.open().filter(article__in=articles).select_related("person", "article"))
