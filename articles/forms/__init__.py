"""What people type into the pages of articles, by whose pages they are."""

from .answering import AnswerForm
from .commissions import ChangeForm, CommissionFilter, CommissionForm, ExtensionForm
from .lists import AssignForm, HoldForm, ListFilter, QueueFilter, ticked, words_of
from .office import DecisionForm, KindForm, RevisionForm
from .writing import ArticleForm, Conflict, base_of

__all__ = [
    "AnswerForm", "ArticleForm", "AssignForm", "ChangeForm", "CommissionFilter", "CommissionForm", "Conflict", "DecisionForm",
    "ExtensionForm", "HoldForm", "KindForm", "ListFilter", "QueueFilter", "RevisionForm", "base_of", "ticked",
    "words_of",
]  # fmt: skip
