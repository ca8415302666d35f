"""Proofs: asks a worker for the PDF of a content, and renders it there."""

import hashlib
import logging
from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Photo

from . import layout_check, page_pictures, pdf_pages, places, rendering
from .content import ArticleContent, IssueContent, content_of, digest
from .layout.presets import Measures
from .models import Issue, Proof, Status
from .pdf import PdfError
from .rendered import Rendered

KEPT = 5

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


def request(issue: Issue, content: IssueContent | None = None) -> Proof:
    """The proof of the issue's present content; a new one is only noted here, a worker renders it.

    Call `notify("issues.tasks.render_proof", proof_id=…)` when it `is_new`.
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
        fail(proof, why(error, content))
        return proof
    except Exception:
        # A fault of ours, or the time limit: the editor is told, and the log gets the whole of it.
        fail(proof, _("a fault in the typesetting, which the log describes. Please tell the administrator."))
        raise
    is_open = proof.issue.is_open
    store(proof, pdf, content, report=None if is_open else verdict(pdf, content))
    if is_open:
        # The desk shows the pages before they are checked; on the way to the signature no page is without its report.
        proof.report = verdict(pdf, content)
        proof.save(update_fields=["report"])
    forget_old(proof.issue)
    return proof


def why(error: rendering.RenderingError, content: IssueContent) -> str:
    """The reason, with the names of the articles that can't be set even alone, unless it tells its place already."""
    if type(error.__cause__) is not PdfError:
        return str(error)
    names = "、".join(rendering.flat(article.title) or _("brief") for article in _unsettable(content))
    return f"{error}（{names}）" if names else str(error)


def _unsettable(content: IssueContent) -> Iterator[ArticleContent]:
    for article in (*content.articles, *content.briefs):
        try:
            rendering.render(alone(article, layout=content.layout, measures=content.measures), photo_bytes=photo_bytes)
        except rendering.RenderingError:
            yield article


def alone(article: ArticleContent, *, layout: str, measures: Measures | None = None) -> IssueContent:
    """The article set by itself in the same layout: no masthead, no end matter."""
    is_brief = article.section == "brief"
    return IssueContent(
        name_lines=(),
        publisher="",
        kind="regular",
        year=None,
        number=None,
        total_number=None,
        dated_on=None,
        editor_note="",
        has_contents=False,
        print_run=0,
        layout=layout,
        articles=() if is_brief else (article,),
        briefs=(article,) if is_brief else (),
        report_to=(),
        send_to=(),
        issue_to=(),
        measures=measures,
    )


def verdict(pdf: bytes, content: IssueContent) -> dict:
    """What the layout check says of the pages, to be kept. A fault of the check keeps no pages back, but any signature."""
    try:
        return layout_check.check(pdf, content).as_dict()
    except pdf_pages.UnreadablePdf:
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
    page_pictures.keep_only(
        owner(issue), (look for looks in issue.proofs.values_list("looks", flat=True) for look in looks)
    )
    failed = issue.proofs.filter(state=Proof.State.FAILED).order_by("-requested_at")
    issue.proofs.filter(pk__in=[proof.pk for proof in failed[KEPT:]]).delete()


def owner(issue: Issue) -> str:
    """The folder of its pages' pictures."""
    return f"issue-{issue.pk}"


def fail(proof: Proof, why: str) -> None:
    proof.state, proof.error = Proof.State.FAILED, why
    proof.save()


def store(proof: Proof, pdf: bytes, content: IssueContent, *, report: dict | None = None) -> None:
    measured = places.measure(pdf, content)
    proof.looks, proof.places, proof.free_rows = measured.looks, measured.places, measured.free_rows
    proof.sha256 = hashlib.sha256(pdf).hexdigest()
    proof.pages = len(measured.looks)
    proof.first_pages = pdf_pages.bookmark_pages(pdf)[: len(content.articles)]
    proof.report = report
    proof.state, proof.ready_at, proof.error = Proof.State.READY, timezone.now(), ""
    with transaction.atomic():
        proof.pdf.save(f"{proof.digest}.pdf", ContentFile(pdf), save=False)
        proof.save()


def retry(proof: Proof) -> bool:
    """Try again what failed, or was not checked, while it is not signed. False when there is nothing to try."""
    in_the_making = Q(issue__status__in=(Status.DRAFT, Status.PENDING))
    set_again = Q(issue__status=Status.ISSUED, issue__is_past=True, issue__pdf="")
    unchecked = Q(report__isnull=True) | Q(report__did_not_run__isnull=False)
    failed = Proof.objects.filter(
        in_the_making & (Q(state=Proof.State.FAILED) | Q(state=Proof.State.READY) & unchecked)
        | set_again & Q(state=Proof.State.FAILED),
        pk=proof.pk,
    )
    with transaction.atomic():
        taken = bool(failed.update(state=Proof.State.QUEUED, error="", report=None, requested_at=timezone.now()))
    proof.refresh_from_db()
    return taken


def newest_ready(issue: Issue) -> Proof | None:
    """The last proof that was rendered: perhaps not of the present content."""
    return issue.proofs.filter(state=Proof.State.READY).order_by("-ready_at").first()


def is_worker_missing(proof: Rendered) -> bool:
    """No worker has taken it for a minute."""
    return proof.state == Proof.State.QUEUED and (timezone.now() - proof.requested_at).total_seconds() > 60


def _content_with(proof: Proof) -> IssueContent | None:
    """The issue's content, dated as planned or as of today, whichever this proof was asked for."""
    for dated_on in (None, timezone.localdate()):
        content = content_of(proof.issue, dated_on=dated_on)
        if digest(content) == proof.digest:
            return content
    return None
