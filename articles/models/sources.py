"""The Word files that articles were made of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .article import Article


class SourceFileQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SourceFileQuerySet":
        """Of the articles that this person sees; a file that could not be read only to who sent it."""
        return self.filter(Q(article__in=Article.objects.visible_to(user)) | Q(article__isnull=True, created_by=user))

    def belonging_to(self, user) -> "SourceFileQuerySet":
        """Of the own unit's articles, and what this person sent in vain."""
        return self.filter(Q(article__in=Article.objects.belonging_to(user)) | Q(article__isnull=True, created_by=user))

    def refused_to(self, user) -> "SourceFileQuerySet":
        """What this person sent, could not be read, and was not put aside."""
        return self.filter(created_by=user, article__isnull=True, dismissed_at__isnull=True)


class SourceFile(models.Model):
    """A Word file as it was sent: kept, whether an article could be made of it or not."""

    article = models.ForeignKey(
        Article, models.PROTECT, null=True, related_name="source_files", verbose_name=_("article")
    )
    file = models.FileField(_("file"), upload_to="sources/%Y/%m")
    name = models.CharField(_("name"), max_length=200)
    taken = models.CharField(_("taken over"), max_length=200, blank=True)
    losses = models.JSONField(_("not taken over"), default=list)  # as docx.losses.Loss, with its words if there are any
    refusal = models.TextField(_("refused because"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    dismissed_at = models.DateTimeField(_("put aside at"), null=True, editable=False)

    objects = SourceFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("Word file")
        verbose_name_plural = _("Word files")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def places(self) -> int:
        """How many things of the file a person should look at."""
        return sum(loss["count"] for loss in self.losses)
