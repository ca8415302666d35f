"""The editorial office changes a text that was handed in. Each time is a new version, and the unit sees what changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import notices
from workflow.refusals import Refused, permit

from .models import Article, ArticleEvent, ArticleVersion, Photo, Reason


class Superseded(Exception):
    """Another version has come in since the page was made; `theirs` is the newest one."""

    def __init__(self, theirs: ArticleVersion):
        super().__init__()
        self.theirs = theirs


@dataclass(frozen=True)
class Wording:
    """What the office may change: fields of the article by name, and of each photo by its key caption, alternative text
    and position. `reason` and `note` are what the unit reads."""

    fields: Mapping[str, str]
    photos: Mapping[int, Mapping[str, str | int]]
    reason: Reason | None = None
    note: str = ""

    @property
    def said(self) -> dict[str, str]:
        """What the event keeps of it."""
        return {"note": self.reason.said(self.note), **self.reason.kept} if self.reason else {"note": self.note}


def revise(article: Article, wording: Wording, *, by, seen: int) -> ArticleVersion:
    """Change an article that waits for a decision or an issue. `seen` is the version that was on the screen.

    Returns the new version, or the present one when nothing has changed. Raises Superseded; Refused when it is not the
    person's to do, when the article is with its unit or in an issue, or when the text lacks something it needs.
    """
    with transaction.atomic():
        row = Article.objects.select_for_update().get(pk=article.pk)
        if row.status not in Article.REVISABLE:
            words = _("It is now “%(status)s”, so its text can't be changed here. The page shows the present state.")
            raise Refused(words % {"status": row.get_status_display()})
        return write(row, wording, by=by, seen=seen)


def write(row: Article, wording: Wording, *, by, seen: int) -> ArticleVersion:
    """As `revise`. The caller holds the row's lock and knows that its state allows it."""
    permit(by, Article.REVIEW)
    if row.created_by_id == by.pk:
        raise Refused(_("This is your own article: another person of the office changes its text."))
    before = row.current_version
    assert before, "what was handed in has a version"
    if before.pk != seen:
        raise Superseded(before)
    fields = {name: text for name, text in wording.fields.items() if not _is_same(getattr(row, name), text)}
    photos = [photo for photo in row.photos() if _take(photo, wording.photos.get(photo.pk, {}))]
    if not fields and not photos:
        return before
    for name, text in fields.items():
        setattr(row, name, text)
    if row.missing:
        raise Refused(" ".join(row.missing.values()))
    Photo.objects.bulk_update(photos, ["caption", "alternative", "position"])
    row.updated_by = by
    row.save()
    row.current_version = row.add_version(by=by)
    row.save(update_fields=["current_version"])
    event = row.events.create(
        by=by,
        transition=ArticleEvent.REVISE,
        from_status=row.status,
        to_status=row.status,
        version=row.current_version,
        **wording.said,
    )
    notices.write(row, Article.CHANGED, event)
    return row.current_version


def _is_same(text: str, other: str) -> bool:
    """White space between tags is the editor's affair."""
    return re.sub(r">\s+<", "><", text) == re.sub(r">\s+<", "><", other)


def _take(photo: Photo, values: Mapping[str, str | int]) -> bool:
    """Give the photo these values; whether that changes it."""
    changed = {name: value for name, value in values.items() if getattr(photo, name) != value}
    for name, value in changed.items():
        setattr(photo, name, value)
    return bool(changed)
