"""Files of past issues that people bring: kept, read by a worker, put right, and stored when somebody has confirmed it."""

import datetime
import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.refusals import Refused, permit
from workflow.worker import notify

from ..models import MOST_ATTEMPTS, Bulletin, Direction, Issue, PastFile
from ..numbering import ASSEMBLE
from . import drafts, reading
from .importing import ImportRefused, briefs_of, guesses, import_issue, known_units, namesake
from .reading import NotAnIssue, PastIssue

LEASE_SECONDS = 200

logger = logging.getLogger(__name__)


def take_in(file: UploadedFile, *, bulletin: Bulletin | None, by: Any) -> str:
    """Keep the file and let a worker read it; or the reason for which it is not kept, for its line on the page."""
    permit(by, ASSEMBLE)
    name = str(file.name)[-200:]
    if (file.size or 0) > reading.LARGEST_FILE:
        return str(reading.too_large(name))
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    same = PastFile.objects.filter(sha256=digest).exclude(state=PastFile.State.FAILED).only("name").first()
    if same:
        return _("“%(name)s” is here already, as “%(same)s”.") % {"name": name, "same": same.name}
    asked = PastFile(name=name, sha256=digest, bulletin=bulletin, uploaded_by=by)
    # Under a name of our own: that of the file is only said.
    asked.file.save("source.bin", file, save=False)
    with transaction.atomic():
        _forget(PastFile.objects.filter(sha256=digest, state=PastFile.State.FAILED))
        asked.save()
    # One that is read at this moment may be the last one its worker has seen: only one that still waits takes this one along.
    if not PastFile.objects.waiting().filter(pk__lt=asked.pk).exists():
        notify("issues.tasks.take_in_past_files")
    return ""


def import_file(file: File, name: str, parsed: PastIssue) -> tuple[Issue, bool]:
    """Store what was read of a file, for the command: at once, with its original. Returns as `import_issue`.

    What a person says of it (`importing.complete`) is in `parsed` already.
    """
    fields = _fields(_draft(replace(parsed, doubts=[*parsed.doubts])))
    with transaction.atomic():
        issue, is_new = import_issue(parsed)
        if is_new:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            kept = PastFile(name=name[-200:], sha256=digest, issue=issue, state=PastFile.State.READY, **fields)
            kept.file.save("source.bin", file, save=False)
            kept.save()
    return issue, is_new


# --- in the worker ------------------------------------------------------------------------------------------------------


def take_in_next() -> bool:
    """Read one file, or store one that was confirmed. Whether there is more: the next one goes behind the other work."""
    PastFile.objects.release_claims_of_the_dead()
    asked = PastFile.objects.waiting().first()
    if asked:
        read(asked)
    elif confirmed := PastFile.objects.confirmed().order_by("dated_on", "pk").first():
        store_confirmed(confirmed)
    return PastFile.objects.waiting().exists() or PastFile.objects.confirmed().exists()


def read(asked: PastFile) -> None:
    """Read the file, if no other worker does. Why it could not be read is said in the row."""
    if not asked.claim(LEASE_SECONDS):
        return
    try:
        if asked.attempts > MOST_ATTEMPTS:
            words = _("Reading “%(name)s” ended the worker %(times)s times; it is no issue of the bulletin.")
            raise NotAnIssue(words % {"name": asked.name, "times": MOST_ATTEMPTS})
        with asked.file.open("rb") as file:
            draft = _draft(reading.read_in_time(file.read(), asked.name))
    except NotAnIssue as refused:
        asked.settle(state=PastFile.State.FAILED, error=str(refused))
    except Exception:
        logger.exception("The file %s could not be read", asked.pk)
        words = _("The file could not be read; the log says why. Please tell the administrator.")
        asked.settle(state=PastFile.State.FAILED, error=words)
    else:
        asked.settle(state=PastFile.State.READY, error="", ready_at=timezone.now(), **_fields(draft))


def _draft(issue: PastIssue) -> drafts.Draft:
    known = known_units(issue.masthead.date)
    stories = [*issue.articles, *briefs_of(issue)]
    units = []
    for story, found in zip(stories, guesses(stories, known), strict=True):
        unit = known.get(found.name) or namesake(found, known.values()) if found else None
        units.append(unit.name if unit else found.name if found else "")
        if not found:
            issue.doubts.append(reading.Warned(story.line, _("Whose story this is, is not known.")))
    return drafts.draft_of(issue, units[: len(issue.articles)], units[len(issue.articles) :])


def _fields(draft: drafts.Draft) -> dict[str, Any]:
    """The draft, and the fields that are taken from it."""
    kinds = [row["kind"] for row in draft["rows"]]
    return {
        "draft": draft,
        "kind": draft["kind"],
        "number": draft["number"],
        "total_number": draft["total_number"],
        "dated_on": datetime.date.fromisoformat(draft["dated_on"]) if draft["dated_on"] else None,
        "articles": kinds.count("title"),
        "briefs": kinds.count("brief"),
        "doubts": drafts.doubts_of(draft),
        "fault": drafts.fault_of(draft),
    }


