from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Tier, Topic, Unit, User
from issues.models import Issue
from workflow.documents import Document, Transition
from workflow.events import Event
from workflow.notices import Tell
from workflow.states import State
from workflow.worker import notify

MANAGE = "distribution.manage_mailing"


class ReaderQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def by_tier(self):
        """In the order of an issue's sections: by the tier of the unit, then the unit, then the name."""
        tiers = [When(unit__tier=tier, then=Value(place)) for place, tier in enumerate(Tier.values)]
        last = Value(len(Tier.values))
        return self.annotate(tier_order=Case(*tiers, default=last, output_field=IntegerField())).order_by(
            "tier_order", F("unit__position").asc(nulls_last=True), "organisation", "name", "pk"
        )

    def matching(self, query):
        found = self
        for word in query.split():
            found = found.filter(
                Q(organisation__icontains=word)
                | Q(name__icontains=word)
                | Q(email__icontains=word)
                | Q(unit__short_name__icontains=word)
            )
        return found

    def without_copy_of(self, issue):
        return self.active().exclude(deliveries__mailing__issue=issue)


class Reader(models.Model):
    """Who receives the issues: usually an office, seldom one person. Without an address they get a paper copy."""

    organisation = models.CharField(_("organisation"), max_length=100)
    name = models.CharField(_("office or person"), max_length=60)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="readers", verbose_name=_("unit")
    )
    email = models.EmailField(_("e-mail address"), blank=True, help_text=_("Left empty: gets a paper copy."))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reader",
        verbose_name=_("account"),
    )
    is_active = models.BooleanField(_("receives new issues"), default=True)

    objects = ReaderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")
        ordering = ["organisation", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="reader_once_an_organisation",
                violation_error_message=_("This reader exists already."),
            )
        ]

    def __str__(self):
        return f"{self.organisation} {self.name}"

    def clean(self):
        if self.is_active and (words := self.refusal_of(self.email)):
            raise ValidationError({"email": words})

    def refusal_of(self, address: str) -> str:
        """Why the reader can't have this address: another one gets the issues there. Empty if nothing speaks against it."""
        others = Reader.objects.active().filter(email__iexact=address).exclude(pk=self.pk)
        other = others.first() if address else None
        words = gettext("%(reader)s has this address already. One address gets one copy: please give another one.")
        return words % {"reader": other} if other else ""


class MailingStatus(models.TextChoices):
    SENDING = "sending", _("sending")
    PAUSED = "paused", _("paused")
    DONE = "done", _("all sent")


# --- what else changes when a mailing moves ------------------------------------------------------------------------
def _resume(mailing, *, by) -> None:
    mailing.paused_because = ""
    mailing.connection_errors = mailing.unsure_in_a_row = mailing.refusals_in_a_row = 0
    notify("distribution.tasks.pump")


def _finish(mailing, *, by) -> None:
    mailing.finished_at = timezone.now()


def _reopen(mailing, *, by) -> None:
    mailing.finished_at = None


# --- who is told ---------------------------------------------------------------------------------------------------
def _managers(_mailing):
    return User.objects.with_permission(MANAGE)


def _managers_of_trouble(mailing):
    is_troubled = mailing.deliveries.shown_as("trouble").exists()
    return _managers(mailing) if is_troubled else User.objects.none()


