"""What is posted to a unit's own system about a copy: a short JSON with the reader's link, signed. docs/webhook.md tells the
unit's programmers about it."""

import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from issues.content import content_of

from ... import links
from ...models import Delivery, Reader, WebhookTrial


@dataclass(frozen=True)
class Message:
    """`key` is the same for every try of one copy, so that the other side knows what it has already."""

    key: str
    body: bytes


def secret_of(reader: Reader) -> str:
    """The key that signs what goes to this reader's system: derived like the personal links, so that it is kept nowhere."""
    text = f"{reader.pk} {reader.webhook_generation}"
    digest = salted_hmac("distribution.webhook", text, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def signature(secret: str, seconds: int, body: bytes) -> str:
    """Of the time and the body together, so that neither can be changed nor an old one sent again."""
    return "sha256=" + hmac.new(secret.encode(), f"{seconds}.".encode() + body, sha256).hexdigest()


def headers(message: Message, secret: str, attempt: int) -> dict[str, str]:
    seconds = int(timezone.now().timestamp())
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "bulletin-cms",
        "Idempotency-Key": message.key,
        "X-Bulletin-Attempt": str(attempt),
        "X-Bulletin-Timestamp": str(seconds),
        "X-Bulletin-Signature": signature(secret, seconds, message.body),
    }


def of_copy(copy: Delivery) -> Message:
    """A link that was renewed makes it another message: the other side has to take it although it has the first."""
    issue, mailing = copy.mailing.issue, copy.mailing
    said = content_of(issue)
    key = f"{copy.message_id.strip('<>')}/{copy.generation}"
    words = {
        "event": "issue",
        "id": key,
        "edition": issue.edition,
        "bulletin": "".join(said.name_lines),
        "publisher": said.publisher,
        "number": str(issue),
        "title": mailing.subject,
        "date": issue.dated_on,
        "reader": str(copy.reader),
        "link": links.url_of(links.token_of(copy)),
        "link_valid_until": copy.link_expires_at,
        "confirm_by": mailing.confirm_by,
        "pdf_sha256": issue.pdf_sha256,
    }
    return Message(key, _encoded(words))


def of_trial(trial: WebhookTrial) -> Message:
    """To see whether the other side takes it: no issue, no link."""
    key = f"trial.{trial.pk}@{settings.SITE_URL.rpartition('/')[2]}"
    words = {"event": "test", "id": key, "reader": str(trial.reader), "title": _("A test post; nothing is to be done.")}
    return Message(key, _encoded(words))


def _encoded(words: dict[str, Any]) -> bytes:
    return json.dumps(words, ensure_ascii=False, default=_plain).encode()


def _plain(value: date) -> str:
    moment = timezone.localtime(value).replace(microsecond=0) if isinstance(value, datetime) else value
    return moment.isoformat()
