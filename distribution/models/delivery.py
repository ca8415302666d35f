"""One reader's copy of one issue, and what happened to it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Tier
from issues.models import Issue
from workflow.logged import Logged, Said

from .held import HeldAddress
from .mailing import Mailing, MailingStatus
from .outgoing import DeliveryStatus, Outgoing, OutgoingQuerySet, ReminderStatus
from .reader import BY_MAIL, Attached, Channel, Reader

_S = DeliveryStatus
NOT_SENT = (Channel.PAPER, Channel.ACCOUNT)


class DeliveryQuerySet(OutgoingQuerySet):
    TROUBLE = (_S.FAILED, _S.UNSURE, _S.HELD)
    # What each tile of the mailing's page shows.
    SHOWN = {
        "sent": Q(status=_S.SENT),
        "sending": Q(status=_S.SENDING),
        "queued": Q(status__in=(_S.QUEUED, _S.CLAIMED), attempts=0) | Q(status=_S.CLAIMED),
        "later": Q(status=_S.QUEUED, attempts__gt=0),
        "trouble": Q(status__in=TROUBLE),
        "paper": Q(status__in=(_S.PAPER, _S.HANDED)),
        "waiting": Q(status=_S.PAPER),
        "handed": Q(status=_S.HANDED),
        "account": Q(status=_S.ACCOUNT),
        "held": Q(status=_S.HELD),
        "opened": Q(opened_at__isnull=False),
        "confirmed": Q(receipt__isnull=False),
    }

    def through(self, *, webhook: bool):
        return self.filter(channel=Channel.WEBHOOK) if webhook else self.filter(channel__in=BY_MAIL)

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

    def readable_by(self, user):
        """One's own copies, and those of the own unit's readers, of issues that one may read in the archive too."""
        own = Q(reader__user=user)
        if user.unit_id is not None:
            own |= Q(reader__unit=user.unit_id, mailing__issue__in=Issue.objects.visible_to(user))
        return self.filter(own, revoked_at=None)

    def unconfirmed(self):
        return self.filter(receipt=None)

    def sent_until(self, moment):
        return self.filter(sent_at__lte=moment)

    def remindable(self, day):
        """Arrived by mail, not confirmed, not reminded on this day, at an address that gets mail."""
        arrived = self.unconfirmed().filter(status=_S.SENT, revoked_at=None).exclude(address="")
        return arrived.exclude(reminders__day=day).with_held().filter(is_held=False)

    def with_held(self):
        """Each with `is_held`: nothing is sent to its address any more."""
        return self.annotate(is_held=Exists(HeldAddress.objects.current().filter(address=Lower(OuterRef("address")))))

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


class Delivery(Outgoing):
    """One reader's copy of one issue. How its status moves is told in queue.py and, after it was sent, in settling.py; what
    people may do, in mailing.py."""

    SENT_WHILE = (MailingStatus.SENDING,)
    READER = "reader"
    SETTLED = (_S.SENT, _S.FAILED, _S.UNSURE)

    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="deliveries", verbose_name=_("mailing"))
    reader = models.ForeignKey(Reader, models.PROTECT, related_name="deliveries", verbose_name=_("reader"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.PDF)
    attached = models.CharField(_("attached"), max_length=10, choices=Attached, default=Attached.PDF)
    generation = models.PositiveSmallIntegerField(default=1, help_text=_("Counts the personal links."))
    token_hash = models.CharField(max_length=64, unique=True)
    link_expires_at = models.DateTimeField(_("link valid until"))
    revoked_at = models.DateTimeField(_("link revoked at"), null=True)
    opened_at = models.DateTimeField(_("first opened at"), null=True)

    # Given by with_held.
    is_held: bool
    # Given by receipt_table.listed.
    downloaded_at: datetime | None
    reminded_at: datetime | None
    reminder_status: str | None
    times_reminded: int

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["mailing", "status", "next_try_at"]),
            models.Index(fields=["status", "lease_until"]),
            models.Index(fields=["begun_at"], condition=Q(begun_at__isnull=False), name="delivery_begun"),
            models.Index(fields=["reader", "revoked_at"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mailing", "reader"], name="delivery_once_a_reader"),
            models.CheckConstraint(condition=Q(status__in=DeliveryStatus.values), name="delivery_status_is_known"),
            models.CheckConstraint(
                condition=Q(channel__in=BY_MAIL) & ~Q(address="") | ~Q(channel__in=BY_MAIL) & Q(address=""),
                name="delivery_by_mail_has_address",
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.PAPER, status__in=(_S.PAPER, _S.HANDED))
                | Q(channel=Channel.ACCOUNT, status=_S.ACCOUNT)
                | ~Q(channel__in=NOT_SENT) & ~Q(status__in=(_S.PAPER, _S.HANDED, _S.ACCOUNT)),
                name="delivery_status_fits_channel",
            ),
        ]

    def __str__(self):
        return f"{self.reader}"

    @property
    def copy(self) -> "Delivery":
        return self

    def event(self, what: str, note: str = "", by=None) -> "DeliveryEvent":
        return DeliveryEvent(delivery=self, what=what, note=note, by=by)

    @property
    def is_settled(self) -> bool:
        """The mail server has answered, or never will."""
        return self.status in self.SETTLED

    @property
    def reminder_state(self) -> str:
        """The key of the tag of its last reminder, where that needs a word; of a list that gives `reminder_status`."""
        is_plain = self.reminder_status in (None, ReminderStatus.SENT, ReminderStatus.DROPPED)
        return "" if is_plain else f"reminder.{self.reminder_status}"

    @property
    def is_on_paper(self) -> bool:
        return self.channel == Channel.PAPER

    @property
    def is_by_mail(self) -> bool:
        return self.channel in BY_MAIL

    @property
    def is_by_webhook(self) -> bool:
        return self.channel == Channel.WEBHOOK

    @property
    def is_repeatable(self) -> bool:
        return self.is_by_webhook

    @property
    def target(self) -> str:
        """Where it goes or went: the mail address, or the unit's system."""
        return self.reader.webhook_words if self.is_by_webhook else self.address

    def begun(self) -> "DeliveryEvent":
        what = DeliveryEvent.What.POSTED if self.is_by_webhook else DeliveryEvent.What.SENDING
        return self.event(what, self.target)

    @property
    def is_sent_by_program(self) -> bool:
        return self.channel not in NOT_SENT

    @property
    def is_link_only(self) -> bool:
        return self.channel == Channel.LINK

    @property
    def enclosed(self) -> tuple[str, ...]:
        """The kinds of files that its mail has: pdf, ofd."""
        return () if self.is_link_only else Attached(self.attached).kinds

    @property
    def is_to_hand_over(self) -> bool:
        return self.status == _S.PAPER

    @property
    def may_be_mailed_instead(self) -> bool:
        return self.status in (_S.PAPER, _S.ACCOUNT)

    @property
    def is_handed_over(self) -> bool:
        return self.status == _S.HANDED

    @property
    def has_arrived(self) -> bool:
        """The mail server took it, and its link is not revoked."""
        return self.status == _S.SENT and self.revoked_at is None

    @property
    def state(self) -> str:
        """The key of its tag: what people see of the status."""
        if self.is_put_off:
            return "delivery.later"
        return f"delivery.{_S.QUEUED if self.status == _S.CLAIMED else self.status}"

    @property
    def is_link_valid(self) -> bool:
        return self.revoked_at is None and self.link_expires_at > timezone.now()


