"""What goes out to a reader, one row a mail or a post: a copy, or a reminder of it. queue.py moves both alike."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .delivery import Delivery, DeliveryEvent
    from .mailing import Mailing


class DeliveryStatus(models.TextChoices):
    QUEUED = "queued", _("queued")
    CLAIMED = "claimed", _("taken by a worker")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("refused")
    UNSURE = "unsure", _("unsure")
    # Not sent by the program:
    PAPER = "paper", _("on paper")
    HANDED = "handed", _("handed over on paper")
    ACCOUNT = "account", _("to be read with an account")
    HELD = "held", _("not sent: address held")


class ReminderStatus(models.TextChoices):
    QUEUED = DeliveryStatus.QUEUED.value, _("queued")
    CLAIMED = DeliveryStatus.CLAIMED.value, _("taken by a worker")
    SENDING = DeliveryStatus.SENDING.value, _("being sent")
    SENT = DeliveryStatus.SENT.value, _("sent")
    FAILED = DeliveryStatus.FAILED.value, _("refused")
    UNSURE = DeliveryStatus.UNSURE.value, _("unsure")
    DROPPED = "dropped", _("not sent: no longer needed")


_S = DeliveryStatus


class OutgoingQuerySet(models.QuerySet):
    OPEN = (_S.QUEUED, _S.CLAIMED, _S.SENDING)

    def due(self, now):
        return self.filter(status=_S.QUEUED, next_try_at__lte=now)

    def open(self):
        return self.filter(status__in=self.OPEN)

    def through(self, *, webhook: bool):
        """Those that go by mail, or those that are posted to a unit's system."""
        return self.none() if webhook else self

    def wanted(self):
        """Those that are still to arrive; asked once more in the moment of sending."""
        return self


class Outgoing(models.Model):
    """One mail to one reader, and how far it is."""

    SENT_WHILE: tuple[str, ...] = ()  # the statuses of the mailing in which it may go out
    READER = ""  # the way to the reader, for select_related

    address = models.EmailField(_("address as sent"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=DeliveryStatus, default=_S.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try at"), default=timezone.now)
    begun_at = models.DateTimeField(null=True, editable=False)  # the last time, where a limit asks for it
    lease_by = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, unique=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    smtp_reply = models.TextField(_("the mail server's answer"), blank=True)
    error = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        mailing: Mailing
        objects: Any

    @property
    def copy(self) -> "Delivery":
        """The copy that it brings or that it reminds of."""
        raise NotImplementedError

    def event(self, what: str, note: str = "", by=None) -> "DeliveryEvent":
        """What happened to it, to be saved."""
        raise NotImplementedError

    def begun(self) -> "DeliveryEvent":
        """That it is handed over now, and where to; to be saved."""
        raise NotImplementedError

    @property
    def is_repeatable(self) -> bool:
        """To send it once more does no harm: the other side knows by its number what it has."""
        return False

    @property
    def is_unsure(self) -> bool:
        return self.status == _S.UNSURE

    @property
    def is_put_off(self) -> bool:
        """Tried before, and to be tried again later."""
        return self.status == _S.QUEUED and self.attempts > 0
