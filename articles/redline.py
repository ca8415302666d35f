"""A comparison to be taken away (花脸稿): what it is called, whose the two states are, what was remarked on the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User

from . import remarks
from .comparison import Comparison
from .models import Article, ArticleEvent, ArticleVersion
from .versions import Text, compare_texts


@dataclass(frozen=True)
class Side:
    """One of the two states: its name, who made it, and when."""

    name: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Remark:
    """What somebody said about a paragraph of the later state, counted from 1, or about the whole story (0)."""

    text: str
    who: str
    at: datetime
    paragraph: int = 0


@dataclass(frozen=True)
class Compared:
    """One story of it. `label` says in a few words what became of the whole story, where it stands in an issue."""

    comparison: Comparison
    label: str = ""
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Redline:
    """`unit` is whose it is, empty for an issue."""

    title: str
    unit: str
    before: Side
    after: Side
    stories: tuple[Compared, ...]

    @property
    def heading(self) -> str:
        return _("%(title)s (redline)") % {"title": self.title or _("Untitled")}

    def file_name(self, ending: str) -> str:
        """A stroke in it would end a folder's name."""
        return f"{self.heading}.{ending}".replace("/", "／")


def of_texts(article: Article, before: Text, after: Text, *, by: User) -> Redline:
    """`by` is who takes it away: it holds nothing that is told to others alone."""
    events = [event for event in article.events.select_related("by", "version") if event.is_told_to(by)]
    said = (*_said_with_moves(before, after, events), *_beside_paragraphs(article, after))
    return Redline(
        title=after.flat_title,
        unit=str(article.unit),
        before=side_of(before),
        after=side_of(after),
        stories=(Compared(compare_texts(before, after), remarks=said),),
    )


def side_of(text: Text) -> Side:
    if isinstance(text, ArticleVersion):
        return Side(_("version %(number)s") % {"number": text.number}, str(text.created_by or ""), text.created_at)
    return Side(_("as it is now"), str(text.updated_by or text.created_by or ""), text.updated_at)


def _said_with_moves(before: Text, after: Text, events: Iterable[ArticleEvent]) -> Iterable[Remark]:
    """What was said when one of these versions, or one between them, was moved."""
    for event in events:
        is_later = isinstance(before, ArticleVersion) and event.version and event.version.number >= before.number
        is_earlier = not isinstance(after, ArticleVersion) or event.version and event.version.number <= after.number
        if event.note and is_later and is_earlier:
            yield Remark(event.note, str(event.by or ""), event.at)


def _beside_paragraphs(article: Article, after: Text) -> Iterable[Remark]:
    """The remarks that are open, each with its answers; one whose paragraph is gone says which it was."""
    rows = article.remarks.open().for_pages()
    if isinstance(after, ArticleVersion):
        rows = rows.filter(version__number__lte=after.number)
    for row in remarks.place_in(after, rows):
        about = [] if row.place.number else [f"“{row.quote}”"]
        lines = [*about, row.text, *(f"{answer.by}：{answer.text}" for answer in row.answers.all())]
        yield Remark("\n".join(lines), str(row.by), row.at, row.place.number or 0)
