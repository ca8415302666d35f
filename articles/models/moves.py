"""The moves of an article: who may make each, and what it changes."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Topic, User
from workflow.documents import Transition
from workflow.notices import Tell
from workflow.refusals import Refused
from workflow.states import State
from workflow.todo import Ask

from ..dates import written
from .reviews import WRITING, ReviewPart


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    AWAITING = "awaiting", _("awaiting approval")
    SENT_BACK = "sent_back", _("sent back by the unit")
    SUBMITTED = "submitted", _("submitted")
    SECOND_REVIEW = "second_review", _("second review")
    FINAL_REVIEW = "final_review", _("final review")
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
IN_REVIEW = (Status.SUBMITTED, Status.SECOND_REVIEW, Status.FINAL_REVIEW)  # the first step, the second, the third
REVIEWED = (Status.ACCEPTED, Status.PLACED)  # and not printed yet
UNDER_WAY = (*IN_REVIEW, *REVIEWED)
REVISABLE = (*IN_REVIEW, Status.ACCEPTED)  # by the office; one in an issue is revised on its desk
CONFIRMABLE = (*REVISABLE, Status.PLACED)  # its unit may be asked about what the office has changed
REVIEW, APPROVAL = "articles.review_article", "articles.approve_article"
OFFICE = (REVIEW, "articles.place_article", "articles.issue_article")


def _is_its_author(article, user) -> bool:
    return article.created_by_id == user.pk


def _did_not_write_it(article, user) -> bool:
    """Who wrote it, approved it or handed it in judges it in no way."""
    return article.part_of(user) != WRITING


def not_written_by(user) -> Q:
    """As `_did_not_write_it`, of rows: those that nobody wrote here are anybody's to review."""
    return ~Q(created_by=user) & ~Q(ReviewPart.has(user, WRITING))


def _may_take_step(article, user) -> bool:
    """Nobody takes two steps of one article. Where it is in no step its status tells whoever asks."""
    part = article.part_of(user)
    return part in (None, article.step) if article.step else part != WRITING


def _may_pass_on(article, user) -> bool:
    return article.step != article.review_steps and _may_take_step(article, user)


def _may_accept(article, user) -> bool:
    return article.step in (0, article.review_steps) and _may_take_step(article, user)


def _may_stand_in(article, user) -> bool:
    """Who has taken another step may take this one too where nobody else is there, and says why."""
    return article.part_of(user) not in (None, WRITING, article.step)


def _may_stand_in_on_the_way(article, user) -> bool:
    return article.step != article.review_steps and _may_stand_in(article, user)


def _may_stand_in_at_last(article, user) -> bool:
    return article.step in (0, article.review_steps) and _may_stand_in(article, user)


def _waits_for(step: int):
    """As `_may_pass_on`, of rows in this step: condition of a person."""
    return lambda user: Q(review_steps__gt=step) & ~Q(created_by=user) & ~Q(ReviewPart.has_other(user, step))


def _waits_for_the_last(user) -> Q:
    """As `_may_accept`, of rows."""
    last = Q()
    for step, status in enumerate(IN_REVIEW, 1):
        last |= Q(status=status, review_steps=step)
    return last & ~Q(created_by=user) & ~Q(ReviewPart.has_other(user, F("article__review_steps")))


def _is_of_its_unit(article, user) -> bool:
    return article.belongs_to(user)


def _was_in_review(article, user) -> bool:
    return _did_not_write_it(article, user) and article.held_from != Status.ACCEPTED


def _was_accepted(article, user) -> bool:
    return _did_not_write_it(article, user) and article.held_from == Status.ACCEPTED


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
    article.review_steps = import_string(settings.ARTICLE_REVIEW_STEPS)()
    article.begin_round(by)


def _hand_in_approved(article, *, by) -> None:
    """The version that was approved is handed in; nothing can have changed since it was frozen."""
    _refuse_unfinished(article)
    article.submitted_at = timezone.now()
    article.take_part(WRITING, by)


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
    """Its review begins again at the first step: what was passed before it was put aside is void."""
    article.decided_at = None
    _take_up(article, by=by)


def _pass(article, *, by) -> None:
    article.take_step(article.step_of(article.moved_from), by)


def _accept(article, *, by) -> None:
    _pass(article, by=by)
    _decide(article, by=by)


def _refuse_while_open(article, *, by) -> None:
    if article.corrections.open().exists():
        raise Refused(gettext("“%(title)s” was changed, and nobody has agreed yet.") % {"title": article.flat_title})


# --- who is told ---------------------------------------------------------------------------------------------------
def _writer(article):
    return User.objects.filter(pk=article.created_by_id)


def _reviewers(article):
    """Who may take the step that it is in."""
    taken = article.parts.filter(round=article.round).exclude(step=article.step).values("person")
    return User.objects.with_permission(REVIEW).exclude(pk=article.created_by_id).exclude(pk__in=taken)


def _agreeing(article):
    """Who may agree to what another has changed: not those who wrote it."""
    wrote = article.parts.filter(round=article.round, step=WRITING).values("person")
    return User.objects.with_permission(REVIEW).exclude(pk=article.created_by_id).exclude(pk__in=wrote)


def _ratifying(article):
    """Who may take the step in which somebody has just stood in."""
    step = article.step_of(article.stand_ins()[-1].from_status)
    taken = article.parts.filter(round=article.round).exclude(step=step).values("person")
    return User.objects.with_permission(REVIEW).exclude(pk=article.created_by_id).exclude(pk__in=taken)


