"""The moves of an article: who may make each, what it changes, and who is told."""

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Topic
from workflow.documents import Transition
from workflow.notices import Tell
from workflow.refusals import Refused
from workflow.states import State
from workflow.todo import Ask

from ..dates import written
from . import aside, told, who
from .reviews import WRITING
from .statuses import APPROVAL, EDITABLE, IN_REVIEW, REVIEW, Status


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


def _return(article, *, by, reason=None) -> dict[str, str]:
    kept = _kept(reason, RETURN) if reason else {}
    aside.decide(article, by=by)
    return kept


def _decline(article, *, by, reason=None) -> dict[str, str]:
    kept = _kept(reason, DECLINE)
    aside.decide(article, by=by)
    aside.take_up(article, by=by)
    return kept


def _kept(reason, move: Transition) -> dict[str, str]:
    """What the event keeps of the chosen reason: as the office's table has it now."""
    if reason is None or reason.act != move.name or not reason.is_used:
        raise Refused(gettext("Please choose the reason from the list: the unit reads it."))
    return reason.kept


def _pass(article, *, by) -> None:
    article.take_step(article.step_of(article.moved_from), by)


def _accept(article, *, by) -> None:
    _pass(article, by=by)
    aside.decide(article, by=by)


def _refuse_while_open(article, *, by) -> None:
    if article.corrections.open().exists():
        raise Refused(gettext("“%(title)s” was changed, and nobody has agreed yet.") % {"title": article.flat_title})


