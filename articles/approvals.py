"""The approval of a unit through the link in a mail: for one person and one version, as long as that version waits."""

from django.db import transaction

from accounts import links
from accounts.models import PersonalLink
from workflow.documents import Transition

from . import review
from .models import Article, ArticleEvent

PAGE = "articles:approval"
DECISIONS = {move.name: move for move in (Article.APPROVE, Article.SEND_BACK)}


def article_of(link: PersonalLink) -> Article | None:
    """The article whose version waits for this person; None when it was changed or decided, or is no longer theirs to approve."""
    waiting = Article.objects.filter(current_version=link.subject, status__in=Article.APPROVE.sources)
    article = waiting.select_related("unit", "created_by", "current_version__created_by").first()
    return article if article and article.may(Article.APPROVE, link.user) else None


def decide(link: PersonalLink, article: Article, decision: Transition, *, note: str = "") -> ArticleEvent:
    """Once; what is refused leaves the link as it is."""
    with transaction.atomic():
        links.use(link)
        return review.decide(article, decision, by=link.user, version=link.subject, note=note)
