"""One numbered edition with what stands in it, its moves, and what was signed of it."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Tier, Topic, User
from articles.models import WRITING, Article, ArticleEvent, ArticleVersion, Photo, ReviewPart
from workflow.documents import Document, Transition
from workflow.events import Event
from workflow.notices import Tell
from workflow.states import State

from .bulletin import Bulletin

# The one security class that this system handles: for the listed readers only. Classified matter may not be on it.
INTERNAL = "内部"


class IssueKind(models.TextChoices):
    REGULAR = "regular", _("Regular issue")
    SUPPLEMENT = "supplement", _("Supplement")


class Status(models.TextChoices):
    DRAFT = "draft", _("being assembled")
    PENDING = "pending", _("waiting for sign-off")
    SIGNED = "signed", _("signed off")
    ISSUED = "issued", _("issued")
    DISCARDED = "discarded", _("given up")


# The sections of an issue in the order in which they are printed: the units' tiers, then the briefs.
BRIEFS = "brief"  # the closing section; the others are the tiers of units
SECTIONS = [*Tier.choices, (BRIEFS, _("Briefs"))]
SECTION_ORDER = {name: rank for rank, (name, _label) in enumerate(SECTIONS)}


def readable_by(user) -> Q:
    """Which issued issues, and what stands in them, this person may read: a condition on their `security`."""
    makes = user.has_perm("issues.assemble_issue") or user.has_perm("issues.publish_issue")
    if makes or (user.has_perm("issues.read_archive") and user.has_perm("issues.read_internal")):
        return Q()
    return Q(security="") if user.has_perm("issues.read_archive") else Q(pk__in=())


class IssueQuerySet(models.QuerySet):
    def issued(self):
        return self.filter(status=Status.ISSUED)

    def kept(self):
        """Without those that were given up: of these only the row and its events stay."""
        return self.exclude(status=Status.DISCARDED)

    def open(self):
        return self.filter(status__in=Issue.IN_THE_MAKING)

    def visible_to(self, user):
        """Issued ones for every reader of the archive, but 内部 for the office and the readers it was sent to alone (they
        have copies of their own); those in the making for the people who make them."""
        if user.has_perm("issues.assemble_issue") or user.has_perm("issues.publish_issue"):
            return self.kept()
        seen = Q(status=Status.ISSUED) & readable_by(user)
        if user.has_perm("issues.sign_issue"):
            seen |= Q(status__in=Issue.WITH_THE_SIGNER)
        return self.filter(seen)

    def for_desk(self, user):
        """Those that this person may assemble or issue: all of them, or none."""
        may = user.has_perm("issues.assemble_issue") or user.has_perm("issues.publish_issue")
        return self.kept() if may else self.none()

    def for_signer(self, user):
        """What waits for a signature or has one, and what this person signed before."""
        if not user.has_perm("issues.sign_issue"):
            return self.none()
        signed = Q(pk__in=SignOff.objects.filter(by=user, withdrawn_at=None).values("issue"))
        return self.filter(Q(status__in=Issue.WITH_THE_SIGNER) | signed)

    def to_sign(self, user):
        """What waits for the signature of this person, who neither sent it nor wrote or changed what stands in it."""
        if not user.has_perm("issues.sign_issue"):
            return self.none()
        placed = Placement.objects.filter(issue=OuterRef("pk")).filter(
            Q(article__created_by=user)
            | Q(article__in=ReviewPart.objects.filter(person=user, step=WRITING).values("article"))
            | Q(article__in=ArticleEvent.objects.filter(by=user, transition=ArticleEvent.REVISE).values("article"))
        )
        sent = IssueEvent.objects.filter(issue=OuterRef("pk"), by=user, transition=Issue.SEND.name)
        return self.filter(~Exists(sent), ~Exists(placed), status=Status.PENDING)

    def with_return(self):
        """Each with the words, the name and the moment of its last return by a signer."""
        returns = IssueEvent.objects.filter(issue=OuterRef("pk"), transition__in=Issue.RETURNS).order_by("-at", "-pk")
        return self.annotate(
            return_note=Subquery(returns.values("note")[:1]),
            returned_by=Subquery(returns.values("by__name")[:1]),
            returned_at=Subquery(returns.values("at")[:1]),
        )

    def returned_by(self, user):
        """Back on the desk, the last time because this person returned them."""
        returns = IssueEvent.objects.filter(issue=OuterRef("pk"), transition__in=Issue.RETURNS).order_by("-at", "-pk")
        returned = self.filter(status=Status.DRAFT).annotate(returner=Subquery(returns.values("by")[:1]))
        return returned.filter(returner=user.pk)

    def newest_first(self):
        return self.order_by("-dated_on", "-pk")

    def with_counts(self):
        """Each with its `article_count` and `brief_count`."""
        placed = (
            Placement.objects.filter(issue=OuterRef("pk")).order_by().values("issue").annotate(n=models.Count("pk"))
        )
        return self.annotate(
            article_count=Coalesce(Subquery(placed.exclude(section=BRIEFS).values("n")), 0),
            brief_count=Coalesce(Subquery(placed.filter(section=BRIEFS).values("n")), 0),
        )


class FrozenContent(models.Model):
    """What an issue said when it was sent for sign-off, signed or imported: the canonical JSON, to the letter. Never changed.

    `digest` is the SHA-256 of `text` as it stands here, whatever later versions of the code would write.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    text = models.TextField(_("content"), editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("frozen content")
        verbose_name_plural = _("frozen contents")

    def __str__(self):
        return short_code(self.digest)


def _took_no_part(issue, user) -> bool:
    """Whether this person neither wrote, handed in nor changed what stands in it."""
    articles = issue.placements.values("article")
    wrote = ReviewPart.objects.filter(article__in=articles, person=user, step=WRITING)
    changed = ArticleEvent.objects.filter(article__in=articles, by=user, transition=ArticleEvent.REVISE)
    return not (wrote.exists() or changed.exists() or issue.placements.filter(article__created_by=user).exists())


def _thaw(issue, *, by) -> None:
    issue.frozen = None


# --- who is told ---------------------------------------------------------------------------------------------------
def _signers(issue):
    return [person for person in User.objects.with_permission("issues.sign_issue") if issue.may(Issue.SIGN, person)]


def _editors(_issue):
    return User.objects.with_permission("issues.assemble_issue")


def _publishers(_issue):
    return User.objects.with_permission("issues.publish_issue")


def _other_editors(issue):
    return _editors(issue).exclude(pk__in=_publishers(issue))


_TO_THE_DESK = _("To the desk")
_RETURNED = Tell(Topic.URGENT, _editors, pgettext_lazy("notice", "Returned by the signer"), _TO_THE_DESK, "issues:desk")


class Issue(Document):
    """One numbered edition. Signed or issued it says what its `frozen` content says; the database refuses changes."""

    IN_THE_MAKING = (Status.DRAFT, Status.PENDING, Status.SIGNED)
    UNSIGNED = (Status.DRAFT, Status.PENDING)
    WITH_THE_SIGNER = (Status.PENDING, Status.SIGNED)

    FIRST_LOOK = State(pgettext_lazy("state of an issue", "being assembled"), "desk")
    SEND = Transition(
        "send",
        _("Send for sign-off"),
        (Status.DRAFT,),
        Status.PENDING,
        "issues.assemble_issue",
        done=_("%(title)s now waits for sign-off."),
        look=State(pgettext_lazy("state of an issue", "waiting for sign-off"), "clock", "go"),
        step=_("Assemble"),
        announces=_("%(title)s is sent for sign-off"),
        tells=(
            Tell(Topic.URGENT, _signers, pgettext_lazy("notice", "Please sign"), _("Look and sign"), "issues:sign_off"),
        ),
    )
    RECALL = Transition(
        "recall",
        _("Take back from sign-off"),
        (Status.PENDING,),
        Status.DRAFT,
        "issues.assemble_issue",
        done=_("%(title)s is back on the desk."),
    )
    SIGN = Transition(
        "sign",
        _("Sign off"),
        (Status.PENDING,),
        Status.SIGNED,
        "issues.sign_issue",
        may=_took_no_part,
        separate_from=(SEND.name,),
        done=_("%(title)s is signed off, check code %(code)s. The editorial office will issue it."),
        look=State(pgettext_lazy("state of an issue", "signed off"), "sign", "ok"),
        step=_("Sign off"),
        announces=_("%(title)s is signed off"),
        tells=(
            Tell(Topic.WORK, _publishers, pgettext_lazy("notice", "Please issue"), _TO_THE_DESK, "issues:desk"),
            Tell(Topic.NEWS, _other_editors, pgettext_lazy("notice", "Signed"), _TO_THE_DESK, "issues:desk"),
        ),
    )
    REFUSE = Transition(
        "refuse",
        _("Return with remarks"),
        (Status.PENDING,),
        Status.DRAFT,
        "issues.sign_issue",
        needs_note=True,
        done=_("%(title)s is returned to the editorial office."),
        tells=(_RETURNED,),
    )
    UNSIGN = Transition(
        "unsign",
        _("Withdraw the sign-off"),
        (Status.SIGNED,),
        Status.DRAFT,
        "issues.sign_issue",
        needs_note=True,
        effect=_thaw,
        done=_("The sign-off of %(title)s is withdrawn. It is back on the desk."),
        tells=(_RETURNED,),
    )
    PUBLISH = Transition(
        "publish",
        _("Issue"),
        (Status.SIGNED,),
        Status.ISSUED,
        "issues.publish_issue",
        done=_("%(title)s is issued. It can be distributed now."),
        look=State(pgettext_lazy("state of an issue", "issued"), "archive", "ok"),
        step=_("Issue it"),
        announces=_("%(title)s is issued"),
    )
    DISCARD = Transition(
        "discard",
        _("Give up"),
        (Status.DRAFT,),
        Status.DISCARDED,
        "issues.assemble_issue",
        done=_("The empty issue is given up."),
        look=State(pgettext_lazy("state of an issue", "given up"), "cross", "stop"),
    )
    TRANSITIONS = (SEND, RECALL, SIGN, REFUSE, UNSIGN, PUBLISH, DISCARD)
    RETURNS = (REFUSE.name, UNSIGN.name)  # by the signer, with a reason

    # Given by search.add_contents, where a page shows several.
    contents: "list[Placement]"

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="issues", verbose_name=_("bulletin"))
    kind = models.CharField(_("kind"), max_length=10, choices=IssueKind, default=IssueKind.REGULAR)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number in the year"))
    total_number = models.PositiveIntegerField(_("total number"), null=True, blank=True)
    dated_on = models.DateField(_("date"), help_text=_("The planned day; at sign-off it becomes the day of signing."))
    copy_number = models.CharField(
        _("copy number"),
        max_length=6,
        blank=True,
        default="",
        validators=[RegexValidator(r"[0-9]{6}\Z", _("Write the copy number with six digits, such as 000001."))],
    )
    security = models.CharField(
        _("security class"),
        max_length=12,
        blank=True,
        default="",
        validators=[
            RegexValidator(
                rf"^{INTERNAL}\Z",
                _("This system handles nothing classified. Write 内部, or leave it empty."),
            )
        ],
    )
    signer_name = models.CharField(_("signer, as printed"), max_length=20, blank=True, default="")
    editor_note = models.TextField(_("editor's note"), blank=True)
    has_contents = models.BooleanField(_("print a table of contents"), default=False)
    print_run = models.PositiveIntegerField(_("print run"), default=60)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    is_past = models.BooleanField(_("taken over from the archive"), default=False, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    looked_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When the sweep last saw that its pages were asked for.")
    )
    issued_at = models.DateTimeField(_("issued at"), null=True, editable=False)
    pdf = models.FileField(_("official PDF"), upload_to="issues/%Y", blank=True, editable=False)
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    pdf_pages = models.PositiveSmallIntegerField(_("pages"), null=True, editable=False)
    frozen = models.ForeignKey(FrozenContent, models.PROTECT, null=True, editable=False, related_name="+")

    objects: ClassVar = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["-dated_on", "-pk"]
        indexes = [
            models.Index(fields=["status", "-dated_on"]),
            models.Index(fields=["status", "year", "security"]),  # counts the years of the archive
            models.Index(fields=["status", "is_past"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="issue_status_is_known"),
            models.UniqueConstraint(
                fields=["bulletin", "kind", "year", "number"],
                condition=~Q(status=Status.DISCARDED),
                name="issue_number_once_a_year",
            ),
            models.UniqueConstraint(
                fields=["bulletin", "total_number"],
                condition=Q(total_number__isnull=False) & ~Q(status=Status.DISCARDED),
                name="issue_total_number_once",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(Status.SIGNED, Status.ISSUED)) | Q(frozen__isnull=False),
                name="signed_has_frozen_content",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.ISSUED) | Q(is_past=True) | ~Q(pdf_sha256=""), name="issued_has_pdf"
            ),
        ]

    def __str__(self):
        if self.kind == IssueKind.SUPPLEMENT:
            return gettext("%(year)s supplement no. %(number)s") % {"year": self.year, "number": self.number}
        return gettext("%(year)s no. %(number)s") % {"year": self.year, "number": self.number}

    @property
    def reference(self) -> str:
        """How commands and file names call it: 2026-9, or 2026-增1 for a supplement."""
        return f"{self.year}-{'增' if self.kind == IssueKind.SUPPLEMENT else ''}{self.number}"

    @property
    def is_classified(self) -> bool:
        """Marked as no issue may be any more: such rows are from before this was refused."""
        return self.security not in ("", INTERNAL)

    @property
    def is_open(self) -> bool:
        """Its contents may be changed."""
        return self.status == Status.DRAFT

    @property
    def is_pending(self) -> bool:
        """It waits for the signature."""
        return self.status == Status.PENDING

    @property
    def is_signed(self) -> bool:
        """Signed, and not issued yet."""
        return self.status == Status.SIGNED

    @property
    def is_issued(self) -> bool:
        return self.status == Status.ISSUED

    def last_return(self) -> "IssueEvent | None":
        """When a signer last sent it back to the desk, and why."""
        return self.events.filter(transition__in=self.RETURNS).select_related("by").last()

    def record(self, change: str, *, by, note: str) -> None:
        """Write down a change of an open issue: one of IssueEvent.CHANGES, who, and in words what."""
        self.events.create(by=by, transition=change, from_status=self.status, to_status=self.status, note=note)

    def follow_up(self, transition, event):
        notices.tell(self, transition, event)

    def photos(self):
        """The photos of the article versions in it."""
        placed = self.placements.values_list("version__photos", flat=True)
        return Photo.objects.filter(pk__in={entry["photo"] for photos in placed for entry in photos})


