"""Charts as figures of an SVG that a template draws: where each bar stands. No script, and the numbers stand beside the bars.

Lengths are units of the drawing, which is WIDTH wide; a page shows it at about that many pixels, a phone a little smaller.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 400
ROW, BAR = 30, 18  # of lying bars: from one to the next, and how thick
NAMES = 132  # what the names of lying bars take
VALUES = 44  # what the longest bar leaves for its number
TOP, COLUMNS, FOOT = 20, 150, 26  # of standing bars: above, the longest one, below
LONGEST_NAME = 9


@dataclass(frozen=True)
class Bar:
    """One value: where its bar stands, and its words. `url` leads to what is behind it."""

    name: str
    value: int
    x: float
    y: float
    width: float
    height: float
    url: str = ""

    @property
    def short_name(self) -> str:
        return self.name if len(self.name) <= LONGEST_NAME else f"{self.name[: LONGEST_NAME - 1]}…"

    @property
    def middle(self) -> float:
        return round(self.y + self.height / 2, 1)

    @property
    def centre(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def end(self) -> float:
        return round(self.x + self.width, 1)


@dataclass(frozen=True)
class Lying:
    """Bars below one another, each with its name before it and its number behind it."""

    key: str
    title: str
    head: tuple[str, str]  # of the table: what the names are, what the numbers are
    bars: Sequence[Bar]
    is_lying = True

    @property
    def height(self) -> int:
        return ROW * max(1, len(self.bars)) + 6

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def is_empty(self) -> bool:
        return not any(bar.value for bar in self.bars)

    @property
    def description(self) -> str:
        return "；".join(f"{bar.name} {bar.value}" for bar in self.bars)


@dataclass(frozen=True)
class Standing:
    """Two rows of columns side by side, for each name one of now and one of before."""

    key: str
    title: str
    head: tuple[str, str, str]
    pairs: Sequence[tuple[Bar, Bar]]
    is_lying = False

    width = WIDTH
    height = TOP + COLUMNS + FOOT
    ground = TOP + COLUMNS

    @property
    def is_empty(self) -> bool:
        return not any(bar.value for pair in self.pairs for bar in pair)

    @property
    def description(self) -> str:
        return "；".join(
            f"{now.name} {now.value}（{self.head[2]} {then.value}）"
            for now, then in self.pairs
            if now.value or then.value
        )


def lying(key: str, title: str, head: tuple[str, str], values: Sequence[tuple[str, int, str]]) -> Lying:
    """`values`: name, number, address behind it; in the order from above."""
    most = max([number for _name, number, _url in values], default=0) or 1
    room = WIDTH - NAMES - VALUES
    return Lying(
        key,
        title,
        head,
        [
            Bar(name, number, NAMES, at * ROW + (ROW - BAR) / 2, round(number / most * room, 1), BAR, url)
            for at, (name, number, url) in enumerate(values)
        ],
    )


def standing(
    key: str, title: str, head: tuple[str, str, str], values: Sequence[tuple[str, int, int, str, str]]
) -> Standing:
    """`values`: name, number now, number before, address behind each of the two; in the order from the left."""
    most = max([max(now, then) for _name, now, then, *_urls in values], default=0) or 1
    step = WIDTH / max(1, len(values))
    thick = round(step * 0.38, 1)

    def column(name: str, number: int, x: float, url: str) -> Bar:
        tall = round(number / most * COLUMNS, 1)
        return Bar(name, number, round(x, 1), round(TOP + COLUMNS - tall, 1), thick, tall, url)

    pairs = []
    for at, (name, now, then, url, url_before) in enumerate(values):
        left = at * step + step * 0.12
        pairs.append((column(name, now, left + thick, url), column(name, then, left, url_before)))
    return Standing(key, title, head, pairs)
