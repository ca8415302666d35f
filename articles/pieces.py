"""A story as the paragraphs, headings, list items and tables that stand one after the other in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.utils.safestring import SafeString, mark_safe

from .richtext import BLOCKS


@dataclass
class Paragraph:
    """A block of text with its tag: p, h3, h4 or li. `at` is where it begins in the HTML: line and column."""

    tag: str
    text: str = ""
    at: tuple[int, int] | None = field(default=None, compare=False)

    def add(self, text: str) -> None:
        self.text += text


@dataclass
class Table:
    """A table as text: its caption, and its rows of cells."""

    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)
    tag: str = "table"
    at: tuple[int, int] | None = field(default=None, compare=False)

    def start(self, tag: str, *, is_nested: bool) -> None:
        if tag == "tr" and not is_nested:
            self.rows.append([])
        elif tag in ("td", "th") and self.rows and not is_nested:
            self.rows[-1].append("")
        elif tag in BLOCKS or tag == "br":
            self.add("\n")

    def add(self, text: str) -> None:
        if not self.rows:
            self.caption += text
        elif self.rows[-1]:
            self.rows[-1][-1] += text

    @property
    def text(self) -> str:
        return "\n".join([self.caption, *("\t".join(row) for row in self.rows)]).strip()


Piece = Paragraph | Table


class _Reader(HTMLParser):
    """A table inside a cell is text of that cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.tables: list[Table] = []  # those that are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.tables:
            self.tables[0].start(tag, is_nested=len(self.tables) > 1)
        if tag == "table":
            self.tables.append(Table(at=self.getpos()))
            if len(self.tables) == 1:
                self.pieces.append(self.tables[0])
        elif self.tables:
            return
        elif tag in BLOCKS:
            self.pieces.append(Paragraph(tag, at=self.getpos()))
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self.tables:
            self.tables.pop()

    def handle_data(self, data: str) -> None:
        if not self.tables and not (self.pieces and isinstance(self.pieces[-1], Paragraph)):
            self.pieces.append(Paragraph("p"))
        (self.tables or self.pieces)[0 if self.tables else -1].add(data)


def pieces_of(html: str) -> list[Piece]:
    """The pieces of cleaned HTML in reading order, without empty ones."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return list(_filled(reader.pieces))


def numbered(html: str) -> SafeString:
    """Cleaned HTML in which each piece bears its number, from 1: as `data-paragraph`, and as the target of links."""
    lines = html.split("\n")
    places = [(piece.at, number, piece.tag) for number, piece in enumerate(pieces_of(html), 1) if piece.at]
    for (line, column), number, tag in reversed(places):
        end = column + len(f"<{tag}")
        mark = f' id="paragraph-{number}" data-paragraph="{number}"'
        lines[line - 1] = lines[line - 1][:end] + mark + lines[line - 1][end:]
    return mark_safe("\n".join(lines))  # noqa: S308 - cleaned HTML, and numbers


def _filled(pieces: list[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        if isinstance(piece, Table):
            piece.caption = _trimmed(piece.caption)
            piece.rows = [[_trimmed(cell) for cell in row] for row in piece.rows if row]
        else:
            piece.text = _trimmed(piece.text)
        if piece.text:
            yield piece


def _trimmed(text: str) -> str:
    return re.sub(r"[ \t]*\n\s*", "\n", text).strip()
