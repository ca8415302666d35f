"""The forms of the pages of points."""

from .by_hand import HandForm, StorySearch
from .ledger import EntryFilter
from .rules import RuleSetForm

__all__ = ["EntryFilter", "HandForm", "RuleSetForm", "StorySearch"]
