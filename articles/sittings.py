"""A sitting: what a person, or several at once, save without a long pause. What it left is kept as one version."""

from datetime import timedelta

from django.utils import timezone

from .models import Article, ArticleVersion
from .versions import says

PAUSE = timedelta(minutes=30)  # after it another sitting begins
# Where several write at once their saves alternate: a version is kept at most so often.
TOGETHER = timedelta(minutes=10)


def keep_last(row: Article, *, by) -> None:
    """Before this person saves: what the last sitting left becomes a version. The caller holds the row's lock."""
    if _is_over(row, by):
        keep_present(row)


def _is_over(row: Article, by) -> bool:
    now = timezone.now()
    if now - row.updated_at >= PAUSE:
        return True
    if (row.updated_by_id or row.created_by_id) == by.pk:
        return False
    last = row.versions.last()
    return not (last and now - last.created_at < TOGETHER)


def keep_present(row: Article) -> ArticleVersion | None:
    """What the row says as a version: the last one if it says that, none of an empty text."""
    last = row.versions.last()
    if last and says(row, last):
        return last
    if not (row.title or row.body):
        return None
    return row.add_version(by=row.updated_by or row.created_by, created_at=row.updated_at)
