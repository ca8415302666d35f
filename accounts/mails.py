"""Mails to users about their account: rows, written with what happened and sent by the worker; the door to Django's mail."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from .models import Mail, User

logger = logging.getLogger(__name__)
Kind = Mail.Kind
LINK_EVERY = timedelta(minutes=10)  # a person gets one link for a new password
TRIES_AFTER = (1, 5, 15, 60, 240)  # minutes
BATCH = 50


def write(kind: Kind, user: User, *, by: User | None = None, address: str = "", detail: str = "") -> None:
    """A mail to this user, or to `address` of theirs; without any address there is nobody to write to."""
    if address or user.email:
        by = by if by != user else None
        Mail.objects.create(kind=kind, user=user, by=by, address=address or user.email, detail=detail)


def ask_for_link(address: str) -> None:
    """Someone forgot a password. The worker looks whose address it is, so that the answer takes as long for anyone."""
    Mail.objects.create(kind=Kind.PASSWORD_LINK, address=address)


def send_due() -> None:
    """Send what waits, each on its own; what fails is tried again after 1, 5, 15, 60 and 240 minutes."""
    now = timezone.now()
    due = Mail.objects.filter(sent_at=None, next_try_at__lte=now)
    for mail in due.select_related("user", "by").order_by("pk")[:BATCH]:
        if not _claim(mail, now):
            continue
        try:
            _send(mail)
        except (SMTPException, OSError) as error:
            mail.error = str(error)[:500]
            mail.save(update_fields=["error"])
            logger.warning("mail %s could not be sent: %s", mail.pk, error)


def _claim(mail: Mail, now) -> bool:
    """Moves the next try ahead before the mail goes out, so that no other worker takes the same row."""
    minutes = TRIES_AFTER[mail.attempts] if mail.attempts < len(TRIES_AFTER) else None
    later = now + timedelta(minutes=minutes) if minutes else None
    mine = Mail.objects.filter(pk=mail.pk, sent_at=None, attempts=mail.attempts)
    return bool(mine.update(attempts=F("attempts") + 1, next_try_at=later))


def _send(mail: Mail) -> None:
    context: dict[str, object] = {"site": settings.SITE_URL}
    user = mail.user
    if mail.kind == Kind.PASSWORD_LINK and user is None:
        user = mail.user = _owner_of(mail.address)
        if user is None or _had_a_link(user):
            mail.delete()
            return
        mail.address = user.email
        mail.save(update_fields=["user", "address"])
    assert user, "only a link is asked for by somebody who may be nobody"
    if mail.kind == Kind.PASSWORD_LINK:
        context["link"] = _link_for(user)
    context |= {"mail": mail, "name": user.name, "username": user.username, "kind": mail.kind}
    subject, _blank, body = render_to_string("registration/account_mail.txt", context).strip().partition("\n")
    EmailMessage(subject.strip(), body.strip() + "\n", to=[mail.address]).send()
    mail.sent_at, mail.error = timezone.now(), ""
    mail.save(update_fields=["sent_at", "error"])


def _owner_of(address: str) -> User | None:
    return User.objects.filter(Q(email__iexact=address) & ~Q(email=""), is_active=True).first()


def _had_a_link(user: User) -> bool:
    since = timezone.now() - LINK_EVERY
    return Mail.objects.filter(kind=Kind.PASSWORD_LINK, user=user, created_at__gte=since).exists()


def _link_for(user: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    kwargs = {"uidb64": uid, "token": default_token_generator.make_token(user)}
    return settings.SITE_URL + reverse("accounts:password_reset_confirm", kwargs=kwargs)
