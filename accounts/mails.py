"""Mails to users: rows, written with what happened and sent by the worker; the door to Django's mail."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from . import links
from .models import Mail, Notice, Topic, User

logger = logging.getLogger(__name__)
Kind = Mail.Kind
LINK_EVERY = timedelta(minutes=10)  # a person gets one link for a new password
ANSWERS = (SMTPResponseException, SMTPRecipientsRefused)  # the server says that it did not take the mail
BATCH = 50


def write(kind: Kind, user: User, *, by: User | None = None, address: str = "", detail: str = "") -> None:
    write_all([draft(kind, user, by=by, address=address, detail=detail)])


def draft(kind: Kind, user: User, *, by: User | None = None, address: str = "", detail: str = "") -> Mail | None:
    """A mail to this user, or to `address` of theirs; None without any address, where there is nobody to write to."""
    if not (address or user.email):
        return None
    return Mail(kind=kind, user=user, by=by if by != user else None, address=address or user.email, detail=detail)


def write_all(drafts: Iterable[Mail | None]) -> None:
    Mail.objects.bulk_create(mail for mail in drafts if mail)


def ask_for_link(address: str) -> None:
    """Someone forgot a password. The worker looks whose address it is, so that the answer takes as long for anyone."""
    Mail.objects.create(kind=Kind.PASSWORD_LINK, address=address)


def write_notices(people: Iterable[User]) -> dict[int, Mail]:
    """One mail each for notices that are mailed at once, by the person's key."""
    mails = {person.pk: Mail(kind=Kind.NOTICE, user=person, address=person.email) for person in people}
    Mail.objects.bulk_create(mails.values())
    return mails


def send_due() -> None:
    """Send what waits, each on its own; what surely failed is tried again after 1, 5, 15, 60 and 240 minutes."""
    now = timezone.now()
    for mail in Mail.objects.due(now).select_related("user", "by").order_by("pk")[:BATCH]:
        if mail.claim(now):
            _send(mail)


def _send(mail: Mail) -> None:
    """Until `begin` nothing has gone out. After it only an answer of the server tells that the mail did not arrive."""
    message = _compose(mail)
    if message is None:
        mail.delete()
        return
    try:
        with get_connection() as connection:
            if mail.begin():
                connection.send_messages([message])
                mail.mark_sent()
    except (SMTPException, OSError) as error:
        logger.warning("mail %s: %s", mail.pk, error)
        if mail.sent_at:
            return  # the server had it, and hung up badly
        if mail.begun_at and not isinstance(error, ANSWERS):
            mail.mark_unsure(str(error))
        else:
            mail.mark_refused(str(error))


def _compose(mail: Mail) -> EmailMessage | None:
    """None when there is nothing to tell any more."""
    return _with_notices(mail) if mail.kind in (Kind.NOTICE, Kind.DAILY) else _about_account(mail)


def _with_notices(mail: Mail) -> EmailMessage | None:
    """Without what the person has read or what is settled meanwhile."""
    notices = list(mail.notices.unread().select_related("by", "link__user").order_by("created_at", "pk"))
    if not notices:
        return None
    subject = str(notices[0])
    if mail.kind == Kind.DAILY:
        asked = sum(notice.topic != Topic.NEWS for notice in notices)
        words = _("[Today at the bulletin] %(asked)s things to do, %(told)s to know")
        subject = words % {"asked": asked, "told": len(notices) - asked}
    context = {"places": [(notice, _place(notice)) for notice in notices], "mail": mail, "site": settings.SITE_URL}
    text = render_to_string("registration/notices_mail.txt", context).strip() + "\n"
    message = EmailMultiAlternatives(" ".join(subject.split()), text, to=[mail.address])
    message.attach_alternative(render_to_string("registration/notices_mail.html", context), "text/html")
    return message


def _place(notice: Notice) -> str:
    return links.url_of(notice.link) if notice.link else settings.SITE_URL + notice.url


def _about_account(mail: Mail) -> EmailMessage | None:
    context: dict[str, object] = {"site": settings.SITE_URL}
    user = mail.user
    if mail.kind == Kind.PASSWORD_LINK and user is None:
        user = mail.user = _owner_of(mail.address)
        if user is None or _had_a_link(user):
            return None
        mail.address = user.email
        mail.save(update_fields=["user", "address"])
    assert user, "only a link is asked for by somebody who may be nobody"
    if mail.kind == Kind.PASSWORD_LINK:
        context["link"] = settings.SITE_URL + password_address(user)
    elif mail.kind == Kind.ACCOUNT_MADE:
        context["link"] = links.url_of(links.make(user, "accounts:welcome", user.pk))
    context |= {"mail": mail, "name": user.name, "username": user.username, "kind": mail.kind}
    subject, _blank, body = render_to_string("registration/account_mail.txt", context).strip().partition("\n")
    return EmailMessage(subject.strip(), body.strip() + "\n", to=[mail.address])


def _owner_of(address: str) -> User | None:
    return User.objects.filter(Q(email__iexact=address) & ~Q(email=""), is_active=True).first()


def _had_a_link(user: User) -> bool:
    since = timezone.now() - LINK_EVERY
    return Mail.objects.filter(kind=Kind.PASSWORD_LINK, user=user, created_at__gte=since).exists()


def password_address(user: User) -> str:
    """Where this person chooses a password: once, within two hours."""
    kwargs = {"uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": default_token_generator.make_token(user)}
    return reverse("accounts:password_reset_confirm", kwargs=kwargs)
