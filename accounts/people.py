"""What follows for a person whose roles or address the administration changes."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from . import mails
from .models import Mail, User
from .roles import ADMINISTRATOR, ROLES

ADMINISTER = "accounts.administer"
APART = _("Who signs issues neither edits them nor administers the system: give the signer's role to another person.")


def is_staff(role_names: Iterable[str]) -> bool:
    """Who may enter the administration follows from the roles, so it is not asked separately."""
    return ADMINISTRATOR in role_names


def role_labels(role_names: Iterable[str]) -> str:
    """In the order of the table of roles."""
    held = set(role_names)
    return "、".join(str(role.label) for name, role in ROLES.items() if name in held)


def roles_mail(user: User, role_names: Iterable[str], *, by: User) -> Mail | None:
    labels = "、".join(str(ROLES[name].label) for name in role_names if name in ROLES)
    return mails.draft(mails.Kind.ROLES_CHANGED, user, by=by, detail=labels or "—")


def address_mail(user: User, former: str, *, by: User) -> Mail | None:
    """To the former address: its owner would hear nothing of it otherwise."""
    return mails.draft(mails.Kind.ADDRESS_CHANGED, user, by=by, address=former, detail=user.email) if former else None
