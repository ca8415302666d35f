"""What each person is asked to do, gathered from all apps: counts for the menu, rows for the home page."""

from accounts import todo as of_accounts
from articles import todo as of_articles
from articles.models import Article, Commissioned
from distribution import todo as of_distribution
from distribution.models import Delivery
from issues import todo as of_issues
from issues.models import Issue
from points import own as own_points
from workflow.todo import Task

from . import upkeep


def counts(user) -> dict[str, int]:
    """How many things of each kind wait for this person, for the menu of every page.

    Four queries at most, an administrator's are six.
    """
    articles, issues = of_articles.counts(user), of_issues.counts(user)
    accepted = articles.pop("accepted", 0)
    if "assemble" in issues and accepted and not issues["assemble"]:
        issues["assemble"] = 1  # a new issue is to be opened
    return articles | issues | of_distribution.counts(user) | of_accounts.counts(user) | upkeep.counts(user)


def tasks(user, waiting: dict[str, int] | None = None) -> list[Task]:
    """The rows of the person's list: overdue first, then by the day they are due, then the longest waiting.

    `waiting` are the `counts`, where they are known: of what nothing waits no rows are looked for.
    """
    reads = waiting is None or bool(waiting["read"])
    rows = of_articles.tasks(user, waiting) + of_issues.tasks(user) + of_accounts.tasks(user)
    rows += of_distribution.tasks(user, reads=reads) + upkeep.tasks(user)
    return sorted(rows, key=lambda task: task.order)


def watched(user) -> dict:
    """What one watches without having to act: one's own articles, the issue in the making."""
    blocks = {}
    if user.has_perm("articles.write_article"):
        mine = Article.objects.kept().written_here().filter(created_by=user).with_return_note().with_decision()
        blocks["my_points"] = own_points.of_person(user)
        blocks["topics"] = Commissioned.objects.offered_to(user).for_pages()[:8]
        blocks["my_articles"] = mine.select_related("placement__issue")[:5]
    if user.has_perm("issues.assemble_issue") or user.has_perm("issues.publish_issue"):
        blocks["open_issues"] = Issue.objects.open().order_by("dated_on", "pk")[:3]
    if user.has_perm("issues.read_archive"):
        blocks["latest_issues"] = Issue.objects.issued().visible_to(user).newest_first()[:3]
    copies = Delivery.objects.of(user).select_related("mailing__issue", "reader")
    blocks["my_copies"] = copies.order_by("-pk")[:5]
    return blocks
