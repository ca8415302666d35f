"""Who has an article open to write in it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .article import Article

FORGOTTEN = timedelta(minutes=10)


class PresenceQuerySet(models.QuerySet):
    def lately(self):
        return self.filter(seen_at__gt=timezone.now() - FORGOTTEN)


class Presence(models.Model):
    """When a person's page of the article last said that it is open. It keeps nobody out."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="presences", verbose_name=_("article"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    seen_at = models.DateTimeField(_("seen at"))

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["-seen_at"]
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="present_once_in_an_article")]

    def __str__(self):
        return str(self.user)

    @property
    def minutes(self) -> int:
        """How long ago, in whole minutes."""
        return int((timezone.now() - self.seen_at).total_seconds() // 60)
