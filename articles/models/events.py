"""What happened to an article."""

from dataclasses import replace

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from workflow.events import Event
from workflow.logged import Said
from workflow.states import State

from .moves import APPROVE
from .statuses import WITHIN_UNIT, Status


class ArticleEvent(Event):
    """A move of an article; or what moves nothing: an editor settled the warnings of a version (SETTLE), changed the text
    (REVISE), gave it to somebody to review (ASSIGN), reminded that person (REMIND), agreed to a change (AGREE), took the
    step in which another had stood in (RATIFY), let a finding of the proofreader stand, or no longer (FINDINGS), or merged
    another story into it (TAKE_IN)."""

    SETTLE, REVISE, ASSIGN, REMIND, AGREE, RATIFY = "settle", "revise", "assign", "remind", "agree", "ratify"
    IGNORE, LET_THROUGH, HEED = FINDINGS = "ignore", "let_through", "heed"
    TAKE_IN = "take_in"
    ACTS = {
        SETTLE: _("warnings checked"),
        REVISE: _("text changed by the office"),
        ASSIGN: _("given to review"),
        REMIND: _("reminded"),
        AGREE: _("agreed to the change"),
        RATIFY: _("confirmed what was passed in absence"),
        IGNORE: _("finding ignored"),
        LET_THROUGH: _("error let through"),
        HEED: _("finding open again"),
        TAKE_IN: _("another story merged into it"),
    }

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="events", verbose_name=_("article"))
    version = models.ForeignKey(
        "articles.ArticleVersion", models.PROTECT, null=True, related_name="+", verbose_name=_("article version")
    )
    reason_code = models.CharField(_("code of the reason"), max_length=8, blank=True, default="")
    reason_label = models.CharField(_("reason"), max_length=60, blank=True, default="")
    round = models.PositiveSmallIntegerField(default=0, editable=False)

    SAID_WITH = ("by", "article")

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

    def said(self) -> Said:
        """Of what a unit keeps to itself the log has the act alone."""
        labels = {move.name: str(move.label) for move in self.article.TRANSITIONS}
        act = self.act or labels.get(self.transition, self.transition)
        if self.is_within_unit or {self.from_status, self.to_status} <= {*WITHIN_UNIT, Status.DISCARDED}:
            return replace(self.told(gettext("An article within its unit"), act), words=act)
        said = self.told(_("Article “%(title)s”") % {"title": self.article}, act)
        return replace(said, words=f"{said.words}（{self.reason_label}）") if self.reason_label else said

    def is_told_to(self, user: User) -> bool:
        """Findings that somebody let stand are told beside the text, with the reason."""
        if self.transition in self.FINDINGS:
            return False
        return not self.is_within_unit or self.article.belongs_to(user)

    @property
    def step_label(self) -> str:
        """The step of the review in which it was made."""
        return self.article.step_label(self.article.step_of(self.from_status))

    @property
    def act(self) -> str:
        """What was done, where the state to which it led doesn't say so."""
        if self.made_a_brief:
            return gettext("made a brief")
        return str(self.ACTS.get(self.transition) or self.article.review_acts.get(self.transition, ""))

    @property
    def made_a_brief(self) -> bool:
        """Of the changes of a text these alone have a reason."""
        return self.transition == self.REVISE and bool(self.reason_code)

    @property
    def is_for_the_unit(self) -> bool:
        """Its note is written to the unit; why somebody stood in is the office's affair."""
        return self.transition not in {move.name for move in self.article.STAND_INS}
