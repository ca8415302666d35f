"""A file of a past issue on its way into the archive, and the original of the issue that was made of it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .bulletin import Bulletin
from .issue import Issue, IssueKind
from .jobs import Job, JobQuerySet


class PastFileQuerySet(JobQuerySet):
    def visible_to(self, user):
        """All of them for the people who make issues."""
        return self.filter() if user.has_perm("issues.assemble_issue") else self.none()

    def under_way(self):
        """Not in the archive yet."""
        return self.filter(issue=None)

    def sure(self):
        """Read without a doubt, or looked over by a person, and complete."""
        read = self.under_way().filter(state=Job.State.READY, fault="", error="", confirmed_at=None)
        return read.filter(Q(doubts=0) | Q(checked_at__isnull=False))

    def confirmed(self):
        """To be stored by a worker."""
        return self.under_way().filter(state=Job.State.READY, confirmed_at__isnull=False)


class PastFile(Job):
    """`draft` is what was read, as people have put it right since (issues.past.drafts); the fields are taken from it.

    The job is the reading. Nothing is in the archive before a person confirmed it; then `issue` says which one it is.
    """

    name = models.CharField(_("file"), max_length=200)
    file = models.FileField(_("file"), upload_to="past/%Y/%m")
    sha256 = models.CharField(max_length=64)
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, null=True, related_name="+", verbose_name=_("bulletin"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    draft: Any = models.JSONField(null=True)
    revision = models.PositiveIntegerField(default=0, help_text=_("How often people have saved the draft."))
    kind = models.CharField(_("kind"), max_length=10, choices=IssueKind, default=IssueKind.REGULAR)
    number = models.PositiveIntegerField(_("number in the year"), null=True)
    total_number = models.PositiveIntegerField(_("total number"), null=True)
    dated_on = models.DateField(_("date"), null=True)
    articles = models.PositiveSmallIntegerField(_("articles"), default=0)
    briefs = models.PositiveSmallIntegerField(_("briefs"), default=0)
    doubts = models.PositiveSmallIntegerField(_("doubts"), default=0)
    fault = models.TextField(_("what is missing"), blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("looked over by")
    )
    checked_at = models.DateTimeField(_("looked over"), null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    issue = models.OneToOneField(Issue, models.PROTECT, null=True, related_name="past_file", verbose_name=_("issue"))

    taken = ""  # by which issue its number is, as a page says it (issues.past.intake)

    objects: ClassVar = PastFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a past issue")
        verbose_name_plural = _("files of past issues")
        ordering = ["-pk"]

    def __str__(self):
        return self.name

    @property
    def is_storing(self) -> bool:
        return self.confirmed_at is not None and self.issue_id is None

    @property
    def is_sure(self) -> bool:
        return self.is_ready and not self.fault and not self.error and (not self.doubts or self.checked_at is not None)

    @property
    def numbered(self) -> str:
        """2026年第9期, as far as it is known."""
        if self.number is None or self.dated_on is None:
            return ""
        words = gettext("%(year)s no. %(number)s")
        if self.kind == IssueKind.SUPPLEMENT:
            words = gettext("%(year)s supplement no. %(number)s")
        return words % {"year": self.dated_on.year, "number": self.number}

    @property
    def look(self) -> str:
        """The key of its state in issues.states."""
        if self.issue_id:
            return "past.stored"
        if self.is_storing:
            return "past.storing"
        if self.is_ready:
            return "past.sure" if self.is_sure else "past.unsure"
        return f"past.{self.state}"