class Mailing(Document):
    """An issue on its way to its readers: frozen and counted at the start, later readers are added to it."""

    FIRST_LOOK = State(pgettext_lazy("state of a mailing", "sending"), "send", "go")
    _PAUSED = State(pgettext_lazy("state of a mailing", "paused"), "pause", "hold")
    PAUSE = Transition("pause", _("Pause"), (MailingStatus.SENDING,), MailingStatus.PAUSED, MANAGE, look=_PAUSED)
    RESUME = Transition("resume", _("Resume"), (MailingStatus.PAUSED,), MailingStatus.SENDING, MANAGE, effect=_resume)
    # Made by the program itself, never by a person:
    BREAK = Transition(
        "break",
        _("Paused by itself"),
        (MailingStatus.SENDING,),
        MailingStatus.PAUSED,
        "",
        tells=(
            Tell(
                Topic.WORK, _managers, pgettext_lazy("notice", "Sending has stopped"), _("Look"), "distribution:detail"
            ),
        ),
        announces=_("%(title)s has stopped and needs a person"),
    )
    FINISH = Transition(
        "finish",
        _("All sent"),
        (MailingStatus.SENDING,),
        MailingStatus.DONE,
        "",
        effect=_finish,
        look=State(pgettext_lazy("state of a mailing", "all sent"), "check", "ok"),
        announces=_("%(title)s has ended"),
        tells=(
            Tell(
                Topic.WORK,
                _managers_of_trouble,
                pgettext_lazy("notice", "Copies need a person"),
                _("Look"),
                "distribution:detail",
            ),
        ),
    )
    REOPEN = Transition("reopen", _("Sends again"), (MailingStatus.DONE,), MailingStatus.SENDING, "", effect=_reopen)
    TRANSITIONS = (PAUSE, RESUME, BREAK, FINISH, REOPEN)

    # Given by progress.add_numbers, where a page shows several.
    numbers: dict[str, int]
    by_mail: int

    issue = models.OneToOneField(Issue, models.PROTECT, related_name="mailing", verbose_name=_("issue"))
    subject = models.CharField(_("subject"), max_length=200)
    status = models.CharField(
        _("status"), max_length=20, choices=MailingStatus, default=MailingStatus.SENDING, editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started at"), default=timezone.now, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)
    paused_because = models.TextField(_("why it paused"), blank=True, editable=False)
    # In a row; a sent mail sets them back.
    connection_errors = models.PositiveSmallIntegerField(default=0, editable=False)
    unsure_in_a_row = models.PositiveSmallIntegerField(default=0, editable=False)
    refusals_in_a_row = models.PositiveSmallIntegerField(default=0, editable=False)
    last_refusal = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["-started_at"]), models.Index(fields=["status"])]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=MailingStatus.values), name="mailing_status_is_known")
        ]

    def __str__(self):
        return gettext("Distribution of %(issue)s") % {"issue": self.issue}

    def follow_up(self, transition, event):
        notices.tell(self, transition, event)


class MailingEvent(Event):
    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="events", verbose_name=_("mailing"))

    class Meta(Event.Meta):
        verbose_name = _("mailing event")
        verbose_name_plural = _("mailing events")


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


class Receipt(models.Model):
    """A reader's confirmation that the copy arrived: there is one, and it is never deleted."""

    class How(models.TextChoices):
        LINK = "link", _("through the personal link")
        ACCOUNT = "account", _("signed in")
        PAPER = "paper", _("entered by the office")

    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="receipt", verbose_name=_("delivery"))
    name = models.CharField(_("confirmed by"), max_length=40)
    confirmed_at = models.DateTimeField(_("confirmed at"), default=timezone.now)
    how = models.CharField(_("how"), max_length=10, choices=How)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")

    def __str__(self):
        return f"{self.delivery} {self.name}"


class AccessLog(models.Model):
    """Who opened or downloaded which issue, and when: through a personal link, or signed in."""

    class Kind(models.TextChoices):
        OPEN = "open", _("opened")
        DOWNLOAD = "download", _("downloaded")

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="access_logs", verbose_name=_("issue"))
    delivery = models.ForeignKey(
        Delivery, models.PROTECT, null=True, related_name="access_logs", verbose_name=_("delivery")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("user")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    # The address itself is nobody's business; its keyed hash still tells one reader's devices apart.
    address_hash = models.CharField(max_length=16, blank=True, editable=False)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["issue", "kind"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(delivery__isnull=False) | Q(user__isnull=False), name="access_log_says_who"
            )
        ]

    def __str__(self):
        return f"{self.issue} {self.get_kind_display()}"
