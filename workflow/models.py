"""The log (日志): one chain of entries, each with a hash that covers the one before. What is written there: logged.py."""

import hashlib
import json

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .logged import Logged, Said
from .logged import Waiting as Waiting

FIRST = "0" * 64  # what the first entry has before it


class Entry(models.Model):
    """One link of the chain: what is said of one row, and the fields of that row, to the letter.

    Its columns are what the hash covers, so that no second text of them can differ. `by` and `row` are plain numbers: what
    they name may be deleted, the entry stays.
    """

    number = models.BigIntegerField(pgettext_lazy("log", "no."), primary_key=True)
    at = models.DateTimeField(_("at"))
    by = models.BigIntegerField(null=True)
    who = models.CharField(_("by"), max_length=100, blank=True)
    source = models.CharField(max_length=60)
    row = models.BigIntegerField()
    topic = models.CharField(_("kind"), max_length=80)
    title = models.TextField(_("what it is about"), blank=True)
    words = models.TextField(_("what it says"), blank=True)
    fields = models.TextField(help_text=_("The row that it is about, as JSON."))
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["number"]
        indexes = [
            models.Index(fields=["at"], name="entry_at"),
            models.Index(fields=["topic", "number"], name="entry_topic"),
            models.Index(fields=["by", "number"], name="entry_by"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "row"], name="entry_once_a_row"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="entry_numbers_begin_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def content(self) -> str:
        """Canonical JSON of all that it says."""
        said = {
            "number": self.number,
            "at": Logged.plain(self.at),
            "by": self.by,
            "who": self.who,
            "source": self.source,
            "row": self.row,
            "topic": self.topic,
            "title": self.title,
            "words": self.words,
            "fields": self.fields,
        }
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def computed_hash(self) -> str:
        return hashlib.sha256(f"{self.previous}\n{self.content}".encode()).hexdigest()


class Change(Logged):
    """What was changed of a row that is no document: a user, a unit, a reader. Rows are only ever added."""

    class What(models.TextChoices):
        ROLES = "roles", _("roles changed")
        ADDRESS = "address", _("address changed")
        PASSWORD = "password", _("password changed")
        SECOND_FACTOR = "second_factor", pgettext_lazy("log", "phone code")
        LOCK = "lock", _("lock lifted")
        ADDED = "added", pgettext_lazy("log", "added")
        DETAILS = "details", _("details changed")
        REMOVED = "removed", pgettext_lazy("log", "deleted")

    TOLD_BY_NOTE = (What.ROLES, What.ADDRESS, What.DETAILS)

    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    by = models.BigIntegerField(null=True)
    who = models.CharField(_("by"), max_length=100, blank=True)
    what = models.CharField(_("what"), max_length=20, choices=What)
    about = models.CharField(max_length=60)
    row = models.BigIntegerField()
    title = models.TextField(_("what it is about"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = pgettext_lazy("log", "change of users, units or readers")
        verbose_name_plural = pgettext_lazy("log", "changes of users, units or readers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    what__in=["roles", "address", "password", "second_factor", "lock", "added", "details", "removed"]
                ),
                name="change_what_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def said(self) -> Said:
        words = self.note
        if self.what not in self.TOLD_BY_NOTE:
            words = "：".join(filter(None, [str(self.get_what_display()), self.note]))
        return Said(self.at, self.by, self.who, self.title, words, topic=self.what)
