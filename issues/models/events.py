"""What happened to an issue."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.events import Event
from workflow.logged import Said

from . import moves


class IssueEvent(Event):
    """A move of an issue, or a change of one in the making. `note` then says what changed, from what to what."""

    CHANGES = {
        "open": _("Issue begun"),
        "set_up": _("Settings changed"),
        "place": _("Article put in"),
        "take_out": _("Article taken out"),
        "move": _("Article moved"),
        "restore_order": _("Default order restored"),
        "settle": _("Warnings checked"),
        "revise": _("Text changed"),
        "recipients": _("Recipients changed"),
        "import": _("Taken over from the archive"),
        "take_back": _("Import taken back"),
        moves.AMEND: _("Correction changed"),
        moves.CHECK: _("Correction checked"),
        "archive": _("Archive package made"),
    }

    issue = models.ForeignKey("issues.Issue", models.PROTECT, related_name="events", verbose_name=_("issue"))

    SAID_WITH = ("by", "issue")

    class Meta(Event.Meta):
        verbose_name = _("issue event")
        verbose_name_plural = _("issue events")

    @property
    def act(self) -> str:
        """What was done, as the history names it."""
        labels = {move.name: move.label for move in moves.TRANSITIONS}
        return str(labels.get(self.transition) or self.CHANGES.get(self.transition, self.transition))

    def said(self) -> Said:
        return self.told(self.issue, self.act)
