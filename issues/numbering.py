"""Gives out numbers: one series a year and one for ever for regular issues, a series of their own for supplements."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from workflow.documents import TransitionRefused, permit

from . import proofs, recipients
from .models import Bulletin, Issue, IssueKind

ASSEMBLE = "issues.assemble_issue"


def next_numbers(bulletin: Bulletin, kind: str, year: int) -> tuple[int, int | None]:
    """(number in the year, total number) that follow the highest ones used. The total number of a supplement is None."""
    issues = bulletin.issues.kept()
    used = issues.filter(kind=kind, year=year).aggregate(Max("number"))["number__max"] or 0
    if kind == IssueKind.SUPPLEMENT:
        return used + 1, None
    if bulletin.used_year == year:
        used = max(used, bulletin.used_number)
    total = issues.aggregate(Max("total_number"))["total_number__max"] or 0
    return used + 1, max(total, bulletin.used_total_number) + 1


def open_issue(bulletin: Bulletin, *, dated_on: date, by, kind: str = IssueKind.REGULAR) -> Issue:
    """Begin the next issue: its numbers under the bulletin's lock, and its copy of the list valid on its day."""
    permit(by, ASSEMBLE)
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
        recipients.copy_to(issue)
        day = f"{dated_on.year}年{dated_on.month}月{dated_on.day}日"
        issue.record("open", by=by, note=_("%(issue)s, planned for %(day)s") % {"issue": issue, "day": day})
        proofs.request(issue)
    return issue


def redate(issue: Issue, dated_on: date, *, by) -> None:
    """Plan another day. In another year the issue gets that year's next number; its total number stays.

    The event is written by assembly.set_up, of which this is a part.
    """
    permit(by, ASSEMBLE)
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


def discard(issue: Issue, *, by) -> None:
    """Give up an issue that is being assembled and still empty; its number is free again if it was the last.

    The row and its events stay, so that it can be told who began and who gave up what.
    """
    permit(by, ASSEMBLE)
    with transaction.atomic():
        issue = Issue.objects.select_for_update().get(pk=issue.pk)
        was_sent = issue.events.filter(transition=Issue.SEND.name).exists()
        if not issue.is_open or issue.placements.exists() or was_sent:
            raise TransitionRefused(_("Only an empty issue that was never sent for sign-off can be given up."))
        issue.apply(Issue.DISCARD, by=by)
        for proof in issue.proofs.all():
            proof.pdf.delete(save=False)
            proof.delete()


def find(reference: str) -> Issue | None:
    """The issue called 2026-9, or 2026-增1 for a supplement."""
    year, _dash, number = reference.partition("-")
    kind = IssueKind.SUPPLEMENT if number.startswith("增") else IssueKind.REGULAR
    number = number.removeprefix("增")
    if not (year.isdecimal() and number.isdecimal()):
        return None
    named = Issue.objects.kept().filter(kind=kind, year=int(year), number=int(number))
    return named.select_related("bulletin", "frozen").first()


def earlier_open(issue: Issue) -> Issue | None:
    """An earlier number of the same series that is not yet issued."""
    if issue.total_number is None:
        earlier = issue.bulletin.issues.filter(kind=issue.kind, year=issue.year, number__lt=issue.number)
    else:
        earlier = issue.bulletin.issues.filter(total_number__lt=issue.total_number)
    return earlier.open().order_by("dated_on").first()
