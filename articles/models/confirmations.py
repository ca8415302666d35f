"""What a unit says to a text that the office has changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.states import State

from .article import Article
from .statuses import CONFIRMABLE

WRITE = "articles.write_article"


class UnitConfirmationQuerySet(models.QuerySet):
    def valid(self):
        """About the text as it is now, in articles with which the office is not done."""
        return self.filter(article__current_version=F("version"), article__status__in=CONFIRMABLE)

    def for_page(self):
        """The newest first, with all that is shown of each."""
        return self.select_related("article", "version", "asked_by", "answered_by").order_by("-pk")

    def asked_of(self, user):
        """Those that wait for an answer of this person's unit."""
        if user.unit_id is None or not user.has_perm(WRITE):
            return self.none()
        return self.valid().filter(article__unit=user.unit_id, answered_at=None).exclude(asked_by=user)


class UnitConfirmation(models.Model):
    """An editor asks the unit about one version; its answer is that version's alone.

    `remarks` are texts beside paragraphs: [{"paragraph": 2, "text": …}], counted from 1; 0 is the whole. Without one the
    answer is 无异议. An answer never changes (a trigger sees to it).
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="confirmations", verbose_name=_("article"))
    version = models.OneToOneField(
        "articles.ArticleVersion", models.PROTECT, related_name="+", verbose_name=_("article version")
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    remarks = models.JSONField(_("remarks"), default=list)

    objects = UnitConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation of the unit")
        verbose_name_plural = _("confirmations of the unit")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="confirmation_answered_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return str(self.version)

    @property
    def is_valid(self) -> bool:
        """The text is still the one that it is about."""
        return self.article.current_version_id == self.version_id

    @property
    def is_waiting(self) -> bool:
        return self.answered_at is None and self.is_valid and self.article.status in CONFIRMABLE

    @property
    def state(self) -> State:
        if self.remarks:
            return State(_("has remarks"), "question", "you" if self.is_valid else "")
        if self.answered_at:
            return State(_("no objection"), "check", "ok" if self.is_valid else "")
        return State(_("waits for the unit"), "clock", "go") if self.is_waiting else State(_("void"), "cross", "stop")
