"""The models of articles, by what they are about."""

from .article import SUBTITLE_LENGTH, TITLE_LENGTH, Article, Kind
from .assignments import Assignment
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
    "LONGEST_QUOTE", "LONGEST_REASON", "PRINT_HEIGHT", "PRINT_WIDTH", "SUBTITLE_LENGTH", "TITLE_LENGTH", "WRITE",
    "WRITING", "Agreement", "Article", "ArticleEvent", "ArticleQuerySet", "ArticleRemark", "ArticleRemarkQuerySet",
    "ArticleVersion", "ArticleVersionQuerySet", "Assignment", "Correction", "Exemption", "Kind", "Pair", "Photo",
    "PhotoQuerySet", "Presence", "PresenceQuerySet", "Print", "PrintQuerySet", "Ratification", "Reason",
    "ReasonQuerySet", "RemarkAnswer", "ReviewPart", "SourceFile", "SourceFileQuerySet", "Status", "TextProof",
    "UnitConfirmation", "UnitConfirmationQuerySet",
]  # fmt: skip
