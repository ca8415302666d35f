"""A planned start: an issue's mailing begins by itself at a chosen time, unless it is called off before."""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.models import Issue
from workflow.refusals import Refused, permit, refuse_for

from . import mailing
from .models import MANAGE, PlannedStart, PlanStatus

# Found so long after its time, a start is left to a person: the site stood still, or the clock has jumped.
LATE = timedelta(hours=2)
FURTHEST = timedelta(days=31)

log = logging.getLogger(__name__)


def last(issue: Issue) -> PlannedStart | None:
    return PlannedStart.objects.filter(issue=issue).select_related("planned_by").first()


def plan(issue: Issue, start_at: datetime, *, by, confirm_by: date | None = None) -> PlannedStart:
    permit(by, MANAGE)
    with transaction.atomic():
        issue = Issue.objects.select_for_update(of=("self",)).select_related("bulletin", "frozen").get(pk=issue.pk)
        refuse_for(mailing.problems(issue))
        if not timezone.now() < start_at <= timezone.now() + FURTHEST:
            raise Refused(_("Please give a time to come, within a month from now."))
        if PlannedStart.objects.filter(issue=issue, status=PlanStatus.WAITING).exists():
            raise Refused(_("A start is planned already. Call it off first, then plan another."))
        if confirm_by and confirm_by < timezone.localdate(start_at):
            raise Refused(_("The day by which to confirm lies before the start. Please give a later day."))
        return PlannedStart.objects.create(issue=issue, start_at=start_at, confirm_by=confirm_by, planned_by=by)


def call_off(issue: Issue, *, by) -> None:
    permit(by, MANAGE)
    settled = {"status": PlanStatus.CALLED_OFF, "settled_at": timezone.now(), "settled_by": by}
    if not PlannedStart.objects.filter(issue=issue, status=PlanStatus.WAITING).update(**settled):
        raise Refused(_("No start is planned any more. The page shows the present state."))


def start_due() -> None:
    """Start what is due. Two at once, a second run or a clock that jumps back start nothing twice."""
    for planned in PlannedStart.objects.filter(status=PlanStatus.WAITING, start_at__lte=timezone.now()):
        try:
            with transaction.atomic():
                _start(planned)
        except Refused as refused:
            log.error("the planned start of issue %s was refused: %s", planned.issue_id, refused)
            _fail(planned.pk, str(refused))
        except Exception:  # the others start all the same; this one is tried again, until it is too late
            log.exception("the planned start of issue %s failed", planned.issue_id)


def _start(planned: PlannedStart) -> None:
    # The issue first, as whoever starts by hand locks them.
    issue = Issue.objects.select_for_update(of=("self",)).get(pk=planned.issue_id)
    row = PlannedStart.objects.select_for_update(of=("self",)).select_related("planned_by").get(pk=planned.pk)
    if not row.is_waiting:
        return
    if timezone.now() - row.start_at > LATE:
        raise Refused(_("The time was missed by more than two hours, since nothing ran then. Please start it by hand."))
    mailing.start(issue, by=row.planned_by, confirm_by=row.confirm_by)  # and settles the plan


def _fail(pk: int, why: str) -> None:
    failed = {"status": PlanStatus.FAILED, "settled_at": timezone.now(), "error": why}
    PlannedStart.objects.filter(pk=pk, status=PlanStatus.WAITING).update(**failed)
