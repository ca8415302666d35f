"""What became of lines from one text to the next, and of the characters of a line that was changed."""

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Difference:
    """One line of a comparison. `parts` are (same, deleted or added, text), for a line that was changed."""

    kind: str  # same, deleted, added, changed
    before: str = ""
    after: str = ""

    @property
    def parts(self) -> list[tuple[str, str]]:
        parts = []
        for kind, a, b, c, d in SequenceMatcher(None, self.before, self.after, autojunk=False).get_opcodes():
            if kind == "equal":
                parts.append(("same", self.before[a:b]))
                continue
            if a < b:
                parts.append(("deleted", self.before[a:b]))
            if c < d:
                parts.append(("added", self.after[c:d]))
        return parts


def compare(before: list[str], after: list[str]) -> list[Difference]:
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Difference("same", text, text) for text in before[a:b]]
            continue
        old, new = before[a:b], after[c:d]
        while old and new and _is_alike(old[0], new[0]):
            found.append(Difference("changed", old.pop(0), new.pop(0)))
        found += [Difference("deleted", before=text) for text in old]
        found += [Difference("added", after=text) for text in new]
    return found


def _is_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() > 0.5
