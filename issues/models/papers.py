"""The other forms of an issued issue (各种版本): made once of what was signed, kept with the proof that it says the same."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .issue import Issue
from .jobs import Job


class Paper(Job):
    """One form of one issue; `kind` is a code of `issues.papers.kinds`.

    `made_from` is the SHA-256 of the signed PDF. `characters` is how many of the signed text it says, which are all of
    them; `ink` how many pixels of a page differ from the PDF's at 100 dpi at most, where they were compared.
    """

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="papers", verbose_name=_("issue"))
    kind = models.CharField(_("form"), max_length=20)
    file = models.FileField(_("file"), upload_to="papers/%Y/%m", blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    sm3 = models.CharField(max_length=64, blank=True)
    characters = models.PositiveIntegerField(_("characters"), null=True)
    ink = models.PositiveIntegerField(_("pixels that differ"), null=True)
    made_from = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("form of an issue")
        verbose_name_plural = _("forms of issues")
        constraints = [
            models.UniqueConstraint(fields=["issue", "kind"], name="paper_once_a_kind"),
            # Nothing is offered of which it is not known what it was made of and how it was proven.
            models.CheckConstraint(
                condition=~models.Q(state=Job.State.READY)
                | (models.Q(characters__gt=0) & ~models.Q(made_from="") & ~models.Q(sha256="") & ~models.Q(file="")),
                name="ready_paper_is_proven",
            ),
        ]

    def __str__(self):
        return f"{self.issue} {self.kind}"
