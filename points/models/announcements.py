"""The wording of the 采用通报 that the office edits, and what was made of it: an article like any other from then on."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from articles.models import TITLE_LENGTH, Article
from workflow.logged import Logged, LoggedQuerySet, Said


class Wording(Logged):
    """With names in braces for what a report says (points/wording.py). The newest holds; the earlier ones stay."""

    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    text = models.TextField(_("text"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    SAID_WITH = ("by",)

    objects: ClassVar = LoggedQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("points", "wording of the announcement")
        verbose_name_plural = pgettext_lazy("points", "wordings of the announcement")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.title

    def said(self) -> Said:
        return Said(self.at, self.by_id, str(self.by), gettext("Wording of the announcement"), self.title)


class Announcement(models.Model):
    """What was written of the months from `first` to `last`, as it was typed, and the article that it became."""

    first = models.DateField(_("first month"))
    last = models.DateField(_("last month"))
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    text = models.TextField(_("text"))
    article = models.OneToOneField(Article, models.PROTECT, related_name="+", verbose_name=_("article"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects: Any = models.Manager()

    class Meta:
        verbose_name = pgettext_lazy("points", "announcement")
        verbose_name_plural = pgettext_lazy("points", "announcements")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.title
