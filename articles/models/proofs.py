"""What the proofreader found in a text, and what people let stand of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .article import Article

LONGEST_QUOTE, LONGEST_REASON = 500, 200


class TextProofQuerySet(models.QuerySet):
    def waiting(self) -> "TextProofQuerySet":
        return self.filter(Q(made_at=None) | Q(made_at__lt=models.F("requested_at")))


class TextProof(models.Model):
    """The proof of one text of an article: what it says now, or its version in hand. A worker makes it.

    `digest` is that of the text, `tables` that of the words and rules; `findings` are as the engine gives them. One that was
    asked for again keeps what was found before until the new one is there.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="text_proofs", verbose_name=_("article"))
    digest = models.CharField(max_length=64, editable=False)
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    made_at = models.DateTimeField(null=True, editable=False)
    as_of = models.DateField(null=True, editable=False)
    tables = models.CharField(max_length=64, blank=True, default="", editable=False)
    findings = models.JSONField(default=list, editable=False)
    left_out = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("How many findings were too many to keep.")
    )
    failed = models.JSONField(
        default=list, editable=False, help_text=_("The rules that did not run, each with the reason.")
    )

    objects: ClassVar = TextProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof of a text")
        verbose_name_plural = _("proofs of texts")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["article", "digest"], name="one_proof_a_text")]

    def __str__(self) -> str:
        return f"{self.article} {self.digest[:8]}"

    @property
    def is_waiting(self) -> bool:
        return self.made_at is None or self.made_at < self.requested_at


class ExemptionQuerySet(models.QuerySet):
    def in_force(self) -> "ExemptionQuerySet":
        return self.filter(undone_at=None)


class Exemption(models.Model):
    """A finding that somebody let stand, and why: what a rule says of these words in this article, in every version of it.

    The unit and the office ignore what is no fault; an error gets past sign-off only when the office lets it through.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="exemptions", verbose_name=_("article"))
    rule = models.CharField(_("rule"), max_length=60)
    quote = models.CharField(_("passage"), max_length=LONGEST_QUOTE)
    lets_through = models.BooleanField(_("let through"))
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    undone_at = models.DateTimeField(_("undone at"), null=True, editable=False)

    objects: ClassVar = ExemptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding let stand")
        verbose_name_plural = _("findings let stand")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "rule", "quote", "lets_through"],
                condition=Q(undone_at=None),
                name="one_exemption_in_force",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exemption_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.quote
