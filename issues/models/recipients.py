"""Whom an issue is addressed to: the dated lists, and an issue's own copy."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .bulletin import Bulletin
from .issue import Issue

LINE_LENGTH = 100


class Direction(models.TextChoices):
    """报 goes upwards, 送 sideways, 发 downwards."""

    UP = "up", _("Report to")
    ACROSS = "across", _("Send to")
    DOWN = "down", _("Issue to")


class ListLine(models.Model):
    """One entry of a 报/送/发 list as it is printed."""

    direction = models.CharField(_("direction"), max_length=6, choices=Direction)
    text = models.CharField(_("as printed"), max_length=LINE_LENGTH)
    position = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text


class RecipientList(models.Model):
    """The 报/送/发 lines that hold from a day until the next list begins, so that two lists never overlap."""

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="recipient_lists", verbose_name=_("bulletin"))
    valid_from = models.DateField(_("valid from"))
    created_at = models.DateTimeField(_("created at"), default=timezone.now, null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("created by")
    )

    class Meta:
        verbose_name = _("recipient list")
        verbose_name_plural = _("recipient lists")
        ordering = ["-valid_from"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "valid_from"], name="recipient_list_once_a_day")]

    def __str__(self):
        return str(self.valid_from)


class RecipientLine(ListLine):
    recipient_list = models.ForeignKey(
        RecipientList, models.CASCADE, related_name="lines", verbose_name=_("recipient list")
    )

    class Meta(ListLine.Meta):
        verbose_name = _("line of a recipient list")
        verbose_name_plural = _("lines of a recipient list")


class IssueRecipient(ListLine):
    """The issue's own copy of the list, so that later lists change nothing of it."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="recipients", verbose_name=_("issue"))

    class Meta(ListLine.Meta):
        verbose_name = _("recipient of an issue")
        verbose_name_plural = _("recipients of an issue")
