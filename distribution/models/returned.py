"""Mails that came back, and how far their mailbox and the mail server's log have been read."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..bounces.reasons import Kind
from .delivery import Delivery
from .reminder import Reminder


class ReturnedMailQuerySet(models.QuerySet):
    def waiting(self):
        """What nobody could make sense of, and nobody has looked at."""
        return self.filter(outcome=ReturnedMail.Outcome.UNKNOWN, looked_at=None)

    def matching(self, query: str):
        found = self
        for word in query.split():
            fields = ("subject", "sender", "address", "words", "delivery__reader__organisation")
            either = [Q(**{f"{field}__icontains": word}) for field in fields]
            found = found.filter(reduce(or_, either))
        return found


class ReturnedMail(models.Model):
    """One message of the mailbox for returned mail, what it was taken for, and the copy or reminder that it is about."""

    class Outcome(models.TextChoices):
        FAILED = "failed", pgettext_lazy("returned mail", "returned")
        DELAYED = "delayed", pgettext_lazy("returned mail", "delayed, not returned")
        DELIVERED = "delivered", pgettext_lazy("returned mail", "report that it arrived")
        AUTOMATIC = "automatic", pgettext_lazy("returned mail", "automatic answer")
        UNKNOWN = "unknown", pgettext_lazy("returned mail", "not recognised")

    class FoundBy(models.TextChoices):
        ENVELOPE = "envelope", _("by the address to which it came back")
        MESSAGE_ID = "message", _("by the mail number in it")
        ADDRESS = "address", _("by the reader's address in it")

    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the message."))
    place = models.CharField(max_length=200, db_index=True, help_text=_("Where it lay, so that it is not read again."))
    read_at = models.DateTimeField(_("read at"), default=timezone.now, editable=False)
    outcome = models.CharField(_("taken for"), max_length=10, choices=Outcome)
    kind = models.CharField(_("reason"), max_length=6, choices=Kind, blank=True)
    words = models.TextField(_("the mail server's answer"), blank=True)
    address = models.CharField(_("e-mail address"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    sender = models.CharField(_("sender"), max_length=300, blank=True)
    head = models.TextField(_("beginning"), blank=True)
    found_by = models.CharField(_("found"), max_length=8, choices=FoundBy, blank=True)
    delivery = models.ForeignKey(
        Delivery, models.PROTECT, null=True, related_name="returned", verbose_name=_("delivery")
    )
    reminder = models.ForeignKey(
        Reminder, models.PROTECT, null=True, related_name="returned", verbose_name=_("reminder")
    )
    looked_at = models.DateTimeField(_("looked at"), null=True, editable=False)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("looked at by")
    )

    objects = ReturnedMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("returned mail")
        verbose_name_plural = _("returned mails")
        ordering = ["-read_at", "-pk"]
        indexes = [models.Index(fields=["outcome", "looked_at"])]

    def __str__(self):
        return self.subject or self.sender or self.digest[:8]

    @property
    def state(self) -> str:
        """The key of its tag."""
        return f"returned.{self.outcome}"

    @property
    def is_waiting(self) -> bool:
        return self.outcome == self.Outcome.UNKNOWN and self.looked_at is None


class ReadingMark(models.Model):
    """How far a mailbox or a log has been read, and how the last look at it went."""

    source = models.CharField(max_length=300, unique=True)
    mark = models.JSONField(default=dict)
    looked_at = models.DateTimeField(_("looked at"), null=True)
    error = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        verbose_name = _("reading mark")
        verbose_name_plural = _("reading marks")

    def __str__(self):
        return self.source


class QueuedAtServer(models.Model):
    """A mail of ours in the mail server's own queue: its log names it by the queue's number from then on."""

    queue_id = models.CharField(max_length=30, unique=True)
    message_id = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("mail in the server's queue")
        verbose_name_plural = _("mails in the server's queue")

    def __str__(self):
        return self.queue_id
