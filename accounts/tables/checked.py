"""One row of an uploaded table, compared with the row that is stored."""

from dataclasses import dataclass, field
from typing import Any

NEW, CHANGED, SAME, FAULTY = "new", "changed", "same", "faulty"
STATES = (NEW, CHANGED, SAME, FAULTY)


@dataclass
class Checked:
    """`values` are what the row will hold, `before` what it holds now (None for a new one), `faults` by column."""

    number: int
    texts: dict[str, str]
    row: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] | None = None
    faults: dict[str, str] = field(default_factory=dict)
    is_put_back: bool = False  # the former values of a row, when an import is taken back

    @property
    def state(self) -> str:
        if self.faults:
            return FAULTY
        if self.before is None:
            return NEW
        return CHANGED if self.changes else SAME

    @property
    def is_written(self) -> bool:
        return self.state in (NEW, CHANGED)

    @property
    def changes(self) -> dict[str, Any]:
        """The new values of those columns whose value is another one."""
        before = self.before or {}
        return {name: value for name, value in self.values.items() if name not in before or before[name] != value}

    @property
    def former(self) -> dict[str, Any]:
        """What stands now in the columns that change."""
        return {name: self.before[name] for name in self.changes} if self.before else {}
