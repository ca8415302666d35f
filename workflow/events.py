"""What happened to a document: rows that are only ever added."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from .logged import Logged, Said


class Event(Logged):
    """One move of one document: who, when, from where to where, why. Rows are only ever added."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=gettext_lazy("by")
    )
    at = models.DateTimeField(gettext_lazy("at"), default=timezone.now, editable=False)
    transition = models.CharField(gettext_lazy("act"), max_length=20)
    from_status = models.CharField(gettext_lazy("from"), max_length=20)
    to_status = models.CharField(gettext_lazy("to"), max_length=20)
    note = models.TextField(gettext_lazy("note"), blank=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]

    def told(self, title: object, act: object) -> Said:
        """What the log says of it."""
        words = "：".join(filter(None, [str(act), self.note]))
        return Said(self.at, self.by_id, str(self.by or ""), str(title), words)
