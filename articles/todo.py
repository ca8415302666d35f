"""What waits in the articles for a person: to write, to revise, to review."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.documents import Transition
from workflow.todo import SHOWN, Task

from .dates import written
from .models import WRITE, Article, Assignment, Status, UnitConfirmation


def counts(user) -> dict[str, int]:
    wanted = {}
    if user.has_perm("articles.write_article"):
        mine = Q(created_by=user)
        wanted["write"] = Count("pk", filter=mine & Q(status=Status.DRAFT))
        wanted["returned"] = Count("pk", filter=mine & Q(status__in=Article.CAME_BACK))
    asked = Article.asked_of(user)
    wanted |= {move.asks.kind: Count("pk", filter=_waits(move, user)) for move in asked if move.asks}
    if user.has_perm(Article.PLACE.permission):
        wanted["accepted"] = Count("pk", filter=Q(status=Status.ACCEPTED))
    if user.has_perm(Article.REVIEW):
        wanted["held"] = Count("pk", filter=Q(Article.due(), ~Q(created_by=user)))
    unfinished = {*Article.EDITABLE, *Article.PLACE.sources, *(status for move in asked for status in move.sources)}
    found = Article.objects.filter(status__in=unfinished).aggregate(**wanted) if wanted else {}
    return found | ({"confirm": UnitConfirmation.objects.asked_of(user).count()} if user.has_perm(WRITE) else {})


def _waits(move: Transition, user) -> Q:
    """For this person: what others hold is theirs."""
    return Article.awaiting(move, user) & Assignment.leaves_to(user)


def tasks(user) -> list[Task]:
    rows = []
    if user.has_perm("articles.write_article"):
        rows += _to_confirm(user) + _to_write(user)
    for move in Article.asked_of(user):
        rows += _asked(move, user)
    if user.has_perm(Article.REVIEW):
        rows += _due(user)
    return rows


def _to_confirm(user) -> list[Task]:
    return [
        Task(
            kind="confirm",
            title=str(asked.version),
            why=_("%(name)s has changed the text and asks whether it is right") % {"name": asked.asked_by},
            url=reverse("articles:confirmation", args=[asked.pk]),
            verb=_("Look at it"),
            since=asked.asked_at,
        )
        for asked in UnitConfirmation.objects.asked_of(user).for_page()[:SHOWN]
    ]


def _due(user) -> list[Task]:
    """Kept for later until a day that has come."""
    return [
        Task(
            kind="held",
            title=str(article),
            why=_("%(unit)s, kept until %(day)s")
            % {"unit": article.unit.short_name, "day": written(article.held_until)},
            url=reverse("articles:detail", args=[article.pk]),
            verb=_("Take it up"),
            since=article.decided_at,
            due_on=article.held_until,
            comes_first=True,
        )
        for article in Article.objects.due_for(user).select_related("unit")[:SHOWN]
    ]


def _to_write(user) -> list[Task]:
    mine = Article.objects.filter(created_by=user, status__in=Article.EDITABLE)
    rows = []
    for article in mine.with_return_note().order_by("-status", "updated_at")[:SHOWN]:  # drafts last
        rows.append(
            Task(
                kind="returned" if article.came_back else "write",
                title=str(article),
                why=article.return_note
                if article.came_back
                else _("Not handed in yet, %(count)s characters written") % {"count": article.characters},
                url=reverse("articles:edit", args=[article.pk]),
                verb=_("Revise") if article.came_back else _("Go on writing"),
                since=article.decided_at or article.updated_at,
            )
        )
    return rows


def _asked(move: Transition, user) -> list[Task]:
    assert move.asks, "only such moves are asked of people"
    waiting = Article.objects.filter(_waits(move, user)).select_related("unit").by_due_day()
    return [
        Task(
            kind=move.asks.kind,
            look=move.asks.look,
            title=str(article),
            why=_("%(unit)s, %(count)s characters") % {"unit": article.unit.short_name, "count": article.characters},
            url=reverse("articles:detail", args=[article.pk]),
            verb=str(move.asks.verb),
            since=article.submitted_at,
            due_on=article.due_on,
        )
        for article in waiting[:SHOWN]
    ]
