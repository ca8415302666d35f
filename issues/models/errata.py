"""What a correction puts right: passages of the issue that it is about."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    TITLE = "title", _("title")
    SUBTITLE = "subtitle", _("subtitle")
    TEXT = "text", _("text")
    CAPTION = "caption", _("caption")


class Erratum(models.Model):
    """One passage as it was issued and as it should be. `story` is the number of its story in the order of print (articles
    first, then briefs), `block` that of its paragraph or photo, both counted from 1; title and subtitle have block 1.
    """

    issue = models.ForeignKey("issues.Issue", models.CASCADE, related_name="errata", verbose_name=_("issue"))
    story = models.PositiveSmallIntegerField(_("story"))
    part = models.CharField(_("part"), max_length=10, choices=Part)
    block = models.PositiveSmallIntegerField(_("paragraph"))
    wrong = models.TextField(_("as printed"))
    right = models.TextField(_("as it should be"), blank=True)

    class Meta:
        verbose_name = _("erratum")
        verbose_name_plural = _("errata")
        ordering = ["story", "part", "block", "pk"]

    def __str__(self):
        return f"{self.wrong} → {self.right}"
