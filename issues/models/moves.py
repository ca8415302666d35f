"""The moves of an issue: who may make each, and what it changes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Topic, User
from articles.models import WRITING, ArticleEvent, ReviewPart
from workflow.documents import Transition
from workflow.notices import Tell
from workflow.states import State


class Status(models.TextChoices):
    DRAFT = "draft", _("being assembled")
    PENDING = "pending", _("waiting for sign-off")
    SIGNED = "signed", _("signed off")
    ISSUED = "issued", _("issued")
    DISCARDED = "discarded", _("given up")
    VOIDED = "voided", _("number void")


# What is written down of who wrote a correction, and of who checked it.
AMEND, CHECK = "amend", "check"
AMENDING = (AMEND, CHECK)


def _took_no_part(issue, user) -> bool:
    """Whether this person neither wrote, handed in nor changed what stands in it."""
    articles = issue.placements.values("article")
    wrote = ReviewPart.objects.filter(article__in=articles, person=user, step=WRITING)
    changed = ArticleEvent.objects.filter(article__in=articles, by=user, transition=ArticleEvent.REVISE)
    if issue.edition and issue.events.filter(by=user, transition__in=AMENDING).exists():
        return False
    return not (wrote.exists() or changed.exists() or issue.placements.filter(article__created_by=user).exists())


def _thaw(issue, *, by) -> None:
    issue.frozen = None


# --- who is told ---------------------------------------------------------------------------------------------------
def _signers(issue):
    return [person for person in User.objects.with_permission("issues.sign_issue") if issue.may(SIGN, person)]


def _editors(_issue):
    return User.objects.with_permission("issues.assemble_issue")


def _publishers(_issue):
    return User.objects.with_permission("issues.publish_issue")


def _other_editors(issue):
    return _editors(issue).exclude(pk__in=_publishers(issue))


_TO_THE_DESK = _("To the desk")
_RETURNED = Tell(Topic.URGENT, _editors, pgettext_lazy("notice", "Returned by the signer"), _TO_THE_DESK, "issues:desk")


IN_THE_MAKING = (Status.DRAFT, Status.PENDING, Status.SIGNED)
UNSIGNED = (Status.DRAFT, Status.PENDING)
WITH_THE_SIGNER = (Status.PENDING, Status.SIGNED)

FIRST_LOOK = State(pgettext_lazy("state of an issue", "being assembled"), "desk")
SEND = Transition(
    "send",
    _("Send for sign-off"),
    (Status.DRAFT,),
    Status.PENDING,
    "issues.assemble_issue",
    done=_("%(title)s now waits for sign-off."),
    look=State(pgettext_lazy("state of an issue", "waiting for sign-off"), "clock", "go"),
    step=_("Assemble"),
    announces=_("%(title)s is sent for sign-off"),
    tells=(
        Tell(Topic.URGENT, _signers, pgettext_lazy("notice", "Please sign"), _("Look and sign"), "issues:sign_off"),
    ),
)
RECALL = Transition(
    "recall",
    _("Take back from sign-off"),
    (Status.PENDING,),
    Status.DRAFT,
    "issues.assemble_issue",
    done=_("%(title)s is back on the desk."),
)
SIGN = Transition(
    "sign",
    _("Sign off"),
    (Status.PENDING,),
    Status.SIGNED,
    "issues.sign_issue",
    may=_took_no_part,
    separate_from=(SEND.name,),
    done=_("%(title)s is signed off, check code %(code)s. The editorial office will issue it."),
    look=State(pgettext_lazy("state of an issue", "signed off"), "sign", "ok"),
    step=_("Sign off"),
    announces=_("%(title)s is signed off"),
    tells=(
        Tell(Topic.WORK, _publishers, pgettext_lazy("notice", "Please issue"), _TO_THE_DESK, "issues:desk"),
        Tell(Topic.NEWS, _other_editors, pgettext_lazy("notice", "Signed"), _TO_THE_DESK, "issues:desk"),
    ),
)
REFUSE = Transition(
    "refuse",
    _("Return with remarks"),
    (Status.PENDING,),
    Status.DRAFT,
    "issues.sign_issue",
    needs_note=True,
    done=_("%(title)s is returned to the editorial office."),
    tells=(_RETURNED,),
)
UNSIGN = Transition(
    "unsign",
    _("Withdraw the sign-off"),
    (Status.SIGNED,),
    Status.DRAFT,
    "issues.sign_issue",
    needs_note=True,
    effect=_thaw,
    done=_("The sign-off of %(title)s is withdrawn. It is back on the desk."),
    tells=(_RETURNED,),
)
PUBLISH = Transition(
    "publish",
    _("Issue"),
    (Status.SIGNED,),
    Status.ISSUED,
    "issues.publish_issue",
    done=_("%(title)s is issued. It can be distributed now."),
    look=State(pgettext_lazy("state of an issue", "issued"), "archive", "ok"),
    step=_("Issue it"),
    announces=_("%(title)s is issued"),
)
DISCARD = Transition(
    "discard",
    _("Give up"),
    (Status.DRAFT,),
    Status.DISCARDED,
    "issues.assemble_issue",
    done=_("The empty issue is given up."),
    look=State(pgettext_lazy("state of an issue", "given up"), "cross", "stop"),
)
VOID = Transition(
    "void",
    _("Make its number void"),
    (Status.DRAFT,),
    Status.VOIDED,
    "issues.assemble_issue",
    needs_note=True,
    done=_("%(title)s is void. No other issue gets its number."),
    look=State(pgettext_lazy("state of an issue", "number void"), "cross", "stop"),
)
TRANSITIONS = (SEND, RECALL, SIGN, REFUSE, UNSIGN, PUBLISH, DISCARD, VOID)
RETURNS = (REFUSE.name, UNSIGN.name)  # by the signer, with a reason
