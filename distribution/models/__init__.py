"""The models of distribution, by what they are about."""

from .archive import ARCHIVE, ArchivePackage
from .delivery import Delivery, DeliveryEvent, DeliveryQuerySet, DeliveryStatus
from .mailing import MANAGE, Mailing, MailingEvent, MailingStatus
from .reader import Reader, ReaderQuerySet
from .reading import AccessLog, Receipt

__all__ = [
    "ARCHIVE", "AccessLog", "ArchivePackage", "Delivery", "DeliveryEvent", "DeliveryQuerySet", "DeliveryStatus", "MANAGE",
    "Mailing", "MailingEvent", "MailingStatus", "Reader", "ReaderQuerySet", "Receipt",
]  # fmt: skip
