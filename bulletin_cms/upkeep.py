"""What an administrator is asked to do when backups fail or stay away, or when something kept is not in order."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflow.todo import Task

from .models import Upkeep


def counts(user) -> dict[str, int]:
    if not user.has_perm("accounts.administer"):
        return {}
    return {kind: int(_is_wanting(row, user)) for kind, row in _rows().items()}


def tasks(user) -> list[Task]:
    if not user.has_perm("accounts.administer"):
        return []
    return [_task(row, user) for row in _rows().values() if _is_wanting(row, user)]


def _rows() -> dict[str, Upkeep]:
    """One of each kind, also before the first night."""
    kinds = (Upkeep.Kind.BACKUP.value, Upkeep.Kind.VERIFY.value)  # this one checks the log too
    rows = Upkeep.objects.filter(kind__in=kinds)
    return {kind: Upkeep(kind=kind) for kind in kinds} | {row.kind: row for row in rows}


def _is_wanting(row: Upkeep, user) -> bool:
    return row.is_failed or row.days_without(user.date_joined) > 0


def _task(row: Upkeep, user) -> Task:
    title, why = _backup_words(row, user) if row.kind == Upkeep.Kind.BACKUP else _verify_words(row, user)
    return Task(
        kind=row.kind,
        title=title,
        why=why,
        url=_page(row),
        verb=_("See what is wrong"),
        since=row.good_at or row.begun_at or user.date_joined,
        comes_first=True,
    )


def _page(row: Upkeep) -> str:
    """Where all is said of it; before the first night there is only the list."""
    if row.pk is None:
        return reverse("admin:bulletin_cms_upkeep_changelist")
    return reverse("admin:bulletin_cms_upkeep_change", args=[row.pk])


def _backup_words(row: Upkeep, user) -> tuple[str, str]:
    days = row.days_without(user.date_joined)
    title = (
        ngettext("No backup for %(days)s day", "No backup for %(days)s days", days)
        if days
        else _("The last backup failed")
    )
    why = row.summary if row.is_failed else _("It is made by itself at two: see whether the site's beat runs.")
    return title % {"days": days}, why


def _verify_words(row: Upkeep, user) -> tuple[str, str]:
    days = row.days_without(user.date_joined)
    if row.is_failed:
        return _("Something kept is not in order"), row.summary
    title = ngettext("Not checked for %(days)s day", "Not checked for %(days)s days", days)
    return title % {"days": days}, _("It is done by itself at three: see whether the site's beat runs.")
