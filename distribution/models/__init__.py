"""The models of distribution, by what they are about."""

from .addressing import PrintedLine, ReaderGroup
from .archive import ARCHIVE, ArchivePackage
from .delivery import Delivery, DeliveryEvent, DeliveryQuerySet
from .held import HeldAddress
from .mailing import MANAGE, Mailing, MailingEvent, MailingStatus
from .outgoing import DeliveryStatus, Outgoing, ReminderStatus
from .preparing import PlannedStart, PlanStatus, TrialCopy, WebhookTrial
from .reader import BY_MAIL, Attached, Channel, Reader, ReaderQuerySet, address_taken, lack
from .reading import AccessLog, Receipt
from .reminder import Reminder
from .returned import QueuedAtServer, ReadingMark, ReturnedMail

KINDS: tuple[type[Outgoing], ...] = (Delivery, Reminder)  # all that the queue moves

__all__ = [
    "ARCHIVE", "AccessLog", "ArchivePackage", "Attached", "BY_MAIL", "Channel", "Delivery", "DeliveryEvent", "DeliveryQuerySet",
    "DeliveryStatus", "HeldAddress", "KINDS", "MANAGE", "Mailing", "MailingEvent", "MailingStatus", "Outgoing",
    "PlanStatus", "PlannedStart", "PrintedLine", "QueuedAtServer", "Reader", "ReaderGroup", "ReaderQuerySet",
    "ReadingMark", "Receipt", "Reminder", "ReminderStatus", "ReturnedMail", "TrialCopy", "WebhookTrial",
    "address_taken", "lack",
]  # fmt: skip
