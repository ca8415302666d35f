"""Puts right what was issued, in the open: a correction, a corrected edition or a withdrawal is a document of its own, which
is checked by a second editor, signed, issued and mailed as an issue is. The issue itself never changes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.refusals import Problem, Refused, permit

from . import proofs
from .amended import NotFound, corrected, passages, sentence
from .assembly import take_out_all
from .content import base_of
from .models import AMEND, CHECK, Edition, Erratum, Issue, IssueEvent, Part
from .numbering import ASSEMBLE


def why_not(original: Issue) -> str:
    """Why no correction of this issue can be begun; empty if one can."""
    if original.edition or not original.is_issued:
        return _("Only an issue that was issued can be corrected.")
    if original.is_past:
        return _("It was issued before this system and nobody had it from here. Please correct it in a new issue.")
    if other := original.amendments.open().first():
        return _("%(issue)s is being written. Please issue it or give it up first.") % {"issue": other}
    return ""


def editions_for(original: Issue) -> list[Edition]:
    """What may follow: of a withdrawn issue a corrected edition in its place, and nothing else."""
    is_withdrawn = original.amendments.issued().filter(edition=Edition.WITHDRAWAL).exists()
    return [Edition.REVISION] if is_withdrawn else [Edition.CORRECTION, Edition.REVISION, Edition.WITHDRAWAL]


def begin(original: Issue, edition: str, *, by) -> Issue:
    """Begin a correction, corrected edition or withdrawal: with the number of its issue, for the same recipients."""
    permit(by, ASSEMBLE)
    with transaction.atomic():
        original = Issue.objects.select_for_update(of=("self",)).select_related("bulletin").get(pk=original.pk)
        if words := why_not(original):
            raise Refused(words)
        if edition not in editions_for(original):
            raise Refused(_("This is not possible for an issue that is withdrawn."))
        same = original.amendments.kept().filter(edition=edition).aggregate(last=Max("edition_number"))
        issue = Issue.objects.create(
            edition=edition,
            edition_number=(same["last"] or 0) + 1,
            amends=original,
            dated_on=timezone.localdate(),
            created_by=by,
            **{
                name: getattr(original, name)
                for name in ("bulletin", "kind", "year", "number", "security", "print_run")
            },
        )
        issue.recipients.bulk_create(
            issue.recipients.model(issue=issue, direction=line.direction, text=line.text, position=line.position)
            for line in original.recipients.all()
        )
        issue.record("open", by=by, note=str(issue))
        issue.record(AMEND, by=by, note=_("%(issue)s is begun") % {"issue": issue})
        proofs.request(issue)
    return issue


@contextmanager
def _changing(issue: Issue, by) -> Iterator[Issue]:
    permit(by, ASSEMBLE)
    with transaction.atomic():
        issue = Issue.objects.select_for_update(of=("self",)).select_related("bulletin", "amends").get(pk=issue.pk)
        if not issue.is_open or not issue.edition:
            raise Refused(_("%(issue)s is no longer being written, so it stays as it is.") % {"issue": issue})
        issue.save(update_fields=["updated_at"])
        yield issue
        proofs.request(issue)


def add_erratum(issue: Issue, key: str, wrong: str, right: str, *, by) -> Erratum:
    """`key` is a Passage's. Refused when the words don't stand in that passage exactly once."""
    wrong, right = wrong.strip(), right.strip()
    with _changing(issue, by) as issue:
        base = base_of(issue)
        passage = next((each for each in passages(base) if each.key == key), None)
        if issue.is_withdrawal or passage is None:
            raise Refused(_("Please choose the passage that is wrong."))
        if not wrong:
            raise Refused(_("Please give the words that are wrong, as they are printed."))
        if wrong == right:
            raise Refused(_("What is wrong and what is right are the same. Please change one of them."))
        if passage.part == Part.TITLE and passage.text == wrong and not right:
            raise Refused(_("A title can't be empty. Please give the right one."))
        place = {"story": passage.story, "part": passage.part, "block": passage.block}
        erratum = issue.errata.create(**place, wrong=wrong, right=right)
        try:
            corrected(base, [erratum])
            corrected(base, issue.errata.all())
        except NotFound as error:
            raise Refused(_not_found(error.times)) from error
        issue.record(AMEND, by=by, note=sentence(base, erratum))
    return erratum


def _not_found(times: int) -> str:
    if not times:
        return _(
            "These words don't stand in this passage, or not in one piece, or another correction has them."
            " Please copy them from the text."
        )
    words = ngettext(
        "These words stand there %(times)s time. Please quote more.",
        "These words stand there %(times)s times. Please quote more, so that they stand there once.",
        times,
    )
    return words % {"times": times}


def remove_erratum(erratum: Erratum, *, by) -> None:
    with _changing(erratum.issue, by) as issue:
        words = sentence(base_of(issue), erratum)
        erratum.delete()
        issue.record(AMEND, by=by, note=_("taken away: %(words)s") % {"words": words})


def set_reason(issue: Issue, reason: str, *, by) -> None:
    """What readers are told besides the errata; of a withdrawal, why."""
    with _changing(issue, by) as row:
        row.reason = reason.strip()
        row.save(update_fields=["reason"])
        row.record(AMEND, by=by, note=row.reason or _("no reason given"))
    issue.reason = row.reason


# --- the second pair of eyes ----------------------------------------------------------------------------------------
def writers_of(issue: Issue) -> set[int]:
    return set(issue.events.filter(transition=AMEND).values_list("by", flat=True))


def checked(issue: Issue) -> IssueEvent | None:
    """The check that still holds: nothing was changed after it."""
    last = issue.events.filter(transition__in=(AMEND, CHECK)).select_related("by").order_by("pk").last()
    return last if last and last.transition == CHECK else None


def may_check(issue: Issue, user) -> bool:
    return user.has_perm("articles.review_article") and user.pk not in writers_of(issue)


def check(issue: Issue, *, by) -> None:
    """A second editor has compared it with the issue and found it right. A change afterwards voids it."""
    with transaction.atomic():
        issue = Issue.objects.select_for_update(of=("self",)).select_related("amends").get(pk=issue.pk)
        if not issue.is_open or not issue.edition:
            raise Refused(_("%(issue)s is no longer being written, so it stays as it is.") % {"issue": issue})
        if not may_check(issue, by):
            raise Refused(_("You have written it: another editor compares it with the issue."))
        if found := _missing(issue):
            raise Refused(found.text)
        issue.record(CHECK, by=by, note=_("%(issue)s was compared with the issue") % {"issue": issue})


def problems(issue: Issue) -> list[Problem]:
    """What stands in the way of sending it for sign-off, besides its pages."""
    found = _missing(issue)
    if found:
        return [found]
    return [] if checked(issue) else [Problem("unchecked", _("Another editor has yet to compare it with the issue."))]


def _missing(issue: Issue) -> Problem | None:
    if issue.is_withdrawal:
        words = _("Please give the reason of the withdrawal: readers see it instead of the text.")
        return None if issue.reason else Problem("reason", words)
    return None if issue.errata.exists() else Problem("errata", _("Please say what is wrong and what is right."))


# --- a number that is never used -------------------------------------------------------------------------------------
def void(issue: Issue, *, by, note: str) -> None:
    """Make the number of an issue in the making void, for a reason: its articles wait again, no other issue gets it."""
    with transaction.atomic():
        if issue.edition:
            raise Refused(_("A correction has no number of its own. Please give it up instead."))
        take_out_all(issue, issue.placements.values_list("article", flat=True), by=by)
        issue.apply(Issue.VOID, by=by, note=note)
