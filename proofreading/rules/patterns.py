"""Rules that are a list of patterns, each with its reason."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise

from ..passages import Find, Mark, Paragraph, Whole


@dataclass(frozen=True)
class Pattern:
    find: re.Pattern[str]
    becomes: str | Callable[[re.Match[str]], str]  # a template, as of re; "" when it isn't certain
    why: str | Promise
    source: str | Promise
    level: str = ""
    deletes: bool = False
    in_titles: bool = True
    unless: Callable[[Paragraph, re.Match[str]], bool] | None = None


def finder(*patterns: Pattern) -> Find:
    def find(whole: Whole) -> Iterator[Mark]:
        for paragraph in whole.paragraphs:
            for pattern in patterns:
                if pattern.in_titles or not paragraph.is_title:
                    yield from marks(paragraph, pattern)

    return find


def marks(paragraph: Paragraph, pattern: Pattern) -> Iterator[Mark]:
    for found in pattern.find.finditer(paragraph.text):
        if pattern.unless and pattern.unless(paragraph, found):
            continue
        becomes = found.expand(pattern.becomes) if isinstance(pattern.becomes, str) else pattern.becomes(found)
        if becomes != found[0]:
            yield Mark(
                paragraph,
                found.start(),
                found.end(),
                str(pattern.why),
                str(pattern.source),
                becomes,
                pattern.deletes,
                pattern.level,
            )
