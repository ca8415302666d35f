"""What stands in an issue, and in which section."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Tier
from articles.models import Article, ArticleVersion

# The sections of an issue in the order in which they are printed: the units' tiers, then the briefs.
BRIEFS = "brief"  # the closing section; the others are the tiers of units
SECTIONS = [*Tier.choices, (BRIEFS, _("Briefs"))]
SECTION_ORDER = {name: rank for rank, (name, _label) in enumerate(SECTIONS)}


class Placement(models.Model):
    """One article version at one place in one issue."""

    issue = models.ForeignKey("issues.Issue", models.PROTECT, related_name="placements", verbose_name=_("issue"))
    article = models.OneToOneField(Article, models.PROTECT, related_name="placement", verbose_name=_("article"))
    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="+", verbose_name=_("article version"))
    section = models.CharField(_("section"), max_length=10, choices=SECTIONS)
    position = models.PositiveSmallIntegerField(_("order in the section"))
    is_by_hand = models.BooleanField(
        _("section chosen by hand"), default=False, editable=False, help_text=_("Not the tier of its unit.")
    )
    signed_unit = models.CharField(_("unit, as signed"), max_length=200, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(section=BRIEFS, is_by_hand=True), name="briefs_are_no_section_by_hand")
        ]

    def __str__(self):
        return f"{self.issue} {self.version}"

    @property
    def unit_name(self) -> str:
        """The short names of its units: as they are now, and once the issue is signed as they were then. Lists prefetch
        `article__merged__unit`."""
        return self.signed_unit if self.issue.frozen_id else self.short_names

    @property
    def short_names(self) -> str:
        return "、".join(unit.short_name for unit in self.article.credited())
