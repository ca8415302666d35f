"""A story of one unit, who sees it, and what it can't be handed in without."""

from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Unit, User
from workflow.documents import Transition

from .. import richtext, search
from . import moves, statuses, told
from .assignments import Assignment
from .commissioned import Commissioned
from .prints import Print
from .querysets import ArticleQuerySet
from .reviewed import Reviewed
from .statuses import Status

if TYPE_CHECKING:
    from .events import ArticleEvent
    from .versions import ArticleVersion, Photo

TITLE_LENGTH, SUBTITLE_LENGTH = 200, 100


class Kind(models.TextChoices):
    ARTICLE = "article", _("Article")
    BRIEF = "brief", _("Brief")


class Article(Reviewed):
    """A story of one unit: what its unit writes now. What was submitted stays in its versions."""

    EDITABLE, IN_REVIEW, REVISABLE = statuses.EDITABLE, statuses.IN_REVIEW, statuses.REVISABLE
    CAME_BACK, WITHIN_UNIT, CONFIRMABLE = statuses.CAME_BACK, statuses.WITHIN_UNIT, statuses.CONFIRMABLE
    REVIEWED, UNDER_WAY = statuses.REVIEWED, statuses.UNDER_WAY
    REVIEW, APPROVAL = statuses.REVIEW, statuses.APPROVAL
    FIRST_LOOK = moves.FIRST_LOOK
    SUBMIT = moves.SUBMIT
    FILE = moves.FILE
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
    OFFICE, PASSES, STAND_INS = statuses.OFFICE, moves.PASSES, moves.STAND_INS
    RETURN = moves.RETURN
    DECLINE = moves.DECLINE
    MERGE = moves.MERGE
    RECONSIDER = moves.RECONSIDER
    HOLD = moves.HOLD
    RESUME = moves.RESUME
    RELEASE = moves.RELEASE
    PLACE = moves.PLACE
    TAKE_OUT = moves.TAKE_OUT
    ISSUE = moves.ISSUE
    DISCARD = moves.DISCARD
    RESTORE = moves.RESTORE
    CHANGED, MADE_BRIEF = told.CHANGED, told.MADE_BRIEF
    PLEASE_AGREE, PLEASE_RATIFY = told.PLEASE_AGREE, told.PLEASE_RATIFY
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

    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged", verbose_name=_("merged into")
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
            models.CheckConstraint(
                condition=Q(status=Status.MERGED, merged_into__isnull=False)
                | ~Q(status=Status.MERGED) & Q(merged_into=None),
                name="article_merged_into_another",
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
    def is_merged(self) -> bool:
        """It is told with another story, and its unit is named with that one's."""
        return self.status == Status.MERGED

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
        Print.objects.ask(self)
        if self.is_returned:
            assert self.current_version, "what was returned was handed in"
            search.store_handed_in(self.pk, _searched(self.current_version))

    def store_words(self, *, in_archive: bool = False):
        """Keep what is searched for it; once more when it is issued, for the archive's search."""
        search.store(self.pk, _searched(self), in_archive=in_archive)

    def credited(self) -> list[Unit]:
        """The units whose story it is: its own, then those of what was merged into it. Lists prefetch `merged__unit`."""
        others = {each.unit_id: each.unit for each in sorted(self.merged.all(), key=attrgetter("pk"))}
        return [self.unit, *(unit for key, unit in others.items() if key != self.unit_id)]

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
            notices.settle(self, told.PLEASE_AGREE.apart)
        if event.to_status not in self.UNDER_WAY:
            notices.settle(self, told.PLEASE_RATIFY.apart)
        Commissioned.follow(self, event)
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
            contact=self.contact,
            event_on=self.event_on,
            body=self.body,
            photos=[photo.as_handed_in for photo in (self.photos() if photos is None else photos)],
            created_by=by,
            **fields,
        )


def _searched(text: "Article | ArticleVersion") -> list[str]:
    return [text.title.replace("\n", ""), text.subtitle, *richtext.to_text(text.body).splitlines()]
