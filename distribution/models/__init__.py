"""The models of distribution, by what they are about."""

from .delivery import Delivery, DeliveryEvent, DeliveryQuerySet
from .mailing import MANAGE, Mailing, MailingEvent, MailingStatus
from .outgoing import DeliveryStatus, Outgoing, ReminderStatus
from .reader import Reader, ReaderQuerySet
from .reading import AccessLog, Receipt
from .reminder import Reminder

__all__ = [
    "AccessLog", "Delivery", "DeliveryEvent", "DeliveryQuerySet", "DeliveryStatus", "MANAGE", "Mailing", "MailingEvent",
    "MailingStatus", "Outgoing", "Reader", "ReaderQuerySet", "Receipt", "Reminder", "ReminderStatus",
]  # fmt: skip
