"""Pages that a worker sets: it claims the row, renders, writes the result. Of an issue (a proof), an article, a redline."""

from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article

from .. import claimers
from .issue import Issue
from .signed import short_code

MOST_ATTEMPTS = 3  # a worker that is restarted costs one; a content that ends its worker costs them all


class RenderedQuerySet(models.QuerySet):
    def waiting(self):
        """What no worker is rendering, oldest first."""
        is_free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
        return self.filter(is_free, state=Rendered.State.QUEUED).order_by("requested_at", "pk")

    def release_claims_of_the_dead(self):
        """Free what processes of this machine had claimed that are gone. Claims from elsewhere count until their lease
        ends."""
        claimed = self.filter(state=Rendered.State.QUEUED, lease_until__gt=timezone.now())
        for name in claimed.values_list("lease_by", flat=True).distinct():
            if name and claimers.is_gone(name):
                claimed.filter(lease_by=name).update(lease_until=None)


class Rendered(models.Model):
    """A PDF that a worker renders of one content, known by its digest."""

    class State(models.TextChoices):
        QUEUED = "queued", _("being set")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be set")

    digest = models.CharField(max_length=64)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.QUEUED)
    pdf = models.FileField(upload_to="proofs/%Y/%m", blank=True)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True)
    page_hashes = models.JSONField(default=list, help_text=_("A hash of each page as it looks."))
    free_rows = models.PositiveSmallIntegerField(null=True, help_text=_("Rows left free on the last page."))
    error = models.TextField(_("why"), blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text=_("How often a worker has claimed it."))
    lease_until = models.DateTimeField(null=True, help_text=_("Until then it is the worker's that claimed it."))
    lease_by = models.CharField(max_length=100, blank=True, help_text=_("The process that claimed it."))

    objects = RenderedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_queued(self) -> bool:
        return self.state == self.State.QUEUED

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_failed(self) -> bool:
        return self.state == self.State.FAILED

    def claim(self, seconds: int) -> bool:
        """Take it for so many seconds. False when another worker has it, or when there is nothing to render."""
        rows = type(self).objects.filter(pk=self.pk)
        lease = timezone.now() + timedelta(seconds=seconds)
        mine = {"lease_until": lease, "lease_by": claimers.own_name()}
        is_mine = bool(rows.waiting().update(attempts=F("attempts") + 1, **mine))
        if is_mine:
            self.attempts, self.lease_until = rows.values_list("attempts", "lease_until").get()
        return is_mine

    def settle(self, **values) -> bool:
        """Write the result and give up the claim. False when the claim is no longer ours: it ran out, or another
        content was asked for meanwhile."""
        rows = type(self).objects.filter(pk=self.pk, state=self.State.QUEUED, lease_until=self.lease_until)
        return bool(rows.update(lease_until=None, **values))

    def store(self, pdf: bytes, **values) -> bool:
        """Settle it with these pages. False as for `settle`; the file is gone then."""
        name = self.pdf.field.generate_filename(self, f"{self.digest}.pdf")
        name = self.pdf.storage.save(name, ContentFile(pdf))
        is_kept = self.settle(state=self.State.READY, error="", pdf=name, ready_at=timezone.now(), **values)
        if not is_kept:
            self.pdf.storage.delete(name)
        return is_kept

    def ask_again(self, **values) -> bool:
        """Put it back into the queue as if it was asked for now. False when it has changed since it was read."""
        values |= {"state": self.State.QUEUED, "error": "", "requested_at": timezone.now()}
        values |= {"attempts": 0, "lease_until": None}
        is_asked = bool(type(self).objects.filter(pk=self.pk, state=self.state, digest=self.digest).update(**values))
        self.refresh_from_db()
        return is_asked


class Proof(Rendered):
    """The pages of one content of one issue; the official PDF is the signed content's proof."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="proofs", verbose_name=_("issue"))
    sha256 = models.CharField(max_length=64, blank=True)
    first_pages = models.JSONField(default=list, help_text=_("The page on which each article begins, in order."))
    places = models.JSONField(
        default=list, help_text=_("Where each article stands: page, top and bottom of its parts.")
    )
    report = models.JSONField(null=True, help_text=_("What the layout check found; empty when it did not run."))

    class Meta:
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        constraints = [models.UniqueConstraint(fields=["issue", "digest"], name="proof_once_a_content")]

    def __str__(self):
        return f"{self.issue} {short_code(self.digest)}"


class ArticlePreview(Rendered):
    """One article as it is being written, set alone: its newest text only, and the pages before until they are ready."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="preview", verbose_name=_("article"))
    pdf_before = models.FileField(blank=True, help_text=_("The PDF before, for pages that are still open."))
    page_hashes_before = models.JSONField(default=list)

    class Meta:
        verbose_name = _("preview of an article")
        verbose_name_plural = _("previews of articles")

    def __str__(self):
        return f"{self.article} {short_code(self.digest)}"

    def showing(self, page_hash: str) -> tuple[FieldFile, list[str]]:
        """The PDF with the page that looks like this, and the hashes of its pages."""
        if page_hash in self.page_hashes_before and page_hash not in self.page_hashes:
            return self.pdf_before, self.page_hashes_before
        return self.pdf, self.page_hashes


class RedlinePdf(Rendered):
    """A comparison that somebody takes away as a PDF (花脸稿): theirs alone, and kept for a day."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("asked for by")
    )
    name = models.CharField(_("file name"), max_length=250)
    page = models.TextField(help_text=_("What is set, as HTML."))
    shown_at = models.CharField(max_length=200, help_text=_("The address of the page that shows the comparison."))

    class Meta:
        verbose_name = _("redline")
        verbose_name_plural = _("redlines")
        constraints = [models.UniqueConstraint(fields=["asked_by", "digest"], name="redline_once_a_person")]

    def __str__(self):
        return self.name
