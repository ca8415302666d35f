"""The models of points, by what they are about."""

from .announcements import Announcement, Wording
from .closing import CLOSE, WHY_LENGTH, ClosedMonth, LedgerRun, Reopening
from .entries import BASE, BONUS, DEDUCTED, VIEW, Carrier, CauseKind, Entry, EntryQuerySet, Length
from .hand import ENTER, Fault, HandCause, HandCauseQuerySet, HandKind, Level
from .rules import EDIT_RULES, TIERS, RuleSet, RuleSetQuerySet, Shared, Shown

__all__ = [
    "Announcement", "BASE", "BONUS", "CLOSE", "Carrier", "CauseKind", "ClosedMonth", "DEDUCTED", "EDIT_RULES", "ENTER", "Entry",
    "EntryQuerySet", "Fault", "HandCause", "HandCauseQuerySet", "HandKind", "LedgerRun", "Length", "Level", "Reopening",
    "RuleSet", "RuleSetQuerySet", "Shared", "Shown", "TIERS", "VIEW", "WHY_LENGTH", "Wording",
]  # fmt: skip
