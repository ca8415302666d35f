"""The models of articles, by what they are about."""

from .article import SUBTITLE_LENGTH, TITLE_LENGTH, Article, ArticleQuerySet, Kind
from .assignments import Assignment
from .confirmations import WRITE, UnitConfirmation, UnitConfirmationQuerySet
from .events import ArticleEvent
from .moves import Status
from .presence import Presence, PresenceQuerySet
from .reasons import Reason, ReasonQuerySet
from .remarks import ArticleRemark, ArticleRemarkQuerySet, RemarkAnswer
from .sources import SourceFile, SourceFileQuerySet
from .versions import PRINT_HEIGHT, PRINT_WIDTH, ArticleVersion, ArticleVersionQuerySet, Photo, PhotoQuerySet

__all__ = [
    "Article", "ArticleEvent", "ArticleQuerySet", "ArticleRemark", "ArticleRemarkQuerySet", "ArticleVersion",
    "ArticleVersionQuerySet", "Assignment", "Kind", "PRINT_HEIGHT", "PRINT_WIDTH", "Photo", "PhotoQuerySet", "Presence",
    "PresenceQuerySet", "Reason", "ReasonQuerySet", "RemarkAnswer", "SourceFile", "SourceFileQuerySet", "Status",
    "SUBTITLE_LENGTH", "TITLE_LENGTH", "UnitConfirmation", "UnitConfirmationQuerySet", "WRITE",
]  # fmt: skip
