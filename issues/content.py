"""What an issue says: its frozen content, or what its tables say now."""

from datetime import date
from functools import lru_cache

from typesetting.content import ArticleContent, IssueContent, PhotoContent, as_json, digest_of, from_json

from .models import SECTION_ORDER, Direction, FrozenContent, Issue

# The same few issues are read again and again: by readers of a mailing, by its letters.
_read_frozen = lru_cache(maxsize=16)(from_json)


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
