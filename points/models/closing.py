"""Months that are closed, closings that were undone, and how the ledger was last brought up to date."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from workflow.logged import Logged, LoggedQuerySet, Said

CLOSE = "points.close_month"
WHY_LENGTH = 300


class ClosedMonthQuerySet(LoggedQuerySet):
    def standing(self):
        """Those that were not undone."""
        return self.filter(reopening=None)

    def last(self) -> date | None:
        """The first day of the last month that is closed."""
        return self.standing().aggregate(last=models.Max("month"))["last"]


class ClosedMonth(Logged):
    """Closing a month closes all before it too. `figures` is what the standing was then: unit -> its score as JSON.

    It holds until a person reopens the month; the row stays, and closing the month once more is another one.
    """

    month = models.DateField(_("month"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    figures: Any = models.JSONField()

    SAID_WITH = ("by",)

    objects: ClassVar = ClosedMonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        ordering = ["-month", "-pk"]
        permissions = [("close_month", "Can close a month of points")]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(month__endswith="-01"), name="closed_month_first_day")]

    def __str__(self) -> str:
        return f"{self.month.year}年{self.month.month}月"

    def said(self) -> Said:
        title = gettext("Points of %(month)s") % {"month": self}
        return Said(self.at, self.by_id, str(self.by), title, gettext("month closed"))


class Reopening(Logged):
    """One closing is undone by a person, with a reason. The row of the closing, with its figures, stays as it is."""

    closed = models.OneToOneField(ClosedMonth, models.PROTECT, related_name="reopening", verbose_name=_("closed month"))
    why = models.CharField(_("reason"), max_length=WHY_LENGTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    SAID_WITH = ("by", "closed")

    class Meta:
        verbose_name = _("reopening of a month")
        verbose_name_plural = _("reopenings of months")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="reopening_has_a_reason")]

    def __str__(self) -> str:
        return str(self.closed)

    def said(self) -> Said:
        title = gettext("Points of %(month)s") % {"month": self.closed}
        words = gettext("month reopened: %(why)s") % {"why": self.why}
        return Said(self.at, self.by_id, str(self.by), title, words)


class LedgerRun(models.Model):
    """The one row that says how the ledger stands: of what it was made, when, and what came of it."""

    CUT_OFF = timedelta(minutes=10)  # ten years are entered anew in some seconds

    asked_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    causes = models.CharField(max_length=200, blank=True, default="", help_text=_("What the causes were marked by."))
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = pgettext_lazy("points", "state of the ledger")
        verbose_name_plural = verbose_name
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.ended_at or "")

    @property
    def is_running(self) -> bool:
        """Begun or asked for, and neither ended nor cut off."""
        since = self.begun_at or self.asked_at
        if self.asked_at and self.begun_at:
            since = max(self.asked_at, self.begun_at)
        if since is None or since < timezone.now() - self.CUT_OFF:
            return False
        return self.ended_at is None or self.ended_at < since
