"""The ledger: one row for what a cause gave one unit. Rows are only ever added."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit
from accounts.units import present_units
from articles.models import Article, Commissioned
from issues.models import Issue

from .hand import HandCause
from .rules import RuleSet

VIEW = "points.view_ledger"


class CauseKind(models.TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("cause of points", "handed in")
    ADOPTED = "adopted", pgettext_lazy("cause of points", "adopted")
    FIRST = "first", pgettext_lazy("cause of points", "first in the issue")
    WITHDRAWN = "withdrawn", pgettext_lazy("cause of points", "issue withdrawn")
    ON_TIME = "on_time", pgettext_lazy("cause of points", "commission answered in time")
    MISSED = "missed", pgettext_lazy("cause of points", "commission missed")
    PASSED_UP = "passed_up", pgettext_lazy("cause of points", "adopted by a higher office")
    PRAISED = "praised", pgettext_lazy("cause of points", "praised by a leader")
    RETRACTED = "retracted", pgettext_lazy("cause of points", "retracted")
    CORRECTED = "corrected", pgettext_lazy("cause of points", "corrected because of the unit's fault")
    DUPLICATE = "duplicate", pgettext_lazy("cause of points", "handed in twice")


# What a monthly cap bounds; what comes on top of it; what is taken away afterwards.
BASE = (CauseKind.SUBMITTED, CauseKind.ADOPTED, CauseKind.FIRST, CauseKind.ON_TIME)
BONUS = (CauseKind.PASSED_UP, CauseKind.PRAISED)
DEDUCTED = (CauseKind.MISSED, CauseKind.RETRACTED, CauseKind.CORRECTED, CauseKind.DUPLICATE)


class Carrier(models.TextChoices):
    ARTICLE = "article", _("Article")
    BRIEF = "brief", _("Brief")


class Length(models.TextChoices):
    """Of an article, by the bounds of its rule set."""

    SHORT = "short", pgettext_lazy("length of an article", "short")
    MIDDLE = "middle", pgettext_lazy("length of an article", "middle-sized")
    LONG = "long", pgettext_lazy("length of an article", "long")


class EntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of them for the office; for a unit's people those of their unit, under whatever name it had."""
        if user.has_perm(VIEW):
            return self.filter()
        if user.unit_id is None or not user.has_perm("articles.write_article"):
            return self.none()
        return self.filter(unit=present_units().get(user.unit_id, user.unit_id))

    def standing(self):
        """What holds: neither countered, nor the counter of another."""
        return self.filter(counters=None, countered_by=None)


class Entry(models.Model):
    """`month` is the one in which it counts: that of `on`, the day of its cause, or a later one where that was closed.

    `key` names the cause ("adopted 12"), so that what was entered for it is found again. An entry that no longer holds is
    countered by another one with the points turned round; the sum of a cause's entries is always what it gives now.
    `unit` is the row under which the unit goes on today (accounts.units.present_units).
    """

    FOLLOWS = ("issue",)  # one that is taken back is countered

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    month = models.DateField(_("month"), help_text=_("Its first day."))
    on = models.DateField(_("day"))
    cause = models.CharField(_("cause"), max_length=10, choices=CauseKind)
    key = models.CharField(max_length=40, editable=False)
    carrier = models.CharField(_("carrier"), max_length=10, choices=Carrier, blank=True, default="")
    length = models.CharField(_("length"), max_length=10, choices=Length, blank=True, default="")
    article = models.ForeignKey(Article, models.PROTECT, null=True, related_name="+", verbose_name=_("article"))
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="+", verbose_name=_("issue"))
    commissioned = models.ForeignKey(
        Commissioned, models.PROTECT, null=True, related_name="+", verbose_name=_("commission")
    )
    hand = models.ForeignKey(HandCause, models.PROTECT, null=True, related_name="+")
    source = models.CharField(_("source"), max_length=300, blank=True, default="")
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=2, default=Decimal(0))
    share = models.PositiveSmallIntegerField(
        _("shared among"), default=1, help_text=_("So many units have the credit in equal parts.")
    )
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name=_("rules"))
    counters = models.OneToOneField("self", models.PROTECT, null=True, related_name="countered_by")
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)

    objects: ClassVar = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("points", "ledger entry")
        verbose_name_plural = pgettext_lazy("points", "ledger entries")
        ordering = ["-month", "-on", "-pk"]
        permissions = [("view_ledger", "Can see the points of all units")]
        default_permissions = ()
        indexes = [
            models.Index(fields=["month", "unit", "cause"], name="points_entry_month"),
            models.Index(fields=["unit", "-month"], name="points_entry_unit"),
            models.Index(fields=["key"], name="points_entry_key"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(month__endswith="-01"), name="points_entry_first_of_month"),
            models.CheckConstraint(condition=Q(cause__in=CauseKind.values), name="points_entry_cause_is_known"),
            models.CheckConstraint(condition=Q(share__gte=1), name="points_entry_share"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_cause_display()} {self.points}"

    @property
    def cause_words(self) -> str:
        """With the level of praise: 市级领导批示."""
        return self.hand.words if self.hand else str(self.get_cause_display())

    @property
    def is_late(self) -> bool:
        """It counts in a later month than its cause is of."""
        return self.month > self.on.replace(day=1)
