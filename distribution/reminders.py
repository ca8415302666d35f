"""Reminds the readers who have not confirmed (催签), and sets until when they should."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.dates import written
from issues.models import Issue
from workflow.refusals import Refused, permit
from workflow.worker import notify

from . import links
from .channels.email.letter import message_id
from .mailing import refuse_withdrawn
from .models import MANAGE, Delivery, DeliveryEvent, DeliveryQuerySet, Mailing, MailingStatus, Reminder

BATCH = 500
FROM_HOUR = 9  # no official mail before the office opens


@dataclass(frozen=True)
class Plan:
    """Whom a reminder reaches now, of those who have not confirmed, and whom it does not, and why."""

    ready: list[Delivery]
    reminded_today: list[Delivery]
    on_paper: list[Delivery]
    not_by_mail: list[Delivery]
    not_arrived: list[Delivery]

    @property
    def total(self) -> int:
        return (
            len(self.ready)
            + len(self.reminded_today)
            + len(self.on_paper)
            + len(self.not_by_mail)
            + len(self.not_arrived)
        )


def plan(copies: DeliveryQuerySet) -> Plan:
    """`copies` are those of one mailing that a list shows: `receipt_table.listed`."""
    today, found = timezone.localdate(), Plan([], [], [], [], [])
    for copy in copies.unconfirmed():
        if copy.is_on_paper:
            found.on_paper.append(copy)
        elif not copy.is_by_mail:
            found.not_by_mail.append(copy)
        elif copy.is_held or not copy.has_arrived:
            found.not_arrived.append(copy)
        elif copy.reminded_at and timezone.localdate(copy.reminded_at) == today:
            found.reminded_today.append(copy)
        else:
            found.ready.append(copy)
    return found


def remind(mailing: Mailing, copies: DeliveryQuerySet, *, by, shown_at: datetime | None = None) -> int:
    """Queue a reminder for each of these copies whose reader can be reminded today; returns how many.

    What arrived after `shown_at`, when the person looked, is left out.
    """
    permit(by, MANAGE)
    with transaction.atomic():
        mailing = _locked(mailing)
        refuse_withdrawn(mailing.issue)
        if mailing.status == MailingStatus.PAUSED:
            raise Refused(_("The mailing is paused. Press “Resume” on its page first, then remind."))
        count = _queue(mailing, copies.sent_until(shown_at or timezone.now()), by)
        if not count:
            raise Refused(
                _("There is nobody to remind: they have confirmed, were reminded today, or have no mail yet.")
            )
    return count


def remind_by_itself() -> None:
    """Where a mailing is set to: so many days before the day by which to confirm, and on it, from nine o'clock.

    A day on which nothing ran is made up for until that day is over. Running it twice, or with a clock that jumps, reminds once.
    """
    now = timezone.localtime()
    if now.hour < FROM_HOUR:
        return
    moving = Mailing.objects.filter(status__in=Reminder.SENT_WHILE, remind_days__isnull=False)
    moving = moving.exclude(issue__in=Issue.objects.withdrawn())
    for mailing in moving.filter(confirm_by__gte=now.date()):
        with transaction.atomic():
            row = _locked(mailing)
            due = _last_due(row, now.date())
            if due and (row.reminded_itself_on is None or row.reminded_itself_on < due):
                row.reminded_itself_on = now.date()
                row.save(update_fields=["reminded_itself_on"])
                # Who got the copy today is not pressed on the same day.
                midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
                _queue(row, row.deliveries.sent_until(midnight), None)


def _last_due(mailing: Mailing, today: date) -> date | None:
    """The last day up to today on which it should remind."""
    last, days = mailing.confirm_by, mailing.remind_days
    if last is None or days is None:
        return None
    return max((day for day in (last - timedelta(days=days), last) if day <= today), default=None)


def _locked(mailing: Mailing) -> Mailing:
    return Mailing.objects.select_for_update(of=("self",)).select_related("issue").get(pk=mailing.pk)


def _queue(mailing: Mailing, copies: DeliveryQuerySet, by) -> int:
    """The caller holds the mailing's lock."""
    today = timezone.localdate()
    found = list(copies.filter(mailing=mailing).remindable(today).order_by("pk"))
    if not found:
        return 0
    for copy in found:
        copy.mailing = mailing
        if not copy.is_link_valid:  # a reminder whose button opens nothing would be none
            links.renew(copy)
            copy.save(update_fields=links.RENEWED)
    made = Reminder.objects.bulk_create(
        (
            Reminder(
                mailing=mailing,
                delivery=copy,
                day=today,
                asked_by=by,
                address=copy.address,
                message_id=message_id(mailing, copy.reader_id, today),
            )
            for copy in found
        ),
        batch_size=BATCH,
    )
    events = (reminder.event(DeliveryEvent.What.REMINDED, by=by) for reminder in made)
    DeliveryEvent.objects.bulk_create(events, batch_size=BATCH)
    note = _("%(count)s readers") % {"count": len(made)}
    mailing.events.create(by=by, transition="remind", from_status="", to_status=mailing.status, note=note)
    notify("distribution.tasks.pump")
    return len(made)


def last_round(mailing: Mailing) -> dict | None:
    """The last day on which readers were reminded, and how many of these reminders are sent, open and so on. One query."""
    counted = mailing.reminders.values("day", "status").annotate(count=Count("pk")).order_by("-day")
    rows = list(counted)
    if not rows:
        return None
    counts = {row["status"]: row["count"] for row in rows if row["day"] == rows[0]["day"]}
    names = ("sent", "failed", "unsure", "dropped")
    numbers = {name: counts.get(name, 0) for name in names}
    return numbers | {
        "day": rows[0]["day"],
        "all": sum(counts.values()),
        "open": sum(counts.values()) - sum(numbers.values()),
    }


def set_deadline(mailing: Mailing, confirm_by: date | None, remind_days: int | None, *, by) -> None:
    """Until when readers should confirm; with `remind_days` they are reminded so many days before, and on the day."""
    permit(by, MANAGE)
    if remind_days is not None and confirm_by is None:
        raise Refused(_("Without a day by which to confirm there is none on which to remind. Please give it."))
    with transaction.atomic():
        row = Mailing.objects.select_for_update().get(pk=mailing.pk)
        row.confirm_by, row.remind_days, row.reminded_itself_on = confirm_by, remind_days, None
        row.save(update_fields=["confirm_by", "remind_days", "reminded_itself_on"])
        note = written(confirm_by) if confirm_by else _("none")
        row.events.create(by=by, transition="deadline", from_status="", to_status=row.status, note=note)
