"""Addresses to which nothing is sent any more."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..bounces.reasons import Kind
from .reader import Reader


class HeldAddressQuerySet(models.QuerySet):
    def current(self):
        return self.filter(taken_off_at=None)

    def past(self):
        return self.filter(taken_off_at__isnull=False)

    def among(self, addresses) -> dict[str, "HeldAddress"]:
        """Which of these are held: by the address in lower case."""
        wanted = {address.lower() for address in addresses if address}
        return {row.address: row for row in self.current().filter(address__in=wanted)} if wanted else {}

    def matching(self, query: str):
        """By address, server's words, reason, or one of the readers who have the address."""
        found = self
        for word in query.split():
            readers = Reader.objects.matching(word).exclude(email="").values(low=Lower("email"))
            found = found.filter(
                Q(address__icontains=word) | Q(words__icontains=word) | Q(note__icontains=word) | Q(address__in=readers)
            )
        return found


class HeldAddress(models.Model):
    """An address to which nothing is sent (暂停投递): its mail server refused it for good, or the office said so.

    It is about the address, not the reader: with another one the reader gets mail again.
    """

    class Source(models.TextChoices):
        REFUSED = "refused", pgettext_lazy("source", "refused while sending")
        RETURNED = "returned", pgettext_lazy("source", "returned mail")
        LOG = "log", pgettext_lazy("source", "the mail server's log")
        OFFICE = "office", pgettext_lazy("source", "the office")

    address = models.EmailField(_("e-mail address"), help_text=_("In lower case."))
    source = models.CharField(_("source"), max_length=8, choices=Source)
    kind = models.CharField(_("reason"), max_length=6, choices=Kind, blank=True)
    words = models.TextField(_("the mail server's answer"), blank=True)
    note = models.CharField(_("why"), max_length=200, blank=True)
    delivery = models.ForeignKey("Delivery", models.PROTECT, null=True, related_name="+", verbose_name=_("delivery"))
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    put_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    taken_off_at = models.DateTimeField(_("taken off at"), null=True, editable=False)
    taken_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("taken off by")
    )

    objects = HeldAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("held address")
        verbose_name_plural = _("held addresses")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["address"], condition=Q(taken_off_at=None), name="held_address_once"),
        ]

    def __str__(self):
        return self.address

    @property
    def reason(self) -> str:
        """In Chinese, without the server's words."""
        return str(self.get_kind_display()) if self.kind else self.note

    @property
    def is_current(self) -> bool:
        return self.taken_off_at is None
