"""How a unit that is asked for a story answers, and what the office does with its answer: the moves of one unit's row."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Topic, User
from workflow.documents import Transition
from workflow.notices import Tell
from workflow.states import State

from .statuses import WITHIN_UNIT
from .statuses import Status as ArticleStatus

COMMISSION, WRITE, HAND_IN = "articles.commission_article", "articles.write_article", "articles.submit_article"


class Answer(models.TextChoices):
    ASKED = "asked", _("asked")
    ACCEPTED = "accepted", _("being written")
    DECLINED = "declined", _("can't be written")
    ANSWERED = "answered", _("handed in")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN = (Answer.ASKED, Answer.ACCEPTED)


def writers(row):
    """Who answers for the unit."""
    return User.objects.with_permission(WRITE).filter(unit=row.unit_id)


def _asker(row):
    return User.objects.with_permission(COMMISSION).filter(pk=row.commission.created_by_id)


def is_of_the_unit(row, user) -> bool:
    return user.unit_id is not None and user.unit_id == row.unit_id


def _its_story_is_handed_in(row, _user) -> bool:
    return row.article is not None and row.article.status not in (*WITHIN_UNIT, ArticleStatus.DISCARDED)


def _its_story_is_back(row, user) -> bool:
    return not _its_story_is_handed_in(row, user)


def _settle(row, *, by) -> None:
    row.settled_on = timezone.localdate()


def _settle_when_handed_in(row, *, by) -> None:
    """On the day on which the office first had it; it can't answer what was not asked yet."""
    first = row.article.events.filter(to_status=ArticleStatus.SUBMITTED).order_by("pk").first()
    asked_on = timezone.localdate(row.commission.created_at)
    row.settled_on = max(timezone.localdate(first.at), asked_on) if first else timezone.localdate()


def _untie(row, *, by) -> None:
    row.article = row.settled_on = None


def _decline(row, *, by) -> None:
    """What was begun for it stays its unit's, as any other story."""
    row.article = None
    _settle(row, by=by)


def _open_again(row, *, by) -> None:
    row.settled_on = None


_PAGE = "articles:commissioned"
_ANSWER_IT, _LOOK = pgettext_lazy("button of a notice", "Answer"), pgettext_lazy("button of a notice", "Look")
PLEASE_WRITE = Tell(Topic.WORK, writers, pgettext_lazy("notice", "Commissioned"), _ANSWER_IT, _PAGE)
EXTENDED = Tell(Topic.NEWS, writers, pgettext_lazy("notice", "Deadline moved"), _LOOK, _PAGE)
CHANGED = Tell(Topic.NEWS, writers, pgettext_lazy("notice", "Commission changed"), _LOOK, _PAGE)
DUE_SOON = Tell(Topic.URGENT, writers, pgettext_lazy("notice", "Commission due soon"), _ANSWER_IT, _PAGE)
DUE_NOW = Tell(Topic.URGENT, writers, pgettext_lazy("notice", "Commission due"), _ANSWER_IT, _PAGE)

FIRST_LOOK = State(pgettext_lazy("state of a commission", "to be answered"), "clock", "you")
ACCEPT = Transition(
    "accept",
    _("Accept the commission"),
    (Answer.ASKED, Answer.DECLINED),
    Answer.ACCEPTED,
    WRITE,
    may=is_of_the_unit,
    effect=_open_again,
    done=_("“%(title)s” is accepted. Hand the story in by its deadline."),
    look=State(pgettext_lazy("state of a commission", "being written"), "pen", "go"),
)
DECLINE = Transition(
    "decline",
    _("Say why it can't be written"),
    OPEN,
    Answer.DECLINED,
    WRITE,
    needs_note=True,
    may=is_of_the_unit,
    effect=_decline,
    done=_("The editorial office reads why “%(title)s” can't be written."),
    look=State(pgettext_lazy("state of a commission", "can't be written"), "stop", "stop"),
    tells=(Tell(Topic.WORK, _asker, pgettext_lazy("notice", "Can't be written"), _LOOK, _PAGE),),
)
ANSWER = Transition(
    "answer",
    _("Hand the story in"),
    OPEN,
    Answer.ANSWERED,
    HAND_IN,
    may=_its_story_is_handed_in,
    effect=_settle,
    look=State(pgettext_lazy("state of a commission", "handed in"), "check", "ok"),
    tells=(Tell(Topic.NEWS, _asker, pgettext_lazy("notice", "Commission handed in"), _LOOK, _PAGE),),
)
# The unit has taken its story back, to change it.
REOPEN = Transition(
    "reopen", _("Write on"), (Answer.ANSWERED,), Answer.ACCEPTED, HAND_IN, may=_its_story_is_back, effect=_open_again
)
# The office says which story it is, where a unit has handed one in without saying so; and that it is another one after all.
ATTACH = Transition(
    "attach",
    _("Tie the story to the commission"),
    (*OPEN, Answer.DECLINED),
    Answer.ANSWERED,
    COMMISSION,
    may=_its_story_is_handed_in,
    effect=_settle_when_handed_in,
    tells=(Tell(Topic.NEWS, writers, pgettext_lazy("notice", "Story tied to a commission"), _LOOK, _PAGE),),
)
DETACH = Transition(
    "detach",
    _("Untie the story from the commission"),
    (Answer.ANSWERED,),
    Answer.ACCEPTED,
    COMMISSION,
    needs_note=True,
    effect=_untie,
    done=_("The story is no longer that for “%(title)s”; the unit reads the reason."),
    tells=(Tell(Topic.WORK, writers, pgettext_lazy("notice", "Story untied from a commission"), _ANSWER_IT, _PAGE),),
)
WITHDRAW = Transition(
    "withdraw",
    _("Withdraw the commission"),
    (*OPEN, Answer.DECLINED),
    Answer.WITHDRAWN,
    COMMISSION,
    needs_note=True,
    effect=_settle,
    done=_("“%(title)s” is withdrawn; the unit reads the reason."),
    look=State(pgettext_lazy("state of a commission", "withdrawn"), "cross", "stop"),
    tells=(Tell(Topic.NEWS, writers, pgettext_lazy("notice", "Commission withdrawn"), _LOOK, _PAGE),),
)
OVERDUE_LOOK = State(pgettext_lazy("state of a commission", "overdue"), "warn", "stop")
