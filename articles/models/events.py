"""What happened to an article."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow.events import Event
from workflow.states import State

from .moves import APPROVE, Status


class ArticleEvent(Event):
    """A move of an article; or what moves nothing: an editor settled the warnings of a version (SETTLE), changed the
    text (REVISE), gave it to somebody to review (ASSIGN), or reminded that person (REMIND)."""

    SETTLE, REVISE, ASSIGN, REMIND = "settle", "revise", "assign", "remind"

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="events", verbose_name=_("article"))
    version = models.ForeignKey(
        "articles.ArticleVersion", models.PROTECT, null=True, related_name="+", verbose_name=_("article version")
    )
    reason_code = models.CharField(_("code of the reason"), max_length=8, blank=True, default="")
    reason_label = models.CharField(_("reason"), max_length=60, blank=True, default="")

    class Meta(Event.Meta):
        verbose_name = _("article event")
        verbose_name_plural = _("article events")

    def __str__(self):
        return str(self.article)

    @property
    def look(self) -> State:
        """How the status looks that it led to."""
        return self.article.looks()[self.to_status]

    @property
    def is_within_unit(self) -> bool:
        """Whether it concerns the unit alone: the office hears that a version was approved, not what came before."""
        return Status.AWAITING in (self.from_status, self.to_status) and self.transition != APPROVE.name

    @property
    def act(self) -> str:
        """What was done where nothing moved; empty for a move."""
        acts = {
            self.SETTLE: gettext("warnings checked"),
            self.REVISE: gettext("text changed by the office"),
            self.ASSIGN: gettext("given to review"),
            self.REMIND: gettext("reminded"),
        }
        return gettext("made a brief") if self.made_a_brief else acts.get(self.transition, "")

    @property
    def made_a_brief(self) -> bool:
        """Of the changes of a text these alone have a reason."""
        return self.transition == self.REVISE and bool(self.reason_code)
