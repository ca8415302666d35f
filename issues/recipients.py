"""Lists of 报/送/发 lines: versions of them, what differs between two, and which issues a version holds for."""

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from workflow.documents import TransitionRefused, permit

from .models import Bulletin, Direction, Issue, RecipientList

Lines = dict[str, list[str]]
MANAGE = "issues.manage_recipient_lists"


@dataclass(frozen=True)
class Difference:
    """One line of a comparison. `parts` are (same, deleted or added, text), for a line that was changed."""

    kind: str  # same, deleted, added, changed
    before: str = ""
    after: str = ""

    @property
    def parts(self) -> list[tuple[str, str]]:
        parts = []
        for kind, a, b, c, d in SequenceMatcher(None, self.before, self.after, autojunk=False).get_opcodes():
            if kind == "equal":
                parts.append(("same", self.before[a:b]))
                continue
            if a < b:
                parts.append(("deleted", self.before[a:b]))
            if c < d:
                parts.append(("added", self.after[c:d]))
        return parts


def lines_of(rows) -> Lines:
    """The texts of the lines of a list or of an issue, by direction, in order."""
    lines = {direction: [] for direction in Direction.values}
    for row in rows:
        lines[row.direction].append(row.text)
    return lines


def compare(before: Lines, after: Lines) -> list[tuple[str, list[Difference]]]:
    """(label of the direction, its lines with what became of them), for the directions that have lines."""
    return [
        (label, _compare(before[direction], after[direction]))
        for direction, label in Direction.choices
        if before[direction] or after[direction]
    ]


def _compare(before: list[str], after: list[str]) -> list[Difference]:
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Difference("same", text, text) for text in before[a:b]]
            continue
        old, new = before[a:b], after[c:d]
        while old and new and _is_alike(old[0], new[0]):
            found.append(Difference("changed", old.pop(0), new.pop(0)))
        found += [Difference("deleted", before=text) for text in old]
        found += [Difference("added", after=text) for text in new]
    return found


def _is_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() > 0.5


def differs(comparison) -> bool:
    return any(difference.kind != "same" for _label, differences in comparison for difference in differences)


def new_version(bulletin: Bulletin, valid_from: date, *, by) -> RecipientList:
    """A list valid from a day on, which begins as a copy of the one that would hold on that day."""
    permit(by, MANAGE)
    current = bulletin.recipient_lists.filter(valid_from__lte=valid_from).order_by("-valid_from").first()
    try:
        with transaction.atomic():
            new = RecipientList.objects.create(bulletin=bulletin, valid_from=valid_from, created_by=by)
            if current:
                set_lines(new, lines_of(current.lines.all()), by=by)
    except IntegrityError as error:
        day = f"{valid_from.year}年{valid_from.month}月{valid_from.day}日"
        raise TransitionRefused(
            _("It overlaps with the list valid from %(day)s. Please choose another first day.") % {"day": day}
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
    stays under the list before it, though dated in the days of the new one."""
    found = Issue.objects.kept().filter(bulletin=recipient_list.bulletin_id, dated_on__gte=recipient_list.valid_from)
    found = found.exclude(_signed_before(recipient_list))
    following = next_version(recipient_list)
    if following:
        found = found.filter(Q(dated_on__lt=following.valid_from) | _signed_before(following))
    return found.newest_first()


def _signed_before(recipient_list: RecipientList) -> Q:
    """Of past issues that were taken over nobody knows; lists from before this was kept have no moment."""
    if recipient_list.created_at is None:
        return Q(pk__in=())
    return Q(is_past=False, frozen__created_at__lt=recipient_list.created_at)


def delete(recipient_list: RecipientList, *, by) -> None:
    """Only a list that no issue has come under."""
    permit(by, MANAGE)
    with transaction.atomic():
        if issues_under(recipient_list).exists():
            raise TransitionRefused(_("Issues come under this list, so it stays."))
        recipient_list.delete()


def previous_issued(issue: Issue) -> Issue | None:
    """The last issue before this one that was issued."""
    return issue.bulletin.issues.issued().exclude(pk=issue.pk).newest_first().first()


def added_and_left_out(issue: Issue) -> tuple[Issue | None, list[str], list[str]]:
    """(the last issue, lines new since then, lines left out since then)."""
    last = previous_issued(issue)
    if last is None:
        return None, [], []
    now = [line.text for line in issue.recipients.all()]
    then = [line.text for line in last.recipients.all()]
    return last, [text for text in now if text not in then], [text for text in then if text not in now]
