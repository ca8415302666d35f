"""The line of steps that a document goes, with who took each and when: the transitions that name a `step`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from .documents import Document, Transition
from .events import Event


@dataclass(frozen=True)
class Step:
    """One stop on the way: done, now, or neither as long as it is still to come."""

    label: str | Promise
    is_done: bool = False
    is_now: bool = False
    who: str = ""
    at: datetime | None = None
    is_stand_in: bool = False

    @property
    def css(self) -> str:
        return "done" if self.is_done else "now" if self.is_now else ""


def steps(document: Document, events: list[Any] | None = None, *, status: str = "") -> list[Step]:
    """In the order of TRANSITIONS. `events`, oldest first, say who took a step; those before the present round don't count.

    `status` is the one that counts, where it isn't the document's own. The first step that is not done is now.
    """
    path = document.path()
    done = next((number for number, move in enumerate(path, 1) if move.target == (status or document.status)), 0)
    taken = _of_this_round(document, events or [])
    return [_step(move, taken.get(move.name), number, done) for number, move in enumerate(path)]


def _step(move: Transition, event: Any, number: int, done: int) -> Step:
    if number >= done:
        return Step(move.step, is_now=number == done)
    if event is None:
        return Step(move.step, is_done=True)
    who, is_stand_in = str(event.by or ""), event.transition != move.name
    return Step(move.step, is_done=True, who=who, at=event.at, is_stand_in=is_stand_in)


def _of_this_round(document: Document, events: list[Any]) -> dict[str, Any]:
    """The last event of each move of the round, or of the one that stood for it."""
    begin_rounds = {move.name for move in document.TRANSITIONS if move.begins_round}
    stands_for = {move.name: move.stands_for for move in document.TRANSITIONS if move.stands_for}
    last: dict[str, Event] = {}
    for event in events:
        if event.transition in begin_rounds:
            last = {}
        last[stands_for.get(event.transition, event.transition)] = event
    return last
