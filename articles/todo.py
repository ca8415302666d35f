"""What waits in the articles for a person: to write, to revise, to review."""

from collections.abc import Callable
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from workflow import counts as of_person
from workflow.documents import Transition
from workflow.todo import SHOWN, Task

from .dates import short, written
from .models import OPEN, WRITE, Answer, Article, Assignment, Commissioned, Status, UnitConfirmation

# A draft that is written for a commission stands on the list as that.
_WITHOUT_COMMISSION = Q(commissioned=None) | ~Q(commissioned__status__in=OPEN)


def counts(user) -> dict[str, int]:
    found = dict(of_person.answer(_in_articles, user))
    if user.has_perm(WRITE):
        found["confirm"] = UnitConfirmation.objects.asked_of(user).count()
        found["commission"] = Commissioned.objects.to_do(user).count()
    return found


def _in_articles(user) -> dict[str, int]:
    wanted = {}
    if user.has_perm(WRITE):
        mine = Q(created_by=user)
        wanted["write"] = Count("pk", filter=mine & Q(status=Status.DRAFT) & _WITHOUT_COMMISSION)
        wanted["returned"] = Count("pk", filter=mine & Q(status__in=Article.CAME_BACK))
    asked = _asked_of(user)
    wanted |= {kind: Count("pk", filter=_waiting(moves, user)) for kind, moves in asked.items()}
    if user.has_perm(Article.PLACE.permission):
        wanted["accepted"] = Count("pk", filter=Q(status=Status.ACCEPTED))
    if user.has_perm(Article.REVIEW):
        articles = Article.objects
        for kind, rows in (("agree", articles.to_agree), ("ratify", articles.to_ratify), ("held", articles.due_for)):
            wanted[kind] = Count("pk", filter=Q(pk__in=rows(user).order_by().values("pk")))
    unfinished = {
        *Article.EDITABLE,
        *Article.PLACE.sources,
        *(Article.REVIEWED if user.has_perm(Article.REVIEW) else ()),
        *(status for moves in asked.values() for move in moves for status in move.sources),
    }
    return Article.objects.filter(status__in=unfinished).aggregate(**wanted) if wanted else {}


def tasks(user, waiting: dict[str, int] | None = None) -> list[Task]:
    """`waiting` are the `counts`, where they are known: of what nothing waits no rows are asked for."""
    asked: dict[str, Callable[[Any], list[Task]]] = {}
    if user.has_perm(WRITE):
        asked |= {"confirm": _to_confirm, "commission": _commissioned, "returned": _returned, "write": _drafts}
    asked |= {kind: partial(_asked, moves) for kind, moves in _asked_of(user).items()}
    if user.has_perm(Article.REVIEW):
        asked |= {"agree": _to_agree, "ratify": _to_ratify, "held": _due}
    return [task for kind, rows in asked.items() if waiting is None or waiting.get(kind) for task in rows(user)]


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


def _commissioned(user) -> list[Task]:
    """One click accepts what was asked, the next begins its story, and then it is gone on with."""
    return [_to_answer(row) for row in Commissioned.objects.to_do(user).for_pages()[:SHOWN]]


def _to_answer(row: Commissioned) -> Task:
    page = reverse("articles:commissioned", args=[row.pk])
    why = _("The editorial office asked on %(day)s") % {"day": short(row.commission.created_at.date())}
    if row.article:
        url, verb, posts_to = reverse("articles:edit", args=[row.article_id]), _("Go on writing"), ""
        why = _("%(why)s, %(count)s characters written") % {"why": why, "count": row.article.characters}
    elif row.status == Answer.ACCEPTED:
        url, verb, posts_to = page, _("Write it now"), reverse("articles:commissioned_begin", args=[row.pk])
        why = _("%(why)s, accepted, not begun") % {"why": why}
    else:
        url, verb = page, pgettext("a commission", "Accept")
        posts_to = reverse("articles:commissioned_transition", args=[row.pk, Commissioned.ACCEPT.name])
    return Task(
        kind="commission",
        title=_("%(title)s (%(count)s characters at most)") % {"title": row, "count": row.commission.length}
        if row.commission.length
        else str(row),
        why=why,
        url=url,
        verb=verb,
        posts_to=posts_to,
        since=row.commission.created_at,
        due_on=row.due_on,
    )


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


def _to_agree(user) -> list[Task]:
    waiting = Article.objects.to_agree(user).select_related("updated_by").order_by("updated_at")
    return [
        Task(
            kind="agree",
            title=str(article),
            why=_("%(name)s has changed it after its review") % {"name": article.updated_by},
            url=reverse("articles:detail", args=[article.pk]),
            verb=_("Look and agree"),
            since=article.updated_at,
        )
        for article in waiting[:SHOWN]
    ]


def _to_ratify(user) -> list[Task]:
    waiting = Article.objects.to_ratify(user).order_by("submitted_at")
    return [
        Task(
            kind="ratify",
            title=str(article),
            why=_("A step was taken in another's absence; a further person has to confirm it"),
            url=reverse("articles:detail", args=[article.pk]),
            verb=_("Look and confirm"),
            since=article.submitted_at,
        )
        for article in waiting[:SHOWN]
    ]


def _asked_of(user) -> dict[str, list[Transition]]:
    """The moves that are asked of this person, by the kind of task they stand as."""
    asked: dict[str, list[Transition]] = {}
    for move in Article.asked_of(user):
        if move.asks:
            asked.setdefault(move.asks.kind, []).append(move)
    return asked


def _waiting(moves: list[Transition], user) -> Q:
    """For this person: what others hold is theirs."""
    return reduce(or_, [Article.awaiting(move, user) for move in moves]) & Assignment.leaves_to(user)


def _returned(user) -> list[Task]:
    return _to_write(user, "returned", Q(status__in=Article.CAME_BACK))


def _drafts(user) -> list[Task]:
    return _to_write(user, "write", Q(status=Status.DRAFT) & _WITHOUT_COMMISSION)


def _to_write(user, kind: str, which: Q) -> list[Task]:
    mine = Article.objects.filter(which, created_by=user).with_return_note().order_by("updated_at")
    return [
        Task(
            kind=kind,
            title=str(article),
            why=article.return_note
            if article.came_back
            else _("Not handed in yet, %(count)s characters written") % {"count": article.characters},
            url=reverse("articles:edit", args=[article.pk]),
            verb=_("Revise") if article.came_back else _("Go on writing"),
            since=article.decided_at or article.updated_at,
        )
        for article in mine[:SHOWN]
    ]


def _asked(moves: list[Transition], user) -> list[Task]:
    asks = moves[0].asks
    assert asks, "only such moves are asked of people"
    waiting = Article.objects.filter(_waiting(moves, user)).select_related("unit").by_due_day()
    return [
        Task(
            kind=asks.kind,
            look=asks.look,
            title=str(article),
            why=_why(article),
            url=reverse("articles:detail", args=[article.pk]),
            verb=str(asks.verb),
            since=article.submitted_at,
            due_on=article.due_on,
        )
        for article in waiting[:SHOWN]
    ]


def _why(article: Article) -> str:
    """Whose it is and how long; and the step, where there are several."""
    words = _("%(unit)s, %(count)s characters") % {"unit": article.unit.short_name, "count": article.characters}
    if article.step and article.review_steps > 1:
        words = _("%(step)s: %(words)s") % {"step": article.step_label(article.step), "words": words}
    return words
