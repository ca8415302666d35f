"""Gives out numbers: one series a year and one for ever for regular issues, a series of their own for supplements."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from articles.dates import written
from workflow.refusals import Refused, permit

from . import proofs, recipients
from .models import Bulletin, Issue, IssueKind

ASSEMBLE = "issues.assemble_issue"
_REFERENCE = re.compile(
    r"(?:(?P<year>\d{4})(?:\s*[年/—-]\s*|\s+|(?=[第增])))?(?P<supplement>增刊?)?\s*第?\s*(?P<again>增)?\s*0*(?P<number>[1-9]\d{0,3})\s*期?"
)


@dataclass(frozen=True)
class IssueNumber:
    """What people call an issue: 2026-9, 2026-增1 for a supplement, 2026年第9期. The year may be known from elsewhere."""

    number: int
    year: int | None = None
    kind: str = IssueKind.REGULAR

    @classmethod
    def parse(cls, text: str) -> "IssueNumber | None":
        match = _REFERENCE.fullmatch(unicodedata.normalize("NFKC", text).strip())
        if not match:
            return None
        kind = IssueKind.SUPPLEMENT if match["supplement"] or match["again"] else IssueKind.REGULAR
        return cls(int(match["number"]), int(match["year"]) if match["year"] else None, kind)

    def __str__(self):
        return f"{self.year or '?'}-{'增' if self.kind == IssueKind.SUPPLEMENT else ''}{self.number}"


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
        issue.record(
            "open", by=by, note=_("%(issue)s, planned for %(day)s") % {"issue": issue, "day": written(dated_on)}
        )
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
            raise Refused(_("The issue is no longer being assembled, so its date stays."))
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
        was_sent = issue.events.filter(transition=Issue.SEND.name).exists() and not issue.edition
        if not issue.is_open or issue.placements.exists() or was_sent:
            raise Refused(_("Only an empty issue that was never sent for sign-off can be given up."))
        issue.apply(Issue.DISCARD, by=by)
        for proof in issue.proofs.all():
            proof.pdf.delete(save=False)
            proof.delete()


def find(reference: str) -> Issue | None:
    """The issue called 2026-9, or 2026-增1 for a supplement."""
    wanted = IssueNumber.parse(reference)
    if wanted is None:
        return None
    named = Issue.objects.kept().originals().filter(kind=wanted.kind, year=wanted.year, number=wanted.number)
    return named.select_related("bulletin", "frozen").first()


def earlier_open(issue: Issue) -> Issue | None:
    """An earlier number of the same series that is not yet issued."""
    if issue.total_number is None:
        earlier = issue.bulletin.issues.filter(kind=issue.kind, year=issue.year, number__lt=issue.number)
    else:
        earlier = issue.bulletin.issues.filter(total_number__lt=issue.total_number)
    return earlier.open().originals().order_by("dated_on").first()
