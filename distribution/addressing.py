"""Which printed 报/送/发 lines reach whom, so that nobody is printed as a recipient and gets nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.content import content_of
from issues.models import Issue
from workflow import changes
from workflow.models import Change
from workflow.refusals import Refused, permit

from . import holding
from .models import BY_MAIL, MANAGE, PrintedLine, Reader, ReaderGroup


class Reach(StrEnum):
    TIED = "tied"  # somebody said so
    NAMED = "named"  # nobody said anything; a reader or a unit has just this name
    NOT_SENT = "not_sent"  # somebody said that nothing is sent, and why
    NOBODY = "nobody"


@dataclass(frozen=True)
class Addressed:
    """A printed line and who gets the issue for it. `count` is how many that are, `names` what they are called; to `held` of
    them nothing is sent now, because of their address."""

    text: str
    reach: Reach
    count: int = 0
    names: list[str] = field(default_factory=list)
    reason: str = ""
    held: int = 0

    @property
    def is_all_held(self) -> bool:
        return 0 < self.count == self.held

    @property
    def is_open(self) -> bool:
        """Whether somebody has to say who gets it."""
        return self.reach == Reach.NOBODY


def printed_lines(issue: Issue) -> list[str]:
    content = content_of(issue)
    return [*content.report_to, *content.send_to, *content.issue_to]


def addressed(texts: Iterable[str]) -> list[Addressed]:
    """For each line, in order. The number of queries does not grow with the lines."""
    texts = list(texts)
    rows = {row.text: row for row in PrintedLine.objects.filter(text__in=texts).prefetch_related("groups")}
    tied = _tied(rows.values())
    named = _named([text for text in texts if text not in rows])
    by_mail = holding.marked(Reader.objects.active().filter(channel__in=BY_MAIL))
    held = set(by_mail.filter(is_held=True).values_list("pk", flat=True))
    return [
        _of_row(rows[text], *tied[rows[text].pk], held) if text in rows else _of_name(text, named.get(text, {}), held)
        for text in texts
    ]


def _of_row(row: PrintedLine, names: list[str], readers: set[int], held: set[int]) -> Addressed:
    if row.not_sent:
        return Addressed(row.text, Reach.NOT_SENT, reason=row.not_sent)
    reach = Reach.TIED if readers else Reach.NOBODY
    return Addressed(row.text, reach, len(readers), names, held=len(readers & held))


def _of_name(text: str, readers: dict[int, str], held: set[int]) -> Addressed:
    reach = Reach.NAMED if readers else Reach.NOBODY
    return Addressed(text, reach, len(readers), [*readers.values()], held=len(readers.keys() & held))


def _tied(rows: Iterable[PrintedLine]) -> dict[int, tuple[list[str], set[int]]]:
    """The key of a line -> (what those are called who get it, their keys)."""
    rows = list(rows)
    groups = {group for row in rows for group in row.groups.all()}
    members = _members(groups)
    own: dict[int, dict[int, str]] = defaultdict(dict)
    readers = Reader.objects.active().filter(printed_lines__in=rows).by_tier()
    for pk, organisation, name, line in readers.values_list("pk", "organisation", "name", "printed_lines"):
        own[line][pk] = f"{organisation} {name}"
    found = {}
    for row in rows:
        words = _("%(group)s (%(count)s)")
        names = [words % {"group": group, "count": len(members[group.pk])} for group in row.groups.all()]
        everybody = set(own[row.pk]).union(*(members[group.pk] for group in row.groups.all()))
        found[row.pk] = ([*names, *own[row.pk].values()], everybody)
    return found


def _members(groups: Iterable[ReaderGroup]) -> dict[int, set[int]]:
    """The key of a group -> the keys of those of its readers who receive issues."""
    groups = list(groups)
    tiers = {group.tier for group in groups if group.tier}
    active = Reader.objects.active()
    by_tier: dict[str, set[int]] = defaultdict(set)
    for pk, tier in active.filter(unit__tier__in=tiers).values_list("pk", "unit__tier"):
        by_tier[tier].add(pk)
    listed: dict[int, set[int]] = defaultdict(set)
    for pk, group in active.filter(groups__in=groups).values_list("pk", "groups"):
        listed[group].add(pk)
    return {group.pk: listed[group.pk] | (by_tier[group.tier] if group.tier else set()) for group in groups}


def _named(texts: list[str]) -> dict[str, dict[int, str]]:
    """The lines that are just the name of an organisation with readers, of a reader or of a unit with readers: the keys of
    these readers and what they are called."""
    readers = Reader.objects.active().annotate(whole=Concat("organisation", Value(""), "name"))
    by_name = Q(organisation__in=texts) | Q(whole__in=texts) | Q(unit__name__in=texts) | Q(unit__short_name__in=texts)
    found: dict[str, dict[int, str]] = defaultdict(dict)
    rows = (
        readers.filter(by_name)
        .by_tier()
        .values_list("pk", "organisation", "name", "whole", "unit__name", F("unit__short_name"))
    )
    wanted = set(texts)
    for pk, organisation, name, *others in rows:
        for text in wanted & {organisation, *others}:
            found[text][pk] = f"{organisation} {name}"
    return found


def alike(text: str) -> set[int]:
    """The keys of readers whose organisation or unit stands within the words of a line, as something to begin with."""
    rows = Reader.objects.active().values_list("pk", "organisation", "unit__name", "unit__short_name")
    return {pk for pk, *names in rows if any(name and name in text for name in names)}


@transaction.atomic
def tie(text: str, *, readers=(), groups=(), not_sent: str = "", by) -> PrintedLine:
    """Say who gets the issue for a printed line, or why nobody does."""
    permit(by, MANAGE)
    if bool(not_sent) == bool(readers or groups):
        raise Refused(_("Please choose who gets it, or say why nothing is sent; one of the two."))
    values = {"not_sent": not_sent, "changed_at": timezone.now(), "changed_by": by}
    row, _is_new = PrintedLine.objects.update_or_create(text=text, defaults=values)
    row.readers.set(readers)
    row.groups.set(groups)
    names = "、".join(str(each) for each in (*groups, *readers)) or not_sent
    changes.record(row, Change.What.DETAILS, by=by, note=names)
    return row


@transaction.atomic
def untie(text: str, *, by) -> None:
    """Forget what was said of a line, so that names alone decide again."""
    permit(by, MANAGE)
    if row := PrintedLine.objects.filter(text=text).first():
        changes.record(row, Change.What.REMOVED, by=by)
        row.delete()


def sizes(groups: Iterable[ReaderGroup]) -> dict[int, int]:
    """The key of a group -> how many of its readers receive issues."""
    return {pk: len(members) for pk, members in _members(groups).items()}


@transaction.atomic
def delete_group(group: ReaderGroup, *, by) -> None:
    """Only one for which no line stands: otherwise somebody would silently get nothing."""
    permit(by, MANAGE)
    group = ReaderGroup.objects.select_for_update().get(pk=group.pk)  # no line is tied to it meanwhile
    lines = list(group.printed_lines.values_list("text", flat=True))
    if lines:
        raise Refused(
            _("“%(line)s” is sent to this group. Please say first who else gets it.") % {"line": "”、“".join(lines)}
        )
    changes.record(group, Change.What.REMOVED, by=by)
    group.delete()
