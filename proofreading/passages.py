"""What goes into the proofreader and what comes out of it. Places are characters in a paragraph; paragraph 0 is the title."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.functional import Promise

from .tables import Tables

ERROR, WARNING, QUERY = "error", "warning", "query"
LEVELS = (ERROR, WARNING, QUERY)


@dataclass(frozen=True)
class Passage:
    """One story as the engine sees it."""

    title: str  # its lines joined by \n
    paragraphs: tuple[str, ...]  # paragraph n is paragraphs[n - 1]
    kind: str = "article"  # or "brief"
    unit: str = ""  # its unit's name, when known


@dataclass(frozen=True)
class Finding:
    rule: str  # stable name, e.g. "doubled-word"
    level: str  # one of LEVELS
    article: int  # from 1
    paragraph: int  # 0 is the title
    start: int
    end: int
    quote: str  # == text[start:end]
    suggestion: str  # what should stand in place of the quote; "" when there is no certain one
    why: str  # one sentence
    source: str  # GB/T 15834-2011 4.5.3, or a table's entry with its source
    deletes: bool = False  # the suggestion is that nothing stands there


@dataclass(frozen=True)
class Mark:
    """What a rule says of a place; the engine adds whose it is."""

    paragraph: "Paragraph"
    start: int
    end: int
    why: str
    source: str
    suggestion: str = ""
    deletes: bool = False
    level: str = ""  # another than the rule's own


@dataclass(frozen=True)
class Paragraph:
    article: int
    number: int
    text: str
    kind: str = "article"

    @property
    def is_title(self) -> bool:
        return self.number == 0


@dataclass(frozen=True)
class Story:
    number: int
    passage: Passage
    paragraphs: tuple[Paragraph, ...]  # the title first

    @property
    def body(self) -> tuple[Paragraph, ...]:
        return self.paragraphs[1:]


@dataclass(frozen=True)
class Whole:
    """All that is looked at in one go: one article, or an issue."""

    stories: tuple[Story, ...]
    as_of: date
    tables: Tables

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        return tuple(paragraph for story in self.stories for paragraph in story.paragraphs)


Find = Callable[[Whole], Iterator[Mark]]


@dataclass(frozen=True)
class Rule:
    name: str
    family: str
    label: str | Promise
    example: str
    level: str
    find: Find
    is_across: bool = False  # several stories together show what none of them shows alone
