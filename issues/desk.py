"""What the desk shows: the articles that wait, the issue section by section, and the pages of its newest proof."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise

from accounts.models import User
from accounts.roles import ROLES
from articles.models import Article
from workflow.refusals import Problem, blocking

from . import assembly, page_parts, proofs, remarks, signing
from .models import BRIEFS, SECTIONS, Issue, IssueEvent, Placement, Proof, Rendered, SignOff

POOL_ROWS = 100
# Until how many seconds of waiting a page asks every so many milliseconds.
TEXTS = "~"  # in the state of a board before that of its texts
PACES = ((2, 100), (5, 250), (60, 1000))


@dataclass
class Row:
    """`number` counts through all sections but the briefs, which have numbers of their own, as they are printed;
    `pages` is the first and the last page it stands on, if that is known."""

    placement: Placement
    number: int
    pages: tuple[int, int] | None = None
    place: int = 1
    places: int = 1
    remark: remarks.Remark | None = None

    @property
    def article(self) -> Article:
        return self.placement.article

    @property
    def is_brief(self) -> bool:
        return self.placement.section == BRIEFS

    @property
    def is_first(self) -> bool:
        return self.place == 1

    @property
    def is_last(self) -> bool:
        return self.place == self.places

    @property
    def first_number(self) -> int:
        """The number of the first article of its section."""
        return self.number - self.place + 1

    @property
    def last_number(self) -> int:
        return self.first_number + self.places - 1

    @property
    def page_range(self) -> str:
        if not self.pages:
            return ""
        first, last = self.pages
        return str(first) if first == last else f"{first}–{last}"


@dataclass
class Section:
    name: str
    label: str | Promise
    rows: list[Row]
    is_sorted_by_hand: bool


@dataclass
class Board:
    issue: Issue
    sections: list[Section]
    proof: Proof
    shown: Proof | None
    pages: list[page_parts.Page]
    problems: list[Problem]
    sign_off: SignOff | None
    last_return: IssueEvent | None
    texts: str  # what the proofreading has come to, see remarks.state_of

    @property
    def rows(self) -> list[Row]:
        return [row for section in self.sections for row in section.rows]

    @property
    def open_remarks(self) -> list[remarks.Remark]:
        return [row.remark for row in self.rows if row.remark and not row.remark.is_settled]

    @property
    def open_warnings(self) -> int:
        return remarks.count_open(self.open_remarks)

    @property
    def articles(self) -> int:
        return sum(len(section.rows) for section in self.sections if section.name != BRIEFS)

    @property
    def briefs(self) -> int:
        return sum(len(section.rows) for section in self.sections if section.name == BRIEFS)

    @property
    def blocking(self) -> list[Problem]:
        return blocking(self.problems)

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_warning]

    @property
    def is_stale(self) -> bool:
        """The pages shown are older than the list."""
        return self.shown is not None and self.shown != self.proof

    @property
    def is_worker_missing(self) -> bool:
        return proofs.is_worker_missing(self.proof)

    @property
    def is_being_checked(self) -> bool:
        return is_being_checked(self.proof)

    @property
    def pace(self) -> int:
        return pace_of(self.proof)

    @property
    def state(self) -> str:
        """Changes whenever what the page shows has changed, so that polling can be answered by nothing."""
        return f"{state_of(self.issue, self.proof)}{TEXTS}{self.texts}"


def is_being_checked(proof: Rendered) -> bool:
    """Its pages are shown already, the layout check of them follows."""
    is_unchecked = getattr(proof, "report", {}) is None
    return proof.is_ready and is_unchecked and _age(proof.ready_at) < 20


def pace_of(proof: Rendered) -> int:
    """The milliseconds after which the page asks again: at once while a worker sets the pages, then less and less often."""
    if proof.is_queued:
        age = _age(proof.requested_at)
        return next((pace for until, pace in PACES if age < until), 3000)
    return 1000 if is_being_checked(proof) else 0


def _age(moment) -> float:
    return (timezone.now() - moment).total_seconds() if moment else 0.0


def state_of(issue: Issue, proof: Proof) -> str:
    checked = "" if proof.report is None else "-checked"
    return f"{issue.updated_at:%s%f}-{issue.status}-{proof.pk}-{proof.state}{checked}-{pace_of(proof)}"


def is_still(issue: Issue, have: str) -> bool:
    """Whether the newest proof is as the page knows it: asked several times a second while the pages are being set."""
    proof = issue.proofs.defer("places", "page_hashes").order_by("-requested_at").first()
    return proof is not None and proof.is_queued and state_of(issue, proof) == have.split(TEXTS)[0]


def board(issue: Issue, proof: Proof) -> Board:
    """Everything but the waiting articles; `proof` is that of the present content. The number of queries doesn't depend
    on the number of rows."""
    shown = proof if proof.is_ready else proofs.newest_ready(issue)
    sections = sections_of(issue, proof=proof if shown == proof else None)
    _note_remarks(sections)
    return Board(
        issue=issue,
        sections=sections,
        proof=proof,
        shown=shown,
        pages=page_parts.pages_of(shown, is_present=shown == proof),
        problems=signing.problems(issue) if issue.is_open else [],
        sign_off=issue.sign_offs.filter(withdrawn_at=None).select_related("by").first(),
        last_return=issue.last_return() if issue.is_open else None,
        texts=remarks.state_of(issue),
    )


def sections_of(issue: Issue, *, proof: Proof | None = None) -> list[Section]:
    """The issue in printed order, with the pages of its proof; empty sections are left out."""
    placements = list(
        issue.placements.select_related(
            "article__unit", "article__commissioned__commission", "version"
        ).prefetch_related("article__merged__unit")
    )
    spans, first_pages = page_parts.spans_of(proof), proof.first_pages if proof else []
    sections, number = [], 0
    for name, label in SECTIONS:
        own = [placement for placement in placements if placement.section == name]
        if not own:
            continue
        if name == BRIEFS:
            number, first_pages = 0, []
        rows = []
        for place, placement in enumerate(own, 1):
            number += 1
            pages = spans.get(placement.article_id)
            if pages is None and number <= len(first_pages):
                pages = (first_pages[number - 1], first_pages[number - 1])
            rows.append(Row(placement, number, pages, place, len(own)))
        sections.append(Section(name, label, rows, assembly.is_sorted_by_hand(own)))
    return sections


def _note_remarks(sections: list[Section]) -> None:
    rows = {row.placement.pk: row for section in sections for row in section.rows}
    for remark in remarks.of([row.placement for row in rows.values()]):
        if remark.says_something:
            rows[remark.placement.pk].remark = remark


def row_of(issue: Issue, article_pk: int) -> Row | None:
    rows = (row for section in sections_of(issue) for row in section.rows)
    return next((row for row in rows if row.placement.article_id == article_pk), None)


def pool(user, *, query: str = "", by: str = "day"):
    """The accepted articles that wait for an issue, whose title or unit holds the words."""
    waiting = Article.objects.visible_to(user).ready_to_place()
    waiting = waiting.select_related("unit", "current_version", "commissioned__commission")
    for word in query.split()[:8]:
        waiting = waiting.filter(
            Q(title__icontains=word) | Q(unit__name__icontains=word) | Q(unit__short_name__icontains=word)
        )
    if by == "unit":
        return waiting.order_by("unit__position", "unit_id", "-decided_at", "pk")
    return waiting.order_by("-decided_at", "pk")


def held(user):
    """The articles that are kept for a later issue, those first whose day comes first."""
    return Article.objects.visible_to(user).held().select_related("unit", "current_version")[:POOL_ROWS]


def signers() -> list[User]:
    """Who may sign off."""
    roles = [name for name, role in ROLES.items() if "issues.sign_issue" in role.permissions]
    return list(User.objects.filter(is_active=True, roles__role__in=roles).distinct().order_by("pk"))