class DeliveryEvent(Logged):
    """What happened to one copy; by nobody when the program did it. Rows are only ever added: triggers see to it."""

    class What(models.TextChoices):
        SENDING = "sending", _("Handed to the mail server")
        POSTED = "posted", _("Handed to the unit's system")
        SENT = "sent", _("Sent")
        LATER = "later", _("To be tried again later")
        FAILED = "failed", _("Refused")
        UNSURE = "unsure", _("Unsure whether it was sent")
        RECEIVED = "received", _("Marked as received")
        RESENT = "resent", _("Sent once more")
        READDRESSED = "readdressed", _("Sent to another address")
        LINK_ONLY = "link_only", _("Sent as a link, without the PDF")
        HANDED = "handed", _("Handed over on paper")
        NOT_HANDED = "not_handed", _("Not handed over after all")
        REVOKED = "revoked", _("Link revoked")
        NEW_LINK = "new_link", _("New link sent")
        REMINDED = "reminded", _("Reminded")
        BOUNCED = "bounced", _("Came back")
        DELAYED = "delayed", _("Delayed on the way")
        ARRIVED = "arrived", _("Found to have arrived")
        HELD = "held", _("Not sent: the address is held")

    # How it was found out, of what was unsure or thought to be sent.
    FOUND_OUT = (What.ARRIVED, What.BOUNCED, What.RECEIVED)

    SAID_WITH = ("by", "delivery__reader", "delivery__mailing__issue")

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="events", verbose_name=_("delivery"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    what = models.CharField(_("what"), max_length=12, choices=What)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    note = models.TextField(_("note"), blank=True)
    # When it happened to a reminder of the copy.
    reminder = models.ForeignKey(
        "Reminder", models.PROTECT, null=True, related_name="events", verbose_name=_("reminder")
    )

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("delivery event")
        verbose_name_plural = _("delivery events")

    def __str__(self):
        return str(self.get_what_display())

    @property
    def is_of_reminder(self) -> bool:
        """Its words are about the sending of a reminder, not of the copy."""
        return self.reminder_id is not None and self.what != self.What.REMINDED

    def said(self) -> Said:
        title = gettext("%(issue)s to %(reader)s")
        about = {"issue": self.delivery.mailing.issue, "reader": self.delivery.reader}
        words = "：".join(filter(None, [self.get_what_display(), self.note]))
        return Said(self.at, self.by_id, str(self.by or ""), title % about, words)
