"""Who receives the issues."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Tier, Unit


class Channel(models.TextChoices):
    """How the issues reach a reader."""

    PDF = "pdf", _("mail with the PDF")
    LINK = "link", _("mail with the link")
    PAPER = "paper", _("paper")
    ACCOUNT = "account", _("read with an account")
    WEBHOOK = "webhook", _("the unit's own system")


BY_MAIL = (Channel.PDF, Channel.LINK)


class Attached(models.TextChoices):
    """What a mail with the issue in it has: the official PDF, its copy as OFD, or both."""

    PDF = "pdf", _("the PDF")
    OFD = "ofd", _("the OFD (on trial)")
    BOTH = "both", _("the PDF and the OFD (on trial)")

    @property
    def kinds(self) -> tuple[str, ...]:
        return ("pdf", "ofd") if self == Attached.BOTH else (self.value,)


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

    def getting(self, issue):
        """Whom it goes to: all who receive issues; what puts an issue right goes to all who have that issue, and a corrected
        edition of what nobody has to all again."""
        if issue.amends_id:
            holders = self.filter(pk__in=Reader.objects.filter(deliveries__mailing__issue=issue.amends_id).values("pk"))
            return self.active() if issue.is_revision and not holders.exists() else holders
        return self.active()

    def without_copy_of(self, issue):
        return self.getting(issue).exclude(deliveries__mailing__issue=issue)


class Reader(models.Model):
    """Who receives the issues: usually an office, seldom one person. Whom their channel can't reach gets a paper copy."""

    organisation = models.CharField(_("organisation"), max_length=100)
    name = models.CharField(_("office or person"), max_length=60)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="readers", verbose_name=_("unit")
    )
    email = models.EmailField(_("e-mail address"), blank=True, help_text=_("Left empty: gets a paper copy."))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.PDF)
    attached = models.CharField(
        _("attached to the mail"),
        max_length=10,
        choices=Attached,
        default=Attached.PDF,
        help_text=_("Only where the issue goes by mail with a file. No office has opened an OFD in its reader yet."),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reader",
        verbose_name=_("account"),
    )
    is_active = models.BooleanField(_("receives new issues"), default=True)
    # Entered on a page of its own. The key is derived with the generation, and kept nowhere.
    webhook_url = models.URLField(_("address of the unit's system"), max_length=500, blank=True, editable=False)
    webhook_generation = models.PositiveSmallIntegerField(default=0, editable=False)

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
            ),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="reader_channel_is_known"),
            models.CheckConstraint(condition=Q(attached__in=Attached.values), name="reader_attached_is_known"),
        ]

    def __str__(self):
        return self.organisation if self.name == self.organisation else f"{self.organisation} {self.name}"

    def clean(self):
        found = {}
        if self.is_active and (words := self.refusal_of(self.email)):
            found["email"] = words
        if words := self._lack:
            found["channel"] = words
        if found:
            raise ValidationError(found)

    @property
    def way(self) -> Channel:
        """The channel by which an issue goes out to them now: paper where their own one can't reach them."""
        channel = Channel(self.channel)
        is_without_address = channel in BY_MAIL and not self.email
        return Channel.PAPER if is_without_address or self._lack else channel

    @property
    def _lack(self) -> str:
        has_account = bool(self.user_id or self.unit_id)
        return lack(self.channel, has_account=has_account, has_system=bool(self.webhook_url))

    @property
    def webhook_words(self) -> str:
        """The address of the unit's system without what may be a secret in it."""
        parts = urlsplit(self.webhook_url)
        return f"{parts.scheme}://{parts.netloc}{parts.path}" if self.webhook_url else ""

    @property
    def way_words(self) -> str:
        """How issues reach them, in words."""
        way = self.way
        return str(way.label) if way == self.channel else gettext("paper, as nothing else reaches them")

    def refusal_of(self, address: str) -> str:
        """Why the reader can't have this address: another one gets the issues there. Empty if nothing speaks against it."""
        others = Reader.objects.active().filter(email__iexact=address).exclude(pk=self.pk)
        other = others.first() if address else None
        return address_taken(str(other)) if other else ""


def lack(channel: str, *, has_account: bool, has_system: bool) -> str:
    """What has to be filled in before somebody can be reached by this channel; empty if nothing is missing. Mail without an
    address is no fault: it has always meant a paper copy."""
    if channel == Channel.ACCOUNT and not has_account:
        return gettext("Nobody could read it there: please choose an account or a unit, or another channel.")
    if channel == Channel.WEBHOOK and not has_system:
        return gettext("The address of the unit's system is missing. Please enter it on the reader's page first.")
    return ""


def address_taken(reader: str) -> str:
    words = gettext("%(reader)s has this address already. One address gets one copy: please give another one.")
    return words % {"reader": reader}
