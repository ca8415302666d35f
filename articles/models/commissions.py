"""What the office asks of units: a topic of a month, or one story; and how each unit that is asked answers."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Topic, Unit, User
from workflow.documents import Document, Transition
from workflow.events import Event
from workflow.logged import Said
from workflow.notices import Tell
from workflow.states import State

from .statuses import WITHIN_UNIT
from .statuses import Status as ArticleStatus

COMMISSION, WRITE, HAND_IN = "articles.commission_article", "articles.write_article", "articles.submit_article"
LONGEST_STORY = 20_000


class CommissionKind(models.TextChoices):
    TOPIC = "topic", _("Topic of a month")
    SINGLE = "single", _("Commission")


class Answer(models.TextChoices):
    ASKED = "asked", _("asked")
    ACCEPTED = "accepted", _("being written")
    DECLINED = "declined", _("can't be written")
    ANSWERED = "answered", _("handed in")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN = (Answer.ASKED, Answer.ACCEPTED)


class CommissionQuerySet(models.QuerySet):
    def of_month(self, month: date):
        """The topics of the month, and the single commissions that ran in it: from the day they were made to their deadline."""
        after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
        return self.filter(Q(month=month) | Q(month=None, due_on__gte=month, created_at__date__lt=after))

    def wanted_for(self, year: int, number: int):
        """Single commissions for the issue with this number."""
        return self.filter(wanted_year=year, wanted_number=number, withdrawn_on=None)

    def in_force(self):
        return self.filter(withdrawn_on=None)

    def with_answers(self):
        """Each with how many units were asked, have answered, are overdue, and can't write it."""
        late = Q(asked__status__in=OPEN, asked__due_on__lt=timezone.localdate())
        return self.annotate(
            units=Count("asked"),
            answered=Count("asked", filter=Q(asked__status=Answer.ANSWERED)),
            waiting=Count("asked", filter=Q(asked__status=Answer.ASKED) & ~late),
            writing=Count("asked", filter=Q(asked__status=Answer.ACCEPTED) & ~late),
            overdue=Count("asked", filter=late),
            declined=Count("asked", filter=Q(asked__status=Answer.DECLINED)),
        )


class Commission(models.Model):
    """What is wanted. It asks one unit or more, each in a row of its own (`Commissioned`).

    `month` is the first day of the month whose topic it is; a single commission has none. `length` is in characters, at
    most. When a unit lets a commission that `is_binding` pass unanswered, this counts as missed.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=CommissionKind, default=CommissionKind.SINGLE)
    title = models.CharField(_("topic"), max_length=100)
    wording = models.TextField(_("what is wanted"), blank=True)
    length = models.PositiveIntegerField(_("characters at most"), null=True, blank=True)
    due_on = models.DateField(_("deadline"))
    month = models.DateField(_("month"), null=True, blank=True)
    is_for_all = models.BooleanField(_("for all units"), default=False)
    is_binding = models.BooleanField(_("counts when missed"), default=True)
    wanted_year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    wanted_number = models.PositiveIntegerField(_("number in the year"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, editable=False)

    objects = CommissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("commission")
        verbose_name_plural = _("commissions")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["month"]), models.Index(fields=["wanted_year", "wanted_number"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CommissionKind.TOPIC, month__isnull=False) | Q(kind=CommissionKind.SINGLE, month=None),
                name="commission_topic_has_a_month",
            ),
            models.CheckConstraint(
                condition=Q(wanted_year=None, wanted_number=None)
                | Q(wanted_year__isnull=False, wanted_number__isnull=False),
                name="commission_wanted_for_a_whole_number",
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        # No constraint: SQLite's would call a function of Django's, which a backup does not have.
        self.month = self.month and self.month.replace(day=1)
        super().save(*args, **kwargs)

    @property
    def is_topic(self) -> bool:
        return self.kind == CommissionKind.TOPIC

    @property
    def wanted_for(self) -> str:
        """The issue that it is wanted for; empty where none was named."""
        if not self.wanted_number:
            return ""
        return gettext("%(year)s no. %(number)s") % {"year": self.wanted_year, "number": self.wanted_number}


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


class CommissionedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for those who commission, the own unit's for those who write."""
        if user.has_perm(COMMISSION):
            return self.all()
        return self.of_unit(user)

    def of_unit(self, user):
        if user.unit_id is None or not user.has_perm(WRITE):
            return self.none()
        return self.filter(unit=user.unit_id)

    def open(self):
        return self.filter(status__in=OPEN)

    def overdue(self):
        return self.open().filter(due_on__lt=timezone.localdate())

    def to_do(self, user):
        """What this person's unit has to answer or to write: what binds it, and what it has accepted. Not what is written
        and waits for its unit's approval, or has come back from there: the story itself is on a list then."""
        written = (ArticleStatus.AWAITING, ArticleStatus.SENT_BACK)
        owed = Q(commission__is_binding=True) | Q(status=Answer.ACCEPTED)
        return self.of_unit(user).open().filter(owed).exclude(article__status__in=written)

    def offered_to(self, user):
        """The topics about which this person's unit may write, and need not."""
        rows = self.of_unit(user).filter(status=Answer.ASKED, commission__is_binding=False)
        return rows.filter(due_on__gte=timezone.localdate())

    def in_state(self, state: str):
        """Of this status; the open ones that are overdue are in a state of their own, `overdue`."""
        if state == "overdue":
            return self.overdue()
        return self.filter(status=state).exclude(status__in=OPEN, due_on__lt=timezone.localdate())

    def for_pages(self):
        return self.select_related("commission__created_by", "unit", "article").order_by("due_on", "pk")

    def with_reason(self):
        """Each with `said_why`: why it was last declined or withdrawn."""
        events = CommissionEvent.objects.filter(
            commissioned=OuterRef("pk"), transition__in=(DECLINE.name, WITHDRAW.name)
        )
        return self.annotate(said_why=Subquery(events.order_by("-pk").values("note")[:1]))

    def open_first(self):
        """What is still to be done by its deadline, then what is settled, the newest first."""
        is_open = models.Case(models.When(status__in=OPEN, then=0), default=1)
        return self.order_by(is_open, models.Case(models.When(status__in=OPEN, then="due_on")), "-due_on", "-pk")

    def counted(self) -> dict[str, int]:
        """How many there are of each status, and of the open ones how many are `overdue`: these count there alone."""
        late = Q(status__in=OPEN, due_on__lt=timezone.localdate())
        each = {status: Count("pk", filter=Q(status=status) & ~late) for status in Answer.values}
        return self.order_by().aggregate(**each, overdue=Count("pk", filter=late))


