"""What the checks warn of in the articles of an issue, and who has looked at it."""

from dataclasses import dataclass

from articles import checks
from articles.models import ArticleEvent

from .models import Placement


@dataclass(frozen=True)
class Remark:
    """The warnings of one placed version. They are open until an editor settles them: `settled` says who and how."""

    placement: Placement
    findings: list[checks.Finding]
    settled: ArticleEvent | None

    @property
    def count(self) -> int:
        return checks.open_findings(self.findings)


def of(placements: list[Placement]) -> list[Remark]:
    """The placements (with article and version loaded) whose texts have warnings, settled or not: one query."""
    warned = [(placement, checks.warnings(placement.version, placement.article.kind)) for placement in placements]
    warned = [(placement, findings) for placement, findings in warned if findings]
    events = ArticleEvent.objects.filter(
        transition=ArticleEvent.SETTLE, version__in=[placement.version_id for placement, _findings in warned]
    )
    settled = {event.version_id: event for event in events.select_related("by")}
    return [Remark(placement, findings, settled.get(placement.version_id)) for placement, findings in warned]


def count_open(remarks: list[Remark]) -> int:
    return sum(remark.count for remark in remarks if remark.settled is None)
