"""One row of what a person is asked to do. Each app says in its module `todo` what waits in it for whom."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

# So many rows of one kind are shown on the home page; the rest is one line with a link.
SHOWN = 8


@dataclass(frozen=True)
class Task:
    """One row: `kind` has its look in the states (todo.…), `why` one line, `since` when it began to wait."""

    kind: str
    title: str
    why: str
    url: str
    verb: str
    since: datetime
    due_on: date | None = None
    series: str = ""  # what the document is one of, shown where there are several

    @property
    def state(self) -> str:
        return f"todo.{self.kind}"

    @property
    def days_late(self) -> int:
        return max(0, (timezone.localdate() - self.due_on).days) if self.due_on else 0

    @property
    def order(self):
        return (-self.days_late, self.due_on or date.max, self.since)
