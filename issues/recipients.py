"""Recipients: the versions of a list, which holds on a day and for which issues, an issue's copy, what differs between two."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from articles import difference
from articles.dates import written
from articles.difference import Difference
from workflow.refusals import Refused, permit

from .models import Bulletin, Direction, Issue, RecipientList

Lines = dict[str, list[str]]
MANAGE = "issues.manage_recipient_lists"


def lines_of(rows) -> Lines:
    """The texts of the lines of a list or of an issue, by direction, in order."""
    lines: Lines = {direction: [] for direction in Direction.values}
    for row in rows:
        lines[row.direction].append(row.text)
    return lines


def compare(before: Lines, after: Lines) -> list[tuple[str | Promise, list[Difference]]]:
    """(label of the direction, its lines with what became of them), for the directions that have lines."""
    return [
        (label, difference.compare(before[direction], after[direction]))
        for direction, label in Direction.choices
        if before[direction] or after[direction]
    ]


def differs(comparison) -> bool:
    return any(line.kind != "same" for _label, differences in comparison for line in differences)


def list_valid_on(bulletin: Bulletin, day: date) -> RecipientList | None:
    return bulletin.recipient_lists.filter(valid_from__lte=day).order_by("-valid_from").first()


def copy_to(issue: Issue) -> None:
    """Replace the issue's recipients by those of the list valid on its day."""
    issue.recipients.all().delete()
    valid = list_valid_on(issue.bulletin, issue.dated_on)
    if valid:
        issue.recipients.bulk_create(
            issue.recipients.model(issue=issue, direction=line.direction, text=line.text, position=line.position)
            for line in valid.lines.all()
        )


def is_outdated(issue: Issue) -> bool:
    """Whether the issue's copy differs from the list valid on its day."""
    valid = list_valid_on(issue.bulletin, issue.dated_on)
    fields = ("direction", "position", "text")
    expected = sorted(valid.lines.values_list(*fields)) if valid else []
    return sorted(issue.recipients.values_list(*fields)) != expected


def new_version(bulletin: Bulletin, valid_from: date, *, by) -> RecipientList:
    """A list valid from a day on, which begins as a copy of the one that would hold on that day."""
    permit(by, MANAGE)
    current = list_valid_on(bulletin, valid_from)
    try:
        with transaction.atomic():
            new = RecipientList.objects.create(bulletin=bulletin, valid_from=valid_from, created_by=by)
            if current:
                set_lines(new, lines_of(current.lines.all()), by=by)
    except IntegrityError as error:
        raise Refused(
            _("It overlaps with the list valid from %(day)s. Please choose another first day.")
            % {"day": written(valid_from)}
        ) from error
    return new


def set_lines(recipient_list: RecipientList, lines: Lines, *, by) -> None:
    permit(by, MANAGE)
    with transaction.atomic():
        RecipientList.objects.select_for_update().get(pk=recipient_list.pk)
        recipient_list.lines.all().delete()
        recipient_list.lines.bulk_create(
            recipient_list.lines.model(recipient_list=recipient_list, direction=direction, text=text, position=position)
            for direction, texts in lines.items()
            for position, text in enumerate(texts, 1)
        )


def next_version(recipient_list: RecipientList) -> RecipientList | None:
    later = recipient_list.bulletin.recipient_lists.filter(valid_from__gt=recipient_list.valid_from)
    return later.order_by("valid_from").first()


def issues_under(recipient_list: RecipientList):
    """The issues dated in the days for which this list holds, newest first. What was signed before a list was made
    stays under the list before it, though dated in the days of the new one; past issues that were taken over bear the
    lines that they were printed with."""
    found = Issue.objects.kept().filter(bulletin=recipient_list.bulletin_id, dated_on__gte=recipient_list.valid_from)
    found = found.filter(is_past=False).exclude(_signed_before(recipient_list))
    following = next_version(recipient_list)
    if following:
        found = found.filter(Q(dated_on__lt=following.valid_from) | _signed_before(following))
    return found.newest_first()


def _signed_before(recipient_list: RecipientList) -> Q:
    """Lists from before this was kept have no moment."""
    if recipient_list.created_at is None:
        return Q(pk__in=())
    return Q(frozen__created_at__lt=recipient_list.created_at)


def delete(recipient_list: RecipientList, *, by) -> None:
    """Only a list that no issue has come under."""
    permit(by, MANAGE)
    with transaction.atomic():
        if issues_under(recipient_list).exists():
            raise Refused(_("Issues come under this list, so it stays."))
        recipient_list.delete()


def previous_issued(issue: Issue) -> Issue | None:
    """The last issue before this one that was issued."""
    return issue.bulletin.issues.issued().originals().exclude(pk=issue.pk).newest_first().first()


def added_and_left_out(issue: Issue) -> tuple[Issue | None, list[str], list[str]]:
    """(the last issue, lines new since then, lines left out since then)."""
    last = previous_issued(issue)
    if last is None:
        return None, [], []
    now = [line.text for line in issue.recipients.all()]
    then = [line.text for line in last.recipients.all()]
    return last, [text for text in now if text not in then], [text for text in then if text not in now]
