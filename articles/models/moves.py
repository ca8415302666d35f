"""The moves of an article: who may make each, and what it changes."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Topic, User
from workflow.documents import Transition
from workflow.notices import Tell
from workflow.refusals import Refused
from workflow.states import State
from workflow.todo import Ask

from ..dates import written


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    AWAITING = "awaiting", _("awaiting approval")
    SENT_BACK = "sent_back", _("sent back by the unit")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")
    HELD = "held", _("kept for later")
    DECLINED = "declined", _("declined")
    PLACED = "placed", _("placed")
    ISSUED = "issued", _("printed")
    DISCARDED = "discarded", _("deleted")


EDITABLE = (Status.DRAFT, Status.SENT_BACK, Status.RETURNED)
CAME_BACK = (Status.SENT_BACK, Status.RETURNED)  # with a reason, to whoever wrote it
WITHIN_UNIT = (Status.DRAFT, Status.AWAITING, Status.SENT_BACK)  # nothing that the office sees
IN_REVIEW = (Status.SUBMITTED,)
REVISABLE = (*IN_REVIEW, Status.ACCEPTED)  # by the office; one in an issue is revised on its desk
CONFIRMABLE = (*REVISABLE, Status.PLACED)  # its unit may be asked about what the office has changed
REVIEW, APPROVAL = "articles.review_article", "articles.approve_article"


def _is_its_author(article, user) -> bool:
    return article.created_by_id == user.pk


def _is_not_its_author(article, user) -> bool:
    """Nobody reviews their own work."""
    return article.created_by_id != user.pk


def not_written_by(user) -> Q:
    """As `_is_not_its_author`, of rows: those that nobody wrote here are anybody's to review."""
    return ~Q(created_by=user)


def _is_of_its_unit(article, user) -> bool:
    return article.belongs_to(user)


def _was_in_review(article, user) -> bool:
    return _is_not_its_author(article, user) and article.held_from != Status.ACCEPTED


def _was_accepted(article, user) -> bool:
    return _is_not_its_author(article, user) and article.held_from == Status.ACCEPTED


def _has_passed_review(article, _user) -> bool:
    """What was put aside during its review is no story for an issue yet."""
    return article.held_from in ("", Status.ACCEPTED)


def _hands_in(article, user) -> bool:
    return article.belongs_to(user) and not article.needs_approval()


def _asks_approval(article, user) -> bool:
    """Whoever is the only one who could approve it has a colleague send it."""
    return article.belongs_to(user) and article.needs_approval() and article.approvers().exclude(pk=user.pk).exists()


def _is_its_second_person(article, user) -> bool:
    return user.unit_id == article.unit_id and article.created_by_id != user.pk


def _second_person_of(user) -> Q:
    """As `_is_its_second_person`, of rows."""
    return Q(unit=user.unit_id) & ~Q(created_by=user)


def _refuse_unfinished(article) -> None:
    if article.missing:
        raise Refused(" ".join(article.missing.values()))
    if article.unit.valid_to and article.unit.valid_to < timezone.localdate():
        words = gettext("%(unit)s is no longer used since %(day)s, so nothing can be handed in for it. Ask the office.")
        raise Refused(words % {"unit": article.unit, "day": written(article.unit.valid_to)})


def _hand_in(article, *, by) -> None:
    _refuse_unfinished(article)
    article.submitted_at, article.decided_at = timezone.now(), None
    article.current_version = article.add_version(by=by)


def _hand_in_approved(article, *, by) -> None:
    """The version that was approved is handed in; nothing can have changed since it was frozen."""
    _refuse_unfinished(article)
    article.submitted_at = timezone.now()


def _decide(article, *, by) -> None:
    article.decided_at = timezone.now()


def _return(article, *, by, reason=None) -> dict[str, str]:
    kept = _kept(reason, RETURN) if reason else {}
    _decide(article, by=by)
    return kept


def _decline(article, *, by, reason=None) -> dict[str, str]:
    kept = _kept(reason, DECLINE)
    _decide(article, by=by)
    _take_up(article, by=by)
    return kept


def _kept(reason, move: Transition) -> dict[str, str]:
    """What the event keeps of the chosen reason: as the office's table has it now."""
    if reason is None or reason.act != move.name or not reason.is_used:
        raise Refused(gettext("Please choose the reason from the list: the unit reads it."))
    return reason.kept


def _hold(article, *, by, until: date | None = None) -> None:
    if until is None or until <= timezone.localdate():
        raise Refused(gettext("Please give the day until which it is kept: tomorrow or later."))
    _decide(article, by=by)
    article.held_until, article.held_from = until, article.moved_from


