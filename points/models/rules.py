"""How many points what gives: a dated set of rules that never changes. A new rule is a new set."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Tier
from workflow.logged import Logged, LoggedQuerySet, Said

EDIT_RULES = "points.edit_rules"
TIERS: tuple[str, ...] = tuple(Tier.values)


class Shared(models.TextChoices):
    """Who gets the points of a story that is told for several units."""

    FULL = "full", pgettext_lazy("credit of a merged story", "each unit in full")
    EQUAL = "equal", pgettext_lazy("credit of a merged story", "all units in equal parts")
    OWN = "own", pgettext_lazy("credit of a merged story", "only the unit whose text is printed")


class Shown(models.TextChoices):
    """How much of the ranking a unit sees."""

    ALL = "all", pgettext_lazy("ranking", "all units")
    TIER = "tier", pgettext_lazy("ranking", "those that are ranked with it")
    OWN = "own", pgettext_lazy("ranking", "only its own place")


def points(label: Any, **options: Any) -> models.DecimalField:
    """Points that are given or taken: never below zero, at most 9999.99."""
    options.setdefault("default", Decimal(0))
    return models.DecimalField(label, max_digits=6, decimal_places=2, validators=[MinValueValidator(0)], **options)


class RuleSetQuerySet(LoggedQuerySet):
    def by_day(self) -> "list[RuleSet]":
        """The newest first."""
        return list(self.order_by("-valid_from", "-pk"))


class RuleSet(Logged):
    """In force from the first day of a month until another one is. The first that was made also covers all time before it.

    Deductions are kept as how much is taken away. Praise and stories passed up are a bonus; all else is the base.
    """

    name = models.CharField(pgettext_lazy("points", "name of the rules"), max_length=40)
    valid_from = models.DateField(_("valid from"), help_text=_("The first day of a month."))
    submitted = points(_("Handed in"))
    brief = points(_("Brief"))
    short = points(_("Short article"))
    middle = points(_("Middle-sized article"))
    long = points(_("Long article"))
    short_up_to = models.PositiveIntegerField(_("Short: up to so many characters"), default=500)
    middle_up_to = models.PositiveIntegerField(_("Middle-sized: up to so many characters"), default=1500)
    first = points(_("First in the issue, besides"))
    on_time = points(_("Commission answered in time"))
    missed = points(_("Commission missed: taken away"))
    passed_city = points(_("Adopted by the city"))
    passed_ministry = points(_("Adopted by a ministry or the State Post Bureau"))
    passed_state = points(_("Adopted by the Central Committee or the State Council"))
    praised_bureau = points(_("Praised by a leader of the bureau"))
    praised_city = points(_("Praised by a leader of the city"))
    praised_ministry = points(_("Praised by a leader of a ministry or the State Post Bureau"))
    praised_state = points(_("Praised by a leader of the Central Committee or the State Council"))
    retracted = points(_("Retracted: taken away"))
    corrected = points(_("Corrected: taken away"))
    duplicate = points(_("Handed in twice: taken away"))
    monthly_cap = points(_("Most base points a month"), null=True, blank=True, default=None)
    highest_only = models.BooleanField(_("Of one story only the highest counts"), default=False)
    shared = models.CharField(_("Stories told for several units"), max_length=10, choices=Shared, default=Shared.EQUAL)
    minimum = models.PositiveSmallIntegerField(_("Fewest stories a month"), default=0)
    withholds = models.BooleanField(_("Below it no bonus is given"), default=False)
    zero_after = models.PositiveSmallIntegerField(
        _("So many missed commissions set the year to zero"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    groups: Any = models.JSONField(default=dict, blank=True, help_text=_("tier -> number of its ranking"))
    shown = models.CharField(_("A unit sees of the ranking"), max_length=10, choices=Shown, default=Shown.TIER)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    SAID_WITH = ("by",)

    objects: ClassVar = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("points", "rule set")
        verbose_name_plural = pgettext_lazy("points", "rule sets")
        ordering = ["-valid_from", "-pk"]
        permissions = [("edit_rules", "Can edit the rules of points")]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__endswith="-01"), name="rule_set_from_first_of_month"),
            models.CheckConstraint(condition=Q(middle_up_to__gte=F("short_up_to")), name="rule_set_lengths_in_order"),
            models.CheckConstraint(condition=Q(shared__in=Shared.values), name="rule_set_shared_is_known"),
            models.CheckConstraint(condition=Q(shown__in=Shown.values), name="rule_set_shown_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def group_of(self, tier: str) -> int:
        """The number of the ranking in which units of this tier stand; without one each tier has its own."""
        number = self.groups.get(tier)
        return number if number is not None else TIERS.index(tier) + 1

    def length_of(self, characters: int) -> str:
        """The class of an article of so many characters (entries.Length)."""
        if characters <= self.short_up_to:
            return "short"
        return "middle" if characters <= self.middle_up_to else "long"

    def said(self) -> Said:
        words = gettext("in force from %(day)s") % {"day": date_words(self.valid_from)}
        return Said(
            self.at, self.by_id, str(self.by or ""), gettext("Rules of points “%(name)s”") % {"name": self}, words
        )


def date_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
