"""A story of one unit, who sees it, and what it can't be handed in without."""

from functools import reduce
from operator import attrgetter, or_
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Unit, User
from workflow.documents import Transition

from .. import richtext, search
from . import moves
from .assignments import Assignment
from .events import ArticleEvent
from .moves import Status
from .reviewed import Reviewed
from .reviews import Correction, ReviewPart

if TYPE_CHECKING:
    from .versions import ArticleVersion, Photo

TITLE_LENGTH, SUBTITLE_LENGTH = 200, 100


class Kind(models.TextChoices):
    ARTICLE = "article", _("Article")
    BRIEF = "brief", _("Brief")


def stand_ins_of(status: str) -> models.QuerySet:
    """The unconfirmed events of the article of the outer query by which somebody stood in for the step with this status."""
    names = [move.name for move in moves.STAND_INS]
    events = ArticleEvent.objects.filter(article=OuterRef("pk"), round=OuterRef("round"), ratification=None)
    return events.filter(transition__in=names, from_status=status)


class ArticleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for the editorial office, the own unit's for contributors; what its unit has not handed in only to that unit."""
        own = Q(created_by=user)
        if user.has_perm("articles.write_article") and user.unit_id:
            own |= Q(unit=user.unit_id)
        if user.has_perm("articles.view_all_articles"):
            own |= ~Q(status__in=Article.WITHIN_UNIT)
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
        return self.belonging_to(user).filter(status__in=Article.EDITABLE)

    def with_return_note(self):
        """Each with `return_note`: the reason for which it last came back."""
        events = ArticleEvent.objects.filter(article=OuterRef("pk"), to_status__in=Article.CAME_BACK)
        return self.annotate(return_note=Subquery(events.order_by("-at", "-pk").values("note")[:1]))

    def with_decision(self):
        """Each with `decision_note` and `decided_by`: why it was last declined or kept for later, and who is to be asked."""
        decisions = ArticleEvent.objects.filter(
            article=OuterRef("pk"), transition__in=(moves.DECLINE.name, moves.HOLD.name)
        ).order_by("-at", "-pk")
        return self.annotate(
            decision_note=Subquery(decisions.values("note")[:1]), decided_by=Subquery(decisions.values("by__name")[:1])
        )

    def for_pages(self):
        """With all that lists and the article's own page show of each, slots included (templates/slots/)."""
        related = ("unit", "created_by", "current_version", *settings.ARTICLE_RELATIONS)
        return self.with_return_note().with_decision().select_related(*related)

    def awaiting(self, user):
        """Those that this person may decide, whoever holds them: in a step that they may take."""
        asked = [Article.awaiting(move, user) for move in Article.PASSES if user.has_perm(move.permission)]
        return self.filter(reduce(or_, asked)) if asked else self.none()

    def to_agree(self, user):
        """Those in which others corrected something after the review, and this person has not agreed yet."""
        if not user.has_perm(Article.REVIEW):
            return self.none()
        waiting = Correction.objects.to_agree(user).values("article")
        return self.filter(status__in=Article.REVIEWED, pk__in=waiting)

    def to_ratify(self, user):
        """Those of which somebody took a step in another's absence that this person may take."""
        if not user.has_perm(Article.REVIEW):
            return self.none()
        mine = Q()
        for step, status in enumerate(Article.IN_REVIEW, 1):
            mine |= Q(Exists(stand_ins_of(status)), ~Q(ReviewPart.has_other(user, step)))
        return self.filter(mine, status__in=Article.UNDER_WAY).exclude(created_by=user)

    def waiting_for(self, user):
        """Those that wait for this person: who may decide them, and nobody else holds them."""
        return self.awaiting(user).filter(Assignment.leaves_to(user))

    def judged_by(self, user):
        """Those that this person has judged at some time."""
        judged = [move.name for move in Article.TRANSITIONS if move.permission == Article.REVIEW]
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
        rows = self.filter(status__in=Article.IN_REVIEW)._with_assignment(holder="to", name="to__name").order_by()
        counted = rows.values("holder", "name").annotate(count=Count("pk"))
        return counted.order_by(F("holder").asc(nulls_first=True))

    def assigned_to(self, user):
        """Those in review that this person holds; with None those that nobody holds."""
        return self.filter(status__in=Article.IN_REVIEW)._with_assignment(holder="to").filter(holder=user)

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
        return self.held().filter(Article.due(), moves.not_written_by(user))

    def placeable(self):
        """What may be put into an issue: accepted, also when it was kept for later then."""
        return self.ready_to_place() | self.filter(status=Status.HELD, held_from=Status.ACCEPTED)

    def matching(self, query):
        return search.matching(self, query)

    def matching_for(self, user, query):
        """Those whose words this person may know: of another unit's article its unit is revising, what was handed in."""
        revised = Q(status=Status.RETURNED) & ~Q(pk__in=Article.objects.belonging_to(user).values("pk"))
        return self.exclude(revised).matching(query) | search.matching(self.filter(revised), query, handed_in=True)


