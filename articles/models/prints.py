"""What is compared of each article (查重), what waits to be compared, and which two say the same."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.worker import notify

if TYPE_CHECKING:
    from .article import Article

AGAIN_AFTER = timedelta(minutes=5)  # what failed is tried again


class PrintQuerySet(models.QuerySet["Print"]):
    def ask(self, article: "Article") -> None:
        """Have the article compared as it is now."""
        texts = (False, True) if article.is_returned else (False,)
        if self.filter(article=article).update(asked=F("asked") + 1) < len(texts):
            self._add(Print(article=article, is_revision=text) for text in texts)
        notify("articles.tasks.compare_article", article_id=article.pk)

    def ask_told(self, articles: Iterable["Article"], told_on: date) -> None:
        """Have these compared as told on the day of their issue. Two queries."""
        articles = list(articles)
        self._add(Print(article=article) for article in articles)
        self.filter(article__in=articles).update(asked=F("asked") + 1, told_on=told_on)
        notify("articles.tasks.compare_waiting")

    def _add(self, rows: Iterable["Print"]) -> None:
        self.bulk_create(rows, ignore_conflicts=True)

    def waiting(self):
        return self.filter(found__lt=F("asked"))

    def due(self):
        """Those that wait, what failed a moment ago left out; the newest first: somebody looks at them."""
        return self.waiting().exclude(failed_at__gt=timezone.now() - AGAIN_AFTER).order_by("-pk")


class Print(models.Model):
    """What is compared of one text: what others may know of an article, or what its unit is revising (`is_revision`).

    It waits as long as `found` is less than `asked`, which every change raises.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="prints", verbose_name=_("article"))
    is_revision = models.BooleanField(default=False, help_text=_("What its unit writes while it is returned."))
    told_on = models.DateField(null=True, help_text=_("The day of the issue in which it stands."))
    asked = models.PositiveIntegerField(default=1)
    found = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="", help_text=_("Of what it was made from."))
    letters = models.TextField(blank=True, default="")
    facts = models.JSONField(default=dict)
    hashes = models.BinaryField(default=bytes)

    objects = PrintQuerySet.as_manager()

    class Meta:
        verbose_name = _("compared text")
        verbose_name_plural = _("compared texts")
        constraints = [models.UniqueConstraint(fields=["article", "is_revision"], name="print_once_a_text")]
        indexes = [models.Index(fields=["-id"], condition=Q(found__lt=F("asked")), name="print_waiting")]

    def __str__(self) -> str:
        return str(self.article)

    @property
    def is_waiting(self) -> bool:
        return self.found < self.asked


class Pair(models.Model):
    """Two texts that say the same: in their words, of one event, or both. `one` has the smaller key."""

    one = models.ForeignKey(Print, models.CASCADE, related_name="+")
    other = models.ForeignKey(Print, models.CASCADE, related_name="+")
    text = models.FloatField(_("common text"), help_text=_("Jaccard's measure over runs of five letters."))
    is_same_event = models.BooleanField(_("same event"))

    class Meta:
        verbose_name = _("pair of texts")
        verbose_name_plural = _("pairs of texts")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="pair_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one} {self.other}"
