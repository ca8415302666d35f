"""A text that a version kept becomes the text again, as a new version: by its unit while it writes, by the office as a change."""

from django.db import transaction
from django.utils.translation import gettext as _

from workflow.refusals import Refused, permit

from . import revision, sittings
from .models import Article, ArticleVersion, Photo
from .versions import PHOTO_FIELDS, says

FIELDS = ("title", "subtitle", "authors", "body")


def may_restore(version: ArticleVersion, user) -> bool:
    """Whether the page offers it; `restore` asks again."""
    article = version.article
    if says(article, version):
        return False
    if article.is_editable:
        return article.belongs_to(user) and user.has_perm("articles.write_article")
    return article.is_revisable and user.has_perm(Article.REVIEW) and not revision.refusal(article, user)


def restore(version: ArticleVersion, *, by) -> tuple[ArticleVersion, ArticleVersion | None]:
    """The new version, and the one that keeps what stood there before, which undoes it. Raises Refused."""
    with transaction.atomic():
        row = Article.objects.select_for_update().get(pk=version.article_id)
        if row.is_editable:
            return _by_its_unit(row, version, by)
        if row.is_revisable:
            return _by_the_office(row, version, by)
        words = _("It is now “%(status)s”, so its text can't be changed here. The page shows the present state.")
        raise Refused(words % {"status": row.get_status_display()})


def _by_its_unit(row: Article, version: ArticleVersion, by) -> tuple[ArticleVersion, ArticleVersion | None]:
    permit(by, "articles.write_article")
    if not row.belongs_to(by):
        raise Refused(_("Only its unit can change it now."))
    before = sittings.keep_present(row)
    _put(row, version)
    row.updated_by = by
    row.save()
    row.note_writer(by)
    return row.add_version(by=by, restored_from=version), before


def _by_the_office(row: Article, version: ArticleVersion, by) -> tuple[ArticleVersion, ArticleVersion | None]:
    revision.permit_change(row, by=by)
    before = row.current_version
    _put(row, version)
    if row.missing:
        raise Refused(" ".join(row.missing.values()))
    new = revision.record(row, by=by, restored_from=version)
    revision.void_or_correct(row, new, by=by, is_correction=False)
    return new, before


def _put(row: Article, version: ArticleVersion) -> None:
    """Give the row the words and the photos of the version. Raises Refused when it says that already."""
    if says(row, version):
        raise Refused(_("This is what the article says now."))
    for name in FIELDS:
        setattr(row, name, getattr(version, name))
    if version.keeps_contact:
        row.contact, row.event_on = version.contact or "", version.event_on
    row.kind = version.kind or row.kind
    kept = {entry["photo"]: (at, entry) for at, entry in enumerate(version.photos, 1)}
    photos = list(row.all_photos.all())
    for photo in photos:
        photo.is_removed = photo.pk not in kept
        if not photo.is_removed:
            photo.position, entry = kept[photo.pk]
            for name in PHOTO_FIELDS:
                setattr(photo, name, entry.get(name, ""))
            photo.after = entry.get("after")
    Photo.objects.bulk_update(photos, ["is_removed", "position", "after", *PHOTO_FIELDS])
