"""An office that begins with nothing: who may found it, and what is still to be set up."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.models import RoleAssignment, Unit, User
from accounts.people import ADMINISTER
from accounts.roles import ADMINISTRATOR, CHIEF_EDITOR, EDITOR, SIGNER
from distribution.models import Reader
from issues.models import Bulletin, Issue, RecipientLine
from workflow import changes
from workflow.models import Change
from workflow.refusals import Refused


def is_empty() -> bool:
    return not (User.objects.exists() or Bulletin.objects.exists())


def code() -> str:
    """Stands where the site is started, and nowhere else: the first to come from the net must not become administrator."""
    return salted_hmac("bulletin_cms.first_steps", "found", algorithm="sha256").hexdigest()[:16]


def is_code(text: str) -> bool:
    return constant_time_compare(text, code())


@transaction.atomic
def found(bulletin: Bulletin, person: User) -> User:
    """Both not yet stored; the person becomes the administrator. Raises Refused where somebody was quicker."""
    if not is_empty():
        raise Refused(_("The office was set up in the meantime. Please sign in."))
    bulletin.save()
    person.is_staff = True
    person.save()
    assigned = RoleAssignment.objects.create(user=person, role=ADMINISTRATOR)
    changes.record(person, Change.What.ADDED, by=person)
    changes.record(person, Change.What.ROLES, by=person, note=assigned.get_role_display())
    return person


@dataclass(frozen=True)
class Step:
    """`is_needed`: no issue can be made and sent without it."""

    title: str
    why: str
    url: str
    is_done: bool
    is_needed: bool = True


def steps(user: User) -> list[Step]:
    """What an administrator sets up, in its order; nothing when all that is needed is there. One query."""
    if not user.has_perm(ADMINISTER):
        return []
    roles = RoleAssignment.objects.filter(user__is_active=True)
    there = User.objects.filter(pk=user.pk).values_list(
        Exists(Bulletin.objects.all()),
        Exists(Unit.objects.all()),
        Exists(roles.filter(role__in=(EDITOR, CHIEF_EDITOR))),
        Exists(roles.filter(role=SIGNER)),
        Exists(RecipientLine.objects.all()),
        Exists(Reader.objects.all()),
        Exists(Issue.objects.issued()),
    )
    bulletin, units, editors, signers, lines, readers, issued = there[0]
    found = [
        Step(
            _("Bulletin"),
            _("Its name as printed, the publisher, where the numbers stand"),
            reverse("admin:issues_bulletin_changelist"),
            bulletin,
        ),
        Step(_("Units"), _("Who submits articles; from an Excel table"), reverse("accounts:table", args=["units"]), units),
        Step(
            _("People"),
            _("Editors, the signer and the contributors; from an Excel table. Each gets a mail to choose a password"),
            reverse("accounts:table", args=["users"]),
            editors and signers,
        ),
        Step(
            _("Recipient lists"), _("The lines that stand at the end of every issue"), reverse("issues:recipient_lists"), lines
        ),
        Step(
            _("Readers"),
            _("Who gets the issues by mail; from an Excel table"),
            reverse("accounts:table", args=["readers"]),
            readers,
        ),
        Step(
            _("Past issues"),
            _("So that they are found, and the numbers go on; can wait"),
            reverse("issues:past_files"),
            issued,
            is_needed=False,
        ),
    ]  # fmt: skip
    return found if any(step.is_needed and not step.is_done for step in found) else []
