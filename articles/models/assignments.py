"""Who holds an article that waits for a decision."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .statuses import REVIEW


class AssignmentQuerySet(models.QuerySet):
    def in_force(self):
        """Those of people who still review: what somebody held who has left is anybody's again."""
        return self.filter(to__in=User.objects.with_permission(REVIEW))


class Assignment(models.Model):
    """One person reviews the article in the step it is in, until a day. It is deleted when the article moves on."""

    article = models.OneToOneField(
        "articles.Article", models.CASCADE, related_name="assignment", verbose_name=_("article")
    )
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewer"))
    due_on = models.DateField(_("due"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self):
        return f"{self.article} {self.to}"

    @classmethod
    def leaves_to(cls, user) -> models.Q:
        """The articles that nobody else holds."""
        return ~models.Q(pk__in=cls.objects.in_force().exclude(to=user).values("article"))

    @property
    def days_late(self) -> int:
        return max(0, (timezone.localdate() - self.due_on).days) if self.due_on else 0
