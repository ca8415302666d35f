"""Who stands behind the printed 报/送/发 lines: readers, groups of readers, or nobody, with the reason."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Tier
from issues.models import LINE_LENGTH

from .reader import Reader, ReaderQuerySet


class ReaderGroup(models.Model):
    """Readers under one name, such as 各处室; all readers of the units of a tier are among them without being listed."""

    name = models.CharField(
        _("name of the group"), max_length=40, unique=True, error_messages={"unique": _("This group exists already.")}
    )
    tier = models.CharField(
        _("all readers of the units of"),
        max_length=max(map(len, Tier.values)),
        choices=Tier,
        blank=True,
        help_text=_("Who comes to such a unit later belongs to the group by itself."),
    )
    readers = models.ManyToManyField(Reader, related_name="groups", blank=True, verbose_name=_("readers"))

    class Meta:
        verbose_name = _("group of readers")
        verbose_name_plural = _("groups of readers")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def members(self) -> ReaderQuerySet:
        """Those who receive issues."""
        found = Q(pk__in=self.readers.values("pk"))
        return Reader.objects.active().filter(found | Q(unit__tier=self.tier) if self.tier else found)


class PrintedLine(models.Model):
    """A line of the printed lists and who gets the issue for it. The words are the key: a later list that says the same
    means the same."""

    text = models.CharField(_("as printed"), max_length=LINE_LENGTH, unique=True)
    readers = models.ManyToManyField(Reader, related_name="printed_lines", blank=True, verbose_name=_("readers"))
    groups = models.ManyToManyField(ReaderGroup, related_name="printed_lines", blank=True, verbose_name=_("groups"))
    not_sent = models.CharField(_("why nothing is sent"), max_length=100, blank=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("printed line")
        verbose_name_plural = _("printed lines")
        ordering = ["text"]

    def __str__(self):
        return self.text
