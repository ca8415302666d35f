"""What the rules of the proofreader that look at several texts found in those of an issue."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .issue import Issue


class TextsProof(models.Model):
    """The newest one of an issue. A worker makes it.

    `digest` is that of the texts it was made of, `tables` that of the words and rules. `findings` are as the engine gives them,
    but that `article` is the article's key, and that each has `since`: when it was found first.
    """

    issue = models.OneToOneField(Issue, models.CASCADE, related_name="texts_proof", verbose_name=_("issue"))
    digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    made_at = models.DateTimeField(null=True, editable=False)
    as_of = models.DateField(null=True, editable=False)
    tables = models.CharField(max_length=64, blank=True, default="", editable=False)
    findings = models.JSONField(default=list, editable=False)
    failed = models.JSONField(
        default=list, editable=False, help_text=_("The rules that did not run, each with the reason.")
    )

    class Meta:
        verbose_name = _("proof of the texts of an issue")
        verbose_name_plural = _("proofs of the texts of issues")

    def __str__(self) -> str:
        return str(self.issue)

    @property
    def is_waiting(self) -> bool:
        return self.made_at is None or self.made_at < self.requested_at
