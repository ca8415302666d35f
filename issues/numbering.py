"""Gives out numbers: one series a year and one for ever for regular issues, a series of their own for supplements."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bulletin_cms.workflow import TransitionRefused

from .models import Bulletin, Issue, IssueKind, RecipientList, Status


def next_numbers(bulletin: Bulletin, kind: str, year: int) -> tuple[int, int | None]:
    """(number in the year, total number) that follow the highest ones used. The total number of a supplement is None."""
    used = bulletin.issues.filter(kind=kind, year=year).aggregate(Max("number"))["number__max"] or 0
    if kind == IssueKind.SUPPLEMENT:
        return used + 1, None
    if bulletin.used_year == year:
        used = max(used, bulletin.used_number)
    total = bulletin.issues.aggregate(Max("total_number"))["total_number__max"] or 0
    return used + 1, max(total, bulletin.used_total_number) + 1


def open_issue(bulletin: Bulletin, *, dated_on: date, by, kind: str = IssueKind.REGULAR) -> Issue:
    """Begin the next issue: its numbers under the bulletin's lock, and its copy of the list valid on its day."""
    with transaction.atomic():
        bulletin = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
        number, total_number = next_numbers(bulletin, kind, dated_on.year)
        issue = Issue.objects.create(
            bulletin=bulletin,
            kind=kind,
            year=dated_on.year,
            number=number,
            total_number=total_number,
            dated_on=dated_on,
            print_run=bulletin.print_run,
            created_by=by,
        )
        copy_recipients(issue)
    return issue


def redate(issue: Issue, dated_on: date) -> None:
    """Plan another day. In another year the issue gets that year's next number; its total number stays."""
    with transaction.atomic():
        bulletin = Bulletin.objects.select_for_update().get(pk=issue.bulletin_id)
        issue = Issue.objects.select_for_update().get(pk=issue.pk)
        if not issue.is_open:
            raise TransitionRefused(_("The issue is no longer being assembled, so its date stays."))
        if dated_on.year != issue.year:
            issue.year = dated_on.year
            issue.number, _total = next_numbers(bulletin, issue.kind, dated_on.year)
        issue.dated_on = dated_on
        issue.save()


def discard(issue: Issue) -> None:
    """Give up an issue that is being assembled and still empty; its number is free again if it was the last."""
    with transaction.atomic():
        issue = Issue.objects.select_for_update().get(pk=issue.pk)
        if not issue.is_open or issue.placements.exists() or issue.events.exists():
            raise TransitionRefused(_("Only an empty issue that was never sent for sign-off can be given up."))
        issue.delete()


def list_valid_on(bulletin: Bulletin, day: date) -> RecipientList | None:
    return bulletin.recipient_lists.filter(valid_from__lte=day).order_by("-valid_from").first()


def copy_recipients(issue: Issue) -> None:
    """Replace the issue's recipients by those of the list valid on its day."""
    issue.recipients.all().delete()
    valid = list_valid_on(issue.bulletin, issue.dated_on)
    if valid:
        issue.recipients.bulk_create(
            issue.recipients.model(issue=issue, direction=line.direction, text=line.text, position=line.position)
            for line in valid.lines.all()
        )


def has_outdated_recipients(issue: Issue) -> bool:
    """Whether the issue's copy differs from the list valid on its day."""
    valid = list_valid_on(issue.bulletin, issue.dated_on)
    fields = ("direction", "position", "text")
    expected = sorted(valid.lines.values_list(*fields)) if valid else []
    return sorted(issue.recipients.values_list(*fields)) != expected


def find(reference: str) -> Issue | None:
    """The issue called 2026-9, or 2026-增1 for a supplement."""
    year, _dash, number = reference.partition("-")
    kind = IssueKind.SUPPLEMENT if number.startswith("增") else IssueKind.REGULAR
    number = number.removeprefix("增")
    if not (year.isdecimal() and number.isdecimal()):
        return None
    return Issue.objects.filter(kind=kind, year=int(year), number=int(number)).select_related("bulletin").first()


def earlier_open(issue: Issue) -> Issue | None:
    """An earlier number of the same series that is not yet issued."""
    if issue.total_number is None:
        earlier = issue.bulletin.issues.filter(kind=issue.kind, year=issue.year, number__lt=issue.number)
    else:
        earlier = issue.bulletin.issues.filter(total_number__lt=issue.total_number)
    return earlier.exclude(status=Status.ISSUED).order_by("dated_on").first()
