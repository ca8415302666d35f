"""One numbered edition: who may see it, what is printed on it, and that it changes no more."""

import secrets
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
from articles.models import WRITING, ArticleEvent, Photo, ReviewPart
from workflow.documents import Document

from . import moves
from .bulletin import Bulletin
from .events import IssueEvent
from .moves import Status
from .placements import BRIEFS, Placement
from .signed import FrozenContent, SignOff

# The one security class that this system handles: for the listed readers only. Classified matter may not be on it.
INTERNAL = "内部"


# Without 0 o, 1 i l, which look alike where somebody copies it by hand; 64 bits.
TOKEN_LETTERS, TOKEN_LENGTH = "23456789abcdefghjkmnpqrstuvwxyz", 13


def new_verify_token() -> str:
    return "".join(secrets.choice(TOKEN_LETTERS) for _ in range(TOKEN_LENGTH))


class IssueKind(models.TextChoices):
    REGULAR = "regular", _("Regular issue")
    SUPPLEMENT = "supplement", _("Supplement")


class Edition(models.TextChoices):
    """What an issue is: an issue, or a document about one that was issued, which goes the same way to its readers."""

    ORIGINAL = "", pgettext_lazy("edition", "issue")
    CORRECTION = "correction", pgettext_lazy("edition", "correction")
    REVISION = "revision", pgettext_lazy("edition", "corrected edition")
    WITHDRAWAL = "withdrawal", pgettext_lazy("edition", "withdrawal")

    @property
    def printed(self) -> str:
        """What stands behind the number of the issue that it is about."""
        return {"correction": "更正", "revision": "更正版", "withdrawal": "撤回通知"}.get(self.value, "")


def readable_by(user) -> Q:
    """Which issued issues, and what stands in them, this person may read: a condition on their `security`."""
    makes = user.has_perm("issues.assemble_issue") or user.has_perm("issues.publish_issue")
    if makes or (user.has_perm("issues.read_archive") and user.has_perm("issues.read_internal")):
        return Q()
    return Q(security="") if user.has_perm("issues.read_archive") else Q(pk__in=())


def _issued_amendments() -> models.Prefetch:
    issued = Issue.objects.issued().exclude(edition=Edition.ORIGINAL).order_by("issued_at", "pk")
    return models.Prefetch("amendments", issued, to_attr="issued_amendments")


class IssueQuerySet(models.QuerySet):
    def issued(self):
        return self.filter(status=Status.ISSUED)

    def kept(self):
        """Without those that were given up: of these only the row and its events stay."""
        return self.exclude(status=Status.DISCARDED)

    def open(self):
        return self.filter(status__in=Issue.IN_THE_MAKING)

    def originals(self):
        """Without the corrections, corrected editions and withdrawals of others."""
        return self.filter(edition=Edition.ORIGINAL)

    def withdrawn(self):
        """Those of which a withdrawal was issued."""
        return self.filter(pk__in=Issue.objects.issued().filter(edition=Edition.WITHDRAWAL).values("amends"))

    def readable_to(self, user):
        """As visible, but a withdrawn issue's text, pages and PDF are for those alone who make issues."""
        makes = user.has_perm("issues.assemble_issue") or user.has_perm("issues.publish_issue")
        visible = self.visible_to(user)
        return visible if makes else visible.exclude(pk__in=Issue.objects.withdrawn().values("pk"))

    def with_amendments(self):
        """Each with `issued_amendments`, the oldest first. One query more."""
        return self.prefetch_related(_issued_amendments())

    def add_amendments(self, issues):
        """The same for issues that are there already."""
        models.prefetch_related_objects(list(issues), _issued_amendments())

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
        acts = (Issue.SEND.name, *moves.AMENDING)
        sent = IssueEvent.objects.filter(issue=OuterRef("pk"), by=user, transition__in=acts)
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


