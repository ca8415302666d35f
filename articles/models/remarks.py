"""Remarks of reviewers beside the paragraphs of a version, what is answered, and when they are closed."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .article import Article
from .versions import ArticleVersion

LONGEST_QUOTE = 60


class ArticleRemarkQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ArticleRemarkQuerySet":
        return self.filter(article__in=Article.objects.visible_to(user))

    def open(self) -> "ArticleRemarkQuerySet":
        return self.filter(closed_at=None)

    def for_pages(self) -> "ArticleRemarkQuerySet":
        """With all that is shown of each: the open ones first, as they stand in the text."""
        rows = self.select_related("by", "closed_by", "version").prefetch_related("answers__by")
        return rows.order_by(models.F("closed_at").asc(nulls_first=True), "version__number", "paragraph", "pk")


@dataclass(frozen=True)
class Place:
    """Where the paragraph of a remark stands in a later text: `number` is None where it is gone."""

    number: int | None = None
    is_changed: bool = True


class ArticleRemark(models.Model):
    """What a reviewer says about one paragraph of a version. `paragraph` counts from 1 as the comparison numbers them; 0 is the
    title. `quote` is how the paragraph begins."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="remarks", verbose_name=_("article"))
    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="+", verbose_name=_("article version"))
    paragraph = models.PositiveSmallIntegerField(_("paragraph"))
    quote = models.CharField(_("passage"), max_length=LONGEST_QUOTE, blank=True)
    text = models.TextField(_("remark"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("closed by"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)

    objects = ArticleRemarkQuerySet.as_manager()

    place = Place()  # in the text that is shown, see remarks.place_in

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="remark_closed_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class RemarkAnswer(models.Model):
    """What the unit or the office says to a remark. Rows are only added."""

    remark = models.ForeignKey(ArticleRemark, models.PROTECT, related_name="answers", verbose_name=_("remark"))
    text = models.TextField(_("answer"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("answer to a remark")
        verbose_name_plural = _("answers to remarks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
