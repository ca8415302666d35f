"""What was handed in: the frozen texts of an article, and its photos, to which they refer."""

from typing import cast

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .article import SUBTITLE_LENGTH, TITLE_LENGTH, Article, Kind
from .events import ArticleEvent
from .statuses import Status

# A photo that stands alone is printed 114 mm wide, or 95 mm high; with fewer pixels to the inch it looks coarse.
PRINT_DPI = 150
PRINT_WIDTH, PRINT_HEIGHT = 680, 560


class ArticleVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of one's own unit; of the others what was handed in, not what one colleague replaced of another's or sent back."""
        seen = ArticleEvent.objects.exclude(to_status__in=(*Article.WITHIN_UNIT, Status.DISCARDED))
        handed_in = Exists(seen.filter(version=OuterRef("pk"))) | Q(article__current_version=F("pk"))
        return self.filter(article__in=Article.objects.visible_to(user)).filter(
            Q(article__in=Article.objects.belonging_to(user)) | handed_in
        )

    def named(self):
        """Each with all that its name is made of."""
        events = ArticleEvent.objects.filter(version=OuterRef("pk")).order_by("pk")
        return self.annotate(act=Subquery(events.values("transition")[:1])).select_related(
            "created_by", "restored_from"
        )


class ArticleVersion(models.Model):
    """What was handed in, changed by the office or left by a sitting: never changed (a trigger in the database sees to it)."""

    act: str | None  # the move that made it, of rows that come from `named`

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions", verbose_name=_("article"))
    number = models.PositiveSmallIntegerField(_("version"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, blank=True)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True)
    subtitle = models.CharField(_("subtitle"), max_length=SUBTITLE_LENGTH, blank=True)
    authors = models.CharField(_("authors"), max_length=100, blank=True)
    contact = models.CharField(_("contact"), max_length=100, null=True, help_text=_("Empty where it was not kept."))
    event_on = models.DateField(_("event date"), null=True)
    body = models.TextField(_("text"))
    photos = models.JSONField(_("photos"), default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    restored_from = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("restored from")
    )

    objects = ArticleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("article version")
        verbose_name_plural = _("article versions")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="version_number_once_an_article")]

    def __str__(self):
        return f"{self.flat_title} #{self.number}"

    @property
    def made_by(self) -> str:
        """What made it. The rows come from `named`."""
        if self.restored_from:
            return gettext("restored from version %(number)s") % {"number": self.restored_from.number}
        if self.act in (None, ArticleEvent.SETTLE):
            return gettext("written")
        labels = {move.name: move.label for move in Article.TRANSITIONS} | {
            ArticleEvent.REVISE: gettext("changed by the office")
        }
        return str(labels.get(self.act, self.act))

    @property
    def keeps_contact(self) -> bool:
        """The earlier ones kept neither the contact nor the day of the event."""
        return self.contact is not None

    flat_title = cast("property", Article.flat_title)
    beginning = Article.beginning
    characters = Article.characters
    html = Article.html

    def pictures(self) -> list["Photo"]:
        """The photos as they were then, in that order, with the captions of then."""
        rows = Photo.objects.in_bulk([entry["photo"] for entry in self.photos])
        pictures = []
        for entry in self.photos:
            if photo := rows.get(entry["photo"]):
                photo.caption, photo.alternative = entry["caption"], entry.get("alternative", "")
                photo.after = entry.get("after")
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

    LONGEST = {"caption": 100, "alternative": 200}

    article = models.ForeignKey(Article, models.PROTECT, related_name="all_photos", verbose_name=_("article"))
    file = models.FileField(_("file"), upload_to="photos/%Y/%m")
    caption = models.CharField(_("caption"), max_length=LONGEST["caption"], blank=True)
    alternative = models.CharField(
        _("alternative text"),
        max_length=LONGEST["alternative"],
        blank=True,
        help_text=_("What the photo shows, for readers who can't see it; the caption when empty."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    after = models.PositiveSmallIntegerField(
        _("place in the text"),
        null=True,
        blank=True,
        help_text=_("Behind which paragraph, list or table it stands, counted from 1; empty behind the last."),
    )
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
        return kept | {name: value for name in ("alternative", "after") if (value := getattr(self, name))}

    @property
    def place(self) -> tuple[bool, int]:
        """What photos are sorted by before their position: those in the text stand before those behind it."""
        return self.after is None, self.after or 0

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
