from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from workflow.documents import Document, Transition
from workflow.events import Event
from workflow.refusals import Refused
from workflow.states import State
from workflow.todo import Ask

from . import richtext, search
from .dates import written

# A photo that stands alone is printed 114 mm wide, or 95 mm high; with fewer pixels to the inch it looks coarse.
PRINT_DPI = 150
PRINT_WIDTH, PRINT_HEIGHT = 680, 560


class Kind(models.TextChoices):
    ARTICLE = "article", _("Article")
    BRIEF = "brief", _("Brief")


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")
    PLACED = "placed", _("placed")
    ISSUED = "issued", _("printed")
    DISCARDED = "discarded", _("deleted")


class ArticleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All for the editorial office, the own unit's for contributors; drafts only to those who write them."""
        own = Q(created_by=user)
        if user.has_perm("articles.write_article") and user.unit_id:
            own |= Q(unit=user.unit_id)
        if user.has_perm("articles.view_all_articles"):
            own |= ~Q(status=Status.DRAFT)
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
        """Drafts and returned articles of the own unit."""
        if not user.has_perm("articles.write_article"):
            return self.none()
        return self.belonging_to(user).filter(status__in=Article.EDITABLE)

    def with_return_note(self):
        """Each with `return_note`: the reason for which it was last returned."""
        events = ArticleEvent.objects.filter(article=OuterRef("pk"), to_status=Status.RETURNED)
        return self.annotate(return_note=Subquery(events.order_by("-at", "-pk").values("note")[:1]))

    def for_pages(self):
        """With all that lists and the article's own page show of each, slots included (templates/slots/)."""
        related = ("unit", "created_by", "current_version", *settings.ARTICLE_RELATIONS)
        return self.with_return_note().select_related(*related)

    def awaiting_review(self):
        return self.filter(status__in=Article.IN_REVIEW)

    def ready_to_place(self):
        return self.filter(status__in=Article.PLACE.sources)

    def matching(self, query):
        return search.matching(self, query)

    def matching_for(self, user, query):
        """Those whose words this person may know: of another unit's article its unit is revising, what was handed in."""
        revised = Q(status=Status.RETURNED) & ~Q(pk__in=Article.objects.belonging_to(user).values("pk"))
        return self.exclude(revised).matching(query) | search.matching(self.filter(revised), query, handed_in=True)


# --- who may move an article, besides the permission, and what else changes ----------------------------------------
def _is_its_author(article, user) -> bool:
    return article.created_by_id == user.pk


def _is_not_its_author(article, user) -> bool:
    """Nobody reviews their own work."""
    return article.created_by_id != user.pk


def _not_written_by(user) -> Q:
    """As `_is_not_its_author`, of rows: those that nobody wrote here are anybody's to review."""
    return ~Q(created_by=user)


def _is_of_its_unit(article, user) -> bool:
    return article.belongs_to(user)


def _hand_in(article, *, by) -> None:
    if article.missing:
        raise Refused(" ".join(article.missing.values()))
    if article.unit.valid_to and article.unit.valid_to < timezone.localdate():
        words = gettext("%(unit)s is no longer used since %(day)s, so nothing can be handed in for it. Ask the office.")
        raise Refused(words % {"unit": article.unit, "day": written(article.unit.valid_to)})
    article.submitted_at, article.decided_at = timezone.now(), None
    article.current_version = article.add_version(by=by)


def _decide(article, *, by) -> None:
    article.decided_at = timezone.now()


