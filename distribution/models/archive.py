"""The archive package of an issue while it is being made, and for a day afterwards."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from issues.models import Issue, Job

ARCHIVE = "distribution.archive_issue"


class ArchivePackage(Job):
    """A package that somebody asked for. What stays of it is the event of its issue, with its check codes."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="archive_packages", verbose_name=_("issue"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    file = models.FileField(_("file"), upload_to="archives/%Y/%m", blank=True)
    sha256 = models.CharField(_("check code (SHA-256)"), max_length=64, blank=True)
    sm3 = models.CharField(_("check code (SM3)"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("archive package")
        verbose_name_plural = _("archive packages")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue"], condition=models.Q(state="queued"), name="one_package_in_the_making_an_issue"
            )
        ]

    def __str__(self):
        return f"{self.issue} {self.sha256[:8]}"
