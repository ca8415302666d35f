"""One unit that is asked for a story: its row, and what happened to it."""

from typing import ClassVar

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Unit
from workflow.documents import Document
from workflow.events import Event
from workflow.logged import Said
from workflow.states import State

from .commission_moves import (
    ACCEPT,
    ANSWER,
    ATTACH,
    COMMISSION,
    DECLINE,
    DETACH,
    FIRST_LOOK,
    OPEN,
    OVERDUE_LOOK,
    REOPEN,
    WITHDRAW,
    WRITE,
    Answer,
)
from .commissions import Commission
from .statuses import Status as ArticleStatus


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
    ATTACH, DETACH = ATTACH, DETACH
    TRANSITIONS = (ACCEPT, DECLINE, ANSWER, REOPEN, ATTACH, DETACH, WITHDRAW)

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
    """A move of one unit's row; or that the unit was asked (ASK), given longer (EXTEND), began a story for it (BEGIN), or that
    what is wanted was changed (CHANGE)."""

    ASK, EXTEND, BEGIN, CHANGE = "ask", "extend", "begin", "change"
    ACTS = {
        ASK: pgettext_lazy("act", "commissioned"),
        EXTEND: pgettext_lazy("act", "deadline moved"),
        BEGIN: pgettext_lazy("act", "story begun for a commission"),
        CHANGE: pgettext_lazy("act", "commission changed"),
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