class Article(Document):
    """A story of one unit: what its unit writes now. What was submitted stays in its versions."""

    EDITABLE = (Status.DRAFT, Status.RETURNED)
    IN_REVIEW = (Status.SUBMITTED,)
    REVISABLE = (*IN_REVIEW, Status.ACCEPTED)  # by the office; one in an issue is revised on its desk
    REVIEW = "articles.review_article"

    FIRST_LOOK = State(pgettext_lazy("state of an article", "draft"), "pen")
    SUBMIT = Transition(
        "submit",
        _("Submit"),
        EDITABLE,
        Status.SUBMITTED,
        "articles.submit_article",
        may=_is_of_its_unit,
        effect=_hand_in,
        done=_("“%(title)s” is handed in. The editorial office will review it."),
        begins_round=True,
        look=State(pgettext_lazy("state of an article", "submitted"), "clock", "go"),
        step=_("Handed in"),
    )
    WITHDRAW = Transition(
        "withdraw",
        _("Withdraw to edit"),
        (Status.SUBMITTED,),
        Status.DRAFT,
        "articles.submit_article",
        may=_is_of_its_unit,
        done=_("“%(title)s” is withdrawn. Edit it, then hand it in again."),
    )
    ACCEPT = Transition(
        "accept",
        _("Accept"),
        IN_REVIEW,
        Status.ACCEPTED,
        REVIEW,
        may=_is_not_its_author,
        effect=_decide,
        done=_("“%(title)s” is accepted; it can be put into an issue now."),
        look=State(pgettext_lazy("state of an article", "accepted"), "check", "ok"),
        step=_("Reviewed"),
        asks=Ask(
            "review", State(pgettext_lazy("kind of to-do", "to review"), "eye", "you"), _("Review it"), _not_written_by
        ),
    )
    RETURN = Transition(
        "return",
        _("Return for changes"),
        (*IN_REVIEW, Status.ACCEPTED),
        Status.RETURNED,
        REVIEW,
        needs_note=True,
        may=_is_not_its_author,
        effect=_decide,
        done=_("“%(title)s” is returned to its unit with your reason."),
        look=State(pgettext_lazy("state of an article", "returned"), "undo", "you"),
    )
    PLACE = Transition(
        "place",
        _("Put into the issue"),
        (Status.ACCEPTED,),
        Status.PLACED,
        "articles.place_article",
        look=State(pgettext_lazy("state of an article", "placed"), "desk", "ok"),
        step=_("In an issue"),
    )
    TAKE_OUT = Transition("take_out", _("Take out"), (Status.PLACED,), Status.ACCEPTED, "articles.place_article")
    ISSUE = Transition(
        "issue",
        _("Issue"),
        (Status.PLACED,),
        Status.ISSUED,
        "articles.issue_article",
        look=State(pgettext_lazy("state of an article", "printed"), "archive", "ok"),
        step=_("Printed"),
    )
    DISCARD = Transition(
        "discard",
        _("Delete"),
        (Status.DRAFT,),
        Status.DISCARDED,
        "articles.write_article",
        may=_is_its_author,
        done=_("“%(title)s” is deleted."),
        look=State(pgettext_lazy("state of an article", "deleted"), "cross", "stop"),
    )
    RESTORE = Transition(
        "restore",
        _("Bring back"),
        (Status.DISCARDED,),
        Status.DRAFT,
        "articles.write_article",
        may=_is_its_author,
        done=_("“%(title)s” is back among your drafts."),
    )
    TRANSITIONS = (SUBMIT, WITHDRAW, ACCEPT, RETURN, PLACE, TAKE_OUT, ISSUE, DISCARD, RESTORE)

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="articles", verbose_name=_("unit"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="articles", verbose_name=_("created by")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ARTICLE)
    title = models.CharField(_("title"), max_length=200, blank=True, help_text=_("One to three lines, as printed."))
    subtitle = models.CharField(_("subtitle"), max_length=100, blank=True)
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
    current_version = models.ForeignKey(
        "ArticleVersion", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("current version")
    )

    objects = ArticleQuerySet.as_manager()

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
        ]

    def __str__(self):
        return self.flat_title or str(_("Untitled"))

    @property
    def flat_title(self) -> str:
        """The title on one line; a brief without one is called by its first words."""
        title = "".join(line.strip() for line in self.title.splitlines())
        return title or Truncator(richtext.to_text(self.body)).chars(24)

    def photos(self) -> list["Photo"]:
        """The photos that belong to the text now, in order."""
        return [photo for photo in self.all_photos.all() if not photo.is_removed]

    pictures = photos

    def last_return(self) -> "ArticleEvent | None":
        return self.events.filter(to_status=Status.RETURNED).select_related("by").last()

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
    def is_in_review(self) -> bool:
        return self.status in self.IN_REVIEW

    @property
    def is_revisable(self) -> bool:
        """The office may change its text."""
        return self.status in self.REVISABLE

    @property
    def is_returned(self) -> bool:
        return self.status == Status.RETURNED

    @property
    def is_accepted(self) -> bool:
        return self.status == Status.ACCEPTED

    @property
    def is_placed(self) -> bool:
        """It stands in an issue that is still being made."""
        return self.status == Status.PLACED

    @property
    def is_issued(self) -> bool:
        return self.status == Status.ISSUED

    @property
    def characters(self) -> int:
        return richtext.count_characters(self.body)

    def save(self, *args, **kwargs):
        self.body = richtext.clean(self.body)
        self.title = "\n".join(line.strip() for line in self.title.splitlines() if line.strip())
        super().save(*args, **kwargs)
        self.store_words()
        if self.is_returned:
            search.store_handed_in(self.pk, _searched(self.current_version))

    def store_words(self, *, in_archive: bool = False):
        """Keep what is searched for it; once more when it is issued, for the archive's search."""
        search.store(self.pk, _searched(self), in_archive=in_archive)

    def belongs_to(self, user) -> bool:
        """Whether the person wrote it or is of its unit."""
        return self.created_by_id == user.pk or (user.unit_id is not None and self.unit_id == user.unit_id)

    def event_details(self):
        return {"version": self.current_version}

    def add_version(self, *, by):
        """Freeze the present text as the next version. The caller holds the row's lock."""
        last = self.versions.aggregate(last=models.Max("number"))["last"] or 0
        return self.versions.create(
            number=last + 1,
            title=self.title,
            subtitle=self.subtitle,
            authors=self.authors,
            body=self.body,
            photos=[photo.as_handed_in for photo in self.photos()],
            created_by=by,
        )


