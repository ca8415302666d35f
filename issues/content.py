"""What an issue says, apart from the database: the one input of typesetting, and the thing that a signer signs."""

import hashlib
import json
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from functools import lru_cache

from .layout.presets import Measures
from .models import SECTION_ORDER, Direction, FrozenContent, Issue


@dataclass(frozen=True)
class PhotoContent:
    """A picture: pixels wide and high; `photo_id` is what the PDF's photo store is asked for."""

    photo_id: int
    caption: str
    width: int
    height: int
    sha256: str
    alternative: str = ""  # what it shows, for those who can't see it


@dataclass(frozen=True)
class ArticleContent:
    """One story: `title` has its printed lines separated by line feeds, `body` is cleaned HTML."""

    article_id: int
    title: str
    subtitle: str
    unit: str
    authors: str
    body: str
    photos: tuple[PhotoContent, ...]
    section: str


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


def content_of(issue: Issue, *, dated_on: date | None = None) -> IssueContent:
    """What the issue says: from its frozen content once it is signed or imported, else as its tables say now.

    `dated_on` goes before the planned day of one in the making. One query, or four.
    """
    if issue.frozen_id:
        return _read_frozen(issue.frozen.text)
    return living_content(issue, dated_on=dated_on)


def freeze(content: IssueContent) -> FrozenContent:
    """Keep the content word for word."""
    text = as_json(content)
    return FrozenContent.objects.get_or_create(digest=digest_of(text), defaults={"text": text})[0]


def living_content(issue: Issue, *, dated_on: date | None = None) -> IssueContent:
    placements = sorted(
        issue.placements.select_related("version", "article__unit").prefetch_related("article__all_photos"),
        key=lambda placement: (SECTION_ORDER[placement.section], placement.position, placement.pk),
    )
    articles = [_article(placement) for placement in placements]
    lines = {direction: [] for direction in Direction.values}
    for line in issue.recipients.all():
        lines[line.direction].append(line.text)
    return IssueContent(
        name_lines=tuple(line.strip() for line in issue.bulletin.name_lines.splitlines() if line.strip()),
        publisher=issue.bulletin.publisher,
        kind=issue.kind,
        year=issue.year,
        number=issue.number,
        total_number=issue.total_number,
        dated_on=dated_on or issue.dated_on,
        editor_note=issue.editor_note.strip(),
        has_contents=issue.has_contents,
        print_run=issue.print_run,
        layout=issue.bulletin.layout_preset,
        articles=tuple(article for article in articles if article.section != "brief"),
        briefs=tuple(article for article in articles if article.section == "brief"),
        report_to=tuple(lines[Direction.UP]),
        send_to=tuple(lines[Direction.ACROSS]),
        issue_to=tuple(lines[Direction.DOWN]),
        copy_number=issue.copy_number,
        security=issue.security,
        signer=" ".join(issue.signer_name.split()),
        **_of_bulletin(issue),
    )


def _of_bulletin(issue: Issue) -> dict:
    """What the bulletin's other issues share with it; a past issue has only what its source says."""
    if issue.is_past:
        return {}
    bulletin = issue.bulletin
    return {
        "notice": " ".join(bulletin.notice.split()),
        "permit_number": " ".join(bulletin.permit_number.split()),
        "measures": bulletin.measures,
    }


def _article(placement) -> ArticleContent:
    version, article = placement.version, placement.article
    photos = {photo.pk: photo for photo in article.all_photos.all()}
    return ArticleContent(
        article_id=article.pk,
        title=version.title,
        subtitle=version.subtitle,
        unit=article.unit.name,
        authors=version.authors,
        body=version.body,
        photos=tuple(
            PhotoContent(
                photo_id=entry["photo"],
                caption=entry["caption"],
                width=photos[entry["photo"]].width,
                height=photos[entry["photo"]].height,
                sha256=photos[entry["photo"]].sha256,
                alternative=entry.get("alternative", ""),
            )
            for entry in version.photos
        ),
        section=placement.section,
    )


def as_json(content: IssueContent) -> str:
    """Canonical JSON: the same content gives the same bytes."""
    return json.dumps(_plain(content), default=date.isoformat, ensure_ascii=False, sort_keys=True)


def _plain(value):
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


# The same few issues are read again and again: by readers of a mailing, by its letters.
_read_frozen = lru_cache(maxsize=16)(from_json)


def _article_from(values: dict) -> ArticleContent:
    photos = tuple(PhotoContent(**photo) for photo in values.pop("photos"))
    return ArticleContent(**values, photos=photos)
