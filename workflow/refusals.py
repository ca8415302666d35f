"""What a person may not do now, as a sentence for that person."""

from django.utils.translation import gettext as _


class Refused(Exception):
    """The move is not possible now; the text says why and is meant for the person who asked."""


def permit(user, permission: str) -> None:
    """Refuse whoever may not: acts ask this themselves, a page only hides the button."""
    if user is None or not user.has_perm(permission):
        raise Refused(_("This is not yours to do."))
