"""Proofs: asks a worker for the PDF of a content, and renders it there."""

import hashlib
import logging

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Photo

from . import layout_check, page_pictures, pdf_pages, rendering
from .content import IssueContent, content_of, digest
from .models import Issue, Proof

KEPT = 5

logger = logging.getLogger(__name__)


def photo_bytes(photo_id: int) -> bytes:
    with Photo.objects.get(pk=photo_id).file.open("rb") as file:
        return file.read()


def request(issue: Issue, content: IssueContent | None = None) -> Proof:
    """The proof of the issue's present content; a new one is only noted here, a worker renders it.

    Call `issues.tasks.render_proof.delay_on_commit(proof_id=…)` when it `is_new`.
    """
    content = content or content_of(issue)
    proof, created = Proof.objects.get_or_create(issue=issue, digest=digest(content))
    proof.is_new = created
    return proof


def render(proof: Proof) -> Proof:
    """Render what the issue says now, if that still is what this proof is of. Safe to run twice."""
    content = _content_with(proof)
    if proof.state != Proof.State.QUEUED:
        return proof
    if content is None:  # changed since: a newer proof has been asked for
        proof.delete()
        return proof
    try:
        pdf = rendering.render(content, photo_bytes=photo_bytes)
    except rendering.RenderingError as error:
        fail(proof, str(error))
        return proof
    except Exception:
        # A fault of ours, or the time limit: the editor is told, and the log gets the whole of it.
        fail(proof, _("a fault in the typesetting, which the log describes. Please tell the administrator."))
        raise
    store(proof, pdf, article_count=len(content.articles), report=_report(pdf, content))
    forget_old(proof.issue)
    return proof


def _report(pdf: bytes, content: IssueContent) -> dict | None:
    """What the layout check says of the pages. A fault of the check itself must not keep the pages back."""
    try:
        return layout_check.check(pdf, content).as_dict()
    except Exception:
        logger.exception("The layout check failed")
        return None


def forget_old(issue: Issue) -> None:
    """Every change of an issue gives a proof: keep the newest ones and those that were signed."""
    signed = issue.sign_offs.values_list("digest", flat=True)
    ready = issue.proofs.filter(state=Proof.State.READY).exclude(digest__in=signed).exclude(sha256=issue.pdf_sha256)
    for proof in ready.order_by("-ready_at")[KEPT:]:
        proof.pdf.delete(save=False)
        proof.delete()
        if not Proof.objects.filter(sha256=proof.sha256).exists():
            page_pictures.forget(proof.sha256)


def fail(proof: Proof, why: str) -> None:
    proof.state, proof.error = Proof.State.FAILED, why
    proof.save()


def store(proof: Proof, pdf: bytes, *, article_count: int, report: dict | None = None) -> None:
    proof.sha256 = hashlib.sha256(pdf).hexdigest()
    proof.pages = pdf_pages.page_count(pdf)
    proof.first_pages = pdf_pages.bookmark_pages(pdf)[:article_count]
    proof.report = report
    proof.state, proof.ready_at, proof.error = Proof.State.READY, timezone.now(), ""
    with transaction.atomic():
        proof.pdf.save(f"{proof.digest}.pdf", ContentFile(pdf), save=False)
        proof.save()


def retry(proof: Proof) -> Proof:
    """Try a failed proof again."""
    proof.state, proof.error = Proof.State.QUEUED, ""
    proof.save()
    return proof


def newest_ready(issue: Issue) -> Proof | None:
    """The last proof that was rendered: perhaps not of the present content."""
    return issue.proofs.filter(state=Proof.State.READY).order_by("-ready_at").first()


def is_worker_missing(proof: Proof) -> bool:
    """No worker has taken it for a minute."""
    return proof.state == Proof.State.QUEUED and (timezone.now() - proof.requested_at).total_seconds() > 60


def _content_with(proof: Proof) -> IssueContent | None:
    """The issue's content, dated as planned or as of today, whichever this proof was asked for."""
    for dated_on in (None, timezone.localdate()):
        content = content_of(proof.issue, dated_on=dated_on)
        if digest(content) == proof.digest:
            return content
    return None
