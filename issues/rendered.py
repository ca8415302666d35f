"""What a proof of an issue and the preview of an article have in common."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
    looks = models.JSONField(default=list, help_text=_("A hash of each page as it looks."))
    free_rows = models.PositiveSmallIntegerField(null=True, help_text=_("Rows left free on the last page."))
    error = models.TextField(_("why"), blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True)

    is_new = False  # asked for just now, so that a worker must be told

    class Meta:
        abstract = True
