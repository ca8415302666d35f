"""What waits in the mailings for a person: to send, to look after, to read."""

from django.db.models import BigIntegerField, Count, Q, Value, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.dates import short
from workflow.todo import SHOWN, Task

from . import mailing
from .models import Delivery, DeliveryQuerySet, Mailing, MailingStatus, PlannedStart, ReturnedMail


def counts(user) -> dict[str, int]:
    found = {"read": _to_read_rows(user).count()}
    if user.has_perm("distribution.manage_mailing"):
        found["trouble"] = _trouble_count()
        found["send"] = mailing.ready_count()
    return found


def _trouble_count() -> int:
    """One for each such mailing, and one for all returned mail that was not recognised. One query."""
    returned = ReturnedMail.objects.waiting().order_by().values_list(Value(-1, output_field=BigIntegerField()))
    return _in_trouble().order_by().values_list("pk").union(returned).count()


def _in_trouble():
    """Mailings with a copy that needs a person, or paused by themselves."""
    copies = Delivery.objects.filter(status__in=DeliveryQuerySet.TROUBLE)
    is_broken = Q(status=MailingStatus.PAUSED) & ~Q(paused_because="")
    return Mailing.objects.filter(Q(pk__in=copies.values("mailing")) | is_broken)


def _to_read_rows(user):
    return Delivery.objects.of(user).unconfirmed()


def tasks(user, *, reads: bool = True) -> list[Task]:
    """`reads` is False for who has read all copies: no row of them is looked for."""
    rows = []
    if user.has_perm("distribution.manage_mailing"):
        rows += _to_send() + _to_look_after()
    if reads:
        rows += _to_read(user)
    return rows


def _to_send() -> list[Task]:
    issues = list(mailing.ready_issues()[:SHOWN])
    # The newest of an issue stands last and so counts.
    planned = {row.issue_id: row for row in PlannedStart.objects.filter(issue__in=issues).order_by("pk")}
    return [
        Task(
            kind="send",
            title=_("Send out %(issue)s") % {"issue": issue},
            why=_why_unsent(planned.get(issue.pk)),
            url=reverse("distribution:prepare", args=[issue.pk]),
            verb=_("To sending"),
            since=issue.issued_at,
            series=str(issue.bulletin),
        )
        for issue in issues
    ]


def _why_unsent(planned: PlannedStart | None) -> str:
    if planned and planned.has_failed:
        return _("The planned start did not happen: %(why)s") % {"why": planned.error}
    if planned and planned.is_waiting:
        at = timezone.localtime(planned.start_at)
        return _("Starts by itself on %(day)s at %(time)s") % {"day": short(at.date()), "time": f"{at:%H:%M}"}
    return _("Issued, not sent to anyone yet")


def _to_look_after() -> list[Task]:
    trouble = Count("deliveries", filter=Q(deliveries__status__in=DeliveryQuerySet.TROUBLE))
    return _to_recognise() + [
        Task(
            kind="trouble",
            title=str(row),
            why=_why(row),
            url=reverse("distribution:detail", args=[row.pk]),
            verb=_("Look"),
            since=row.started_at,
            series=str(row.issue.bulletin),
        )
        for row in _in_trouble().select_related("issue__bulletin").annotate(trouble=trouble)[:SHOWN]
    ]


def _to_recognise() -> list[Task]:
    oldest = ReturnedMail.objects.waiting().order_by("pk").annotate(count=Window(Count("pk"))).first()
    if oldest is None:
        return []
    return [
        Task(
            kind="returned_mail",
            title=_("Returned mail that was not recognised"),
            why=_("%(count)s mails of which the program can't tell what came back, and from whom")
            % {"count": oldest.count},
            url=reverse("distribution:returned"),
            verb=_("Look"),
            since=oldest.read_at,
        )
    ]


def _why(mailing) -> str:
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
            series=str(delivery.mailing.issue.bulletin),
        )
        for delivery in _to_read_rows(user).select_related("mailing__issue__bulletin", "reader")[:SHOWN]
    ]
