"""All states of all apps, and the kinds of to-do."""

from django.utils.translation import pgettext_lazy

from articles import states as of_articles
from distribution import states as of_distribution
from issues import states as of_issues
from workflow.states import State

_KINDS_OF_TODO = {
    "todo.write": State(pgettext_lazy("kind of to-do", "draft"), "pen"),
    "todo.returned": State(pgettext_lazy("kind of to-do", "returned"), "undo", "you"),
    "todo.review": State(pgettext_lazy("kind of to-do", "to review"), "eye", "you"),
    "todo.assemble": State(pgettext_lazy("kind of to-do", "to assemble"), "desk", "you"),
    "todo.sign": State(pgettext_lazy("kind of to-do", "to sign off"), "sign", "you"),
    "todo.publish": State(pgettext_lazy("kind of to-do", "to issue"), "archive", "you"),
    "todo.send": State(pgettext_lazy("kind of to-do", "to send"), "send", "you"),
    "todo.trouble": State(pgettext_lazy("kind of to-do", "needs you"), "warn", "you"),
    "todo.read": State(pgettext_lazy("kind of to-do", "to confirm"), "mail", "you"),
}
STATES = of_articles.STATES | of_issues.STATES | of_distribution.STATES | _KINDS_OF_TODO
