"""All states of all apps: of their documents, and of the kinds of to-do."""

from accounts import states as of_accounts
from articles import states as of_articles
from distribution import states as of_distribution
from issues import states as of_issues

STATES = of_accounts.STATES | of_articles.STATES | of_issues.STATES | of_distribution.STATES
