"""Proofs: asks a worker for the PDF of a content, and renders it there."""

import hashlib
import logging
import time
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Photo
from typesetting import limits, places, reading, rendering
from typesetting.content import ArticleContent, IssueContent, digest
from typesetting.inspection import layout_check
from typesetting.page.presets import Measures
from typesetting.press.door import PdfError
from workflow.worker import notify

from . import page_pictures
from .content import content_of
from .models import Issue, Proof, Status
from .rendered import MOST_ATTEMPTS, Rendered

KEPT = 5
CHECK_SECONDS = 20  # that the layout check may take, and the search for what can't be set
LEASE_SECONDS = settings.RENDER_SECONDS + places.SECONDS + 2 * CHECK_SECONDS

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


# --- asking --------------------------------------------------------------------------------------------------------
def present_content(issue: Issue) -> IssueContent:
    """What the issue says now: while it waits for the signature, dated today."""
    return content_of(issue, dated_on=timezone.localdate() if issue.status == Status.PENDING else None)


def request(issue: Issue) -> Proof:
    """Ask for the proof of the present content, unless it was asked for before. Every act that changes the content of an
    issue calls it, in its own transaction; looking at a page never does."""
    proof, is_new = Proof.objects.get_or_create(issue=issue, digest=digest(present_content(issue)))
    if is_new:
        notify("issues.tasks.render_proof", proof_id=proof.pk)
    issue.proofs.waiting().exclude(pk=proof.pk).delete()  # of what the issue said before
    return proof


def present(issue: Issue) -> Proof:
    """The proof of the present content. One that nobody asked for yet is not stored: the sweep will ask for it."""
    wanted = digest(present_content(issue))
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0)
    changed_at = max(filter(None, (issue.updated_at, issue.looked_at, midnight)))  # or later
    missing = Proof(issue=issue, digest=wanted, requested_at=changed_at)
    return issue.proofs.filter(digest=wanted).first() or missing


def without_asking() -> QuerySet[Issue]:
    """The issues whose content changes although no act changes it: a new day, another name of a unit or the bulletin."""
    return Issue.objects.filter(status__in=(Status.DRAFT, Status.PENDING)).select_related("bulletin")


def look_at(issue: Issue) -> None:
    """Ask for what nobody asked for, and note that all it said until now has its proof."""
    request(issue)
    Issue.objects.filter(pk=issue.pk).update(looked_at=timezone.now())


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
    is_asked = failed.exists() and proof.ask_again(report=None)
    if is_asked:
        notify("issues.tasks.render_proof", proof_id=proof.pk)
    return is_asked


# --- rendering -----------------------------------------------------------------------------------------------------
def render(proof: Proof) -> Proof:
    """Render it, if no other worker does: whatever goes wrong is said in the row, and the log gets the whole of it."""
    if not proof.claim(LEASE_SECONDS):
        return proof
    try:
        refuse_deadly(proof)
        _render(proof)
    except rendering.RenderingError as error:
        proof.settle(state=Proof.State.FAILED, error=str(error))
    except Exception:
        logger.exception("Proof %s could not be rendered", proof.pk)
        proof.settle(state=Proof.State.FAILED, error=fault())
    if proof.pk:
        proof.refresh_from_db()
    return proof


def _render(proof: Proof) -> None:
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


def refuse_deadly(rendered: Rendered) -> None:
    """Nobody wrote down how the attempts before this one ended: they took their worker with them."""
    if rendered.attempts > MOST_ATTEMPTS:
        raise rendering.RenderingError(
            _("Setting the pages ended the worker %(times)s times. %(advice)s")
            % {"times": MOST_ATTEMPTS, "advice": limits.advice()}
        )


def fault() -> str:
    return _("a fault in the typesetting, which the log describes. Please tell the administrator.")


def why(error: rendering.RenderingError, content: IssueContent) -> str:
    """The reason, with the names of the articles that can't be set even alone, unless it tells its place already."""
    if type(error.__cause__) is not PdfError:
        return str(error)
    names = "、".join(rendering.flat(article.title) or _("brief") for article in _unsettable(content))
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
    page_pictures.keep_only(
        owner(issue), (look for looks in issue.proofs.values_list("looks", flat=True) for look in looks)
    )
    failed = issue.proofs.filter(state=Proof.State.FAILED).order_by("-requested_at")
    issue.proofs.filter(pk__in=[proof.pk for proof in failed[KEPT:]]).delete()


def owner(issue: Issue) -> str:
    """The folder of its pages' pictures."""
    return f"issue-{issue.pk}"


def store(proof: Proof, pdf: bytes, content: IssueContent, *, report: dict | None = None) -> bool:
    measured = places.measure(pdf, content)
    return proof.store(
        pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        pages=len(measured.looks),
        looks=measured.looks,
        places=measured.places,
        free_rows=measured.free_rows,
        first_pages=measured.first_pages,
        report=report,
    )


def newest_ready(issue: Issue) -> Proof | None:
    """The last proof that was rendered: perhaps not of the present content."""
    return issue.proofs.filter(state=Proof.State.READY).order_by("-ready_at").first()


def is_worker_missing(rendered: Rendered) -> bool:
    """It has waited for a minute, in which no worker has finished or had in hand anything of its kind."""
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    if rendered.state != Rendered.State.QUEUED or rendered.requested_at > a_minute_ago:
        return False
    at_work = Q(lease_until__gt=a_minute_ago) | Q(ready_at__gt=a_minute_ago)
    return not type(rendered).objects.filter(at_work).exists()


def _content_with(proof: Proof) -> IssueContent | None:
    """The issue's content, dated as planned or as of today, whichever this proof was asked for."""
    for dated_on in (None, timezone.localdate()):
        content = content_of(proof.issue, dated_on=dated_on)
        if digest(content) == proof.digest:
            return content
    return None
