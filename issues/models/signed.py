"""What was sent, signed or imported, to the letter, and who signed it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow.chain import Head
from workflow.logged import Logged, Said


class FrozenContent(models.Model):
    """What an issue said when it was sent for sign-off, signed or imported: the canonical JSON, to the letter. Never changed.

    `digest` is the SHA-256 of `text` as it stands here, whatever later versions of the code would write.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    text = models.TextField(_("content"), editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("frozen content")
        verbose_name_plural = _("frozen contents")

    def __str__(self):
        return short_code(self.digest)


class SignOff(Logged):
    """The leader's approval of one frozen content: its text, the PDF that shows it, what the layout check said, and what
    the proofreader found and people let through (`issues.remarks.record`).

    A row changes once: when it is withdrawn. Those from before these fields were kept may lack them. `log_number` and
    `log_hash` are the head of the log when it was signed.
    """

    SAID_WITH = ("by", "issue")
    NOT_LOGGED = ("withdrawn_at",)

    issue = models.ForeignKey("issues.Issue", models.PROTECT, related_name="sign_offs", verbose_name=_("issue"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("signer"))
    at = models.DateTimeField(_("signed at"), default=timezone.now, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    frozen = models.ForeignKey(FrozenContent, models.PROTECT, null=True, editable=False, related_name="+")
    pdf_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    report = models.JSONField(null=True, editable=False)
    proofread = models.JSONField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    log_number = models.BigIntegerField(null=True, editable=False)
    log_hash = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue"], condition=Q(withdrawn_at=None), name="one_valid_sign_off_an_issue"
            )
        ]

    def __str__(self):
        return f"{self.issue} {self.code}"

    @property
    def head(self) -> Head | None:
        """The last entry of the log when it was signed; None of what was signed before there was a log."""
        return Head(self.log_number, self.log_hash) if self.log_number else None

    def said(self) -> Said:
        words = gettext("Sign-off: content (SHA-256) %(content)s, PDF (SHA-256) %(pdf)s")
        values = {"content": self.digest, "pdf": self.pdf_sha256 or "—"}
        return Said(self.at, self.by_id, str(self.by), str(self.issue), words % values)

    @property
    def code(self) -> str:
        """The check code people compare: the first eight hexadecimal digits of the digest, in two groups."""
        return short_code(self.digest)


def short_code(digest: str) -> str:
    return f"{digest[:4]} {digest[4:8]}".upper()
