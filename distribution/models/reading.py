"""What readers do with their copies: confirm them, open them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from issues.models import Issue
from workflow.logged import Logged, Said

from .delivery import Delivery


class Receipt(Logged):
    """A reader's confirmation that the copy arrived: there is one, and it is never deleted."""

    class How(models.TextChoices):
        LINK = "link", _("through the personal link")
        ACCOUNT = "account", _("signed in")
        PAPER = "paper", _("entered by the office")

    SAID_WITH = ("delivery__reader", "delivery__mailing__issue")

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

    def said(self) -> Said:
        title = gettext("%(issue)s to %(reader)s")
        about = {"issue": self.delivery.mailing.issue, "reader": self.delivery.reader}
        words = gettext("Receipt confirmed, %(how)s") % {"how": self.get_how_display()}
        return Said(self.confirmed_at, self.entered_by_id, self.name, title % about, words)


class AccessLog(Logged):
    """Who opened or downloaded which issue, and when: through a personal link, or signed in."""

    class Kind(models.TextChoices):
        OPEN = "open", _("opened")
        DOWNLOAD = "download", _("downloaded")

    SAID_WITH = ("issue", "user", "delivery__reader")

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

    def said(self) -> Said:
        reader = self.user or (self.delivery and self.delivery.reader)
        return Said(self.at, self.user_id, str(reader)[:100], str(self.issue), self.get_kind_display())
