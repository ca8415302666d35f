"""What became of a whole story (花脸稿): of its title, paragraphs, tables and photos, from one state of it to another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import places
from .difference import THING, Difference, Kind, Operation, Part, characters, compare, in_order
from .pieces import Piece, Table, pieces_of

Parts = list[Part]

TAGS: dict[str, str | Promise] = {
    "p": _("text"),
    "h3": _("a heading"),
    "h4": _("a subheading"),
    "li": _("a list item"),
    "table": _("a table"),
}


@dataclass(frozen=True)
class StoryPhoto:
    """A photo of a story: `key` stays the same as long as it is the same picture."""

    key: int
    caption: str
    alternative: str = ""
    after: int | None = None  # the block of the text behind which it stands


NO_PHOTO = StoryPhoto(0, "")


@dataclass(frozen=True)
class Story:
    """One state of a story. `title` may have several lines, `body` is cleaned HTML."""

    title: str
    subtitle: str
    authors: str
    body: str
    photos: tuple[StoryPhoto, ...] = ()


@dataclass(frozen=True)
class Cell:
    """A cell of a table: whether it came or went with its column, and what became of its text."""

    operation: Operation
    parts: Parts


@dataclass(frozen=True)
class Row:
    """A row of a table: what became of it, and of each of its cells."""

    kind: Kind
    cells: list[Cell]


@dataclass(frozen=True)
class Block:
    """A paragraph or a table; see `Difference` for its kind and its places.

    `tag` is what it is now and `old_tag` what it was: p, h3, h4, li or table. A table has `rows`; its `parts` are its
    caption's.
    """

    kind: Kind
    parts: Parts
    tag: str
    old_tag: str
    before_at: int
    after_at: int
    rows: tuple[Row, ...] = ()

    @property
    def is_restyled(self) -> bool:
        return self.tag != self.old_tag

    @property
    def labels(self) -> tuple[str | Promise, str | Promise]:
        """What it was called before, and what it is now."""
        return TAGS[self.old_tag], TAGS[self.tag]

    @property
    def texts(self) -> list[Parts]:
        """Every text in it; of what was moved away none, for it stands at its new place."""
        if self.kind == "moved_away":
            return []
        cells = [cell.parts for row in self.rows if row.kind != "moved_away" for cell in row.cells]
        return [self.parts, *cells]

    @property
    def places(self) -> int:
        moved = [self.kind, *(row.kind for row in self.rows)].count("moved")
        return _places(self.texts) + moved + self.is_restyled


@dataclass(frozen=True)
class PhotoChange:
    """What became of a photo. Its places are counted from 1, as those of `Difference`. `behind` is the present piece of the
    text (articles.pieces) behind which it stands, counted from 1; 0 is behind all of it, or nowhere any more."""

    kind: Kind
    key: int
    caption: Parts
    alternative: Parts
    before_at: int = 0
    after_at: int = 0
    behind: int = 0

    @property
    def words(self) -> str:
        """What is said to those who can't see it; empty when nobody wrote anything."""
        said = ("".join(text for kind, text in parts if kind != "delete") for parts in (self.alternative, self.caption))
        return next(filter(None, said), "")

    @property
    def is_described_anew(self) -> bool:
        """It stayed, and its alternative text is another."""
        return self.kind not in ("added", "deleted") and _places([self.alternative]) > 0

    @property
    def places(self) -> int:
        if self.kind in ("added", "deleted"):
            return 1
        return _places([self.caption, self.alternative]) + (self.kind == "moved")


@dataclass(frozen=True)
class Comparison:
    """All that became of a story."""

    title: Parts
    subtitle: Parts
    authors: Parts
    blocks: list[Block]
    photos: list[PhotoChange]

    @property
    def places(self) -> int:
        """How many changes there are."""
        within = sum(each.places for each in self._changes())
        return _places([self.title, self.subtitle, self.authors]) + within

    @property
    def flow(self) -> list[tuple[Block, list[PhotoChange]]]:
        """Each block with the photos that stand behind it; `last_photos` are the others."""
        flow: list[tuple[Block, list[PhotoChange]]] = [(block, []) for block in self.blocks]
        present = [at for at, block in enumerate(self.blocks) if block.kind not in ("deleted", "moved_away")]
        for photo in self.photos:
            if before := [at for at in present if self.blocks[at].after_at <= photo.behind]:
                flow[before[-1]][1].append(photo)
        return flow

    @property
    def last_photos(self) -> list[PhotoChange]:
        """Those behind all of the text, then those that were taken out."""
        placed = {photo.key for _block, photos in self.flow for photo in photos}
        return [photo for photo in self.photos if photo.key not in placed]

    def _changes(self) -> list[Block | PhotoChange]:
        return [*self.blocks, *self.photos]

    @property
    def deleted(self) -> int:
        """How many characters."""
        return self._count("delete")

    @property
    def inserted(self) -> int:
        return self._count("insert")

    @property
    def moved(self) -> int:
        """How many paragraphs, tables and photos stand elsewhere now."""
        return [each.kind for each in self._changes()].count("moved")

    def _count(self, wanted: Operation) -> int:
        texts = [text for block in self.blocks for text in block.texts] + [photo.caption for photo in self.photos]
        parts = (part for text in [self.title, self.subtitle, self.authors, *texts] for part in text)
        return sum(len(text.replace("\n", "")) for kind, text in parts if kind == wanted)


