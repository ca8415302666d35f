"""Pages that a worker sets of one content: an issue (a proof), an article, a redline."""

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article

from .issue import Issue
from .jobs import Job
from .signed import short_code


class Rendered(Job):
    """A PDF that a worker renders of one content, known by its digest."""

    digest = models.CharField(max_length=64)
    pdf = models.FileField(upload_to="proofs/%Y/%m", blank=True)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True)
    page_hashes = models.JSONField(default=list, help_text=_("A hash of each page as it looks."))
    free_rows = models.PositiveSmallIntegerField(null=True, help_text=_("Rows left free on the last page."))

    class Meta:
        abstract = True

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