class Issue(Document):
    """One numbered edition. Signed or issued it says what its `frozen` content says; the database refuses changes."""

    IN_THE_MAKING = moves.IN_THE_MAKING
    UNSIGNED = moves.UNSIGNED
    WITH_THE_SIGNER = moves.WITH_THE_SIGNER
    FIRST_LOOK = moves.FIRST_LOOK
    VOID = moves.VOID
    SEND = moves.SEND
    RECALL = moves.RECALL
    SIGN = moves.SIGN
    REFUSE = moves.REFUSE
    UNSIGN = moves.UNSIGN
    PUBLISH = moves.PUBLISH
    DISCARD = moves.DISCARD
    TRANSITIONS = moves.TRANSITIONS
    RETURNS = moves.RETURNS

    # Given by search.add_contents, where a page shows several.
    contents: list[Placement]
    # Given by with_amendments.
    issued_amendments: list["Issue"]

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="issues", verbose_name=_("bulletin"))
    kind = models.CharField(_("kind"), max_length=10, choices=IssueKind, default=IssueKind.REGULAR)
    edition = models.CharField(
        _("edition"), max_length=10, choices=Edition, default=Edition.ORIGINAL, blank=True, editable=False
    )
    edition_number = models.PositiveSmallIntegerField(_("number of the edition"), default=0, editable=False)
    amends = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="amendments", verbose_name=_("amends")
    )
    reason = models.TextField(_("reason, as readers see it"), blank=True)
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
    # In the address that the code on the last page leads to. Of those signed before there were codes it is None.
    verify_token = models.CharField(
        max_length=TOKEN_LENGTH, null=True, unique=True, default=new_verify_token, editable=False
    )
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
                condition=~Q(status=Status.DISCARDED) & Q(edition=""),
                name="issue_number_once_a_year",
            ),
            models.UniqueConstraint(
                fields=["amends", "edition", "edition_number"],
                condition=~Q(status=Status.DISCARDED) & ~Q(edition=""),
                name="edition_number_once_an_issue",
            ),
            models.UniqueConstraint(
                fields=["amends"],
                condition=Q(status__in=moves.IN_THE_MAKING) & ~Q(edition=""),
                name="one_amendment_in_the_making_an_issue",
            ),
            models.CheckConstraint(
                condition=Q(edition="", amends__isnull=True) | (~Q(edition="") & Q(amends__isnull=False)),
                name="what_amends_has_its_issue",
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
        words = gettext("%(year)s no. %(number)s")
        if self.kind == IssueKind.SUPPLEMENT:
            words = gettext("%(year)s supplement no. %(number)s")
        return words % {"year": self.year, "number": self.number} + self.edition_words

    @property
    def edition_words(self) -> str:
        """What is printed behind the number of the issue that it amends: 更正, and from the second on 第2次更正."""
        printed = Edition(self.edition).printed
        return f"第{self.edition_number}次{printed}" if self.edition_number > 1 else printed

    @property
    def reference(self) -> str:
        """How commands and file names call it: 2026-9, or 2026-增1 for a supplement."""
        return f"{self.year}-{'增' if self.kind == IssueKind.SUPPLEMENT else ''}{self.number}{self.edition_words}"

    @property
    def is_withdrawal(self) -> bool:
        return self.edition == Edition.WITHDRAWAL

    @property
    def is_revision(self) -> bool:
        return self.edition == Edition.REVISION

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

    @property
    def withdrawal(self) -> "Issue | None":
        """The document that withdrew it, of one read `with_amendments`."""
        return next((amendment for amendment in self.issued_amendments if amendment.is_withdrawal), None)

    def last_return(self) -> "IssueEvent | None":
        """When a signer last sent it back to the desk, and why."""
        return self.events.filter(transition__in=self.RETURNS).select_related("by").last()

    def record(self, change: str, *, by, note: str) -> None:
        """Write down a change of an open issue: one of IssueEvent.CHANGES, who, and in words what."""
        self.events.create(by=by, transition=change, from_status=self.status, to_status=self.status, note=note)

    def follow_up(self, transition, event):
        notices.tell(self, transition, event)

    def photos(self):
        """The photos of the article versions in it; a corrected edition shows those of the issue that it corrects."""
        shown = self.amends if self.is_revision and self.amends else self
        placed = shown.placements.values_list("version__photos", flat=True)
        return Photo.objects.filter(pk__in={entry["photo"] for photos in placed for entry in photos})