FIRST_LOOK = State(pgettext_lazy("state of an article", "draft"), "pen")
SUBMIT = Transition(
    "submit",
    _("Submit"),
    EDITABLE,
    Status.SUBMITTED,
    "articles.submit_article",
    may=who.hands_in,
    effect=_hand_in,
    done=_("“%(title)s” is handed in. The editorial office will review it."),
    begins_round=True,
    look=State(pgettext_lazy("state of an article", "submitted"), "clock", "go"),
    step=_("Handed in"),
    tells=(told.PLEASE_REVIEW,),
)
# The office's own: its people write nothing else, so they have no page for it; the act that wrote it hands it in.
FILE = Transition(
    "file",
    _("Hand in for the office"),
    (Status.DRAFT, Status.RETURNED),
    Status.SUBMITTED,
    REVIEW,
    may=who.writes_for_the_office,
    effect=_hand_in,
    begins_round=True,
    tells=(told.PLEASE_REVIEW,),
)
ASK_APPROVAL = Transition(
    "ask_approval",
    _("Send for approval"),
    EDITABLE,
    Status.AWAITING,
    "articles.submit_article",
    may=who.asks_approval,
    effect=_hand_in,
    done=_("“%(title)s” waits for the approval of your unit. It is handed in as soon as it is approved."),
    begins_round=True,
    look=State(pgettext_lazy("state of an article", "waits for its unit"), "clock", "go"),
    tells=(
        Tell(
            Topic.URGENT,
            told.asked_to_approve,
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
    may=who.is_its_second_person,
    separate_from=("ask_approval",),
    effect=_hand_in_approved,
    done=_("You agreed, and “%(title)s” is handed in. The editorial office will review it."),
    asks=Ask(
        "approve",
        State(pgettext_lazy("kind of to-do", "to approve"), "sign", "you"),
        _("Read it"),
        who.second_person_of,
    ),
    tells=(
        told.PLEASE_REVIEW,
        Tell(Topic.NEWS, told.writer, pgettext_lazy("notice", "Approved"), told.LOOK, "articles:detail"),
    ),
)
SEND_BACK = Transition(
    "send_back",
    _("Send back to the writer"),
    (Status.AWAITING,),
    Status.SENT_BACK,
    APPROVAL,
    needs_note=True,
    may=who.is_its_second_person,
    separate_from=("ask_approval",),
    done=_("“%(title)s” is back with its writer, who reads your reason."),
    look=State(pgettext_lazy("state of an article", "sent back by the unit"), "undo", "you"),
    tells=(Tell(Topic.URGENT, told.writer, pgettext_lazy("notice", "Sent back"), _("Revise"), "articles:edit"),),
)
WITHDRAW = Transition(
    "withdraw",
    _("Withdraw to edit"),
    (Status.AWAITING, Status.SUBMITTED),
    Status.DRAFT,
    "articles.submit_article",
    may=who.is_of_its_unit,
    done=_("“%(title)s” is withdrawn. Edit it, then hand it in again."),
)
_TO_REVIEW = State(pgettext_lazy("kind of to-do", "to review"), "eye", "you")
PASS_FIRST = Transition(
    "pass_first",
    _("Pass the first review"),
    (Status.SUBMITTED,),
    Status.SECOND_REVIEW,
    REVIEW,
    may=who.may_pass_on,
    effect=_pass,
    done=_("“%(title)s” has passed the first review; another person makes the second."),
    look=State(pgettext_lazy("state of an article", "second review"), "clock", "go"),
    step=_("First review"),
    asks=Ask("review", _TO_REVIEW, _("Review it"), who.waits_for(1)),
    tells=(told.PLEASE_REVIEW,),
)
PASS_SECOND = Transition(
    "pass_second",
    _("Pass the second review"),
    (Status.SECOND_REVIEW,),
    Status.FINAL_REVIEW,
    REVIEW,
    may=who.may_pass_on,
    effect=_pass,
    done=_("“%(title)s” has passed the second review; another person makes the final one."),
    look=State(pgettext_lazy("state of an article", "final review"), "clock", "go"),
    step=_("Second review"),
    asks=Ask("review", _TO_REVIEW, _("Review it"), who.waits_for(2)),
    tells=(told.PLEASE_REVIEW,),
)
ACCEPT = Transition(
    "accept",
    _("Accept"),
    IN_REVIEW,
    Status.ACCEPTED,
    REVIEW,
    may=who.may_accept,
    effect=_accept,
    done=_("“%(title)s” is accepted; it can be put into an issue now."),
    look=State(pgettext_lazy("state of an article", "accepted"), "check", "ok"),
    step=_("Reviewed"),
    asks=Ask("review", _TO_REVIEW, _("Review it"), who.waits_for_the_last),
    tells=(told.ACCEPTED,),
)
STAND_IN_SECOND = Transition(
    "stand_in_second",
    _("Stand in for the second review"),
    (Status.SECOND_REVIEW,),
    Status.FINAL_REVIEW,
    REVIEW,
    needs_note=True,
    may=who.may_stand_in_on_the_way,
    done=_("“%(title)s” has passed the second review in another's absence; it has yet to be confirmed."),
    stands_for=PASS_SECOND.name,
    tells=(told.PLEASE_REVIEW, told.PLEASE_RATIFY),
)
STAND_IN_LAST = Transition(
    "stand_in_last",
    _("Stand in for the last review"),
    (Status.SECOND_REVIEW, Status.FINAL_REVIEW),
    Status.ACCEPTED,
    REVIEW,
    needs_note=True,
    may=who.may_stand_in_at_last,
    effect=aside.decide,
    done=_("“%(title)s” is accepted in another's absence; it has yet to be confirmed."),
    stands_for=ACCEPT.name,
    tells=(told.ACCEPTED, told.PLEASE_RATIFY),
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
    may=who.did_not_write_it,
    effect=aside.reopen,
    tells=(told.PLEASE_REVIEW,),
)
RETURN = Transition(
    "return",
    _("Return for changes"),
    (*IN_REVIEW, Status.ACCEPTED),
    Status.RETURNED,
    REVIEW,
    needs_note=True,
    may=who.did_not_write_it,
    effect=_return,
    done=_("“%(title)s” is returned to its unit with your reason."),
    look=State(pgettext_lazy("state of an article", "returned"), "undo", "you"),
    tells=(Tell(Topic.URGENT, told.writer, pgettext_lazy("notice", "Returned"), _("Revise"), "articles:edit"),),
)
DECLINE = Transition(
    "decline",
    _("Decline"),
    (*IN_REVIEW, Status.ACCEPTED, Status.HELD),
    Status.DECLINED,
    REVIEW,
    may=who.did_not_write_it,
    effect=_decline,
    done=_("“%(title)s” is declined; its unit reads the reason."),
    look=State(pgettext_lazy("state of an article", "declined"), "stop", "stop"),
    tells=(Tell(Topic.NEWS, told.writer, pgettext_lazy("notice", "Declined"), told.LOOK, "articles:detail"),),
)
MERGE = Transition(
    "merge",
    _("Merge into another story"),
    (*IN_REVIEW, Status.ACCEPTED, Status.HELD),
    Status.MERGED,
    REVIEW,
    may=who.did_not_write_it,
    effect=aside.merge,
    look=State(pgettext_lazy("state of an article", "merged"), "check", "ok"),
    tells=(
        Tell(
            Topic.NEWS, told.writer, pgettext_lazy("notice", "Merged with another story"), told.LOOK, "articles:detail"
        ),
    ),
)
RECONSIDER = Transition(
    "reconsider",
    _("Take back into review"),
    (Status.DECLINED, Status.MERGED),
    Status.SUBMITTED,
    REVIEW,
    may=who.did_not_write_it,
    effect=aside.reconsider,
    done=_("“%(title)s” is in review again."),
    tells=(told.PLEASE_REVIEW,),
)
HOLD = Transition(
    "hold",
    _("Keep for later"),
    (*IN_REVIEW, Status.ACCEPTED),
    Status.HELD,
    REVIEW,
    may=who.did_not_write_it,
    effect=aside.hold,
    done=_("“%(title)s” is kept for later. On its day it is on your list again."),
    look=State(pgettext_lazy("state of an article", "kept for later"), "pause", "hold"),
    tells=(Tell(Topic.NEWS, told.writer, pgettext_lazy("notice", "Kept for later"), told.LOOK, "articles:detail"),),
)
RESUME = Transition(
    "resume",
    _("Go on with the review"),
    (Status.HELD,),
    Status.SUBMITTED,
    REVIEW,
    may=who.was_in_review,
    effect=aside.reopen,
    done=_("“%(title)s” is in review again."),
    tells=(told.PLEASE_REVIEW,),
)
RELEASE = Transition(
    "release",
    _("Back among the waiting articles"),
    (Status.HELD,),
    Status.ACCEPTED,
    REVIEW,
    may=who.was_accepted,
    effect=aside.take_up,
    done=_("“%(title)s” waits for its place in an issue again."),
)
PLACE = Transition(
    "place",
    _("Put into the issue"),
    (Status.ACCEPTED, Status.HELD),
    Status.PLACED,
    "articles.place_article",
    may=who.has_passed_review,
    effect=aside.take_up,
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
    tells=(Tell(Topic.NEWS, told.writer, pgettext_lazy("notice", "Printed"), told.LOOK, "articles:detail"),),
)
DISCARD = Transition(
    "discard",
    _("Delete"),
    (Status.DRAFT, Status.SENT_BACK),
    Status.DISCARDED,
    "articles.write_article",
    may=who.is_its_author,
    done=_("“%(title)s” is deleted."),
    look=State(pgettext_lazy("state of an article", "deleted"), "cross", "stop"),
)
RESTORE = Transition(
    "restore",
    _("Bring back"),
    (Status.DISCARDED,),
    Status.DRAFT,
    "articles.write_article",
    may=who.is_its_author,
    done=_("“%(title)s” is back among your drafts."),
)
TRANSITIONS = (
    *(SUBMIT, FILE, ASK_APPROVAL, APPROVE, SEND_BACK, WITHDRAW),
    *(PASS_FIRST, PASS_SECOND, ACCEPT, STAND_IN_SECOND, STAND_IN_LAST, BEGIN_AGAIN),
    *(RETURN, DECLINE, MERGE, RECONSIDER, HOLD, RESUME, RELEASE),
    *(PLACE, TAKE_OUT, ISSUE, DISCARD, RESTORE),
)
