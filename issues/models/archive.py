"""What the search among issued articles sorts and counts by."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Tier
from articles import search
from articles.models import Article, Kind, Print

from .issue import Issue, readable_by
from .placements import SECTION_ORDER


class ArchiveEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        found = self.filter(readable_by(user))
        if user.has_perm("issues.assemble_issue") or user.has_perm("issues.publish_issue"):
            return found
        withdrawn = list(Issue.objects.withdrawn().values_list("pk", flat=True))  # seldom one: no join for each hit
        return found.exclude(issue__in=withdrawn) if withdrawn else found

    def enter(self, issue):
        """Let the articles of an issue that is being issued be found."""
        placements = issue.placements.select_related("article__unit", "version")
        in_order = sorted(placements, key=lambda p: (SECTION_ORDER[p.section], p.position, p.pk))
        for placement in in_order:
            placement.article.store_words(in_archive=True)
        Print.objects.ask_told((placement.article for placement in in_order), issue.dated_on)
        return self.bulk_create(
            self.model(
                article=placement.article,
                issue=issue,
                dated_on=issue.dated_on,
                rank=rank,
                year=issue.year,
                security=issue.security,
                tier=placement.article.unit.tier,
                kind=placement.article.kind,
                title=search.normalise(placement.version.title),
            )
            for rank, placement in enumerate(in_order)
        )


class ArchiveEntry(models.Model):
    """What the archive's search sorts and counts an issued article by, in one narrow row: none of it changes any more.

    Without it a word that every story holds would be joined with five tables for each of them.
    """

    article = models.OneToOneField(
        Article, models.PROTECT, primary_key=True, related_name="archive_entry", verbose_name=_("article")
    )
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="archive_entries", verbose_name=_("issue"))
    dated_on = models.DateField(_("date"))
    rank = models.PositiveSmallIntegerField(_("order in the issue"))
    year = models.PositiveSmallIntegerField(_("year"))
    security = models.CharField(_("security class"), max_length=12, blank=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = models.TextField(_("title"), blank=True, help_text=_("As words are compared with it."))

    objects = ArchiveEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("archive entry")
        verbose_name_plural = _("archive entries")
        ordering = ["-dated_on", "-issue_id", "rank"]
        # All that a search counts, in the order it counts by.
        indexes = [
            models.Index(fields=["year", "tier", "kind", "security", "article", "title"], name="archive_entry_counted")
        ]

    def __str__(self):
        return self.title


def readable_articles(user) -> models.QuerySet:
    """The keys of the issued articles that this person may read."""
    return ArchiveEntry.objects.visible_to(user).values("pk")
