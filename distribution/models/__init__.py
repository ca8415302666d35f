"""The models of distribution, by what they are about."""

from .addressing import PrintedLine, ReaderGroup
from .archive import ARCHIVE, ArchivePackage
from .delivery import Delivery, DeliveryEvent, DeliveryQuerySet
from .mailing import MANAGE, Mailing, MailingEvent, MailingStatus
from .outgoing import DeliveryStatus, Outgoing, ReminderStatus
from .preparing import PlannedStart, PlanStatus, TrialCopy, WebhookTrial
from .reader import BY_MAIL, Channel, Reader, ReaderQuerySet, address_taken, lack
from .reading import AccessLog, Receipt
from .reminder import Reminder

KINDS: tuple[type[Outgoing], ...] = (Delivery, Reminder)  # all that the queue moves

__all__ = [
    "ARCHIVE", "AccessLog", "ArchivePackage", "BY_MAIL", "Channel", "Delivery", "DeliveryEvent", "DeliveryQuerySet",
    "DeliveryStatus", "KINDS", "MANAGE",
    "Mailing", "MailingEvent", "MailingStatus", "Outgoing", "PlanStatus", "PlannedStart", "PrintedLine", "Reader",
    "ReaderGroup", "ReaderQuerySet", "Receipt", "Reminder", "ReminderStatus", "TrialCopy", "WebhookTrial",
    "address_taken", "lack",
]  # fmt: skip
