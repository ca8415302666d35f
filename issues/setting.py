"""Setting, in a worker alone: takes a proof or a preview that was asked for, renders its pages, has them checked."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Photo
from typesetting import limits, places, reading, redline, rendering, wording
from typesetting.content import ArticleContent, IssueContent, digest
from typesetting.inspection import layout_check
from typesetting.press.door import PdfError

from . import page_pictures, previews, proofs
from .content import alone, content_of
from .models import MOST_ATTEMPTS, ArticlePreview, Issue, Proof, RedlinePdf, Rendered

KEPT = 5
CHECK_SECONDS = 20  # that the layout check may take, and the search for what can't be set
PROOF_LEASE_SECONDS = settings.RENDER_SECONDS + places.SECONDS + 2 * CHECK_SECONDS
PREVIEW_LEASE_SECONDS = settings.PREVIEW_SECONDS + places.SECONDS + 5
REDLINE_SECONDS = 180  # for a table of thousands of rows; less than the task's own limit
REDLINE_LEASE_SECONDS = REDLINE_SECONDS + 5

logger = logging.getLogger(__name__)


def photo_bytes(photo_id: int) -> bytes:
    """The photo as it was taken in. PdfError when its file is gone or was changed since."""
    photo = Photo.objects.get(pk=photo_id)
    try:
        with photo.file.open("rb") as file:
            content = file.read()
    except OSError as error:
        words = _("The file of the photo “%(photo)s” is missing. Please take the photo out and add it again.")
        raise PdfError(words % {"photo": photo}) from error
    if hashlib.sha256(content).hexdigest() != photo.sha256:
        words = _("The file of the photo “%(photo)s” was changed. Please take the photo out and add it again.")
        raise PdfError(words % {"photo": photo})
    return content


def _set(rendered: Rendered, render: Callable[[Any], None], *, lease: int) -> bool:
    """Render it, if no other worker does: whatever goes wrong is said in the row, and the log gets the whole of it."""
    if not rendered.claim(lease):
        return False
    try:
        refuse_deadly(rendered)
        render(rendered)
    except rendering.RenderingError as error:
        rendered.settle(state=Rendered.State.FAILED, error=str(error))
    except Exception:
        logger.exception("%s %s could not be rendered", type(rendered).__name__, rendered.pk)
        rendered.settle(state=Rendered.State.FAILED, error=fault())
    return True


def refuse_deadly(rendered: Rendered) -> None:
    """Nobody wrote down how the attempts before this one ended: they took their worker with them."""
    if rendered.attempts > MOST_ATTEMPTS:
        raise rendering.RenderingError(
            _("Setting the pages ended the worker %(times)s times. %(advice)s")
            % {"times": MOST_ATTEMPTS, "advice": limits.advice()}
        )


def fault() -> str:
    return _("a fault in the typesetting, which the log describes. Please tell the administrator.")


# --- an issue's proof ----------------------------------------------------------------------------------------------
def render_proof(proof: Proof) -> Proof:
    if _set(proof, _render_proof, lease=PROOF_LEASE_SECONDS) and proof.pk:
        proof.refresh_from_db()
    return proof


def _render_proof(proof: Proof) -> None:
    content = _content_with(proof)
    if content is None:  # changed since: a newer proof has been asked for
        proof.delete()
        return
    try:
        pdf = rendering.render(content, photo_bytes=photo_bytes)
    except rendering.RenderingError as error:
        raise rendering.RenderingError(why(error, content)) from error
    is_open = proof.issue.is_open
    report = None if is_open else verdict(pdf, content)
    if not store(proof, pdf, content, report=report):
        return
    if is_open:
        # The desk shows the pages before they are checked; on the way to the signature no page is without its report.
        Proof.objects.filter(pk=proof.pk).update(report=verdict(pdf, content))
    forget_old(proof.issue)


def why(error: rendering.RenderingError, content: IssueContent) -> str:
    """The reason, with the names of the articles that can't be set even alone, unless it tells its place already."""
    if type(error.__cause__) is not PdfError:
        return str(error)
    names = "、".join(wording.flat(article.title) or _("brief") for article in _unsettable(content))
    return f"{error}（{names}）" if names else str(error)


