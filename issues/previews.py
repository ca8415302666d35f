"""Previews: the pages of an article as it is being written, set alone by a worker."""

from datetime import timedelta

from django.utils import timezone

from articles.models import Article
from typesetting.content import IssueContent, digest
from workflow.worker import notify

from . import page_pictures
from .content import preview_of
from .models import ArticlePreview, Bulletin

State = ArticlePreview.State
KEPT = timedelta(days=1)


def content_of(article: Article) -> IssueContent:
    """The article's saved text in the bulletin's layout. Two queries."""
    return preview_of(article, Bulletin.objects.order_by("pk").first() or Bulletin())


def request(article: Article) -> ArticlePreview:
    """Ask for the preview of the present text, unless it was asked for before."""
    wanted = digest(content_of(article))
    preview, is_new = ArticlePreview.objects.get_or_create(article=article, defaults={"digest": wanted})
    if is_new or (preview.digest != wanted and preview.ask_again(digest=wanted)):
        notify("issues.tasks.render_preview", preview_id=preview.pk)
    return preview


def present(article: Article) -> ArticlePreview:
    """The preview that was asked for last. One that nobody asked for yet is not stored."""
    return ArticlePreview.objects.filter(article=article).first() or ArticlePreview(article=article)


def retry(preview: ArticlePreview) -> None:
    """Try a failed preview again."""
    if preview.is_failed and preview.ask_again():
        notify("issues.tasks.render_preview", preview_id=preview.pk)


def owner(article_pk: int) -> str:
    """The folder of its pages' pictures."""
    return f"article-{article_pk}"


def forget_idle() -> None:
    """Nobody has written for a day: the pages are rendered again when they are looked at."""
    for preview in ArticlePreview.objects.filter(requested_at__lt=timezone.now() - KEPT).exclude(state=State.QUEUED):
        preview.pdf.delete(save=False)
        preview.pdf_before.delete(save=False)
        page_pictures.keep_only(owner(preview.article_id), [])
        preview.delete()
