"""Previews: the pages of an article as it is being written, set alone by a worker."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from articles.models import Article, Kind
from typesetting import places, rendering
from typesetting.content import ArticleContent, IssueContent, PhotoContent, digest
from workflow.worker import notify

from . import page_pictures, proofs
from .models import ArticlePreview, Bulletin

State = ArticlePreview.State
KEPT = timedelta(days=1)
LEASE_SECONDS = settings.PREVIEW_SECONDS + places.SECONDS + 5

logger = logging.getLogger(__name__)


def content_of(article: Article) -> IssueContent:
    """The article's saved text in the bulletin's layout. Two queries."""
    bulletin = Bulletin.objects.order_by("pk").first() or Bulletin()
    story = ArticleContent(
        article_id=article.pk,
        title=article.title,
        subtitle=article.subtitle,
        unit=article.unit.name,
        authors=article.authors,
        body=article.body,
        photos=tuple(
            PhotoContent(photo.pk, photo.caption, photo.width, photo.height, photo.sha256, photo.alternative)
            for photo in article.photos()
        ),
        section="brief" if article.kind == Kind.BRIEF else article.unit.tier,
    )
    return proofs.alone(story, layout=bulletin.layout_preset, measures=bulletin.measures)


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
    if preview.state == State.FAILED and preview.ask_again():
        notify("issues.tasks.render_preview", preview_id=preview.pk)


def render(preview: ArticlePreview) -> None:
    """Render what the article says now, if no other worker does. Another text asked for meanwhile takes the claim away."""
    if not preview.claim(LEASE_SECONDS):
        return
    try:
        proofs.refuse_deadly(preview)
        _render(preview)
    except rendering.RenderingError as error:
        preview.settle(state=State.FAILED, error=str(error))
    except Exception:
        logger.exception("Preview %s could not be rendered", preview.pk)
        preview.settle(state=State.FAILED, error=proofs.fault())


def _render(preview: ArticlePreview) -> None:
    # Read once more: what was saved before the claim belongs to it.
    content = content_of(Article.objects.select_related("unit").get(pk=preview.article_id))
    pdf = rendering.render(content, photo_bytes=proofs.photo_bytes, seconds=settings.PREVIEW_SECONDS)
    measured = places.measure(pdf, content)
    # A page that is open may still ask for pictures from before, some of which were never drawn.
    before = {"looks_before": preview.looks, "pdf_before": preview.pdf.name}
    preview.digest = digest(content)
    is_kept = preview.store(
        pdf,
        digest=preview.digest,
        looks=measured.looks,
        pages=len(measured.looks),
        free_rows=measured.free_rows,
        **before,
    )
    if is_kept:
        page_pictures.keep_only(owner(preview.article_id), [*preview.looks, *measured.looks])
        preview.pdf_before.delete(save=False)


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