def _unsettable(content: IssueContent) -> Iterator[ArticleContent]:
    until = time.monotonic() + CHECK_SECONDS / 2
    for article in (*content.articles, *content.briefs):
        if time.monotonic() > until:  # some names are better than none
            return
        single = alone(article, layout=content.layout, measures=content.measures)
        try:
            rendering.render(single, photo_bytes=photo_bytes, seconds=CHECK_SECONDS // 2)
        except rendering.RenderingError:
            yield article


def verdict(pdf: bytes, content: IssueContent) -> dict:
    """What the layout check says of the pages, to be kept. A fault of the check keeps no pages back, but any signature."""
    try:
        with limits.limits(CHECK_SECONDS):
            return layout_check.check(pdf, content).as_dict()
    except reading.UnreadablePdf:
        return did_not_run(_("the PDF can't be read"))
    except Exception as error:
        logger.exception("The layout check failed")
        fault = f"{type(error).__name__}: {error}"[:200]
        return did_not_run(_("a fault of the check (%(fault)s). Please tell the administrator") % {"fault": fault})


def did_not_run(why: str) -> dict:
    return {"did_not_run": why, "checked": 0, "findings": []}


def forget_old(issue: Issue) -> None:
    """Every change of an issue gives a proof: keep the newest ones and those that were signed."""
    signed = issue.sign_offs.values_list("digest", flat=True)
    ready = issue.proofs.filter(state=Proof.State.READY).exclude(digest__in=signed).exclude(sha256=issue.pdf_sha256)
    for proof in ready.order_by("-ready_at")[KEPT:]:
        proof.pdf.delete(save=False)
        proof.delete()
        if not Proof.objects.filter(sha256=proof.sha256).exists():
            page_pictures.forget(proof.sha256)
    kept = chain.from_iterable(issue.proofs.values_list("page_hashes", flat=True))
    page_pictures.keep_only(proofs.owner(issue), kept)
    failed = issue.proofs.filter(state=Proof.State.FAILED).order_by("-requested_at")
    issue.proofs.filter(pk__in=[proof.pk for proof in failed[KEPT:]]).delete()


def store(proof: Proof, pdf: bytes, content: IssueContent, *, report: dict | None = None) -> bool:
    measured = places.measure(pdf, content)
    return proof.store(
        pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        pages=len(measured.page_hashes),
        page_hashes=measured.page_hashes,
        places=measured.places,
        free_rows=measured.free_rows,
        first_pages=measured.first_pages,
        report=report,
    )


def _content_with(proof: Proof) -> IssueContent | None:
    """The issue's content, dated as planned or as of today, whichever this proof was asked for."""
    for dated_on in (None, timezone.localdate()):
        content = content_of(proof.issue, dated_on=dated_on)
        if digest(content) == proof.digest:
            return content
    return None


# --- an article's preview ------------------------------------------------------------------------------------------
def render_preview(preview: ArticlePreview) -> None:
    """Render what the article says now. Another text asked for meanwhile takes the claim away."""
    _set(preview, _render_preview, lease=PREVIEW_LEASE_SECONDS)


def _render_preview(preview: ArticlePreview) -> None:
    # Read once more: what was saved before the claim belongs to it.
    content = previews.content_of(Article.objects.select_related("unit").get(pk=preview.article_id))
    pdf = rendering.render(content, photo_bytes=photo_bytes, seconds=settings.PREVIEW_SECONDS)
    measured = places.measure(pdf, content)
    # A page that is open may still ask for pictures from before, some of which were never drawn.
    before = {"page_hashes_before": preview.page_hashes, "pdf_before": preview.pdf.name}
    preview.digest = digest(content)
    is_kept = preview.store(
        pdf,
        digest=preview.digest,
        page_hashes=measured.page_hashes,
        pages=len(measured.page_hashes),
        free_rows=measured.free_rows,
        **before,
    )
    if is_kept:
        page_pictures.keep_only(previews.owner(preview.article_id), [*preview.page_hashes, *measured.page_hashes])
        preview.pdf_before.delete(save=False)


# --- a comparison to take away --------------------------------------------------------------------------------------
def render_redline(asked: RedlinePdf) -> None:
    _set(asked, _render_redline, lease=REDLINE_LEASE_SECONDS)


def _render_redline(asked: RedlinePdf) -> None:
    asked.store(redline.render(asked.page, seconds=REDLINE_SECONDS))
