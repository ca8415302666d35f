"""Who is told of a move of an article, and in which words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Topic, User
from workflow.notices import Tell

from .reviews import WRITING
from .statuses import REVIEW


def writer(article):
    return User.objects.filter(pk=article.created_by_id)


def reviewers(article):
    """Who may take the step that it is in."""
    taken = article.parts.filter(round=article.round).exclude(step=article.step).values("person")
    return User.objects.with_permission(REVIEW).exclude(pk=article.created_by_id).exclude(pk__in=taken)


def agreeing(article):
    """Who may agree to what another has changed: not those who wrote it."""
    wrote = article.parts.filter(round=article.round, step=WRITING).values("person")
    return User.objects.with_permission(REVIEW).exclude(pk=article.created_by_id).exclude(pk__in=wrote)


def ratifying(article):
    """Who may take the step in which somebody has just stood in."""
    step = article.step_of(article.stand_ins()[-1].from_status)
    taken = article.parts.filter(round=article.round).exclude(step=step).values("person")
    return User.objects.with_permission(REVIEW).exclude(pk=article.created_by_id).exclude(pk__in=taken)


def asked_to_approve(article):
    return article.asked_to_approve()


LOOK = pgettext_lazy("button of a notice", "Look")
MADE_BRIEF = Tell(Topic.NEWS, writer, pgettext_lazy("notice", "Made a brief"), LOOK, "articles:detail")
CHANGED = Tell(Topic.NEWS, writer, pgettext_lazy("notice", "Text changed"), LOOK, "articles:detail")
ACCEPTED = Tell(Topic.NEWS, writer, pgettext_lazy("notice", "Accepted"), LOOK, "articles:detail")
PLEASE_REVIEW = Tell(Topic.WORK, reviewers, pgettext_lazy("notice", "Please review"), _("Review it"), "articles:detail")
PLEASE_AGREE = Tell(
    Topic.WORK,
    agreeing,
    pgettext_lazy("notice", "Please agree"),
    _("Look and agree"),
    "articles:detail",
    apart="agree",
)
PLEASE_RATIFY = Tell(
    Topic.WORK,
    ratifying,
    pgettext_lazy("notice", "Please confirm the step"),
    _("Look and confirm"),
    "articles:detail",
    apart="ratify",
)
