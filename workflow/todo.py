"""One row of what a person is asked to do. Each app says in its module `todo` what waits in it for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise

from .states import State

# So many rows of one kind are shown on the home page; the rest is one line with a link.
SHOWN = 8


def all_rows(_user: Any) -> Q:
    return Q()


@dataclass(frozen=True)
class Ask:
    """How a transition stands on the lists of those who may make it: as a task of this `kind`, which looks so.

    It waits on the rows in its sources that meet `among`, user -> condition: what its `may` says of one row.
    """

    kind: str
    look: State
    verb: str | Promise
    among: Callable[[Any], Q] = all_rows


@dataclass(frozen=True)
class Task:
    """One row: `kind` has its `look` in the states (todo.…), `why` one line, `since` when it began to wait."""

    kind: str
    title: str
    why: str
    url: str
    verb: str
    since: datetime
    due_on: date | None = None
    series: str = ""  # what the document is one of, shown where there are several
    posts_to: str = ""  # the address to which the button sends, where one click does it
    look: State | None = None
    comes_first: bool = False  # before what is overdue

    @property
    def state(self) -> State | str:
        """Its tag: the look that was declared with a transition, or the key of one in the states."""
        return self.look or f"todo.{self.kind}"

    @property
    def days_late(self) -> int:
        return max(0, (timezone.localdate() - self.due_on).days) if self.due_on else 0

    @property
    def order(self) -> tuple[bool, int, date, datetime]:
        return (not self.comes_first, -self.days_late, self.due_on or date.max, self.since)
