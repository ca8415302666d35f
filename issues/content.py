"""What an issue says: its frozen content, or what its tables say now."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.urls import reverse

from articles.models import Article, ArticleVersion, Kind, Photo
from typesetting.content import ArticleContent, IssueContent, PhotoContent, as_json, digest_of, from_json
from typesetting.page.presets import Measures
from typesetting.page.verify_code import has_room_in

from .amended import content_of_amendment, in_force
from .models import BRIEFS, SECTION_ORDER, Bulletin, Direction, FrozenContent, Issue, Placement

# The same few issues are read again and again: by readers of a mailing, by its letters.
_read_frozen = lru_cache(maxsize=16)(from_json)


def content_of(issue: Issue, *, dated_on: date | None = None) -> IssueContent:
    """What the issue says: from its frozen content once it is signed or imported, else as its tables say now.

    `dated_on` goes before the planned day of one in the making. One query, or five.
    """
    if issue.frozen:
        return _read_frozen(issue.frozen.text)
    return living_content(issue, dated_on=dated_on)


def freeze(content: IssueContent) -> FrozenContent:
    """Keep the content word for word."""
    text = as_json(content)
    return FrozenContent.objects.get_or_create(digest=digest_of(text), defaults={"text": text})[0]


def base_of(issue: Issue) -> IssueContent:
    """What the issue says that this correction is about."""
    assert issue.amends, "what amends names its issue"
    return content_of(in_force(issue.amends))


def living_content(issue: Issue, *, dated_on: date | None = None) -> IssueContent:
    if issue.edition:
        content = content_of_amendment(issue, base_of(issue), dated_on=dated_on or issue.dated_on)
    else:
        content = _content_of_tables(issue, dated_on or issue.dated_on)
    return replace(content, verify_link=_verify_link(issue, content))


def _verify_link(issue: Issue, content: IssueContent) -> str:
    """The address in the code on its last page; empty where it has none. A correction keeps the page of its issue, which may
    have no room for it."""
    is_printed = issue.bulletin.verify_code and issue.verify_token and not issue.is_past
    if not is_printed or not has_room_in(content.layout, content.measures):
        return ""
    return settings.SITE_URL + reverse("printed:verify", args=[issue.verify_token])


def _content_of_tables(issue: Issue, dated_on: date) -> IssueContent:
    placements = sorted(
        issue.placements.select_related("version", "article__unit").prefetch_related(
            "article__all_photos", "article__merged__unit"
        ),
        key=lambda placement: (SECTION_ORDER[placement.section], placement.position, placement.pk),
    )
    articles = [_article(placement) for placement in placements]
    lines: dict[str, list[str]] = {direction: [] for direction in Direction.values}
    for line in issue.recipients.all():
        lines[line.direction].append(line.text)
    return IssueContent(
        name_lines=tuple(line.strip() for line in issue.bulletin.name_lines.splitlines() if line.strip()),
        publisher=issue.bulletin.publisher,
        kind=issue.kind,
        year=issue.year,
        number=issue.number,
        total_number=issue.total_number,
        dated_on=dated_on,
        editor_note=issue.editor_note.strip(),
        has_contents=issue.has_contents,
        print_run=issue.print_run,
        layout=issue.bulletin.layout_preset,
        articles=tuple(article for article in articles if article.section != BRIEFS),
        briefs=tuple(article for article in articles if article.section == BRIEFS),
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


def section_of(article: Article) -> str:
    """Where an article stands in an issue: the section of its unit, briefs in one of their own."""
    return BRIEFS if article.kind == Kind.BRIEF else article.unit.tier


def preview_of(article: Article, bulletin: Bulletin) -> IssueContent:
    """The article as it is being written, set alone in the bulletin's layout. Two queries."""
    photos = [_photo(photo, photo.caption, photo.alternative, photo.after) for photo in article.photos()]
    story = _story(article, article, photos, section_of(article))
    return alone(story, layout=bulletin.layout_preset, measures=bulletin.measures)


def _article(placement: Placement) -> ArticleContent:
    known = {photo.pk: photo for photo in placement.article.all_photos.all()}
    photos = [
        _photo(known[entry["photo"]], entry["caption"], entry.get("alternative", ""), entry.get("after"))
        for entry in placement.version.photos
    ]
    return _story(placement.article, placement.version, photos, placement.section)


def _story(
    article: Article, text: Article | ArticleVersion, photos: list[PhotoContent], section: str
) -> ArticleContent:
    return ArticleContent(
        article_id=article.pk,
        title=text.title,
        subtitle=text.subtitle,
        unit="、".join(unit.name for unit in article.credited()),
        authors=text.authors,
        body=text.body,
        photos=tuple(photos),
        section=section,
    )


def _photo(photo: Photo, caption: str, alternative: str, after: int | None) -> PhotoContent:
    return PhotoContent(photo.pk, caption, photo.width, photo.height, photo.sha256, alternative, after)


def alone(article: ArticleContent, *, layout: str, measures: Measures | None = None) -> IssueContent:
    """The article set by itself in the same layout: no masthead, no end matter."""
    is_brief = article.section == BRIEFS
    return IssueContent(
        name_lines=(),
        publisher="",
        kind="regular",
        year=None,
        number=None,
        total_number=None,
        dated_on=None,
        editor_note="",
        has_contents=False,
        print_run=0,
        layout=layout,
        articles=() if is_brief else (article,),
        briefs=(article,) if is_brief else (),
        report_to=(),
        send_to=(),
        issue_to=(),
        measures=measures,
    )
