"""Previews: the pages of an article as it is being written, set alone by a worker."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Kind

from . import page_pictures, places, proofs, rendering
from .content import ArticleContent, IssueContent, PhotoContent, digest
from .models import ArticlePreview, Bulletin

State = ArticlePreview.State
KEPT = timedelta(days=1)


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
            PhotoContent(photo.pk, photo.caption, photo.width, photo.height, photo.sha256) for photo in article.photos()
        ),
        section="brief" if article.kind == Kind.BRIEF else article.unit.tier,
    )
    return proofs.alone(story, layout=bulletin.layout_preset, measures=bulletin.measures)


def request(article: Article) -> ArticlePreview:
    """The preview of the present text; when it `is_new`, call `notify("issues.tasks.render_preview", …)`."""
    wanted = digest(content_of(article))
    preview, created = ArticlePreview.objects.get_or_create(article=article, defaults={"digest": wanted})
    if preview.digest != wanted:
        preview.digest, preview.state, preview.error, preview.requested_at = wanted, State.QUEUED, "", timezone.now()
        preview.save(update_fields=["digest", "state", "error", "requested_at"])
        created = True
    preview.is_new = created
    return preview


def retry(preview: ArticlePreview) -> bool:
    """Try a failed preview again. False when there is nothing to try."""
    failed = ArticlePreview.objects.filter(pk=preview.pk, state=State.FAILED)
    taken = bool(failed.update(state=State.QUEUED, error="", requested_at=timezone.now()))
    preview.refresh_from_db()
    preview.is_new = taken or preview.is_new
    return taken


def render(preview: ArticlePreview) -> None:
    """Render what the article says now. What was asked for meanwhile is left to its own message."""
    if preview.state != State.QUEUED:
        return
    content = content_of(preview.article)
    asked, preview.digest = preview.digest, digest(content)
    try:
        pdf = rendering.render(content, photo_bytes=proofs.photo_bytes)
    except rendering.RenderingError as error:
        _keep(preview, asked, state=State.FAILED, error=str(error))
    except Exception:
        words = _("a fault in the typesetting, which the log describes. Please tell the administrator.")
        _keep(preview, asked, state=State.FAILED, error=words)
        raise
    else:
        _store(preview, asked, pdf, content)


def _store(preview: ArticlePreview, asked: str, pdf: bytes, content: IssueContent) -> None:
    measured, before = places.measure(pdf, content), preview.looks
    storage, old = preview.pdf.storage, preview.pdf.name
    name = storage.save(f"{timezone.now():proofs/%Y/%m}/{preview.digest}.pdf", ContentFile(pdf))
    is_kept = _keep(
        preview,
        asked,
        state=State.READY,
        error="",
        pdf=name,
        looks=measured.looks,
        pages=len(measured.looks),
        free_rows=measured.free_rows,
        ready_at=timezone.now(),
    )
    if is_kept:  # a page that is open may still ask for the pictures from before
        page_pictures.keep_only(owner(preview.article_id), [*before, *measured.looks])
    for gone in ([old] if old else []) if is_kept else [name]:
        storage.delete(gone)


def _keep(preview: ArticlePreview, asked: str, **values) -> bool:
    """Unless another text was asked for while this one was rendered."""
    rows = ArticlePreview.objects.filter(pk=preview.pk, digest__in=[asked, preview.digest])
    return bool(rows.update(digest=preview.digest, **values))


def owner(article_pk: int) -> str:
    """The folder of its pages' pictures."""
    return f"article-{article_pk}"


def forget_idle() -> None:
    """Nobody has written for a day: the pages are rendered again when they are looked at."""
    for preview in ArticlePreview.objects.filter(requested_at__lt=timezone.now() - KEPT).exclude(state=State.QUEUED):
        preview.pdf.delete(save=False)
        page_pictures.keep_only(owner(preview.article_id), [])
        preview.delete()
