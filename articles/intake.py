"""Makes a draft of a Word file that was sent, and keeps the file."""

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User

from . import photos, richtext, word
from .models import Article, SourceFile

LONGEST_BODY = 200_000


def take_in(upload: UploadedFile, *, by: User, into: Article | None = None) -> SourceFile:
    """The file as it is kept: with its new draft, or with the reason for which there is none. Nothing is raised.

    With `into` its text fills that draft, which has none yet: one that was begun for a commission.
    """
    name = str(upload.name)[-200:]
    # Under a name of our own: that of the file is only said.
    source = SourceFile(name=name, created_by=by)
    source.file.save("source.bin", upload, save=False)
    try:
        _draft(source, upload, by, into)
    except word.NotWord as refused:
        source.refusal = str(refused)
    source.save()
    return source


def _draft(source: SourceFile, upload: UploadedFile, by: User, into: Article | None) -> None:
    if (upload.size or 0) > word.LARGEST_FILE:
        raise word.too_large(source.name)
    if by.unit is None:
        raise word.NotWord(
            _("You are of no unit yet, so no draft can be made. Please write it and choose a unit there.")
        )
    upload.seek(0)
    read = word.read(upload.read(), source.name)
    words = richtext.excess(read.body) or _too_long(read)
    if words:
        raise word.NotWord(f"“{source.name}”：{words}")
    said = {
        "title": read.title,
        "subtitle": read.subtitle,
        "authors": read.authors or str(by)[:100],
        "contact": read.contact or by.mobile,
        "body": read.body,
    }
    if into:
        article = _filled(into, said, by)
    else:
        article = Article.objects.create(unit=by.unit, created_by=by, updated_by=by, **said)
    source.article = article
    source.losses = [loss.as_dict() | ({"words": loss.words} if loss.words else {}) for loss in read.losses]
    if read.unit and read.unit not in (by.unit.name, by.unit.short_name):
        source.losses.append(word.Loss(_("unit named in the file: the draft is your unit's"), 1, read.unit).as_dict())
    taken = _add_photos(article, read.photos, source)
    source.taken = _taken(read, taken)


def _filled(into: Article, said: dict[str, str], by: User) -> Article:
    """Looks under the lock whether there is still nothing in it: somebody may have begun to write."""
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=into.pk)
        if not is_blank(article) or not article.is_editable:
            raise word.NotWord(
                _(
                    "There is a text in this draft already, so the file was not put in. Its text can be copied from the file."
                )
            )
        for name, value in said.items():
            setattr(article, name, value)
        article.updated_by = by
        article.save()
    return article


def is_blank(article: Article) -> bool:
    """Neither title nor text nor photo. One query, where there is no text."""
    has_text = article.title.strip() or richtext.count_characters(article.body)
    return not has_text and not article.photos()


def _add_photos(article: Article, read: list[word.WordPhoto], source: SourceFile) -> int:
    """How many were taken; the others become losses."""
    refused = []
    for photo in read:
        try:
            photos.take_in(article, ContentFile(photo.data, name=photo.name), caption=photo.caption, after=photo.after)
        except photos.PhotoRefused as refusal:
            refused.append(str(refusal))
    if refused:
        source.losses.append(word.Loss(_("photo"), len(refused), "；".join(refused)).as_dict())
    return len(read) - len(refused)


def _too_long(read: word.WordArticle) -> str:
    if len(read.body) > LONGEST_BODY:
        return _("The text is too long for an article. Please divide it among several articles.")
    return "" if read.body or read.title else _("There is no text in it. Please look whether it is the right file.")


def _taken(read: word.WordArticle, photos_taken: int) -> str:
    """What came, as it is said beside the article."""
    counts = {
        _("text (%(count)s paragraphs)"): len(read.paragraphs),
        _("tables (%(count)s)"): len(read.tables),
        _("photos (%(count)s)"): photos_taken,
    }
    named = [_("title")] if read.title else []
    named += [words % {"count": count} for words, count in counts.items() if count]
    named += [_("reporter")] if read.authors else []
    named += [_("contact")] if read.contact else []
    return "、".join(named)