def _asked_to_approve(article):
    return article.asked_to_approve()


_LOOK = pgettext_lazy("button of a notice", "Look")
MADE_BRIEF = Tell(Topic.NEWS, _writer, pgettext_lazy("notice", "Made a brief"), _LOOK, "articles:detail")
CHANGED = Tell(Topic.NEWS, _writer, pgettext_lazy("notice", "Text changed"), _LOOK, "articles:detail")
_ACCEPTED = Tell(Topic.NEWS, _writer, pgettext_lazy("notice", "Accepted"), _LOOK, "articles:detail")
_PLEASE_REVIEW = Tell(
    Topic.WORK, _reviewers, pgettext_lazy("notice", "Please review"), _("Review it"), "articles:detail"
)
PLEASE_AGREE = Tell(
    Topic.WORK,
    _agreeing,
    pgettext_lazy("notice", "Please agree"),
    _("Look and agree"),
    "articles:detail",
    apart="agree",
)
PLEASE_RATIFY = Tell(
    Topic.WORK,
    _ratifying,
    pgettext_lazy("notice", "Please confirm the step"),
    _("Look and confirm"),
    "articles:detail",
    apart="ratify",
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
_TO_REVIEW = State(pgettext_lazy("kind of to-do", "to review"), "eye", "you")
PASS_FIRST = Transition(
    "pass_first",
    _("Pass the first review"),
    (Status.SUBMITTED,),
    Status.SECOND_REVIEW,
    REVIEW,
    may=_may_pass_on,
    effect=_pass,
    done=_("“%(title)s” has passed the first review; another person makes the second."),
    look=State(pgettext_lazy("state of an article", "second review"), "clock", "go"),
    step=_("First review"),
    asks=Ask("review", _TO_REVIEW, _("Review it"), _waits_for(1)),
    tells=(_PLEASE_REVIEW,),
)
PASS_SECOND = Transition(
    "pass_second",
    _("Pass the second review"),
    (Status.SECOND_REVIEW,),
    Status.FINAL_REVIEW,
    REVIEW,
    may=_may_pass_on,
    effect=_pass,
    done=_("“%(title)s” has passed the second review; another person makes the final one."),
    look=State(pgettext_lazy("state of an article", "final review"), "clock", "go"),
    step=_("Second review"),
    asks=Ask("review", _TO_REVIEW, _("Review it"), _waits_for(2)),
    tells=(_PLEASE_REVIEW,),
)
ACCEPT = Transition(
    "accept",
    _("Accept"),
    IN_REVIEW,
    Status.ACCEPTED,
    REVIEW,
    may=_may_accept,
    effect=_accept,
    done=_("“%(title)s” is accepted; it can be put into an issue now."),
    look=State(pgettext_lazy("state of an article", "accepted"), "check", "ok"),
    step=_("Reviewed"),
    asks=Ask("review", _TO_REVIEW, _("Review it"), _waits_for_the_last),
    tells=(_ACCEPTED,),
)
STAND_IN_SECOND = Transition(
    "stand_in_second",
    _("Stand in for the second review"),
    (Status.SECOND_REVIEW,),
    Status.FINAL_REVIEW,
    REVIEW,
    needs_note=True,
    may=_may_stand_in_on_the_way,
    done=_("“%(title)s” has passed the second review in another's absence; it has yet to be confirmed."),
    stands_for=PASS_SECOND.name,
    tells=(_PLEASE_REVIEW, PLEASE_RATIFY),
)
STAND_IN_LAST = Transition(
    "stand_in_last",
    _("Stand in for the last review"),
    (Status.SECOND_REVIEW, Status.FINAL_REVIEW),
    Status.ACCEPTED,
    REVIEW,
    needs_note=True,
    may=_may_stand_in_at_last,
    effect=_decide,
    done=_("“%(title)s” is accepted in another's absence; it has yet to be confirmed."),
    stands_for=ACCEPT.name,
    tells=(_ACCEPTED, PLEASE_RATIFY),
)
PASSES = (PASS_FIRST, PASS_SECOND, ACCEPT)
STAND_INS = (STAND_IN_SECOND, STAND_IN_LAST)
# What the program does when an edit has made void what was passed.
BEGIN_AGAIN = Transition(
    "begin_again",
    _("Review again"),
    (*IN_REVIEW[1:], Status.ACCEPTED),
    Status.SUBMITTED,
    REVIEW,
    may=_did_not_write_it,
    effect=_reopen,
    tells=(_PLEASE_REVIEW,),
)
RETURN = Transition(
    "return",
    _("Return for changes"),
    (*IN_REVIEW, Status.ACCEPTED),
    Status.RETURNED,
    REVIEW,
    needs_note=True,
    may=_did_not_write_it,
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
    may=_did_not_write_it,
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
    may=_did_not_write_it,
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
    may=_did_not_write_it,
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
    effect=_refuse_while_open,
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
    *(PASS_FIRST, PASS_SECOND, ACCEPT, STAND_IN_SECOND, STAND_IN_LAST, BEGIN_AGAIN),
    *(RETURN, DECLINE, RECONSIDER, HOLD, RESUME, RELEASE),
    *(PLACE, TAKE_OUT, ISSUE, DISCARD, RESTORE),
)
