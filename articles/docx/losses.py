"""What of a Word file has no place in an article: counted by kind, with the words it had there."""

from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_WORDS, MOST_PLACES = 40, 20
LONGEST_OFFERED = 3_000  # characters; beyond it the file itself is at hand


class NotWord(Exception):
    """The file can't be read; the message says what to do."""


@dataclass(frozen=True)
class Loss:
    """`count` things of one kind, and where they are, or what they say.

    `words` are whole, a line a paragraph: of what stands nowhere in the article and may be wanted there.
    """

    what: str
    count: int
    where: str
    words: tuple[str, ...] = field(default=(), compare=False)

    def as_dict(self) -> dict[str, str | int]:
        return {"what": self.what, "count": self.count, "where": self.where}


class Losses:
    """Collects them in the order in which their kinds were met."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}
        self._words: dict[str, list[str]] = {}

    def add(self, what: str, where: str = "") -> None:
        self._places.setdefault(what, []).append(excerpt(where))

    def offer(self, what: str, words: str) -> None:
        """As `add`; its words, a line a paragraph, can be taken into the text."""
        self.add(what, words)
        if len(words) <= LONGEST_OFFERED:
            self._words.setdefault(what, []).append(words)

    def __iter__(self) -> Iterator[Loss]:
        for what, places in self._places.items():
            named = [place for place in dict.fromkeys(places) if place]
            more = "…" if len(named) > MOST_PLACES else ""
            words = tuple(dict.fromkeys(self._words.get(what, ())))[:MOST_PLACES]
            yield Loss(what, len(places), "；".join(named[:MOST_PLACES]) + more, words)


def excerpt(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MOST_WORDS else text[: MOST_WORDS - 1] + "…"
