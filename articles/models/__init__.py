"""The models of articles, by what they are about."""

from .article import SUBTITLE_LENGTH, TITLE_LENGTH, Article, Kind
from .assignments import Assignment
from .commission_moves import COMMISSION, OPEN, Answer
from .commissioned import Commissioned, CommissionedQuerySet, CommissionEvent
from .commissions import Commission, CommissionKind, CommissionQuerySet
from .confirmations import WRITE, UnitConfirmation, UnitConfirmationQuerySet
from .events import ArticleEvent
from .presence import Presence, PresenceQuerySet
from .prints import Pair, Print, PrintQuerySet
from .proofs import LONGEST_QUOTE, LONGEST_REASON, Exemption, TextProof
from .querysets import ArticleQuerySet
from .reasons import Reason, ReasonQuerySet
from .remarks import ArticleRemark, ArticleRemarkQuerySet, RemarkAnswer
from .reviews import WRITING, Agreement, Correction, Ratification, ReviewPart
from .sources import SourceFile, SourceFileQuerySet
from .statuses import Status
from .versions import PRINT_HEIGHT, PRINT_WIDTH, ArticleVersion, ArticleVersionQuerySet, Photo, PhotoQuerySet

__all__ = [
    "Agreement", "Answer", "Article", "ArticleEvent", "ArticleQuerySet", "ArticleRemark", "ArticleRemarkQuerySet",
    "ArticleVersion", "ArticleVersionQuerySet", "Assignment", "COMMISSION", "Commission", "CommissionEvent",
    "CommissionKind", "CommissionQuerySet", "Commissioned", "CommissionedQuerySet", "Correction", "Exemption", "Kind",
    "LONGEST_QUOTE", "LONGEST_REASON", "OPEN", "PRINT_HEIGHT", "PRINT_WIDTH", "Pair", "Photo", "PhotoQuerySet", "Presence",
    "PresenceQuerySet", "Print", "PrintQuerySet", "Ratification", "Reason", "ReasonQuerySet", "RemarkAnswer",
    "ReviewPart", "SUBTITLE_LENGTH", "SourceFile", "SourceFileQuerySet", "Status", "TITLE_LENGTH", "TextProof",
    "UnitConfirmation", "UnitConfirmationQuerySet", "WRITE", "WRITING",
]  # fmt: skip
