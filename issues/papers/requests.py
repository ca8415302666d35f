"""The forms as they are asked for: once by the sweep for each issued issue, anew when one failed or its file was changed."""

import hashlib

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.refusals import Refused, permit
from workflow.worker import notify

from ..models import Issue, Paper
from .kinds import KINDS, Kind

MOST_AT_ONCE = 5  # issues of which a sweep asks for what is missing


def request_missing() -> None:
    """Ask for the forms that issued issues do not have yet: those just issued, and those from before there was a form."""
    known = Count("papers", filter=Q(papers__kind__in=KINDS))
    lacking = Issue.objects.issued().filter(is_past=False).alias(known=known).filter(known__lt=len(KINDS))
    for issue in lacking.order_by("-issued_at")[:MOST_AT_ONCE]:
        have = set(issue.papers.values_list("kind", flat=True))
        rows = [Paper(issue=issue, kind=code) for code in KINDS if code not in have]
        Paper.objects.bulk_create(rows, ignore_conflicts=True)


def retry(issue: Issue, kind: Kind, *, by) -> None:
    """Make again what failed."""
    permit(by, "issues.assemble_issue")
    paper = Paper.objects.filter(issue=issue, kind=kind.code, state=Paper.State.FAILED).first()
    if paper is None:
        raise Refused(_("There is nothing to make again."))
    _ask_again(paper)


def data_of(paper: Paper) -> bytes:
    """Its bytes as they were proven. Refused when the file is missing or changed, and then it is made anew."""
    try:
        with paper.file.open("rb") as file:
            data = file.read()
    except (OSError, ValueError):  # ValueError: no file was ever kept
        data = b""
    if hashlib.sha256(data).hexdigest() != paper.sha256:
        _ask_again(paper)
        raise Refused(_("The file was missing or changed on the disk. It is being made anew; please wait a moment."))
    return data


def _ask_again(paper: Paper) -> None:
    rows = Paper.objects.filter(pk=paper.pk, state=paper.state)
    again = {"state": Paper.State.QUEUED, "error": "", "attempts": 0, "lease_until": None, "file": ""}
    with transaction.atomic():
        if rows.update(requested_at=timezone.now(), **again):
            notify("issues.tasks.make_paper", paper_id=paper.pk)
            if name := paper.file.name:
                transaction.on_commit(lambda: paper.file.storage.delete(name))


def file_name(issue: Issue, kind: Kind) -> str:
    """As the office calls it: 2026年第9期.ofd."""
    return f"{issue}{kind.suffix}"
