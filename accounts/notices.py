"""What people are told of documents: rows behind the bell, written by the moves themselves, and mailed at once or once a day."""

from datetime import datetime, time, timedelta

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.documents import Transition
from workflow.events import Event
from workflow.notices import Tell
from workflow.refusals import Refused

from . import links, mails, robots
from .models import Mail, Notice, NoticeQuerySet, PersonalLink, Rhythm, User, matter_of

DAILY_AT = time(8)


def tell(document: models.Model, move: Transition, event: Event) -> None:
    """After a move: what was asked for before is settled, those whom it concerns are told, and the robots say so."""
    settle(document)
    for each in move.tells:
        write(document, each, by=event.by_id, note=event.note)
    if move.announces:
        robots.announce(str(move.announces % {"title": document}))


def settle(document: models.Model, apart: str = "", *, of: User | None = None) -> None:
    """What the notices about it ask for is done: by everybody, or by one of them."""
    found = Notice.objects.about(document, apart).asking()
    (found.filter(user=of) if of else found).update(settled_at=timezone.now())


def write(document: models.Model, what: Tell, *, by: int | None, note: str = "") -> None:
    """Tell everybody but the person who did it. One that says the same and was neither read nor mailed is replaced."""
    people = [person for person in what.to(document) if person.is_active and person.pk != by]
    same = Notice.objects.about(document, what.apart).filter(user__in=people, word=str(what.word), mail=None)
    same.unread().delete()
    sent = mails.write_notices(person for person in people if person.rhythm_of(what.topic) == Rhythm.AT_ONCE)
    Notice.objects.bulk_create(
        Notice(
            user=person,
            by_id=by,
            topic=what.topic,
            matter=matter_of(document, what.apart),
            word=str(what.word),
            title=str(document)[:220],
            note=note,
            verb=str(what.verb),
            url=reverse(what.page, args=[document.pk]),
            is_for_daily_mail=person.rhythm_of(what.topic) == Rhythm.DAILY,
            mail=sent.get(person.pk),
            link=_link(person, what, document),
        )
        for person in people
    )


def _link(person: User, what: Tell, document: models.Model) -> PersonalLink | None:
    is_mailed = person.rhythm_of(what.topic) != Rhythm.HERE
    return links.make(person, *what.link(document)) if what.link and is_mailed else None


def send_again(expired: PersonalLink) -> Notice:
    """Mail the notice of this link once more, with a new link. Raises Refused when that was done, or it asks for nothing."""
    with transaction.atomic():
        links.use(expired)
        notice = Notice.objects.select_for_update(of=("self",)).filter(link=expired, settled_at=None).first()
        if notice is None:
            raise Refused(_("This link has been used."))
        notice.mail = mails.write_notices([expired.user])[expired.user_id]
        notice.link = links.make(expired.user, expired.page, expired.subject)
        notice.read_at, notice.is_for_daily_mail = None, False
        notice.save()
        return notice


def mark_read(found: NoticeQuerySet) -> None:
    """What is read stands in no daily mail any more."""
    found.filter(read_at=None).update(read_at=timezone.now())


def write_daily_mails(now: datetime | None = None) -> None:
    """One mail a day for each person, with what came before the hour of the mail. Safe to run at any time, any number of times.

    The hour is asked of the rows, so that a day on which nothing ran at that hour loses no mail.
    """
    hour = _last_hour(now or timezone.now())
    people = User.objects.filter(is_active=True).exclude(email="")
    waiting = Notice.objects.unread().filter(is_for_daily_mail=True, created_at__lt=hour)
    for person in people.filter(pk__in=waiting.values("user")):
        with transaction.atomic():
            # The constraint lets one worker write it; what comes in late waits for the next day.
            mail, is_new = Mail.objects.get_or_create(
                kind=Mail.Kind.DAILY, user=person, day=hour.date(), defaults={"address": person.email}
            )
            if is_new:
                waiting.filter(user=person).update(is_for_daily_mail=False, mail=mail)


def _last_hour(now: datetime) -> datetime:
    """When the daily mails were last due."""
    local = timezone.localtime(now)
    hour = datetime.combine(local.date(), DAILY_AT, tzinfo=local.tzinfo)
    return hour if hour <= local else hour - timedelta(days=1)
