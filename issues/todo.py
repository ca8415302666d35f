"""What waits in the issues for a person: to assemble, to sign, to issue."""

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from workflow import counts as of_person
from workflow.todo import SHOWN, Task

from .models import Issue, IssueEvent, Status


def counts(user) -> dict[str, int]:
    return of_person.answer(_in_issues, user)


def _in_issues(user) -> dict[str, int]:
    wanted = {}
    if user.has_perm("issues.sign_issue"):
        wanted["sign"] = Count("pk", filter=Q(pk__in=Issue.objects.to_sign(user).values("pk")))
    if user.has_perm("issues.assemble_issue"):
        wanted["assemble"] = Count("pk", filter=Q(status=Status.DRAFT))
    if user.has_perm("issues.publish_issue"):
        wanted["publish"] = Count("pk", filter=Q(status=Status.SIGNED))
    return Issue.objects.open().aggregate(**wanted) if wanted else {}


def tasks(user) -> list[Task]:
    rows = []
    if user.has_perm("issues.sign_issue"):
        rows += _to_sign(user)
    if user.has_perm("issues.assemble_issue"):
        rows += _to_assemble()
    if user.has_perm("issues.publish_issue"):
        rows += _to_publish()
    return rows


def _to_sign(user) -> list[Task]:
    sent = IssueEvent.objects.filter(issue=OuterRef("pk"), transition=Issue.SEND.name).order_by("-pk")
    pending = (
        Issue.objects.to_sign(user)
        .select_related("bulletin")
        .annotate(sent_by=Subquery(sent.values("by__name")[:1]), sent_at=Subquery(sent.values("at")[:1]))
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
            series=str(issue.bulletin),
        )
        for issue in pending[:SHOWN]
    ]


def _to_assemble() -> list[Task]:
    waiting = Article.objects.ready_to_place().count()
    drafts = (
        Issue.objects.filter(status=Status.DRAFT)
        .select_related("bulletin")
        .with_return()
        .annotate(placed=Count("placements"))
    )
    rows = [
        Task(
            kind="assemble",
            title=_("Assemble %(issue)s") % {"issue": issue},
            why=_why_on_the_desk(issue, waiting),
            url=reverse("issues:desk", args=[issue.pk]),
            verb=_("To the desk"),
            since=issue.created_at,
            due_on=issue.dated_on,
            series=str(issue.bulletin),
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
    if issue.edition:
        return _("Being written; readers of the issue wait for it")
    return _("%(placed)s put in, %(waiting)s accepted and waiting") % {"placed": issue.placed, "waiting": waiting}


def _to_publish() -> list[Task]:
    signed = (
        Issue.objects.filter(status=Status.SIGNED)
        .select_related("bulletin")
        .order_by("dated_on")
        .prefetch_related("sign_offs__by")
    )
    return [
        Task(
            kind="publish",
            title=_("Issue %(issue)s") % {"issue": issue},
            why=_("Signed by %(name)s") % {"name": _signer(issue)},
            url=reverse("issues:desk", args=[issue.pk]),
            verb=_("To the desk"),
            since=issue.updated_at,
            due_on=issue.dated_on,
            series=str(issue.bulletin),
        )
        for issue in signed[:SHOWN]
    ]


def _signer(issue) -> str:
    return next((str(sign_off.by) for sign_off in issue.sign_offs.all() if sign_off.withdrawn_at is None), "—")
