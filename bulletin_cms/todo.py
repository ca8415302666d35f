"""What each person is asked to do, gathered from all apps: counts for the menu, rows for the home page."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, ArticleEvent
from articles.models import Status as ArticleStatus
from distribution import mailing
from distribution.models import Delivery, DeliveryQuerySet, Mailing, MailingStatus
from issues.models import Issue, IssueEvent
from issues.models import Status as IssueStatus

KINDS = ("write", "returned", "review", "sign", "assemble", "publish", "send", "trouble", "read")
# So many rows of one kind are shown on the home page; the rest is one line with a link.
SHOWN = 8


@dataclass(frozen=True)
class Task:
    """One row: `kind` is one of KINDS, `why` one line, `since` when it began to wait."""

    kind: str
    title: str
    why: str
    url: str
    verb: str
    since: datetime
    due_on: date | None = None

    @property
    def state(self) -> str:
        return f"todo.{self.kind}"

    @property
    def days_late(self) -> int:
        return max(0, (timezone.localdate() - self.due_on).days) if self.due_on else 0

    @property
    def order(self):
        return (-self.days_late, self.due_on or date.max, self.since)


def counts(user) -> dict[str, int]:
    """How many things of each kind wait for this person, for the menu of every page: four queries at most."""
    articles, issues = _article_counts(user), _issue_counts(user)
    accepted = articles.pop("accepted", 0)
    if "assemble" in issues and accepted and not issues["assemble"]:
        issues["assemble"] = 1  # a new issue is to be opened
    return articles | issues | _delivery_counts(user)


def _article_counts(user) -> dict[str, int]:
    wanted = {}
    if user.has_perm("articles.write_article"):
        mine = Q(created_by=user)
        wanted["write"] = Count("pk", filter=mine & Q(status=ArticleStatus.DRAFT))
        wanted["returned"] = Count("pk", filter=mine & Q(status=ArticleStatus.RETURNED))
    if user.has_perm("articles.review_article"):
        wanted["review"] = Count("pk", filter=Q(status=ArticleStatus.SUBMITTED) & ~Q(created_by=user))
    if user.has_perm("issues.assemble_issue"):
        wanted["accepted"] = Count("pk", filter=Q(status=ArticleStatus.ACCEPTED))
    unfinished = (ArticleStatus.DRAFT, ArticleStatus.RETURNED, ArticleStatus.SUBMITTED, ArticleStatus.ACCEPTED)
    return Article.objects.filter(status__in=unfinished).aggregate(**wanted) if wanted else {}


def _issue_counts(user) -> dict[str, int]:
    wanted = {}
    if user.has_perm("issues.sign_issue"):
        wanted["sign"] = Count("pk", filter=Q(status=IssueStatus.PENDING))
    if user.has_perm("issues.assemble_issue"):
        wanted["assemble"] = Count("pk", filter=Q(status=IssueStatus.DRAFT))
    if user.has_perm("issues.publish_issue"):
        wanted["publish"] = Count("pk", filter=Q(status=IssueStatus.SIGNED))
    unfinished = (IssueStatus.DRAFT, IssueStatus.PENDING, IssueStatus.SIGNED)
    found = Issue.objects.filter(status__in=unfinished).aggregate(**wanted) if wanted else {}
    if user.has_perm("distribution.manage_mailing"):
        found["send"] = mailing.ready_count()
    return found


def _delivery_counts(user) -> dict[str, int]:
    found = {"read": _to_read_rows(user).count()}
    if user.has_perm("distribution.manage_mailing"):
        found["trouble"] = _in_trouble().count()
    return found


def _in_trouble():
    """Mailings with a copy that needs a person, or paused by themselves."""
    copies = Delivery.objects.filter(status__in=DeliveryQuerySet.TROUBLE)
    is_broken = Q(status=MailingStatus.PAUSED) & ~Q(paused_because="")
    return Mailing.objects.filter(Q(pk__in=copies.values("mailing")) | is_broken)


def _to_read_rows(user):
    return Delivery.objects.of(user).unconfirmed()


def tasks(user, waiting: dict[str, int] | None = None) -> list[Task]:
    """The rows of the person's list: overdue first, then by the day they are due, then the longest waiting.

    `waiting` are the `counts`, where they are known: who has read all copies has no row of them to look for.
    """
    rows = []
    if user.has_perm("articles.write_article"):
        rows += _to_write(user)
    if user.has_perm("articles.review_article"):
        rows += _to_review(user)
    if user.has_perm("issues.sign_issue"):
        rows += _to_sign()
    if user.has_perm("issues.assemble_issue"):
        rows += _to_assemble()
    if user.has_perm("issues.publish_issue"):
        rows += _to_publish()
    if user.has_perm("distribution.manage_mailing"):
        rows += _to_send() + _to_mend()
    if waiting is None or waiting["read"]:
        rows += _to_read(user)
    return sorted(rows, key=lambda task: task.order)


def _to_write(user) -> list[Task]:
    mine = Article.objects.filter(created_by=user, status__in=Article.EDITABLE)
    rows = []
    for article in _with_return_note(mine).order_by("-status", "updated_at")[:SHOWN]:  # returned ones first
        is_returned = article.status == ArticleStatus.RETURNED
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


def _with_return_note(articles):
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


def _to_sign() -> list[Task]:
    sent = IssueEvent.objects.filter(issue=OuterRef("pk"), transition=Issue.SEND.name).order_by("-pk")
    pending = Issue.objects.filter(status=IssueStatus.PENDING).annotate(
        sent_by=Subquery(sent.values("by__name")[:1]), sent_at=Subquery(sent.values("at")[:1])
    )
    return [
        Task(
            kind="sign",
            title=_("Sign off %(issue)s") % {"issue": issue},
            why=_("Sent by %(name)s") % {"name": issue.sent_by or "—"},
            url=reverse("issues:sign_off", args=[issue.pk]),
            verb=_("Look and sign"),
            since=issue.sent_at or issue.updated_at,
            due_on=issue.dated_on,
        )
        for issue in pending[:SHOWN]
    ]


def _to_assemble() -> list[Task]:
    waiting = Article.objects.ready_to_place().count()
    drafts = Issue.objects.filter(status=IssueStatus.DRAFT).with_return().annotate(placed=Count("placements"))
    rows = [
        Task(
            kind="assemble",
            title=_("Assemble %(issue)s") % {"issue": issue},
            why=_why_on_the_desk(issue, waiting),
            url=reverse("issues:desk", args=[issue.pk]),
            verb=_("To the desk"),
            since=issue.created_at,
            due_on=issue.dated_on,
        )
        for issue in drafts[:SHOWN]
    ]
    if not rows and waiting:
        rows = [
            Task(
                kind="assemble",
                title=_("%(count)s accepted articles wait for an issue") % {"count": waiting},
                why=_("No issue is being assembled"),
                url=reverse("issues:list"),
                verb=_("Open an issue"),
                since=timezone.now(),
            )
        ]
    return rows


def _why_on_the_desk(issue, waiting) -> str:
    if issue.return_note:
        return _("%(name)s returned it: %(words)s") % {"name": issue.returned_by, "words": issue.return_note}
    return _("%(placed)s put in, %(waiting)s accepted and waiting") % {"placed": issue.placed, "waiting": waiting}


def _to_publish() -> list[Task]:
    signed = Issue.objects.filter(status=IssueStatus.SIGNED).order_by("dated_on").prefetch_related("sign_offs__by")
    return [
        Task(
            kind="publish",
            title=_("Issue %(issue)s") % {"issue": issue},
            why=_("Signed by %(name)s") % {"name": _signer(issue)},
            url=reverse("issues:desk", args=[issue.pk]),
            verb=_("To the desk"),
            since=issue.updated_at,
            due_on=issue.dated_on,
        )
        for issue in signed[:SHOWN]
    ]


def _signer(issue) -> str:
    return next((str(sign_off.by) for sign_off in issue.sign_offs.all() if sign_off.withdrawn_at is None), "—")


def _to_send() -> list[Task]:
    return [
        Task(
            kind="send",
            title=_("Send out %(issue)s") % {"issue": issue},
            why=_("Issued, not sent to anyone yet"),
            url=reverse("distribution:prepare", args=[issue.pk]),
            verb=_("To sending"),
            since=issue.issued_at,
        )
        for issue in mailing.ready_issues()[:SHOWN]
    ]


def _to_mend() -> list[Task]:
    trouble = Count("deliveries", filter=Q(deliveries__status__in=DeliveryQuerySet.TROUBLE))
    return [
        Task(
            kind="trouble",
            title=str(row),
            why=_why_to_mend(row),
            url=reverse("distribution:detail", args=[row.pk]),
            verb=_("Look"),
            since=row.started_at,
        )
        for row in _in_trouble().select_related("issue").annotate(trouble=trouble)[:SHOWN]
    ]


def _why_to_mend(mailing) -> str:
    if mailing.paused_because:
        return _("It paused by itself: %(why)s") % {"why": mailing.paused_because}
    return _("%(count)s copies need a person") % {"count": mailing.trouble}


def _to_read(user) -> list[Task]:
    return [
        Task(
            kind="read",
            title=str(delivery.mailing.issue),
            why=_("For %(reader)s") % {"reader": delivery.reader},
            url=reverse("distribution:copy", args=[delivery.pk]),
            verb=_("Read and confirm"),
            since=delivery.sent_at or delivery.mailing.started_at,
        )
        for delivery in _to_read_rows(user).select_related("mailing__issue", "reader")[:SHOWN]
    ]


def watched(user) -> dict:
    """What one watches without having to act: one's own articles, the issue in the making."""
    blocks = {}
    if user.has_perm("articles.write_article"):
        mine = Article.objects.kept().written_here().filter(created_by=user).select_related("placement__issue")
        blocks["my_articles"] = _with_return_note(mine)[:5]
    if user.has_perm("issues.assemble_issue") or user.has_perm("issues.publish_issue"):
        blocks["open_issues"] = Issue.objects.open().order_by("dated_on", "pk")[:3]
    if user.has_perm("issues.read_archive"):
        blocks["latest_issues"] = Issue.objects.issued().visible_to(user).newest_first()[:3]
    copies = Delivery.objects.of(user).select_related("mailing__issue", "reader")
    blocks["my_copies"] = copies.order_by("-pk")[:5]
    return blocks