class Article(Reviewed):
    """A story of one unit: what its unit writes now. What was submitted stays in its versions."""

    EDITABLE, IN_REVIEW, REVISABLE = moves.EDITABLE, moves.IN_REVIEW, moves.REVISABLE
    CAME_BACK, WITHIN_UNIT, CONFIRMABLE = moves.CAME_BACK, moves.WITHIN_UNIT, moves.CONFIRMABLE
    REVIEWED, UNDER_WAY = moves.REVIEWED, moves.UNDER_WAY
    REVIEW, APPROVAL = moves.REVIEW, moves.APPROVAL
    FIRST_LOOK = moves.FIRST_LOOK
    SUBMIT = moves.SUBMIT
    ASK_APPROVAL = moves.ASK_APPROVAL
    APPROVE = moves.APPROVE
    SEND_BACK = moves.SEND_BACK
    WITHDRAW = moves.WITHDRAW
    PASS_FIRST = moves.PASS_FIRST
    PASS_SECOND = moves.PASS_SECOND
    ACCEPT = moves.ACCEPT
    STAND_IN_SECOND = moves.STAND_IN_SECOND
    STAND_IN_LAST = moves.STAND_IN_LAST
    BEGIN_AGAIN = moves.BEGIN_AGAIN
    OFFICE, PASSES, STAND_INS = moves.OFFICE, moves.PASSES, moves.STAND_INS
    RETURN = moves.RETURN
    DECLINE = moves.DECLINE
    RECONSIDER = moves.RECONSIDER
    HOLD = moves.HOLD
    RESUME = moves.RESUME
    RELEASE = moves.RELEASE
    PLACE = moves.PLACE
    TAKE_OUT = moves.TAKE_OUT
    ISSUE = moves.ISSUE
    DISCARD = moves.DISCARD
    RESTORE = moves.RESTORE
    CHANGED, MADE_BRIEF = moves.CHANGED, moves.MADE_BRIEF
    PLEASE_AGREE, PLEASE_RATIFY = moves.PLEASE_AGREE, moves.PLEASE_RATIFY
    TRANSITIONS = moves.TRANSITIONS

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="articles", verbose_name=_("unit"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="articles", verbose_name=_("created by")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ARTICLE)
    title = models.CharField(
        _("title"), max_length=TITLE_LENGTH, blank=True, help_text=_("One to three lines, as printed.")
    )
    subtitle = models.CharField(_("subtitle"), max_length=SUBTITLE_LENGTH, blank=True)
    authors = models.CharField(_("authors"), max_length=100, blank=True)
    contact = models.CharField(_("contact"), max_length=100, blank=True)
    event_on = models.DateField(_("event date"), null=True, blank=True)
    body = models.TextField(_("text"), blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("saved by"),
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    held_until = models.DateField(_("kept until"), null=True, editable=False)
    held_from = models.CharField(max_length=20, blank=True, default="", editable=False)
    current_version = models.ForeignKey(
        "ArticleVersion", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("current version")
    )

    objects: ClassVar = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "submitted_at"]),
            models.Index(fields=["unit", "-updated_at"]),
            models.Index(fields=["created_by", "-updated_at"]),
            models.Index(fields=["created_by", "status"]),
            models.Index(fields=["-submitted_at"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="article_status_is_known"),
            models.CheckConstraint(
                condition=Q(status__in=(Status.DRAFT, Status.DISCARDED)) | Q(current_version__isnull=False),
                name="article_left_draft_with_version",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.HELD, held_until__isnull=False) & ~Q(held_from="")
                | ~Q(status=Status.HELD) & Q(held_until=None, held_from=""),
                name="article_held_until_a_day",
            ),
            models.CheckConstraint(condition=Q(review_steps__range=(1, 3)), name="article_has_one_to_three_reviews"),
        ]

    def __str__(self):
        return self.flat_title or str(_("Untitled"))

    @property
    def flat_title(self) -> str:
        """The title on one line; a brief without one is called by its first words."""
        title = "".join(line.strip() for line in self.title.splitlines())
        return title or Truncator(richtext.to_text(self.body)).chars(24)

    def photos(self) -> list["Photo"]:
        """The photos that belong to the text now, in the order in which they are printed."""
        kept = [photo for photo in self.all_photos.all() if not photo.is_removed]
        return sorted(kept, key=attrgetter("place"))

    pictures = photos

    @staticmethod
    def due() -> Q:
        """As `is_due`, of rows."""
        return Q(status=Status.HELD, held_until__lte=timezone.localdate())

    def last_return(self) -> "ArticleEvent | None":
        return self.events.filter(to_status__in=self.CAME_BACK).select_related("by").last()

    @property
    def html(self):
        """The text, cleaned once more, for templates."""
        return richtext.to_safe(self.body)

    @property
    def missing(self) -> dict[str, str]:
        """What an article can't be handed in without: name of the field -> what to do."""
        missing = {}
        if self.kind == Kind.ARTICLE and not self.title.strip():
            missing["title"] = gettext("Write the title.")
        if not richtext.to_text(self.body):
            missing["body"] = gettext("Write the text.")
        elif words := richtext.excess(self.body):
            missing["body"] = words
        return missing

    @property
    def is_editable(self) -> bool:
        return self.status in self.EDITABLE

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def is_revisable(self) -> bool:
        """The office may change its text."""
        return self.status in self.REVISABLE

    @property
    def is_returned(self) -> bool:
        return self.status == Status.RETURNED

    @property
    def came_back(self) -> bool:
        """From the office or from its unit's approver, with a reason."""
        return self.status in self.CAME_BACK

    @property
    def is_within_unit(self) -> bool:
        """Its unit has not let it go: nothing that the office sees."""
        return self.status in self.WITHIN_UNIT

    @property
    def is_awaiting(self) -> bool:
        """It waits for the approval of its unit."""
        return self.status == Status.AWAITING

    @property
    def is_accepted(self) -> bool:
        return self.status == Status.ACCEPTED

    @property
    def is_held(self) -> bool:
        """Kept for a later issue."""
        return self.status == Status.HELD

    @property
    def is_held_after_review(self) -> bool:
        """It was accepted when it was put aside, so that it may go into an issue at once."""
        return self.is_held and self.held_from == Status.ACCEPTED

    @property
    def is_due(self) -> bool:
        """The day has come until which it was kept."""
        return self.held_until is not None and self.held_until <= timezone.localdate()

    @property
    def is_declined(self) -> bool:
        return self.status == Status.DECLINED

    @property
    def is_placed(self) -> bool:
        """It stands in an issue that is still being made."""
        return self.status == Status.PLACED

    @property
    def is_issued(self) -> bool:
        return self.status == Status.ISSUED

    @property
    def beginning(self) -> str:
        """How the text begins, for lists: about four lines."""
        return Truncator(richtext.to_text(self.body)).chars(140)

    @property
    def characters(self) -> int:
        return richtext.count_characters(self.body)

    def save(self, *args, **kwargs):
        self.body = richtext.clean(self.body)
        self.title = "\n".join(line.strip() for line in self.title.splitlines() if line.strip())
        super().save(*args, **kwargs)
        self.store_words()
        if self.is_returned:
            assert self.current_version, "what was returned was handed in"
            search.store_handed_in(self.pk, _searched(self.current_version))

    def store_words(self, *, in_archive: bool = False):
        """Keep what is searched for it; once more when it is issued, for the archive's search."""
        search.store(self.pk, _searched(self), in_archive=in_archive)

    def belongs_to(self, user) -> bool:
        """Whether the person wrote it or is of its unit."""
        return self.created_by_id == user.pk or (user.unit_id is not None and self.unit_id == user.unit_id)

    def approvers(self):
        """The people of its unit who may approve it, whoever sends it."""
        return User.objects.with_permission(Article.APPROVAL).filter(unit=self.unit_id).exclude(pk=self.created_by_id)

    def asked_to_approve(self):
        """Those of them for whom the version waits: not whoever sent it."""
        assert self.current_version, "what was sent has a version"
        return self.approvers().exclude(pk=self.current_version.created_by_id)

    def needs_approval(self) -> bool:
        """Whether a second person of its unit approves it before it is handed in."""
        return self.unit_id is not None and self.unit.approval != Unit.Approval.NEVER and self.approvers().exists()

    def handing_in(self) -> Transition:
        """The move by which its unit lets it go."""
        return Article.ASK_APPROVAL if self.needs_approval() else Article.SUBMIT

    def event_details(self):
        return super().event_details() | {"version": self.current_version}

    def follow_up(self, transition, event):
        if event.from_status in self.IN_REVIEW:
            Assignment.objects.filter(article=self).delete()  # who held it had the step that is over
        if event.to_status not in self.CONFIRMABLE:
            self.settle_questions()
        if event.to_status not in self.REVIEWED:
            notices.settle(self, moves.PLEASE_AGREE.apart)
        if event.to_status not in self.UNDER_WAY:
            notices.settle(self, moves.PLEASE_RATIFY.apart)
        notices.tell(self, transition, event)

    def settle_questions(self):
        """What its unit was asked about its text is void."""
        for asked in self.confirmations.filter(answered_at=None):
            notices.settle(asked)

    def add_version(self, *, by, photos: "list[Photo] | None" = None, **fields):
        """Freeze the present text as the next version. The caller holds the row's lock.

        `fields` are the version's own (when it was made, which it restores)."""
        last = self.versions.aggregate(last=models.Max("number"))["last"] or 0
        return self.versions.create(
            number=last + 1,
            kind=self.kind,
            title=self.title,
            subtitle=self.subtitle,
            authors=self.authors,
            body=self.body,
            photos=[photo.as_handed_in for photo in (self.photos() if photos is None else photos)],
            created_by=by,
            **fields,
        )


def _searched(text: "Article | ArticleVersion") -> list[str]:
    return [text.title.replace("\n", ""), text.subtitle, *richtext.to_text(text.body).splitlines()]
