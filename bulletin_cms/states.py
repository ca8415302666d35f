"""All states of all apps: of their documents, and of the kinds of to-do."""

from django.utils.translation import pgettext_lazy

from accounts import states as of_accounts
from articles import states as of_articles
from distribution import states as of_distribution
from issues import states as of_issues
from proofreading import states as of_proofreading
from workflow.states import State

OWN = {
    "todo.backup": State(pgettext_lazy("kind of to-do", "backup"), "archive", "stop"),
    "todo.verify": State(pgettext_lazy("kind of to-do", "check of what is kept"), "warn", "stop"),
}
STATES = (
    of_accounts.STATES | of_proofreading.STATES | of_articles.STATES | of_issues.STATES | of_distribution.STATES | OWN
)
