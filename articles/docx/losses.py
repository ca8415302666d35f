"""What of a Word file has no place in an article: counted by kind, with the words it had there."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

MOST_WORDS, MOST_PLACES = 40, 20


class NotWord(Exception):
    """The file can't be read; the message says what to do."""


@dataclass(frozen=True)
class Loss:
    """`count` things of one kind, and where they are, or what they say."""

    what: str
    count: int
    where: str

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)


class Losses:
    """Collects them in the order in which their kinds were met."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}

    def add(self, what: str, where: str = "") -> None:
        self._places.setdefault(what, []).append(excerpt(where))

    def __iter__(self) -> Iterator[Loss]:
        for what, places in self._places.items():
            named = [place for place in dict.fromkeys(places) if place]
            more = "…" if len(named) > MOST_PLACES else ""
            yield Loss(what, len(places), "；".join(named[:MOST_PLACES]) + more)


def excerpt(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MOST_WORDS else text[: MOST_WORDS - 1] + "…"
