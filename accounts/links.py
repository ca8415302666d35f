"""Personal links in mails to users: each lets one person do one thing once, without signing in, within seven days.

The secret is derived from the secret key when the mail is written; the database keeps its hash. What the link is about
stands in `page`, the name of the page that it opens, and `subject`, the key of a row which that page knows.
"""

import hashlib
from base64 import urlsafe_b64encode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from workflow.refusals import Refused

from .models import PersonalLink, User


def make(user: User, page: str, subject: int) -> PersonalLink:
    link = PersonalLink(user=user, page=page, subject=subject, created_at=timezone.now())
    link.token_hash = hash_of(token_of(link))
    link.save()
    return link


def token_of(link: PersonalLink) -> str:
    """256 bits in 43 characters of base64url."""
    text = f"{link.user_id} {link.page} {link.subject} {link.created_at.isoformat()}"
    digest = salted_hmac("accounts.links", text, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def url_of(link: PersonalLink) -> str:
    return settings.SITE_URL + reverse(link.page, args=[token_of(link)])


def find(token: str, page: str) -> PersonalLink | None:
    """None for a link that is altered, used or expired, or whose owner may not sign in any more."""
    link = _unused(token, page)
    return link if link and timezone.now() < link.expires_at else None


def find_expired(token: str, page: str) -> PersonalLink | None:
    """One that has only become too old: its owner may be sent another (accounts.notices.send_again)."""
    link = _unused(token, page)
    return link if link and timezone.now() >= link.expires_at else None


def _unused(token: str, page: str) -> PersonalLink | None:
    links = PersonalLink.objects.select_related("user__unit").filter(user__is_active=True, used_at=None)
    return links.filter(page=page, token_hash=hash_of(token)).first()


def use(link: PersonalLink) -> None:
    """Refused to whoever comes second. The caller's transaction holds what the link is used for."""
    if not PersonalLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
        raise Refused(_("This link has been used."))
