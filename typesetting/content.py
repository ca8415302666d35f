"""What an issue says, apart from the database: the one input of typesetting, and the thing that a signer signs."""

import hashlib
import json
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from .blocks import parted
from .page.presets import Measures


@dataclass(frozen=True)
class PhotoContent:
    """A picture: pixels wide and high; `photo_id` is what the PDF's photo store is asked for."""

    photo_id: int
    caption: str
    width: int
    height: int
    sha256: str
    alternative: str = ""  # what it shows, for those who can't see it
    after: int | None = None  # the block of the text behind which it stands (typesetting.blocks); None: behind the last


@dataclass(frozen=True)
class ArticleContent:
    """One story: `title` has its printed lines separated by line feeds, `body` is cleaned HTML, `unit` names its units
    with 、 between them."""

    article_id: int
    title: str
    subtitle: str
    unit: str
    authors: str
    body: str
    photos: tuple[PhotoContent, ...]
    section: str

    @property
    def parts(self) -> list[tuple[str, list[PhotoContent]]]:
        """The text in parts, each with the photos that stand behind it."""
        return parted(self.body, self.photos)


@dataclass(frozen=True)
class IssueContent:
    """A whole issue in printed order. Numbers and the date are None where a past issue's source has none.

    Here and in its parts, what has a default is left out of the JSON while it has it: a content of before that field
    keeps its digest.
    """

    name_lines: tuple[str, ...]
    publisher: str
    kind: str
    year: int | None
    number: int | None
    total_number: int | None
    dated_on: date | None
    editor_note: str
    has_contents: bool
    print_run: int
    layout: str
    articles: tuple[ArticleContent, ...]
    briefs: tuple[ArticleContent, ...]
    report_to: tuple[str, ...]
    send_to: tuple[str, ...]
    issue_to: tuple[str, ...]
    copy_number: str = ""
    security: str = ""
    notice: str = ""
    permit_number: str = ""
    signer: str = ""
    measures: Measures | None = None
    edition: str = ""  # behind the number: 更正, 更正版, 撤回通知
    verify_link: str = ""  # the whole address that the QR code on the last page leads to; empty: no code


def as_json(content: IssueContent) -> str:
    """Canonical JSON: the same content gives the same bytes."""
    return json.dumps(_plain(content), default=date.isoformat, ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> Any:
    """Dataclasses as dicts without what has its default, all the way down."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if not is_dataclass(value):
        return value
    given = ((field, getattr(value, field.name)) for field in fields(value))
    return {field.name: _plain(each) for field, each in given if field.default is MISSING or each != field.default}


def digest(content: IssueContent) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return digest_of(as_json(content))


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def from_json(text: str) -> IssueContent:
    """What `as_json` wrote, as content again. ValueError when it is something else."""
    try:
        values = json.loads(text)
        stories = {name: tuple(map(_article_from, values.pop(name))) for name in ("articles", "briefs")}
        dated_on, measures = values.pop("dated_on"), values.pop("measures", None)
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return IssueContent(
            **(values | lists | stories),
            dated_on=date.fromisoformat(dated_on) if dated_on is not None else None,
            measures=Measures(**measures) if measures is not None else None,
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("not the content of an issue") from error


def _article_from(values: dict[str, Any]) -> ArticleContent:
    photos = tuple(PhotoContent(**photo) for photo in values.pop("photos"))
    return ArticleContent(**values, photos=photos)
