"""What the office asks of units: a topic of a month, or one story."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .commission_moves import OPEN, Answer


class CommissionKind(models.TextChoices):
    TOPIC = "topic", _("Topic of a month")
    SINGLE = "single", _("Commission")


class CommissionQuerySet(models.QuerySet):
    def of_month(self, month: date):
        """The topics of the month, and the single commissions that ran in it: from the day they were made to their deadline."""
        after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
        return self.filter(Q(month=month) | Q(month=None, due_on__gte=month, created_at__date__lt=after))

    def wanted_for(self, year: int, number: int):
        """Single commissions for the issue with this number."""
        return self.filter(wanted_year=year, wanted_number=number, withdrawn_on=None)

    def in_force(self):
        return self.filter(withdrawn_on=None)

    def with_answers(self):
        """Each with how many units were asked, have answered, are overdue, and can't write it."""
        late = Q(asked__status__in=OPEN, asked__due_on__lt=timezone.localdate())
        return self.annotate(
            units=Count("asked"),
            answered=Count("asked", filter=Q(asked__status=Answer.ANSWERED)),
            waiting=Count("asked", filter=Q(asked__status=Answer.ASKED) & ~late),
            writing=Count("asked", filter=Q(asked__status=Answer.ACCEPTED) & ~late),
            overdue=Count("asked", filter=late),
            declined=Count("asked", filter=Q(asked__status=Answer.DECLINED)),
        )


class Commission(models.Model):
    """What is wanted. It asks one unit or more, each in a row of its own (`Commissioned`).

    `month` is the first day of the month whose topic it is; a single commission has none. `length` is in characters, at
    most. When a unit lets a commission that `is_binding` pass unanswered, this counts as missed.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=CommissionKind, default=CommissionKind.SINGLE)
    title = models.CharField(_("topic"), max_length=100)
    wording = models.TextField(_("what is wanted"), blank=True)
    length = models.PositiveIntegerField(_("characters at most"), null=True, blank=True)
    due_on = models.DateField(_("deadline"))
    month = models.DateField(_("month"), null=True, blank=True)
    is_for_all = models.BooleanField(_("for all units"), default=False)
    is_binding = models.BooleanField(_("counts when missed"), default=True)
    wanted_year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    wanted_number = models.PositiveIntegerField(_("number in the year"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, editable=False)

    objects = CommissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("commission")
        verbose_name_plural = _("commissions")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["month"]), models.Index(fields=["wanted_year", "wanted_number"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CommissionKind.TOPIC, month__isnull=False) | Q(kind=CommissionKind.SINGLE, month=None),
                name="commission_topic_has_a_month",
            ),
            models.CheckConstraint(
                condition=Q(wanted_year=None, wanted_number=None)
                | Q(wanted_year__isnull=False, wanted_number__isnull=False),
                name="commission_wanted_for_a_whole_number",
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        # No constraint: SQLite's would call a function of Django's, which a backup does not have.
        self.month = self.month and self.month.replace(day=1)
        super().save(*args, **kwargs)

    @property
    def is_topic(self) -> bool:
        return self.kind == CommissionKind.TOPIC

    @property
    def wanted_for(self) -> str:
        """The issue that it is wanted for; empty where none was named."""
        if not self.wanted_number:
            return ""
        return gettext("%(year)s no. %(number)s") % {"year": self.wanted_year, "number": self.wanted_number}
