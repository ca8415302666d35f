"""Takes the sample away. What is not of the sample is work, and then nothing is touched."""

import shutil
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from articles.models import Article, Commission
from distribution.models import Reader
from issues.models import Bulletin, Issue, PastFile, RecipientList
from points.models import Announcement, ClosedMonth, HandCause, RuleSet, Wording
from workflow import frozen
from workflow.refusals import Refused

from . import backup, restore, sample


def remove_sample() -> Path:
    """Empties the database and the files; gives the backup of what was there. Raises Refused and touches nothing where
    there is work, or the site is running."""
    with backup.alone() as folder:
        restore.require_ended_site()
        if not Bulletin.objects.exists():
            raise Refused(_("There is no sample here."))
        if foreign := not_of_the_sample():
            raise Refused(
                _("This is not of the sample, so nothing is removed: %(names)s") % {"names": "；".join(foreign)}
            )
        kept = restore.kept_before(folder)
        with transaction.atomic():
            frozen.remove(connection)
            call_command("flush", interactive=False, verbosity=0)
            frozen.install(connection)
        if backup.files_root().exists():
            shutil.rmtree(backup.files_root())
        return kept


def not_of_the_sample() -> list[str]:
    """What there is besides, in words, at most three names of a kind."""
    people, stories = sample.read("people"), sample.read("stories")["story"]
    commissions = [entry["title"] for entry in sample.read("commissions")["commission"]]
    titles = [story.get("title", "") for story in stories]
    units = [name for name, _short, _tier in people["units"].values()]
    readers = {reader.pk for reader in Reader.objects.all() if _key(reader) not in people["readers"]}
    found = [
        (
            _("%(count)s users (%(names)s)"),
            User.objects.exclude(username__in=[person["username"] for person in people["person"]]),
        ),
        (_("%(count)s units (%(names)s)"), Unit.objects.exclude(name__in=units)),
        (_("%(count)s readers (%(names)s)"), Reader.objects.filter(pk__in=readers)),
        (_("%(count)s bulletins (%(names)s)"), Bulletin.objects.exclude(name_lines=people["bulletin"]["name_lines"])),
        (_("%(count)s articles (%(names)s)"), Article.objects.exclude(title__in=titles)),
        (_("%(count)s commissions (%(names)s)"), Commission.objects.exclude(title__in=commissions)),
        (
            _("%(count)s recipient lists (%(names)s)"),
            RecipientList.objects.exclude(valid_from__in=[entry["valid_from"] for entry in people["list"]]),
        ),
        (_("%(count)s files of past issues (%(names)s)"), PastFile.objects.all()),
        (_("%(count)s sets of rules of points (%(names)s)"), RuleSet.objects.exclude(pk=_rules_of_the_sample())),
        (_("%(count)s entries of points by hand (%(names)s)"), HandCause.objects.exclude(pk=_praise_of_the_sample())),
        (_("%(count)s closed months (%(names)s)"), ClosedMonth.objects.all()),
        (_("%(count)s announcements (%(names)s)"), Announcement.objects.all()),
        (_("%(count)s wordings of the announcement (%(names)s)"), Wording.objects.all()),
        (_("%(count)s issues (%(names)s)"), Issue.objects.exclude(pk__in=_issues_of_the_sample())),
    ]
    return [words % {"count": rows.count(), "names": _names(rows)} for words, rows in found if rows.exists()]


def _issues_of_the_sample() -> list[int]:
    """The first two that were opened here, and what was not made here is none of them."""
    return list(Issue.objects.filter(is_past=False, amends=None).order_by("pk").values_list("pk", flat=True)[:2])


def _rules_of_the_sample() -> int:
    """The first that came into force."""
    return RuleSet.objects.order_by("pk").values_list("pk", flat=True).first() or 0


def _praise_of_the_sample() -> int:
    """The one story that the city has adopted."""
    found = HandCause.objects.filter(source=sample.PASSED_UP_IN, reverses=None)
    return found.order_by("pk").values_list("pk", flat=True).first() or 0


def _key(reader: Reader) -> str:
    return reader.organisation if reader.name == reader.organisation else f"{reader.organisation} {reader.name}"


def _names(rows: QuerySet) -> str:
    return "、".join(str(row) or "—" for row in rows[:3])
