"""What comes before a mailing: a trial copy to oneself, a test post to a unit's system, and a planned start."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from issues.models import Issue

from .reader import Reader


class TrialCopy(models.Model):
    """The letter of an issue, sent to the one who asked: no reader's copy, counted nowhere.

    Once it is begun it is not begun again: who gets none asks for another.
    """

    LOST_AFTER = timedelta(minutes=5)

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="+", verbose_name=_("issue"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("user"))
    address = models.EmailField(_("e-mail address"))
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    begun_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    error = models.TextField(_("what went wrong"), blank=True, editable=False)

    class Meta:
        verbose_name = _("trial copy")
        verbose_name_plural = _("trial copies")
        indexes = [models.Index(fields=["issue", "user", "-asked_at"]), models.Index(fields=["begun_at", "asked_at"])]

    def __str__(self):
        return f"{self.issue} {self.address}"

    @property
    def is_lost(self) -> bool:
        """Nobody wrote down how it ended."""
        return not (self.sent_at or self.error) and timezone.now() - self.asked_at > self.LOST_AFTER

    @property
    def is_under_way(self) -> bool:
        return not (self.sent_at or self.error or self.is_lost)


class WebhookTrial(models.Model):
    """A test post to a reader's system, which somebody asked for. Once it is begun it is not begun again."""

    LOST_AFTER = timedelta(minutes=5)

    reader = models.ForeignKey(Reader, models.CASCADE, related_name="webhook_trials", verbose_name=_("reader"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    begun_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answer = models.CharField(_("answer"), max_length=200, blank=True, editable=False)
    error = models.TextField(_("what went wrong"), blank=True, editable=False)

    class Meta:
        verbose_name = _("test post")
        verbose_name_plural = _("test posts")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["begun_at", "asked_at"])]

    def __str__(self):
        return f"{self.reader}"

    @property
    def is_lost(self) -> bool:
        """Nobody wrote down how it ended."""
        return self.answered_at is None and timezone.now() - self.asked_at > self.LOST_AFTER

    @property
    def is_under_way(self) -> bool:
        return self.answered_at is None and not self.is_lost


class PlanStatus(models.TextChoices):
    WAITING = "waiting", _("waiting")
    STARTED = "started", _("started")
    CALLED_OFF = "called_off", _("called off")
    FAILED = "failed", _("not started")


class PlannedStart(models.Model):
    """When an issue's mailing starts by itself, and what became of that."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="+", verbose_name=_("issue"))
    start_at = models.DateTimeField(_("start at"))
    confirm_by = models.DateField(_("to confirm by"), null=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("planned by")
    )
    planned_at = models.DateTimeField(_("planned at"), default=timezone.now, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=PlanStatus, default=PlanStatus.WAITING, editable=False
    )
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    error = models.TextField(_("what went wrong"), blank=True, editable=False)

    class Meta:
        verbose_name = _("planned start")
        verbose_name_plural = _("planned starts")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "start_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["issue"], condition=Q(status=PlanStatus.WAITING), name="planned_start_once_an_issue"
            ),
            models.CheckConstraint(condition=Q(status__in=PlanStatus.values), name="planned_start_status_is_known"),
        ]

    def __str__(self):
        return f"{self.issue} {self.start_at}"

    @property
    def is_waiting(self) -> bool:
        return self.status == PlanStatus.WAITING

    @property
    def has_failed(self) -> bool:
        return self.status == PlanStatus.FAILED
