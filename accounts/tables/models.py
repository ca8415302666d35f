"""A table of Excel on its way in: kept as it was read, from the check page until it is stored, and what it then changed."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .table import Table, declared, find


class TableImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the tables that this person keeps."""
        return self.filter(table__in=[table.name for table in declared() if user.has_perm(table.permission)])

    def stored(self):
        return self.exclude(stored_at=None)


class TableImport(models.Model):
    table = models.CharField(_("table"), max_length=20)
    file_name = models.CharField(_("file"), max_length=200)
    rows = models.JSONField(_("rows of the file"), default=list)
    unused = models.JSONField(_("columns that are not taken over"), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="table_imports", verbose_name=_("by"))
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    stored_at = models.DateTimeField(_("stored"), null=True)
    left_out = models.PositiveIntegerField(_("rows left out"), default=0)
    changes = models.JSONField(_("what it changed"), default=list)
    undone_at = models.DateTimeField(_("taken back"), null=True)
    remains = models.JSONField(_("what was not taken back"), default=list)

    objects = TableImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a table")
        verbose_name_plural = _("imports of tables")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["table", "-stored_at"], name="table_import_newest")]

    def __str__(self):
        return self.file_name

    @cached_property
    def declaration(self) -> Table:
        table = find(self.table)
        assert table, "visible_to gives those of declared tables alone"
        return table

    @property
    def is_waiting(self) -> bool:
        return self.stored_at is None

    @property
    def may_be_undone(self) -> bool:
        return self.stored_at is not None and self.undone_at is None and bool(self.changes)

    @property
    def new_count(self) -> int:
        return sum(change["before"] is None for change in self.changes)

    @property
    def changed_count(self) -> int:
        return len(self.changes) - self.new_count
