"""The bulletin: the series that issues belong to."""

from dataclasses import fields

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from typesetting.page.presets import PRESETS, Measures, Misfit, customised
from typesetting.page.verify_code import LEAST_FOOT_MM, LEAST_WIDTH_MM, has_room_in


class Layout(models.TextChoices):
    """Presets of the page; the measures are in typesetting/page/presets.py."""

    CURRENT = "current", _("Present layout: 22 lines of 26 characters")
    GBT9704 = "gbt9704", _("GB/T 9704-2012: 22 lines of 28 characters")


class Bulletin(models.Model):
    """A series of issues: its printed name, its publisher, its numbers and its layout.

    Measures of the page that are given go before those of the layout.
    """

    name_lines = models.TextField(_("name, as printed, line by line"))
    publisher = models.CharField(_("publisher"), max_length=100)
    permit_number = models.CharField(
        _("permit number"),
        max_length=40,
        blank=True,
        default="",
        help_text=_("Printed in the upper right corner: 准印证号."),
    )
    notice = models.CharField(
        _("notice"),
        max_length=30,
        blank=True,
        default="",
        help_text=_("Printed in the upper right corner: 内部资料 · 注意保存."),
    )
    layout_preset = models.CharField(_("layout"), max_length=20, choices=Layout, default=Layout.CURRENT)
    characters = models.PositiveSmallIntegerField(_("characters in a line"), null=True, blank=True)
    rows = models.PositiveSmallIntegerField(_("lines on a page"), null=True, blank=True)
    body_size = models.DecimalField(_("body size in points"), max_digits=4, decimal_places=2, null=True, blank=True)
    top_mm = models.DecimalField(_("upper margin in mm"), max_digits=4, decimal_places=1, null=True, blank=True)
    bottom_mm = models.DecimalField(_("lower margin in mm"), max_digits=4, decimal_places=1, null=True, blank=True)
    left_mm = models.DecimalField(_("left margin in mm"), max_digits=4, decimal_places=1, null=True, blank=True)
    mirrored = models.BooleanField(
        _("mirror the side margins on even pages"),
        default=False,
        help_text=_("For printing on both sides: the wider margin lies at the binding edge of every sheet."),
    )
    verify_code = models.BooleanField(
        _("print a verification code on the last page"),
        default=True,
        help_text=_(
            "A QR code under the end matter. Whoever scans it sees on the page “Verify” whether the issue is in force, "
            "corrected or withdrawn."
        ),
    )
    print_run = models.PositiveIntegerField(_("print run"), default=60)
    review_steps = models.PositiveSmallIntegerField(
        _("steps of review"),
        choices=[(1, _("one")), (2, _("two: first, second")), (3, _("three: first, second, final"))],
        default=3,
        help_text=_("Each by another person. It holds for what is handed in from then on."),
    )
    used_year = models.PositiveSmallIntegerField(_("year of the last issue before this system"), null=True, blank=True)
    used_number = models.PositiveIntegerField(_("its number in the year"), default=0)
    used_total_number = models.PositiveIntegerField(_("its total number"), default=0)

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(review_steps__range=(1, 3)), name="bulletin_has_one_to_three_reviews")
        ]

    def __str__(self):
        return "".join(line.strip() for line in self.name_lines.splitlines())

    def clean(self):
        preset = PRESETS.get(self.layout_preset)
        try:
            customised(preset, self.measures if preset else None)
        except Misfit as misfit:
            raise ValidationError({misfit.field: str(misfit)}) from misfit
        if preset and self.verify_code and not has_room_in(self.layout_preset, self.measures):
            words = _(
                "The verification code has no room: the lower margin must be at least %(foot)s mm, a line %(width)s mm long."
            )
            values = {"foot": f"{LEAST_FOOT_MM:g}", "width": f"{LEAST_WIDTH_MM:g}"}
            raise ValidationError({"verify_code": words % values})

    @property
    def measures(self) -> Measures | None:
        """What is given of them; None when the layout stays as it is."""
        given = {field.name: getattr(self, field.name) for field in fields(Measures)}
        given = {name: value if isinstance(value, int) else float(value) for name, value in given.items() if value}
        return Measures(**given) if given else None


def review_steps() -> int:
    """In how many steps an article is reviewed that may stand in any bulletin: the most that one of them wants."""
    wanted = Bulletin.objects.aggregate(most=Max("review_steps"))["most"]
    return wanted or Bulletin._meta.get_field("review_steps").default
