"""The line of steps an article goes, with who took each and when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from .models import Article, Status

_ON_THE_WAY = (Status.SUBMITTED, Status.ACCEPTED, Status.PLACED, Status.ISSUED)


@dataclass(frozen=True)
class Step:
    """One stop on the way: `state` is done, now or empty (still to come)."""

    label: str
    state: str = ""
    who: str = ""
    at: datetime | None = None


def steps(article: Article, events: list) -> list[Step]:
    """The line from writing to print, of the present round: what came before the last hand-in is in the events."""
    last = {}
    for event in events:
        if event.transition == Article.SUBMIT.name:
            last = {}
        last[event.transition] = event
    at = _ON_THE_WAY.index(article.status) + 1 if article.status in _ON_THE_WAY else 0
    moves = [None, last.get("submit"), last.get("accept"), last.get("place"), last.get("issue")]
    labels = [_("Written"), _("Handed in"), _("Reviewed"), _("In an issue"), _("Printed")]
    return [_step(label, number, at, article, moves[number]) for number, label in enumerate(labels)]


def _step(label, number, at, article, event):
    """`at` is the number of the last step that is done; 0 while the article is being written."""
    done = number <= at if at else False
    now = number == (at + 1 if at else 0)
    state = "done" if done else "now" if now else ""
    if number == 0:
        return Step(label, state, str(article.created_by or ""), article.created_at)
    if done and event:
        return Step(label, state, str(event.by or ""), event.at)
    return Step(label, state)