class IssueEvent(Event):
    """A move of an issue, or a change of one in the making. `note` then says what changed, from what to what."""

    CHANGES = {
        "open": _("Issue begun"),
        "set_up": _("Settings changed"),
        "place": _("Article put in"),
        "take_out": _("Article taken out"),
        "move": _("Article moved"),
        "restore_order": _("Default order restored"),
        "settle": _("Warnings checked"),
        "revise": _("Text changed"),
        "recipients": _("Recipients changed"),
        "import": _("Taken over from the archive"),
    }

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="events", verbose_name=_("issue"))

    class Meta(Event.Meta):
        verbose_name = _("issue event")
        verbose_name_plural = _("issue events")

    @property
    def act(self) -> str:
        """What was done, as the history names it."""
        moves = {move.name: move.label for move in Issue.TRANSITIONS}
        return str(moves.get(self.transition) or self.CHANGES.get(self.transition, self.transition))


class Placement(models.Model):
    """One article version at one place in one issue."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="placements", verbose_name=_("issue"))
    article = models.OneToOneField(Article, models.PROTECT, related_name="placement", verbose_name=_("article"))
    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="+", verbose_name=_("article version"))
    section = models.CharField(_("section"), max_length=10, choices=SECTIONS)
    position = models.PositiveSmallIntegerField(_("order in the section"))
    is_by_hand = models.BooleanField(
        _("section chosen by hand"), default=False, editable=False, help_text=_("Not the tier of its unit.")
    )
    signed_unit = models.CharField(_("unit, as signed"), max_length=40, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(section=BRIEFS, is_by_hand=True), name="briefs_are_no_section_by_hand")
        ]

    def __str__(self):
        return f"{self.issue} {self.version}"

    @property
    def unit_name(self) -> str:
        """The unit's short name: as it is now, and once the issue is signed as it was then."""
        return self.signed_unit if self.issue.frozen_id else self.article.unit.short_name


class SignOff(models.Model):
    """The leader's approval of one frozen content: its text, the PDF that shows it, and what the layout check said.

    A row changes once: when it is withdrawn. Those from before these fields were kept may lack them.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="sign_offs", verbose_name=_("issue"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("signer"))
    at = models.DateTimeField(_("signed at"), default=timezone.now, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    frozen = models.ForeignKey(FrozenContent, models.PROTECT, null=True, editable=False, related_name="+")
    pdf_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    report = models.JSONField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue"], condition=Q(withdrawn_at=None), name="one_valid_sign_off_an_issue"
            )
        ]

    def __str__(self):
        return f"{self.issue} {self.code}"

    @property
    def code(self) -> str:
        """The check code people compare: the first eight hexadecimal digits of the digest, in two groups."""
        return short_code(self.digest)


def short_code(digest: str) -> str:
    return f"{digest[:4]} {digest[4:8]}".upper()
