"""One reader's copy of one issue, and what happened to it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Tier

from .mailing import Mailing
from .reader import Reader


class DeliveryStatus(models.TextChoices):
    QUEUED = "queued", _("queued")
    CLAIMED = "claimed", _("taken by a worker")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("refused")
    UNSURE = "unsure", _("unsure")
    PAPER = "paper", _("on paper")


_S = DeliveryStatus


class DeliveryQuerySet(models.QuerySet):
    OPEN = (_S.QUEUED, _S.CLAIMED, _S.SENDING)
    TROUBLE = (_S.FAILED, _S.UNSURE)
    # What each tile of the mailing's page shows.
    SHOWN = {
        "sent": Q(status=_S.SENT),
        "sending": Q(status=_S.SENDING),
        "queued": Q(status__in=(_S.QUEUED, _S.CLAIMED), attempts=0) | Q(status=_S.CLAIMED),
        "later": Q(status=_S.QUEUED, attempts__gt=0),
        "trouble": Q(status__in=TROUBLE),
        "paper": Q(status=_S.PAPER),
        "opened": Q(opened_at__isnull=False),
        "confirmed": Q(receipt__isnull=False),
    }

    def due(self, now):
        return self.filter(status=_S.QUEUED, next_try_at__lte=now)

    def open(self):
        return self.filter(status__in=self.OPEN)

    def shown_as(self, name):
        """The deliveries behind a tile; all of them for a name that is none."""
        return self.filter(self.SHOWN[name]) if name in self.SHOWN else self

    def chosen_by(self, *, show="", tier="", q=""):
        """As the filter of the list of receipts says; empty values choose all."""
        found = self
        if show:
            found = found.filter(receipt__isnull=show == "missing")
        if tier:
            found = found.filter(reader__unit__tier=tier)
        return found.filter(reader__in=Reader.objects.matching(q)) if q.strip() else found

    def of(self, user):
        """The copies of the reader whose account this is."""
        return self.filter(reader__user=user, revoked_at=None)

    def unconfirmed(self):
        return self.filter(receipt=None)

    @classmethod
    def counts(cls) -> dict[str, Count]:
        """How many are in each of `SHOWN`, and `all`, `failed`, `unsure`."""
        return {
            "all": Count("pk"),
            "failed": Count("pk", filter=Q(status=_S.FAILED)),
            "unsure": Count("pk", filter=Q(status=_S.UNSURE)),
            **{name: Count("pk", filter=condition) for name, condition in cls.SHOWN.items()},
        }

    def numbers(self) -> dict[str, int]:
        """As `counts` names them, in one query."""
        return self.aggregate(**self.counts())

    def missing_first(self):
        """For the list of receipts: those not confirmed first, by tier and unit."""
        tiers = [When(reader__unit__tier=tier, then=Value(place)) for place, tier in enumerate(Tier.values)]
        return self.annotate(
            is_confirmed=Case(When(receipt=None, then=Value(0)), default=Value(1), output_field=IntegerField()),
            tier_order=Case(*tiers, default=Value(len(Tier.values)), output_field=IntegerField()),
            unit_order=Coalesce("reader__unit__position", Value(10_000)),
        ).order_by("is_confirmed", "tier_order", "unit_order", "reader__organisation", "reader__name", "pk")


class Delivery(models.Model):
    """One reader's copy of one issue. How its status moves is told in queue.py; what people may do, in mailing.py."""

    SETTLED = (_S.SENT, _S.FAILED, _S.UNSURE)

    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="deliveries", verbose_name=_("mailing"))
    reader = models.ForeignKey(Reader, models.PROTECT, related_name="deliveries", verbose_name=_("reader"))
    address = models.EmailField(_("address as sent"), blank=True)
    is_link_only = models.BooleanField(_("without the PDF"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=DeliveryStatus, default=_S.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try at"), default=timezone.now)
    lease_by = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, unique=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    smtp_reply = models.TextField(_("the mail server's answer"), blank=True)
    error = models.TextField(_("what went wrong"), blank=True)
    generation = models.PositiveSmallIntegerField(default=1, help_text=_("Counts the personal links."))
    token_hash = models.CharField(max_length=64, unique=True)
    link_expires_at = models.DateTimeField(_("link valid until"))
    revoked_at = models.DateTimeField(_("link revoked at"), null=True)
    opened_at = models.DateTimeField(_("first opened at"), null=True)

    # Given by receipt_table.listed.
    downloaded_at: datetime | None

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["mailing", "status", "next_try_at"]),
            models.Index(fields=["status", "lease_until"]),
            models.Index(fields=["reader", "revoked_at"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "reader"], name="delivery_once_a_reader"),
            models.CheckConstraint(condition=Q(status__in=DeliveryStatus.values), name="delivery_status_is_known"),
            models.CheckConstraint(
                condition=Q(status=_S.PAPER, address="") | (~Q(status=_S.PAPER) & ~Q(address="")),
                name="delivery_by_mail_has_address",
            ),
        ]

    def __str__(self):
        return f"{self.reader}"

    @property
    def is_settled(self) -> bool:
        """The mail server has answered, or never will."""
        return self.status in self.SETTLED

    @property
    def is_unsure(self) -> bool:
        return self.status == _S.UNSURE

    @property
    def is_put_off(self) -> bool:
        """Tried before, and to be tried again later."""
        return self.status == _S.QUEUED and self.attempts > 0

    @property
    def state(self) -> str:
        """The key of its tag: what people see of the status."""
        if self.is_put_off:
            return "delivery.later"
        return f"delivery.{_S.QUEUED if self.status == _S.CLAIMED else self.status}"

    @property
    def channel(self) -> str:
        """How it reaches its reader, in words."""
        if self.status == _S.PAPER:
            return gettext("paper")
        return gettext("mail with the link") if self.is_link_only else gettext("mail with the PDF")

    @property
    def is_link_valid(self) -> bool:
        return self.revoked_at is None and self.link_expires_at > timezone.now()


class DeliveryEvent(models.Model):
    """What happened to one copy; by nobody when the program did it. Rows are only ever added: triggers see to it."""

    class What(models.TextChoices):
        SENDING = "sending", _("Handed to the mail server")
        SENT = "sent", _("Sent")
        LATER = "later", _("To be tried again later")
        FAILED = "failed", _("Refused")
        UNSURE = "unsure", _("Unsure whether it was sent")
        RECEIVED = "received", _("Marked as received")
        RESENT = "resent", _("Sent once more")
        READDRESSED = "readdressed", _("Sent to another address")
        LINK_ONLY = "link_only", _("Sent as a link, without the PDF")
        REVOKED = "revoked", _("Link revoked")
        NEW_LINK = "new_link", _("New link sent")

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="events", verbose_name=_("delivery"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    what = models.CharField(_("what"), max_length=12, choices=What)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("delivery event")
        verbose_name_plural = _("delivery events")

    def __str__(self):
        return str(self.get_what_display())