def _take_up(article, *, by) -> None:
    article.held_until, article.held_from = None, ""


def _reopen(article, *, by) -> None:
    article.decided_at = None
    _take_up(article, by=by)


# --- who is told ---------------------------------------------------------------------------------------------------
def _writer(article):
    return User.objects.filter(pk=article.created_by_id)


def _reviewers(article):
    return User.objects.with_permission(REVIEW).exclude(pk=article.created_by_id)


def _asked_to_approve(article):
    return article.asked_to_approve()


_LOOK = pgettext_lazy("button of a notice", "Look")
MADE_BRIEF = Tell(Topic.NEWS, _writer, pgettext_lazy("notice", "Made a brief"), _LOOK, "articles:detail")
CHANGED = Tell(Topic.NEWS, _writer, pgettext_lazy("notice", "Text changed"), _LOOK, "articles:detail")
_PLEASE_REVIEW = Tell(
    Topic.WORK, _reviewers, pgettext_lazy("notice", "Please review"), _("Review it"), "articles:detail"
)


FIRST_LOOK = State(pgettext_lazy("state of an article", "draft"), "pen")
SUBMIT = Transition(
    "submit",
    _("Submit"),
    EDITABLE,
    Status.SUBMITTED,
    "articles.submit_article",
    may=_hands_in,
    effect=_hand_in,
    done=_("“%(title)s” is handed in. The editorial office will review it."),
    begins_round=True,
    look=State(pgettext_lazy("state of an article", "submitted"), "clock", "go"),
    step=_("Handed in"),
    tells=(_PLEASE_REVIEW,),
)
ASK_APPROVAL = Transition(
    "ask_approval",
    _("Send for approval"),
    EDITABLE,
    Status.AWAITING,
    "articles.submit_article",
    may=_asks_approval,
    effect=_hand_in,
    done=_("“%(title)s” waits for the approval of your unit. It is handed in as soon as it is approved."),
    begins_round=True,
    look=State(pgettext_lazy("state of an article", "waits for its unit"), "clock", "go"),
    tells=(
        Tell(
            Topic.URGENT,
            _asked_to_approve,
            pgettext_lazy("notice", "Please approve"),
            _("Read it"),
            "articles:detail",
            link=lambda article: ("articles:approval", article.current_version_id),
        ),
    ),
)
APPROVE = Transition(
    "approve",
    _("Agree, hand it in"),
    (Status.AWAITING,),
    Status.SUBMITTED,
    APPROVAL,
    may=_is_its_second_person,
    separate_from=("ask_approval",),
    effect=_hand_in_approved,
    done=_("You agreed, and “%(title)s” is handed in. The editorial office will review it."),
    asks=Ask(
        "approve",
        State(pgettext_lazy("kind of to-do", "to approve"), "sign", "you"),
        _("Read it"),
        _second_person_of,
    ),
    tells=(
        _PLEASE_REVIEW,
        Tell(Topic.NEWS, _writer, pgettext_lazy("notice", "Approved"), _LOOK, "articles:detail"),
    ),
)
SEND_BACK = Transition(
    "send_back",
    _("Send back to the writer"),
    (Status.AWAITING,),
    Status.SENT_BACK,
    APPROVAL,
    needs_note=True,
    may=_is_its_second_person,
    separate_from=("ask_approval",),
    done=_("“%(title)s” is back with its writer, who reads your reason."),
    look=State(pgettext_lazy("state of an article", "sent back by the unit"), "undo", "you"),
    tells=(Tell(Topic.URGENT, _writer, pgettext_lazy("notice", "Sent back"), _("Revise"), "articles:edit"),),
)
WITHDRAW = Transition(
    "withdraw",
    _("Withdraw to edit"),
    (Status.AWAITING, Status.SUBMITTED),
    Status.DRAFT,
    "articles.submit_article",
    may=_is_of_its_unit,
    done=_("“%(title)s” is withdrawn. Edit it, then hand it in again."),
)
ACCEPT = Transition(
    "accept",
    _("Accept"),
    IN_REVIEW,
    Status.ACCEPTED,
    REVIEW,
    may=_is_not_its_author,
    effect=_decide,
    done=_("“%(title)s” is accepted; it can be put into an issue now."),
    look=State(pgettext_lazy("state of an article", "accepted"), "check", "ok"),
    step=_("Reviewed"),
    asks=Ask(
        "review", State(pgettext_lazy("kind of to-do", "to review"), "eye", "you"), _("Review it"), not_written_by
    ),
    tells=(Tell(Topic.NEWS, _writer, pgettext_lazy("notice", "Accepted"), _LOOK, "articles:detail"),),
)
RETURN = Transition(
    "return",
    _("Return for changes"),
    (*IN_REVIEW, Status.ACCEPTED),
    Status.RETURNED,
    REVIEW,
    needs_note=True,
    may=_is_not_its_author,
    effect=_return,
    done=_("“%(title)s” is returned to its unit with your reason."),
    look=State(pgettext_lazy("state of an article", "returned"), "undo", "you"),
    tells=(Tell(Topic.URGENT, _writer, pgettext_lazy("notice", "Returned"), _("Revise"), "articles:edit"),),
)
DECLINE = Transition(
    "decline",
    _("Decline"),
    (*IN_REVIEW, Status.ACCEPTED, Status.HELD),
    Status.DECLINED,
    REVIEW,
    may=_is_not_its_author,
    effect=_decline,
    done=_("“%(title)s” is declined; its unit reads the reason."),
    look=State(pgettext_lazy("state of an article", "declined"), "stop", "stop"),
    tells=(Tell(Topic.NEWS, _writer, pgettext_lazy("notice", "Declined"), _LOOK, "articles:detail"),),
)
RECONSIDER = Transition(
    "reconsider",
    _("Take back into review"),
    (Status.DECLINED,),
    Status.SUBMITTED,
    REVIEW,
    may=_is_not_its_author,
    effect=_reopen,
    done=_("“%(title)s” is in review again."),
    tells=(_PLEASE_REVIEW,),
)
HOLD = Transition(
    "hold",
    _("Keep for later"),
    (*IN_REVIEW, Status.ACCEPTED),
    Status.HELD,
    REVIEW,
    may=_is_not_its_author,
    effect=_hold,
    done=_("“%(title)s” is kept for later. On its day it is on your list again."),
    look=State(pgettext_lazy("state of an article", "kept for later"), "pause", "hold"),
    tells=(Tell(Topic.NEWS, _writer, pgettext_lazy("notice", "Kept for later"), _LOOK, "articles:detail"),),
)
RESUME = Transition(
    "resume",
    _("Go on with the review"),
    (Status.HELD,),
    Status.SUBMITTED,
    REVIEW,
    may=_was_in_review,
    effect=_reopen,
    done=_("“%(title)s” is in review again."),
    tells=(_PLEASE_REVIEW,),
)
RELEASE = Transition(
    "release",
    _("Back among the waiting articles"),
    (Status.HELD,),
    Status.ACCEPTED,
    REVIEW,
    may=_was_accepted,
    effect=_take_up,
    done=_("“%(title)s” waits for its place in an issue again."),
)
PLACE = Transition(
    "place",
    _("Put into the issue"),
    (Status.ACCEPTED, Status.HELD),
    Status.PLACED,
    "articles.place_article",
    may=_has_passed_review,
    effect=_take_up,
    look=State(pgettext_lazy("state of an article", "placed"), "desk", "ok"),
    step=_("In an issue"),
)
TAKE_OUT = Transition("take_out", _("Take out"), (Status.PLACED,), Status.ACCEPTED, "articles.place_article")
ISSUE = Transition(
    "issue",
    _("Issue"),
    (Status.PLACED,),
    Status.ISSUED,
    "articles.issue_article",
    look=State(pgettext_lazy("state of an article", "printed"), "archive", "ok"),
    step=_("Printed"),
    tells=(Tell(Topic.NEWS, _writer, pgettext_lazy("notice", "Printed"), _LOOK, "articles:detail"),),
)
DISCARD = Transition(
    "discard",
    _("Delete"),
    (Status.DRAFT, Status.SENT_BACK),
    Status.DISCARDED,
    "articles.write_article",
    may=_is_its_author,
    done=_("“%(title)s” is deleted."),
    look=State(pgettext_lazy("state of an article", "deleted"), "cross", "stop"),
)
RESTORE = Transition(
    "restore",
    _("Bring back"),
    (Status.DISCARDED,),
    Status.DRAFT,
    "articles.write_article",
    may=_is_its_author,
    done=_("“%(title)s” is back among your drafts."),
)
TRANSITIONS = (
    *(SUBMIT, ASK_APPROVAL, APPROVE, SEND_BACK, WITHDRAW),
    *(ACCEPT, RETURN, DECLINE, RECONSIDER, HOLD, RESUME, RELEASE),
    *(PLACE, TAKE_OUT, ISSUE, DISCARD, RESTORE),
)
