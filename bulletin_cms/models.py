"""The one table of the roof: how the nightly care for what is kept went."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Upkeep(models.Model):
    """One row a kind: when it was begun, when it ended, when it last ended well, and what was said."""

    # Longer than the task's time limit (tasks.py): what has not ended by then was cut off.
    CUT_OFF = timedelta(hours=3)
    GROWN_OLD = timedelta(days=2)

    class Kind(models.TextChoices):
        BACKUP = "backup", _("Backup")
        VERIFY = "verify", _("Check of what is kept")
        LOG = "log", _("Check of the log")  # by the check of what is kept, and whenever somebody asks

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, unique=True)
    begun_at = models.DateTimeField(pgettext_lazy("upkeep", "begun"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    good_at = models.DateTimeField(_("last in order"), null=True)
    said = models.TextField(_("what came of it"), blank=True)

    class Meta:
        verbose_name = _("upkeep")
        verbose_name_plural = _("backups and checks")
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["backup", "verify", "log"]), name="upkeep_kind_is_known")
        ]

    def __str__(self):
        return str(self.get_kind_display())

    @classmethod
    def claim(cls, kind: str, *, since: datetime) -> "Upkeep | None":
        """Begin it, when it was not begun since that moment, or was cut off. None: somebody has it, or it is done."""
        row, _is_new = cls.objects.get_or_create(kind=kind)
        now = timezone.now()
        is_open = Q(ended_at=None) | Q(ended_at__lt=F("begun_at"))
        is_due = Q(begun_at=None) | Q(begun_at__lt=since) | (is_open & Q(begun_at__lt=now - cls.CUT_OFF))
        is_ours = cls.objects.filter(is_due, pk=row.pk).update(begun_at=now)
        row.refresh_from_db()
        return row if is_ours else None

    def end(self, said: str, *, is_good: bool) -> None:
        self.ended_at, self.said = timezone.now(), said
        self.good_at = self.ended_at if is_good else self.good_at
        self.save(update_fields=["ended_at", "said", "good_at"])

    @property
    def summary(self) -> str:
        """The first line of what was said."""
        return self.said.partition("\n")[0]

    @property
    def is_running(self) -> bool:
        """Begun, and not cut off."""
        if self.begun_at is None or self.begun_at < timezone.now() - self.CUT_OFF:
            return False
        return self.ended_at is None or self.ended_at < self.begun_at

    @property
    def is_failed(self) -> bool:
        """The last one that ended did not end well."""
        return self.ended_at is not None and self.ended_at != self.good_at

    def days_without(self, before: datetime) -> int:
        """Whole days since the last good one; `before` is where to count from when there was none."""
        age = timezone.now() - (self.good_at or before)
        return age.days if age >= self.GROWN_OLD else 0
