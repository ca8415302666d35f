"""Proofs: asked for by the acts that change what an issue says. A worker sets them (`setting`)."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from typesetting.content import IssueContent, digest
from workflow.worker import notify

from . import across
from .content import content_of
from .models import Issue, Job, Proof, Status


def present_content(issue: Issue) -> IssueContent:
    """What the issue says now: while it waits for the signature, dated today."""
    return content_of(issue, dated_on=timezone.localdate() if issue.is_pending else None)


def request(issue: Issue) -> Proof:
    """Ask for the proof of the present content, unless it was asked for before. Every act that changes the content of an
    issue calls it, in its own transaction; looking at a page never does."""
    proof, is_new = Proof.objects.get_or_create(issue=issue, digest=digest(present_content(issue)))
    if is_new:
        notify("issues.tasks.render_proof", proof_id=proof.pk)
    issue.proofs.waiting().exclude(pk=proof.pk).delete()  # of what the issue said before
    across.request(issue)
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
    return Issue.objects.filter(status__in=Issue.UNSIGNED).select_related("bulletin")


def look_at(issue: Issue) -> None:
    """Ask for what nobody asked for, and note that all it said until now has its proof."""
    request(issue)
    Issue.objects.filter(pk=issue.pk).update(looked_at=timezone.now())


def retry(proof: Proof) -> bool:
    """Try again what failed, or was not checked, while it is not signed. False when there is nothing to try."""
    in_the_making = Q(issue__status__in=Issue.UNSIGNED)
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


def owner(issue: Issue) -> str:
    """The folder of its pages' pictures."""
    return f"issue-{issue.pk}"


def newest_ready(issue: Issue) -> Proof | None:
    """The last proof that was rendered: perhaps not of the present content."""
    return issue.proofs.filter(state=Proof.State.READY).order_by("-ready_at").first()


def is_worker_missing(job: Job) -> bool:
    """It has waited for a minute, in which no worker has finished or had in hand anything of its kind."""
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    if not job.is_queued or job.requested_at > a_minute_ago:
        return False
    at_work = Q(lease_until__gt=a_minute_ago) | Q(ready_at__gt=a_minute_ago)
    return not type(job).objects.filter(at_work).exists()
