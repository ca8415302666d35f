"""What is done each night: a backup, and a check of all that is kept. What goes wrong is told to the administrators.

The hour is asked of the row, every few minutes: a machine that was off at night does it when it is on again.
"""

import logging
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import notices
from accounts.models import Topic, User
from workflow import chain
from workflow.notices import Tell
from workflow.refusals import Refused
from workflow.worker import notify

from . import backup, verify
from .models import Upkeep

BACKUP_AT, VERIFY_AT = time(2), time(3)
# Of the newest backups one a day, one a week, one a month.
DAYS, WEEKS, MONTHS = 7, 4, 12
_NAME = re.compile(r"bulletin-(\d{4}-\d\d-\d\d)-\d{6}\.zip")

logger = logging.getLogger(__name__)


def back_up_if_due() -> None:
    _do(Upkeep.Kind.BACKUP, BACKUP_AT, _back_up)


def verify_if_due() -> None:
    _do(Upkeep.Kind.VERIFY, VERIFY_AT, _verify)


def _do(kind: str, at: time, act: Callable[[], tuple[str, bool]]) -> None:
    """Whatever ends it is said in its row and told; `act` gives what is said, and whether all is in order."""
    row = Upkeep.claim(kind, since=_last(at))
    if row is None:
        return
    try:
        said, is_good = act()
    except Exception as error:
        logger.exception("The nightly %s failed", kind)
        said, is_good = str(error) or type(error).__name__, False
    row.end(said, is_good=is_good)
    notices.settle(row)
    if not is_good:
        notices.write(row, _told(kind), by=None, note=row.summary)


def _back_up() -> tuple[str, bool]:
    folder = Path(settings.BACKUP_DIR)
    for left in folder.glob(".bulletin-*.zip.partial"):
        left.unlink(missing_ok=True)
    to = folder / f"bulletin-{timezone.localtime():%Y-%m-%d-%H%M%S}.zip"
    manifest = backup.make(to)
    for old in outdated(path.name for path in folder.iterdir()):
        (folder / old).unlink()
    words = _("%(file)s, %(rows)s rows, %(files)s files")
    said = words % {"file": to, "rows": sum(manifest.about.rows.values()), "files": len(manifest.files)}
    gone = [_("Missing already, so not in the backup: %(name)s") % {"name": name} for name in manifest.about.missing]
    return "\n".join([said, *gone]), True


def _verify() -> tuple[str, bool]:
    chain.link()  # so that a row which can't be chained is told
    found = verify.everything()
    for of_log in (each for each in found if each.label == verify.LOG):
        _keep(of_log)
    faults = [fault for each in found for fault in each.faults]
    words = _("%(count)s things are not in order: %(fault)s")
    summary = [words % {"count": len(faults), "fault": faults[0]}] if faults else []
    return "\n".join([*summary, *faults[1:], *map(str, found)]), not faults


def ask_for_log() -> None:
    """Somebody wants to know now whether the log is what it was. Refused while it is being looked at."""
    row, _is_new = Upkeep.objects.get_or_create(kind=Upkeep.Kind.LOG)
    if row.is_running:
        raise Refused(_("The log is being checked just now. Please wait for it."))
    with transaction.atomic():
        Upkeep.claim(Upkeep.Kind.LOG, since=timezone.now())
        notify("bulletin_cms.tasks.check_log")


def check_log_if_asked() -> None:
    row = Upkeep.objects.filter(kind=Upkeep.Kind.LOG).first()
    if row and row.is_running:
        check_log()


def check_log() -> verify.Found:
    """The log alone; what comes of it stands on its page. One that breaks off is said to have failed.

    What waits is chained first, so that a row for which that can't be done is told too.
    """
    try:
        chain.link()
        found = verify.of_log()
    except Exception as error:
        logger.exception("The check of the log failed")
        words = _("This could not be looked at: %(fault)s")
        found = verify.Found(verify.LOG, faults=[words % {"fault": str(error) or type(error).__name__}])
    _keep(found)
    return found


def _keep(found: verify.Found) -> None:
    row, _is_new = Upkeep.objects.get_or_create(kind=Upkeep.Kind.LOG, defaults={"begun_at": timezone.now()})
    row.end("\n".join([str(found), *found.faults]), is_good=not found.faults)


def outdated(names: Iterable[str]) -> list[str]:
    """Of these files the backups of the nights that are not to be kept. What has another name is not ours to delete."""
    nights = {name: night for name in sorted(names, reverse=True) if (night := _night(name))}  # newest first
    kept = set()
    for pattern, count in (("%Y-%m-%d", DAYS), ("%G-%V", WEEKS), ("%Y-%m", MONTHS)):
        newest: dict[str, str] = {}
        for name, night in nights.items():
            newest.setdefault(night.strftime(pattern), name)
        kept |= set(list(newest.values())[:count])
    return [name for name in nights if name not in kept]


def _night(name: str) -> date | None:
    match = _NAME.fullmatch(name)
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:  # the thirtieth of February: not a name that we give
        return None


def _told(kind: str) -> Tell:
    words = {
        Upkeep.Kind.BACKUP: pgettext("notice", "Backup failed"),
        Upkeep.Kind.VERIFY: pgettext("notice", "Check found faults"),
    }
    return Tell(
        Topic.URGENT,
        lambda _row: User.objects.with_permission("accounts.administer"),
        words[Upkeep.Kind(kind)],
        pgettext("button of a notice", "See what is wrong"),
        "admin:bulletin_cms_upkeep_change",
    )


def _last(at: time) -> datetime:
    """When this hour was last struck."""
    now = timezone.localtime()
    hour = datetime.combine(now.date(), at, tzinfo=now.tzinfo)
    return hour if hour <= now else hour - timedelta(days=1)
