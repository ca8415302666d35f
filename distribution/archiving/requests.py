"""Packages as they are asked for on the page: one in the making for each issue, the file kept for a day, its making for ever."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from issues.models import Issue
from workflow.refusals import Refused, permit
from workflow.worker import notify

from ..models import ARCHIVE, ArchivePackage
from . import contents

KEPT = timedelta(days=1)


def request(issue: Issue, *, by) -> ArchivePackage:
    """Ask for a package, unless one is being made already."""
    permit(by, ARCHIVE)
    if why := contents.problem(issue):
        raise Refused(why)
    with transaction.atomic():
        asked, is_new = ArchivePackage.objects.get_or_create(
            issue=issue, state=ArchivePackage.State.QUEUED, defaults={"asked_by": by}
        )
        if is_new:
            notify("distribution.tasks.make_package", package_id=asked.pk)
    return asked


def file_name(issue: Issue) -> str:
    return f"归档包-{issue.reference}.zip"


def forget_old() -> None:
    settled = ArchivePackage.objects.exclude(state=ArchivePackage.State.QUEUED)
    for asked in settled.filter(requested_at__lt=timezone.now() - KEPT):
        asked.file.delete(save=False)
        asked.delete()