class Commissioned(Document):
    """One unit that is asked. Its `due_on` is the commission's, until the office gives this unit longer.

    `settled_on` is the day on which it was answered, declined or withdrawn. `reminded_for` and `reminded_last_for` are the
    deadlines of which the unit was reminded before the day, and when it had come: a deadline that moves is another one.
    """

    OPEN = OPEN
    FIRST_LOOK = FIRST_LOOK
    ACCEPT, DECLINE, ANSWER, REOPEN, WITHDRAW = ACCEPT, DECLINE, ANSWER, REOPEN, WITHDRAW
    TRANSITIONS = (ACCEPT, DECLINE, ANSWER, REOPEN, WITHDRAW)

    commission = models.ForeignKey(Commission, models.PROTECT, related_name="asked", verbose_name=_("commission"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    status = models.CharField(_("status"), max_length=20, choices=Answer, default=Answer.ASKED, editable=False)
    due_on = models.DateField(_("deadline"))
    article = models.OneToOneField(
        "articles.Article",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="commissioned",
        verbose_name=_("article"),
    )
    settled_on = models.DateField(_("settled on"), null=True, editable=False)
    reminded_for = models.DateField(null=True, editable=False)
    reminded_last_for = models.DateField(null=True, editable=False)

    objects: ClassVar = CommissionedQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit asked")
        verbose_name_plural = _("units asked")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["unit", "status"]), models.Index(fields=["status", "due_on"])]
        constraints = [
            models.UniqueConstraint(fields=["commission", "unit"], name="commissioned_once_a_unit"),
            models.CheckConstraint(condition=Q(status__in=Answer.values), name="commissioned_status_is_known"),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, settled_on=None) | ~Q(status__in=OPEN) & Q(settled_on__isnull=False),
                name="commissioned_settled_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(status=Answer.ANSWERED) | Q(article__isnull=False),
                name="commissioned_answered_by_a_story",
            ),
        ]

    def __str__(self):
        return self.commission.title

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_answered(self) -> bool:
        return self.status == Answer.ANSWERED

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()

    @property
    def days_late(self) -> int:
        """Until today while it is open, then until the day it was handed in."""
        until = timezone.localdate() if self.is_open else self.settled_on if self.is_answered else None
        return max(0, (until - self.due_on).days) if until else 0

    @property
    def look(self) -> State:
        return OVERDUE_LOOK if self.is_overdue else self.looks()[self.status]

    def follow_up(self, transition, event):
        notices.tell(self, transition, event)

    @classmethod
    def follow(cls, article, event) -> None:
        """A story has moved, and what it was commissioned as moves with it. Within the transaction of the move."""
        moved = (ArticleStatus.SUBMITTED, ArticleStatus.DRAFT, ArticleStatus.DISCARDED)
        row = cls.objects.filter(article=article).first() if event.to_status in moved else None
        if row is None:
            return
        if event.to_status == ArticleStatus.SUBMITTED:
            if row.is_open:
                row.apply(ANSWER, by=event.by)
        elif row.is_answered:
            row.apply(REOPEN, by=event.by)
        if event.to_status == ArticleStatus.DISCARDED:
            cls.objects.filter(pk=row.pk).update(article=None)


class CommissionEvent(Event):
    """A move of one unit's row; or that the unit was asked (ASK), given longer (EXTEND), or began a story for it (BEGIN)."""

    ASK, EXTEND, BEGIN = "ask", "extend", "begin"
    ACTS = {
        ASK: pgettext_lazy("act", "commissioned"),
        EXTEND: pgettext_lazy("act", "deadline moved"),
        BEGIN: pgettext_lazy("act", "story begun for a commission"),
    }

    commissioned = models.ForeignKey(Commissioned, models.PROTECT, related_name="events", verbose_name=_("unit asked"))

    SAID_WITH = ("by", "commissioned__commission", "commissioned__unit")

    class Meta(Event.Meta):
        verbose_name = _("event of a commission")
        verbose_name_plural = _("events of commissions")

    def __str__(self):
        return str(self.commissioned)

    @property
    def act(self) -> str:
        labels = {move.name: move.label for move in Commissioned.TRANSITIONS}
        return str(self.ACTS.get(self.transition) or labels.get(self.transition, self.transition))

    def said(self) -> Said:
        about = {"title": self.commissioned, "unit": self.commissioned.unit.short_name}
        return self.told(gettext("Commission “%(title)s” to %(unit)s") % about, self.act)
