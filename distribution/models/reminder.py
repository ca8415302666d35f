"""A reminder (催签): a short mail with the personal link to a reader who has not confirmed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .delivery import Delivery, DeliveryEvent
from .mailing import Mailing, MailingStatus
from .outgoing import Outgoing, OutgoingQuerySet, ReminderStatus


class ReminderQuerySet(OutgoingQuerySet):
    _NEEDED = Q(delivery__receipt=None, delivery__revoked_at=None)

    def wanted(self):
        """Who has confirmed meanwhile, or whose link was revoked, gets none."""
        return self.filter(self._NEEDED)

    def needless(self):
        return self.filter(~self._NEEDED, status=ReminderStatus.QUEUED)


class Reminder(Outgoing):
    """One reminder of one copy. The database holds it to one a day, however often somebody presses or beat runs.

    `mailing` is that of the copy: the queue asks both kinds of mails for it.
    """

    # A mailing that is through still reminds; one that is paused does not.
    SENT_WHILE = (MailingStatus.SENDING, MailingStatus.DONE)
    READER = "delivery__reader"

    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="reminders", verbose_name=_("mailing"))
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="reminders", verbose_name=_("delivery"))
    day = models.DateField(_("day"))
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    status = models.CharField(_("status"), max_length=10, choices=ReminderStatus, default=ReminderStatus.QUEUED)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["mailing", "status", "next_try_at"]),
            models.Index(fields=["status", "lease_until"]),
            models.Index(fields=["begun_at"], condition=Q(begun_at__isnull=False), name="reminder_begun"),
            models.Index(fields=["status", "next_try_at"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "day"], name="reminder_once_a_day"),
            models.CheckConstraint(condition=Q(status__in=ReminderStatus.values), name="reminder_status_is_known"),
            models.CheckConstraint(condition=~Q(address=""), name="reminder_has_address"),
        ]

    def __str__(self):
        return f"{self.delivery} {self.day}"

    @property
    def copy(self) -> Delivery:
        return self.delivery

    def begun(self) -> DeliveryEvent:
        return self.event(DeliveryEvent.What.SENDING, self.address)

    def event(self, what: str, note: str = "", by=None) -> DeliveryEvent:
        return DeliveryEvent(delivery_id=self.delivery_id, reminder=self, what=what, note=note, by=by)
