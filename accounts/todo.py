"""What waits in the accounts for an administrator: people who can be told nothing by mail."""

from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.todo import Task

from .models import User


def counts(user) -> dict[str, int]:
    if not user.has_perm("accounts.administer"):
        return {}
    return {"no_address": min(1, User.objects.without_address().count())}


def tasks(user) -> list[Task]:
    if not user.has_perm("accounts.administer"):
        return []
    people = User.objects.without_address().order_by("date_joined")
    if not people:
        return []
    return [
        Task(
            kind="no_address",
            title=_("%(count)s people have no e-mail address") % {"count": len(people)},
            why="、".join(str(person) for person in people[:8]),
            url=reverse("admin:accounts_user_changelist") + "?email__isempty=1",
            verb=_("Give an address"),
            since=people[0].date_joined,
        )
    ]
