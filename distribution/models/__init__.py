"""The models of distribution, by what they are about."""

from .delivery import Delivery, DeliveryEvent, DeliveryQuerySet, DeliveryStatus
from .mailing import MANAGE, Mailing, MailingEvent, MailingStatus
from .reader import Reader, ReaderQuerySet, address_taken
from .reading import AccessLog, Receipt

__all__ = [
    "AccessLog", "Delivery", "DeliveryEvent", "DeliveryQuerySet", "DeliveryStatus", "MANAGE", "Mailing", "MailingEvent",
    "MailingStatus", "Reader", "ReaderQuerySet", "Receipt", "address_taken",
]  # fmt: skip
