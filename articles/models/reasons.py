"""Why the office returns or declines an article, or makes a brief of it: a table that it edits itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from . import moves


class ReasonQuerySet(models.QuerySet):
    def offered_for(self, act: str):
        """What may be chosen for this move, by its name."""
        return self.filter(act=act, is_used=True)


class Reason(models.Model):
    """One reason. Events keep its code and its label as they were, so that both may change, and none is deleted."""

    class Act(models.TextChoices):
        DECLINE = moves.DECLINE.name, moves.DECLINE.label
        RETURN = moves.RETURN.name, moves.RETURN.label
        BRIEF = "brief", _("Make it a brief")

    LONGEST = 60

    act = models.CharField(_("for"), max_length=10, choices=Act)
    code = models.CharField(_("code"), max_length=8, unique=True)
    label = models.CharField(_("reason"), max_length=LONGEST)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_used = models.BooleanField(_("in use"), default=True)

    objects = ReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["act", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["act", "label"],
                name="reason_once_an_act",
                violation_error_message=_("This reason stands in the table already."),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def kept(self) -> dict[str, str]:
        """What an event keeps of it."""
        return {"reason_code": self.code, "reason_label": self.label}

    def said(self, note: str) -> str:
        """The sentence that the unit reads: the reason, then what the office adds."""
        note = note.strip()
        if not note or note == self.label:
            return self.label
        return note if note.startswith(self.label) else f"{self.label}：{note}"