# --- put right, stored --------------------------------------------------------------------------------------------------


def mend(asked: PastFile, posted: Mapping[str, Any], head: Mapping[str, Any], *, seen: int, by: Any) -> PastFile:
    """Save the draft as the person has put it right on the page of its revision `seen`. Refused when it has changed since."""
    permit(by, ASSEMBLE)
    with transaction.atomic():
        asked = PastFile.objects.select_for_update().get(pk=asked.pk)
        if asked.issue_id or asked.is_storing or not asked.is_ready:
            raise Refused(
                _("This file is in the archive, or on its way there: nothing of it can be changed here any more.")
            )
        if asked.revision != seen:
            words = _("Somebody has saved this file meanwhile. What you wrote is below; saving it now replaces theirs.")
            raise Refused(words)
        draft = mended(asked.draft, posted, head)
        for name, value in _fields(draft).items():
            setattr(asked, name, value)
        asked.revision += 1
        asked.checked_by, asked.checked_at, asked.error = by, timezone.now(), ""
        asked.save()
    return asked


def mended(draft: drafts.Draft, posted: Mapping[str, Any], head: Mapping[str, Any]) -> drafts.Draft:
    day = head["dated_on"]
    draft = draft | {
        "kind": head["kind"],
        "number": head["number"],
        "total_number": head["total_number"],
        "dated_on": day.isoformat() if day else None,
        "print_run": head["print_run"] or None,
        "rows": drafts.rows_from(posted),
    }
    drafts.lines_of(draft, {value: head[value] for value in Direction.values})
    return draft


def confirm(asked: QuerySet[PastFile], *, by: Any) -> int:
    """Let a worker store those of them that are sure. How many that is."""
    permit(by, ASSEMBLE)
    sure = PastFile.objects.sure().filter(pk__in=asked.values("pk"))
    count = sure.update(confirmed_by=by, confirmed_at=timezone.now(), error="")
    if count:
        notify("issues.tasks.take_in_past_files")
    return count


def store(asked: PastFile, *, by: Any) -> Issue:
    """Put it into the archive now. Refused says why not; nothing is stored then."""
    permit(by, ASSEMBLE)
    with transaction.atomic():
        asked = PastFile.objects.select_for_update().get(pk=asked.pk)
        if asked.issue_id:
            raise Refused(_("“%(name)s” is in the archive already.") % {"name": asked.name})
        if not asked.is_sure:
            raise Refused(
                asked.fault or asked.error or _("“%(name)s” is to be looked over first.") % {"name": asked.name}
            )
        try:
            issue, is_new = import_issue(drafts.issue_of(asked.draft, asked.name), bulletin=asked.bulletin, by=by)
        except ImportRefused as refused:
            raise Refused(str(refused)) from refused
        if not is_new:
            raise Refused(_("%(issue)s is in the archive already, with the same text.") % {"issue": issue})
        asked.issue, asked.error = issue, ""
        asked.save()
    return issue


def store_confirmed(asked: PastFile) -> None:
    """As `store`, for the person who confirmed it; why it could not be stored is said in the row."""
    try:
        store(asked, by=asked.confirmed_by)
    except Refused as refused:
        _send_back(asked, str(refused))
    except Exception:
        logger.exception("The file %s could not be stored", asked.pk)
        _send_back(asked, _("It could not be stored; the log says why. Please tell the administrator."))


def _send_back(asked: PastFile, why: str) -> None:
    PastFile.objects.filter(pk=asked.pk, issue=None).update(confirmed_at=None, confirmed_by=None, error=why)


def remove(asked: PastFile, *, by: Any) -> None:
    """Forget a file that is not in the archive."""
    permit(by, ASSEMBLE)
    with transaction.atomic():
        asked = PastFile.objects.select_for_update().get(pk=asked.pk)
        if asked.issue_id or asked.is_storing:
            raise Refused(_("“%(name)s” is in the archive already, or on its way there.") % {"name": asked.name})
        _forget([asked])


def _forget(files: Iterable[PastFile]) -> None:
    """The rows, and their files once that is sure."""
    for asked in files:
        asked.delete()
        transaction.on_commit(partial(asked.file.storage.delete, asked.file.name))


# --- what stands in its way ---------------------------------------------------------------------------------------------


def mark_taken(files: Iterable[PastFile]) -> None:
    """Say in `taken` by which issue a file's number is in use. One query."""
    waiting = [one for one in files if one.issue_id is None and one.number and one.dated_on]
    kept = Issue.objects.kept().originals().filter(number__in={one.number for one in waiting})
    used = {(issue.bulletin_id, issue.kind, issue.year, issue.number): issue for issue in kept}
    for one in waiting:
        assert one.dated_on, "only dated ones are waiting"
        if issue := used.get((one.bulletin_id, one.kind, one.dated_on.year, one.number)):
            one.taken = _("There is already an issue %(number)s.") % {"number": issue}
