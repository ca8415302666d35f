"""What the office has commissioned for an issue, and what the issue still lacks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils.functional import Promise

from articles.models import Answer, Commission, Commissioned, CommissionKind
from articles.models import Status as ArticleStatus

from .models import BRIEFS, SECTIONS, Issue, IssueKind


@dataclass(frozen=True)
class Wanted:
    """`asked` are the units from which stories for this issue were commissioned; `topics` those of its month of which no
    story is in an issue, each with how many were `answered`; `tiers` the names of those of which no story is in this one."""

    asked: list[Commissioned] = field(default_factory=list)
    topics: list[Commission] = field(default_factory=list)
    tiers: Sequence[str | Promise] = field(default_factory=list)

    @property
    def lacks_something(self) -> bool:
        return bool(self.topics or self.tiers)


def of(issue: Issue, sections: set[str]) -> Wanted:
    """For the desk of an open issue in which these sections have something; two queries. A supplement is made for its one
    matter, so that nothing is missing in it."""
    if not issue.is_open or issue.kind != IssueKind.REGULAR:
        return Wanted()
    asked = Commissioned.objects.exclude(status=Answer.WITHDRAWN).filter(
        commission__wanted_year=issue.year, commission__wanted_number=issue.number
    )
    topics = Commission.objects.in_force().filter(kind=CommissionKind.TOPIC, month=issue.dated_on.replace(day=1))
    in_issues = Q(asked__article__status__in=(ArticleStatus.PLACED, ArticleStatus.ISSUED))
    told = topics.annotate(told=Count("asked", filter=in_issues)).filter(told=0).with_answers()
    tiers = [label for name, label in SECTIONS if name not in (BRIEFS, *sections)]
    return Wanted(list(asked.for_pages()), list(told), tiers)
