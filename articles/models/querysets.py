"""Which articles a person sees, and which wait for them."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery

from .. import search
from .assignments import Assignment
from .events import ArticleEvent
from .moves import DECLINE, HOLD, PASSES, STAND_INS, TRANSITIONS
from .reviews import Correction, ReviewPart
from .statuses import CAME_BACK, EDITABLE, IN_REVIEW, REVIEW, REVIEWED, UNDER_WAY, WITHIN_UNIT, Status
from .who import not_written_by


def stand_ins_of(status: str) -> models.QuerySet:
    """The unconfirmed events of the article of the outer query by which somebody stood in for the step with this status."""
    names = [move.name for move in STAND_INS]
    events = ArticleEvent.objects.filter(article=OuterRef("pk"), round=OuterRef("round"), ratification=None)
    return events.filter(transition__in=names, from_status=status)


class ArticleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for the editorial office, the own unit's for contributors; what its unit has not handed in only to that unit."""
        own = Q(created_by=user)
        if user.has_perm("articles.write_article") and user.unit_id:
            own |= Q(unit=user.unit_id)
        if user.has_perm("articles.view_all_articles"):
            own |= ~Q(status__in=WITHIN_UNIT)
        return self.kept().filter(own)

    def kept(self):
        """Without deleted drafts: of these the row stays, so that deleting can be undone."""
        return self.exclude(status=Status.DISCARDED)

    def discarded_by(self, user):
        """What this person may bring back."""
        return self.filter(created_by=user, status=Status.DISCARDED)

    def written_here(self):
        """Without the stories of past issues that were taken over: nobody handed them in, they are read in the archive."""
        return self.exclude(status=Status.ISSUED, submitted_at=None)

    def belonging_to(self, user):
        """Written by this person, or by anybody of the same unit."""
        return self.kept().filter(Q(created_by=user) | Q(unit=user.unit_id, unit__isnull=False))

    def each_belonging_to(self, user):
        """The two kinds of `belonging_to`, each of which an index gives in order."""
        by_unit = self.kept().filter(unit=user.unit_id) if user.unit_id else self.none()
        return [self.kept().filter(created_by=user), by_unit]

    def editable_by(self, user):
        """What the own unit writes: drafts, and what came back."""
        if not user.has_perm("articles.write_article"):
            return self.none()
        return self.belonging_to(user).filter(status__in=EDITABLE)

    def with_return_note(self):
        """Each with `return_note`: the reason for which it last came back."""
        events = ArticleEvent.objects.filter(article=OuterRef("pk"), to_status__in=CAME_BACK)
        return self.annotate(return_note=Subquery(events.order_by("-at", "-pk").values("note")[:1]))

    def with_decision(self):
        """Each with `decision_note` and `decided_by`: why it was last declined or kept for later, and who is to be asked."""
        decisions = ArticleEvent.objects.filter(
            article=OuterRef("pk"), transition__in=(DECLINE.name, HOLD.name)
        ).order_by("-at", "-pk")
        return self.annotate(
            decision_note=Subquery(decisions.values("note")[:1]), decided_by=Subquery(decisions.values("by__name")[:1])
        )

    def for_pages(self):
        """With all that lists and the article's own page show of each, slots included (templates/slots/)."""
        related = ("unit", "created_by", "current_version", "commissioned__commission", *settings.ARTICLE_RELATIONS)
        return self.with_return_note().with_decision().select_related(*related)

    def awaiting(self, user):
        """Those that this person may decide, whoever holds them: in a step that they may take."""
        asked = [self.model.awaiting(move, user) for move in PASSES if user.has_perm(move.permission)]
        return self.filter(reduce(or_, asked)) if asked else self.none()

    def to_agree(self, user):
        """Those in which others corrected something after the review, and this person has not agreed yet."""
        if not user.has_perm(REVIEW):
            return self.none()
        waiting = Correction.objects.to_agree(user).values("article")
        return self.filter(status__in=REVIEWED, pk__in=waiting)

    def to_ratify(self, user):
        """Those of which somebody took a step in another's absence that this person may take."""
        if not user.has_perm(REVIEW):
            return self.none()
        mine = Q()
        for step, status in enumerate(IN_REVIEW, 1):
            mine |= Q(Exists(stand_ins_of(status)), ~Q(ReviewPart.has_other(user, step)))
        return self.filter(mine, status__in=UNDER_WAY).exclude(created_by=user)

    def waiting_for(self, user):
        """Those that wait for this person: who may decide them, and nobody else holds them."""
        return self.awaiting(user).filter(Assignment.leaves_to(user))

    def judged_by(self, user):
        """Those that this person has judged at some time."""
        judged = [move.name for move in TRANSITIONS if move.permission == REVIEW]
        return self.filter(Exists(ArticleEvent.objects.filter(article=OuterRef("pk"), by=user, transition__in=judged)))

    def by_due_day(self):
        """The overdue first, then what is due, then what has waited longest. Each with its `due_on`."""
        return self._with_assignment(due_on="due_on").order_by(F("due_on").asc(nulls_last=True), "submitted_at", "pk")

    def for_queue(self):
        """As `for_pages`, with who holds each."""
        held = Assignment.objects.in_force().select_related("to")
        return self.for_pages().prefetch_related(Prefetch("assignment", held))

    def assignees(self):
        """How many articles in review each person holds: rows of `holder`, `name` and `count`; None is nobody."""
        rows = self.filter(status__in=IN_REVIEW)._with_assignment(holder="to", name="to__name").order_by()
        counted = rows.values("holder", "name").annotate(count=Count("pk"))
        return counted.order_by(F("holder").asc(nulls_first=True))

    def assigned_to(self, user):
        """Those in review that this person holds; with None those that nobody holds."""
        return self.filter(status__in=IN_REVIEW)._with_assignment(holder="to").filter(holder=user)

    def _with_assignment(self, **fields):
        """Each with these of its assignment; None where nobody holds it."""
        held = Assignment.objects.in_force().filter(article=OuterRef("pk"))
        return self.annotate(**{name: Subquery(held.values(field)) for name, field in fields.items()})

    def ready_to_place(self):
        return self.filter(status=Status.ACCEPTED)

    def held(self):
        """Kept for later, those first whose day comes first."""
        return self.filter(status=Status.HELD).order_by("held_until", "pk")

    def due_for(self, user):
        """Kept until today or longer ago, and this person's to take up."""
        return self.held().filter(self.model.due(), not_written_by(user))

    def placeable(self):
        """What may be put into an issue: accepted, also when it was kept for later then."""
        return self.ready_to_place() | self.filter(status=Status.HELD, held_from=Status.ACCEPTED)

    def matching(self, query):
        return search.matching(self, query)

    def matching_for(self, user, query):
        """Those whose words this person may know: of another unit's article its unit is revising, what was handed in."""
        revised = Q(status=Status.RETURNED) & ~Q(pk__in=self.model.objects.belonging_to(user).values("pk"))
        return self.exclude(revised).matching(query) | search.matching(self.filter(revised), query, handed_in=True)