def compare_stories(before: Story, after: Story) -> Comparison:
    old, new = pieces_of(before.body), pieces_of(after.body)
    return Comparison(
        title=characters(before.title, after.title),
        subtitle=characters(before.subtitle, after.subtitle),
        authors=characters(before.authors, after.authors),
        blocks=[_block(found, old, new) for found in compare(texts_of(old), texts_of(new))],
        photos=_photos(_carried(before, after.body), after.photos, after.body),
    )


def _places(texts: Iterable[Parts]) -> int:
    """How many changes there are: deleted and inserted together are one."""
    found = 0
    for parts in texts:
        kinds = ["equal", *(kind for kind, _text in parts)]
        found += sum(one == "equal" != other for one, other in zip(kinds, kinds[1:], strict=False))
    return found


def texts_of(pieces: Sequence[Piece]) -> list[str]:
    """The pieces as `difference.compare` takes them."""
    return [THING + piece.text if isinstance(piece, Table) else piece.text for piece in pieces]


def _block(found: Difference, old: Sequence[Piece], new: Sequence[Piece]) -> Block:
    was = old[found.before_at - 1] if found.kind != "added" else new[found.after_at - 1]
    now = new[found.after_at - 1] if found.kind not in ("deleted", "moved_away") else was
    before_at, after_at = found.before_at, found.after_at
    if not (isinstance(was, Table) and isinstance(now, Table)):
        return Block(found.kind, found.parts, now.tag, was.tag, before_at, after_at)
    old_table = Table() if found.kind == "added" else was
    new_table = Table() if found.kind in ("deleted", "moved_away") else now
    rows = tuple(_rows(old_table, new_table))
    return Block(
        found.kind, characters(old_table.caption, new_table.caption), now.tag, was.tag, before_at, after_at, rows=rows
    )


def _rows(before: Table, after: Table) -> Iterable[Row]:
    texts = ([THING + "\t".join(row) for row in table.rows] for table in (before, after))
    for found in compare(*texts):
        old = before.rows[found.before_at - 1] if found.kind != "added" else []
        new = after.rows[found.after_at - 1] if found.kind not in ("deleted", "moved_away") else []
        yield Row(found.kind, list(_cells(old, new)))


def _cells(before: list[str], after: list[str]) -> Iterable[Cell]:
    """By their columns; when there are more or fewer of these now, by what they say."""
    if len(before) == len(after) or not before or not after:
        for one, other in zip_longest(before, after, fillvalue=""):
            yield Cell("equal", characters(one, other))
        return
    # A line feed parts the cells that were joined or split.
    for found in compare(*([cell.replace("\n", " ") for cell in cells] for cells in (before, after))):
        old = _from(before, found.before_at, found.before) if found.kind not in ("added", "moved") else []
        new = _from(after, found.after_at, found.after) if found.kind not in ("deleted", "moved_away") else []
        if len(old) == len(new) == 1:
            yield Cell("equal", characters(old[0], new[0]))
        else:
            yield from (Cell("delete", characters(cell, "")) for cell in old)
            yield from (Cell("insert", characters("", cell)) for cell in new)


def _from(cells: list[str], place: int, joined: str) -> list[str]:
    return cells[place - 1 : place + joined.count("\n")]


def _carried(before: Story, body: str) -> list[StoryPhoto]:
    """The photos of before, in the places that they have in this text when nobody moves them."""
    if not any(photo.after for photo in before.photos):
        return list(before.photos)
    to = places.carried(before.body, body)
    return [replace(photo, after=places.follow(photo.after, to)) for photo in before.photos]


def _photos(before: Sequence[StoryPhoto], after: Sequence[StoryPhoto], body: str) -> list[PhotoChange]:
    """In the present order, then those that were taken out."""
    old_places = {photo.key: at for at, photo in enumerate(before, 1)}
    pairs = [(old_places[photo.key], at) for at, photo in enumerate(after) if photo.key in old_places]
    moved = {before[one - 1].key for one, _at in in_order(pairs, [1] * len(after))[1]}
    changes = []
    for at, photo in enumerate(after, 1):
        was_at = old_places.pop(photo.key, 0)
        old = before[was_at - 1] if was_at else NO_PHOTO
        kind: Kind = "changed" if old != photo else "same"
        is_moved = photo.key in moved or (was_at and old.after != photo.after)
        kind = "moved" if is_moved else kind if was_at else "added"
        changes.append(_photo(kind, photo.key, old, photo, was_at, at, places.pieces_before(body, photo.after)))
    for key, was_at in old_places.items():
        changes.append(_photo("deleted", key, before[was_at - 1], NO_PHOTO, was_at, 0))
    return changes


def _photo(
    kind: Kind, key: int, old: StoryPhoto, new: StoryPhoto, before_at: int, after_at: int, behind: int = 0
) -> PhotoChange:
    texts = characters(old.caption, new.caption), characters(old.alternative, new.alternative)
    return PhotoChange(kind, key, *texts, before_at, after_at, behind)
