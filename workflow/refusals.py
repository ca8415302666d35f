"""What a person may not do now, as a sentence for that person."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _


class Refused(Exception):
    """The move is not possible now; the text says why and is meant for the person who asked."""


def permit(user: Any, permission: str) -> None:
    """Refuse whoever may not: acts ask this themselves, a page only hides the button."""
    if user is None or not user.has_perm(permission):
        raise Refused(_("This is not yours to do."))


@dataclass(frozen=True)
class Problem:
    """Why an act is not possible: `code` names the cure for the page, `about` the row concerned. A warning does not block."""

    code: str
    text: str
    about: Model | None = None
    is_warning: bool = False


def blocking(found: list[Problem]) -> list[Problem]:
    return [problem for problem in found if not problem.is_warning]


def refuse_for(found: list[Problem]) -> None:
    """Refuse when one of them blocks; acts ask this under the lock, the page shows the same problems before."""
    if blocking(found):
        raise Refused(" ".join(problem.text for problem in blocking(found)))
