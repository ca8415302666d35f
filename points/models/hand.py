"""What nobody but a person knows: who else adopted a story, who praised it, and whose fault a correction was."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from articles.models import Article
from issues.models import Issue
from workflow.logged import Logged, LoggedQuerySet, Said

ENTER = "points.enter_points"


class HandKind(models.TextChoices):
    PASSED_UP = "passed_up", pgettext_lazy("cause of points", "adopted by a higher office")
    PRAISED = "praised", pgettext_lazy("cause of points", "praised by a leader")
    DEDUCTED = "deducted", pgettext_lazy("cause of points", "deducted")


class Level(models.TextChoices):
    """Of the office that adopted it, or of the leader who praised it."""

    BUREAU = "bureau", pgettext_lazy("level", "bureau")
    CITY = "city", pgettext_lazy("level", "city")
    MINISTRY = "ministry", pgettext_lazy("level", "ministry or State Post Bureau")
    STATE = "state", pgettext_lazy("level", "Central Committee or State Council")


class Fault(models.TextChoices):
    """What points are taken away for; none of it where a correction was not the unit's fault."""

    RETRACTED = "retracted", pgettext_lazy("cause of points", "retracted")
    CORRECTED = "corrected", pgettext_lazy("cause of points", "corrected because of the unit's fault")
    DUPLICATE = "duplicate", pgettext_lazy("cause of points", "handed in twice")
    NONE = "none", pgettext_lazy("cause of points", "not the unit's fault")


class HandCauseQuerySet(LoggedQuerySet):
    def standing(self):
        """What holds: neither reversed, nor the reversal of another."""
        return self.filter(reverses=None, reversed_by=None)


class HandCause(Logged):
    """Entered by hand, and never changed: what was wrong is reversed by another row that names it.

    It is about an article, or about a unit alone. `issue` is the one that was corrected or withdrawn, where it is a deduction.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=HandKind)
    level = models.CharField(_("level"), max_length=10, choices=Level, blank=True, default="")
    fault = models.CharField(_("for"), max_length=10, choices=Fault, blank=True, default="")
    article = models.ForeignKey(Article, models.PROTECT, null=True, related_name="+", verbose_name=_("article"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="+", verbose_name=_("issue"))
    on = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=200)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=pgettext_lazy("points", "reverses")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    SAID_WITH = ("by", "article", "unit")

    objects: ClassVar = HandCauseQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("points", "entry by hand")
        verbose_name_plural = pgettext_lazy("points", "entries by hand")
        ordering = ["-on", "-pk"]
        permissions = [("enter_points", "Can enter causes of points by hand")]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=False) | Q(unit__isnull=False), name="hand_cause_is_about_somebody"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="hand_cause_has_a_source"),
            models.CheckConstraint(
                condition=Q(kind=HandKind.DEDUCTED, fault__in=Fault.values, level="", unit__isnull=False)
                | Q(kind=HandKind.PRAISED, level__in=Level.values, fault="")
                | Q(kind=HandKind.PASSED_UP, level__in=Level.values[1:], fault=""),
                name="hand_cause_has_its_level_or_fault",
            ),
        ]

    def __str__(self) -> str:
        return str(self.article or self.unit)

    @property
    def words(self) -> str:
        """What it is: 市级采用, 市级领导批示, 更正（单位差错）."""
        if self.kind == HandKind.DEDUCTED:
            return str(Fault(self.fault).label)
        return gettext("%(kind)s: %(level)s") % {"kind": self.get_kind_display(), "level": self.get_level_display()}

    def said(self) -> Said:
        words = "：".join([self.words, self.source])
        if self.reverses_id:
            words = gettext("reversed: %(words)s") % {"words": words}
        return Said(self.at, self.by_id, str(self.by), gettext("Points of “%(title)s”") % {"title": self}, words)
