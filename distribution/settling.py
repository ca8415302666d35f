"""How a mail moves after it was sent, by what is found out later: it came back, or it arrived after all.

sent | unsure -bounced-> failed      unsure -arrived-> sent

Each is one guarded UPDATE with its event, which says how it was found out. A person's own word is in mailing.py.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import notices

from .models import Delivery, DeliveryEvent, DeliveryStatus, HeldAddress, Mailing, MailingStatus, Outgoing

What = DeliveryEvent.What
Source = HeldAddress.Source
_FREE = {"lease_by": "", "lease_until": None}
# Being sent too: the report may come before the worker has written down that the server took it.
_RETURNABLE = (DeliveryStatus.SENT, DeliveryStatus.UNSURE, DeliveryStatus.SENDING)


def bounced(row: Outgoing, words: str, reason: str, source: str) -> bool:
    """It came back. `words` are the server's, `reason` what they mean. False: it is on its way again, or failed before."""
    note = _("%(reason)s: %(words)s (%(source)s)")
    said = {"reason": reason, "words": words, "source": Source(source).label}
    return _move(row, _RETURNABLE, What.BOUNCED, note % said, status=DeliveryStatus.FAILED, sent_at=None, error=words)


def arrived(row: Outgoing, how: str) -> bool:
    """One of which nobody knew whether it was sent: `how` says how that was found out."""
    sent = {"status": DeliveryStatus.SENT, "sent_at": timezone.now(), "error": ""}
    return _move(row, (DeliveryStatus.UNSURE,), What.ARRIVED, how, **sent)


def delayed(row: Outgoing, words: str) -> None:
    """A server on the way still tries: nothing changes, but it is shown."""
    row.event(What.DELAYED, words).save()


@transaction.atomic
def _move(row: Outgoing, before: tuple[str, ...], what: str, note: str, **fields) -> bool:
    # Without the token: the worker that lost it has nothing more to say.
    if not type(row).objects.filter(pk=row.pk, status__in=before).update(**_FREE, **fields):
        return False
    row.event(what, note).save()
    if isinstance(row, Delivery):
        settle_notices(row.mailing)
    return True


def settle_notices(mailing: Mailing) -> None:
    """Nobody need be told any more, when nothing of a mailing that is through needs a person."""
    if mailing.status == MailingStatus.DONE and not mailing.deliveries.shown_as("trouble").exists():
        notices.settle(mailing)
