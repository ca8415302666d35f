"""The models of issues, by what they are about."""

from .archive import ArchiveEntry, ArchiveEntryQuerySet, readable_articles
from .bulletin import Bulletin, Layout, review_steps
from .errata import Erratum, Part
from .events import IssueEvent
from .issue import INTERNAL, Edition, Issue, IssueKind, IssueQuerySet, readable_by
from .jobs import MOST_ATTEMPTS, Job, JobQuerySet
from .moves import AMEND, CHECK, Status
from .papers import Paper
from .past_files import PastFile
from .placements import BRIEFS, SECTION_ORDER, SECTIONS, Placement
from .recipients import LINE_LENGTH, Direction, IssueRecipient, ListLine, RecipientLine, RecipientList
from .rendered import ArticlePreview, Proof, RedlinePdf, Rendered
from .signed import FrozenContent, SignOff, short_code
from .texts_proofs import TextsProof

__all__ = [
    "AMEND", "ArchiveEntry", "ArchiveEntryQuerySet", "ArticlePreview", "BRIEFS", "Bulletin", "CHECK", "Direction", "Edition",
    "Erratum", "FrozenContent", "INTERNAL", "Issue", "IssueEvent", "IssueKind", "IssueQuerySet", "IssueRecipient", "Job",
    "JobQuerySet", "LINE_LENGTH", "Layout", "ListLine", "MOST_ATTEMPTS", "Paper", "Part", "PastFile", "Placement", "Proof",
    "RecipientLine", "RecipientList", "RedlinePdf", "Rendered", "SECTIONS", "SECTION_ORDER", "SignOff", "Status", "TextsProof",
    "readable_articles", "readable_by", "review_steps", "short_code",
]  # fmt: skip