def _searched(text: "Article | ArticleVersion") -> list[str]:
    return [text.title.replace("\n", ""), text.subtitle, *richtext.to_text(text.body).splitlines()]


class ArticleVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of one's own unit; of the others what was handed in, not what one colleague replaced of another's."""
        handed_in = Exists(ArticleEvent.objects.filter(version=OuterRef("pk"))) | Q(article__current_version=F("pk"))
        return self.filter(article__in=Article.objects.visible_to(user)).filter(
            Q(article__in=Article.objects.belonging_to(user)) | handed_in
        )


class ArticleVersion(models.Model):
    """What was handed in once, or replaced by a colleague's text: never changed (a trigger in the database sees to it)."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions", verbose_name=_("article"))
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    subtitle = models.CharField(_("subtitle"), max_length=100, blank=True)
    authors = models.CharField(_("authors"), max_length=100, blank=True)
    body = models.TextField(_("text"))
    photos = models.JSONField(_("photos"), default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    objects = ArticleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("article version")
        verbose_name_plural = _("article versions")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="version_number_once_an_article")]

    def __str__(self):
        return f"{self.flat_title} #{self.number}"

    flat_title = Article.flat_title
    characters = Article.characters
    html = Article.html

    def pictures(self) -> list["Photo"]:
        """The photos as they were then, in that order, with the captions of then."""
        rows = Photo.objects.in_bulk([entry["photo"] for entry in self.photos])
        pictures = []
        for entry in self.photos:
            if photo := rows.get(entry["photo"]):
                photo.caption, photo.alternative = entry["caption"], entry.get("alternative", "")
                pictures.append(photo)
        return pictures


class PhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of one's own unit's articles; of the others those that were handed in."""
        own = self.filter(article__in=Article.objects.belonging_to(user))
        versions = ArticleVersion.objects.visible_to(user).filter(article__in=self.values("article"))
        handed_in = {entry["photo"] for photos in versions.values_list("photos", flat=True) for entry in photos}
        return own | self.filter(pk__in=handed_in)


class Photo(models.Model):
    """A picture of an article, decoded and re-encoded by the server. Versions refer to it by id, so files stay."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="all_photos", verbose_name=_("article"))
    file = models.FileField(_("file"), upload_to="photos/%Y/%m")
    caption = models.CharField(_("caption"), max_length=100, blank=True)
    alternative = models.CharField(
        _("alternative text"),
        max_length=200,
        blank=True,
        help_text=_("What the photo shows, for readers who can't see it; the caption when empty."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    content_type = models.CharField(max_length=20, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    is_removed = models.BooleanField(_("taken out"), default=False, editable=False)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.caption or str(self.pk)

    @property
    def as_handed_in(self) -> dict:
        """What a version keeps of it."""
        kept = {"photo": self.pk, "caption": self.caption, "width": self.width, "height": self.height}
        return kept | ({"alternative": self.alternative} if self.alternative else {})

    @property
    def words(self) -> str:
        """What is said to those who can't see it; empty when nobody wrote anything."""
        return self.alternative or self.caption

    @property
    def is_small(self) -> bool:
        """Whether it has too few pixels for the width, or a high one for the height, at which photos are printed."""
        return self.width < PRINT_WIDTH and self.height < PRINT_HEIGHT

    @property
    def printed_mm(self) -> int:
        """How wide it is printed at most, so that no pixel is seen."""
        return round(self.width / PRINT_DPI * 25.4)


class SourceFileQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SourceFileQuerySet":
        """Of the articles that this person sees; a file that could not be read only to who sent it."""
        return self.filter(Q(article__in=Article.objects.visible_to(user)) | Q(article__isnull=True, created_by=user))

    def belonging_to(self, user) -> "SourceFileQuerySet":
        """Of the own unit's articles, and what this person sent in vain."""
        return self.filter(Q(article__in=Article.objects.belonging_to(user)) | Q(article__isnull=True, created_by=user))

    def refused_to(self, user) -> "SourceFileQuerySet":
        """What this person sent, could not be read, and was not put aside."""
        return self.filter(created_by=user, article__isnull=True, dismissed_at__isnull=True)


class SourceFile(models.Model):
    """A Word file as it was sent: kept, whether an article could be made of it or not."""

    article = models.ForeignKey(
        Article, models.PROTECT, null=True, related_name="source_files", verbose_name=_("article")
    )
    file = models.FileField(_("file"), upload_to="sources/%Y/%m")
    name = models.CharField(_("name"), max_length=200)
    taken = models.CharField(_("taken over"), max_length=200, blank=True)
    losses = models.JSONField(_("not taken over"), default=list)
    refusal = models.TextField(_("refused because"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    dismissed_at = models.DateTimeField(_("put aside at"), null=True, editable=False)

    objects = SourceFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("Word file")
        verbose_name_plural = _("Word files")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def places(self) -> int:
        """How many things of the file a person should look at."""
        return sum(loss["count"] for loss in self.losses)


class ArticleEvent(Event):
    """A move of an article; or what moves nothing: an editor settled the warnings of a version (SETTLE), or changed the
    text (REVISE)."""

    SETTLE, REVISE = "settle", "revise"

    article = models.ForeignKey(Article, models.PROTECT, related_name="events", verbose_name=_("article"))
    version = models.ForeignKey(
        ArticleVersion, models.PROTECT, null=True, related_name="+", verbose_name=_("article version")
    )

    class Meta(Event.Meta):
        verbose_name = _("article event")
        verbose_name_plural = _("article events")

    def __str__(self):
        return str(self.article)

    @property
    def look(self) -> State:
        """How the status looks that it led to."""
        return Article.looks()[self.to_status]

    @property
    def act(self) -> str:
        """What was done where nothing moved; empty for a move."""
        return {self.SETTLE: gettext("warnings checked"), self.REVISE: gettext("text changed by the office")}.get(
            self.transition, ""
        )
