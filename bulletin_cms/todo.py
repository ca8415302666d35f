"""What each person is asked to do, gathered from all apps: counts for the menu, rows for the home page."""

from django.db.models import Count, Q

from articles.models import Article
from articles.models import Status as ArticleStatus
from issues.models import Issue
from issues.models import Status as IssueStatus

KINDS = ("write", "returned", "review", "sign", "assemble", "publish", "send", "trouble", "read")


def counts(user) -> dict[str, int]:
    """How many things of each kind wait for this person; at most three queries, none growing with the rows shown."""
    return _article_counts(user) | _issue_counts(user)


def _article_counts(user) -> dict[str, int]:
    wanted = {}
    if user.has_perm("articles.write_article"):
        mine = Q(created_by=user)
        wanted["write"] = Count("pk", filter=mine & Q(status=ArticleStatus.DRAFT))
        wanted["returned"] = Count("pk", filter=mine & Q(status=ArticleStatus.RETURNED))
    if user.has_perm("articles.review_article"):
        wanted["review"] = Count("pk", filter=Q(status=ArticleStatus.SUBMITTED) & ~Q(created_by=user))
    return Article.objects.aggregate(**wanted) if wanted else {}


def _issue_counts(user) -> dict[str, int]:
    wanted = {}
    if user.has_perm("issues.sign_issue"):
        wanted["sign"] = Count("pk", filter=Q(status=IssueStatus.PENDING))
    if user.has_perm("issues.publish_issue"):
        wanted["publish"] = Count("pk", filter=Q(status=IssueStatus.SIGNED))
    return Issue.objects.open().aggregate(**wanted) if wanted else {}
