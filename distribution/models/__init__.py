"""The models of distribution, by what they are about."""

from .addressing import PrintedLine, ReaderGroup
from .archive import ARCHIVE, ArchivePackage
from .delivery import Delivery, DeliveryEvent, DeliveryQuerySet
from .held import HeldAddress
from .mailing import MANAGE, Mailing, MailingEvent, MailingStatus
from .outgoing import DeliveryStatus, Outgoing, ReminderStatus
from .preparing import PlannedStart, PlanStatus, TrialCopy
from .reader import Reader, ReaderQuerySet, address_taken
from .reading import AccessLog, Receipt
from .reminder import Reminder
from .returned import QueuedAtServer, ReadingMark, ReturnedMail

__all__ = [
    "ARCHIVE", "AccessLog", "ArchivePackage", "Delivery", "DeliveryEvent", "DeliveryQuerySet", "DeliveryStatus",
    "HeldAddress", "MANAGE", "Mailing", "MailingEvent", "MailingStatus", "Outgoing", "PlanStatus", "PlannedStart",
    "PrintedLine", "QueuedAtServer", "Reader", "ReaderGroup", "ReaderQuerySet", "ReadingMark", "Receipt", "Reminder",
    "ReminderStatus", "ReturnedMail", "TrialCopy", "address_taken",
]  # fmt: skip
