"""A sender's address for each mail (VERP): what comes back to it names the mail, whatever is written inside.

bounces@example.cn → bounces+c12-5f0c…@example.cn: c for a copy, r for a reminder; the key; a keyed hash, so that nobody can
make one up.
"""

import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from ..models import Delivery, Outgoing, Reminder

_KINDS: dict[str, type[Outgoing]] = {"c": Delivery, "r": Reminder}
_OWN = re.compile(r"\+([cr])(\d{1,18})-([0-9a-f]{16})@")


def sender_of(row: Outgoing) -> str | None:
    """The sender on the envelope; None where the setting BOUNCE_ADDRESS is empty: that of the letter."""
    if not settings.BOUNCE_ADDRESS:
        return None
    kind = next(letter for letter, model in _KINDS.items() if isinstance(row, model))
    name, _at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{name}+{kind}{row.pk}-{_hash(kind, row.pk)}@{domain}"


def find(address: str) -> Outgoing | None:
    """The mail whose sender this is; None for an address that is not ours, or was made up."""
    found = _OWN.search(address)
    if not found or not constant_time_compare(found[3], _hash(found[1], int(found[2]))):
        return None
    return _KINDS[found[1]].objects.select_related("mailing").filter(pk=found[2]).first()


def _hash(kind: str, pk: int) -> str:
    return salted_hmac("distribution.bounces", f"{kind}{pk}", algorithm="sha256").hexdigest()[:16]
