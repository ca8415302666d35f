"""The models of issues, by what they are about."""

from .archive import ArchiveEntry, ArchiveEntryQuerySet
from .bulletin import Bulletin, Layout, review_steps
from .issue import (
    BRIEFS,
    INTERNAL,
    SECTION_ORDER,
    SECTIONS,
    FrozenContent,
    Issue,
    IssueEvent,
    IssueKind,
    IssueQuerySet,
    Placement,
    SignOff,
    Status,
    readable_by,
    short_code,
)
from .recipients import LINE_LENGTH, Direction, IssueRecipient, ListLine, RecipientLine, RecipientList
from .rendered import MOST_ATTEMPTS, ArticlePreview, Proof, RedlinePdf, Rendered

__all__ = [
    "ArchiveEntry", "ArchiveEntryQuerySet", "ArticlePreview", "BRIEFS", "Bulletin", "Direction", "FrozenContent", "INTERNAL",
    "Issue", "IssueEvent", "IssueKind", "IssueQuerySet", "IssueRecipient", "LINE_LENGTH", "Layout", "ListLine", "MOST_ATTEMPTS",
    "Placement", "Proof", "RecipientLine", "RecipientList", "RedlinePdf", "Rendered", "SECTIONS", "SECTION_ORDER", "SignOff",
    "Status", "readable_by", "review_steps", "short_code",
]  # fmt: skip
