"""What the desk shows: the articles that wait, the issue section by section, and the pages of its newest proof."""

from dataclasses import dataclass, field

from django.db.models import Q

from accounts.models import User
from accounts.roles import ROLES
from articles.models import Article

from . import assembly, proofs, publishing
from .models import SECTIONS, Issue, Placement, Proof, SignOff, Status
from .publishing import Problem

POOL_ROWS = 100


@dataclass
class Row:
    """`number` counts through all sections but the briefs, which have numbers of their own, as they are printed;
    `page` is where the article begins, if that is known."""

    placement: Placement
    number: int
    page: int | None = None
    place: int = 1
    places: int = 1

    @property
    def article(self) -> Article:
        return self.placement.article

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


@dataclass
class Section:
    name: str
    label: str
    rows: list[Row]
    is_sorted_by_hand: bool


@dataclass
class Page:
    """One page of a proof: the articles that begin on it, or the one that goes on."""

    number: int
    begins: list[int] = field(default_factory=list)
    goes_on: int | None = None


@dataclass
class Board:
    issue: Issue
    sections: list[Section]
    proof: Proof
    shown: Proof | None
    pages: list[Page]
    problems: list[Problem]
    sign_off: SignOff | None

    @property
    def rows(self) -> list[Row]:
        return [row for section in self.sections for row in section.rows]

    @property
    def articles(self) -> int:
        return sum(len(section.rows) for section in self.sections if section.name != "brief")

    @property
    def briefs(self) -> int:
        return sum(len(section.rows) for section in self.sections if section.name == "brief")

    @property
    def blocking(self) -> list[Problem]:
        return publishing.blocking(self.problems)

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
    def state(self) -> str:
        """Changes whenever what the page shows has changed, so that polling can be answered by nothing."""
        return state_of(self.issue, self.proof)


def state_of(issue: Issue, proof: Proof) -> str:
    slow = "-slow" if proofs.is_worker_missing(proof) else ""
    return f"{issue.updated_at:%s%f}-{issue.status}-{proof.pk}-{proof.state}{slow}"


def board(issue: Issue) -> Board:
    """Everything but the waiting articles. The number of queries doesn't depend on the number of rows."""
    proof = publishing.present_proof(issue)
    shown = proof if proof.state == Proof.State.READY else proofs.newest_ready(issue)
    sections = sections_of(issue, first_pages=proof.first_pages if shown == proof else [])
    return Board(
        issue=issue,
        sections=sections,
        proof=proof,
        shown=shown,
        pages=pages_of(shown, is_present=shown == proof),
        problems=publishing.problems(issue) if issue.status == Status.DRAFT else [],
        sign_off=issue.sign_offs.filter(withdrawn_at=None).select_related("by").first(),
    )


def sections_of(issue: Issue, *, first_pages: list[int] = ()) -> list[Section]:
    """The issue in printed order; empty sections are left out."""
    placements = list(issue.placements.select_related("article__unit", "version"))
    sections, number = [], 0
    for name, label in SECTIONS:
        own = [placement for placement in placements if placement.section == name]
        if not own:
            continue
        if name == "brief":
            number, first_pages = 0, []
        rows = []
        for place, placement in enumerate(own, 1):
            number += 1
            page = first_pages[number - 1] if number <= len(first_pages) else None
            rows.append(Row(placement, number, page, place, len(own)))
        sections.append(Section(name, label, rows, assembly.is_sorted_by_hand(own)))
    return sections


def row_of(issue: Issue, article_pk: int) -> Row | None:
    rows = (row for section in sections_of(issue) for row in section.rows)
    return next((row for row in rows if row.placement.article_id == article_pk), None)


def pages_of(proof: Proof | None, *, is_present: bool = True) -> list[Page]:
    if proof is None or not proof.pages:
        return []
    pages = [Page(number) for number in range(1, proof.pages + 1)]
    if is_present:
        for number, first in enumerate(proof.first_pages, 1):
            if 1 <= first <= len(pages):
                pages[first - 1].begins.append(number)
        for page in pages:
            if not page.begins:
                page.goes_on = max(
                    (n for n, first in enumerate(proof.first_pages, 1) if first < page.number), default=None
                )
    return pages


def pool(user, *, query: str = "", by: str = "day"):
    """The accepted articles that wait for an issue, whose title or unit holds the words."""
    waiting = Article.objects.visible_to(user).ready_to_place().select_related("unit", "current_version")
    for word in query.split()[:8]:
        waiting = waiting.filter(
            Q(title__icontains=word) | Q(unit__name__icontains=word) | Q(unit__short_name__icontains=word)
        )
    if by == "unit":
        return waiting.order_by("unit__position", "unit_id", "-decided_at", "pk")
    return waiting.order_by("-decided_at", "pk")


def signers() -> list[User]:
    """Who may sign off."""
    roles = [name for name, role in ROLES.items() if "issues.sign_issue" in role.permissions]
    return list(User.objects.filter(is_active=True, roles__role__in=roles).distinct().order_by("pk"))
