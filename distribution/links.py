"""Personal links: derived from the secret key for one copy of one issue; the database keeps only their hashes."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from issues.models import Issue

from .models import Delivery

VALID_FOR = timedelta(days=365)


def token_of(delivery: Delivery) -> str:
    """256 bits in 43 characters of base64url: bound to the reader, the mailing, the very PDF and the link's generation."""
    return derive(delivery.mailing.issue, delivery.mailing_id, delivery.reader_id, delivery.generation)


def derive(issue: Issue, mailing_id: int, reader_id: int, generation: int) -> str:
    text = f"{mailing_id} {reader_id} {generation} {issue.pk} {issue.pdf_sha256}"
    digest = salted_hmac("distribution.links", text, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def url_of(token: str) -> str:
    return settings.SITE_URL + reverse("distribution:reader_page", args=[token])


def expiry():
    return timezone.now() + VALID_FOR


RENEWED = ("generation", "revoked_at", "link_expires_at", "token_hash")


def renew(delivery: Delivery) -> None:
    """Another link instead of the present one; the caller saves the fields RENEWED."""
    delivery.generation += 1
    delivery.revoked_at, delivery.link_expires_at = None, expiry()
    delivery.token_hash = hash_of(token_of(delivery))


def find(token: str) -> Delivery | None:
    """The copy that the link opens; None for a link that is altered, expired or revoked."""
    delivery = find_expired_too(token)
    return delivery if delivery and delivery.is_link_valid else None


def find_expired_too(token: str) -> Delivery | None:
    return (
        Delivery.objects.select_related("mailing__issue__bulletin", "mailing__issue__frozen", "reader", "receipt")
        .filter(token_hash=hash_of(token))
        .first()
    )
