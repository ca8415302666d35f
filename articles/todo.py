"""What waits in the articles for a person: to write, to revise, to review."""

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.todo import SHOWN, Task

from .models import Article, ArticleEvent, Status


def counts(user) -> dict[str, int]:
    wanted = {}
    if user.has_perm("articles.write_article"):
        mine = Q(created_by=user)
        wanted["write"] = Count("pk", filter=mine & Q(status=Status.DRAFT))
        wanted["returned"] = Count("pk", filter=mine & Q(status=Status.RETURNED))
    if user.has_perm("articles.review_article"):
        wanted["review"] = Count("pk", filter=Q(status=Status.SUBMITTED) & ~Q(created_by=user))
    if user.has_perm("issues.assemble_issue"):
        wanted["accepted"] = Count("pk", filter=Q(status=Status.ACCEPTED))
    unfinished = (Status.DRAFT, Status.RETURNED, Status.SUBMITTED, Status.ACCEPTED)
    return Article.objects.filter(status__in=unfinished).aggregate(**wanted) if wanted else {}


def tasks(user) -> list[Task]:
    rows = []
    if user.has_perm("articles.write_article"):
        rows += _to_write(user)
    if user.has_perm("articles.review_article"):
        rows += _to_review(user)
    return rows


def _to_write(user) -> list[Task]:
    mine = Article.objects.filter(created_by=user, status__in=Article.EDITABLE)
    rows = []
    for article in with_return_note(mine).order_by("-status", "updated_at")[:SHOWN]:  # returned ones first
        is_returned = article.status == Status.RETURNED
        rows.append(
            Task(
                kind="returned" if is_returned else "write",
                title=str(article),
                why=article.return_note
                if is_returned
                else _("Not handed in yet, %(count)s characters written") % {"count": article.characters},
                url=reverse("articles:edit", args=[article.pk]),
                verb=_("Revise") if is_returned else _("Go on writing"),
                since=article.decided_at or article.updated_at,
            )
        )
    return rows


def with_return_note(articles):
    """Adds `return_note`: the reason that was given when the article was last returned."""
    returned = ArticleEvent.objects.filter(article=OuterRef("pk"), transition=Article.RETURN.name).order_by("-pk")
    return articles.annotate(return_note=Subquery(returned.values("note")[:1]))


def _to_review(user) -> list[Task]:
    waiting = Article.objects.awaiting_review().exclude(created_by=user).select_related("unit").order_by("submitted_at")
    return [
        Task(
            kind="review",
            title=str(article),
            why=_("%(unit)s, %(count)s characters") % {"unit": article.unit.short_name, "count": article.characters},
            url=reverse("articles:detail", args=[article.pk]),
            verb=_("Review it"),
            since=article.submitted_at,
        )
        for article in waiting[:SHOWN]
    ]
