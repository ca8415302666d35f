"""Rows that the log tells of: only ever added, and with each of them, in the same transaction, that it is to be chained."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

AT_ONCE = 400  # rows in one statement


@dataclass(frozen=True)
class Said:
    """What the log says of a row: when, the key and the name of who did it (none: the program), about what, in words.

    `topic` parts the rows of one table into kinds.
    """

    at: datetime
    by: int | None
    who: str
    title: str
    words: str
    topic: str = ""


class Waiting(models.Model):
    """A row that is to be chained: written with the row itself, and deleted when its entry is there."""

    source = models.CharField(max_length=60)
    row = models.BigIntegerField()

    class Meta:
        verbose_name = _("row to be logged")
        verbose_name_plural = _("rows to be logged")
        ordering = ["pk"]
        indexes = [models.Index(fields=["source", "row"], name="waiting_row")]

    def __str__(self) -> str:
        return f"{self.source} {self.row}"


class LoggedQuerySet(models.QuerySet[Any]):
    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        with transaction.atomic(using=self.db, savepoint=False):
            rows = super().bulk_create(list(objs), *args, **kwargs)
            _let_wait(self.model, rows)
        return rows


class Logged(models.Model):
    """Whose rows stand in the log. They are written by `save` and `bulk_create`: a row that came otherwise is found."""

    SAID_WITH: ClassVar[Sequence[str]] = ()  # the relations that `said` reads
    NOT_LOGGED: ClassVar[Sequence[str]] = ()  # columns that may still change

    objects: ClassVar[models.Manager[Self]] = LoggedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        is_new = self._state.adding
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            if is_new:
                _let_wait(type(self), [self])

    def said(self) -> Said:
        raise NotImplementedError

    @classmethod
    def columns(cls) -> list[str]:
        """What of a row never changes."""
        return [field.attname for field in cls._meta.concrete_fields if field.attname not in cls.NOT_LOGGED]

    @classmethod
    def plain(cls, value: Any) -> Any:
        """As it stands in JSON: moments in UTC, whatever zone the database answers in."""
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        if isinstance(value, Decimal):
            return str(value)
        return value.isoformat() if isinstance(value, date) else value

    @classmethod
    def as_json(cls, values: Mapping[str, Any]) -> str:
        plain = {name: cls.plain(value) for name, value in values.items()}
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _let_wait(model: type[Logged], rows: Sequence[Logged]) -> None:
    """In plain SQL: of a mail's two events the model's own way took a sixth of all that the queue computes for it."""
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            keys = [row.pk for row in rows[start : start + AT_ONCE]]
            places = ", ".join(["(%s, %s)"] * len(keys))
            values = [value for key in keys for value in (model._meta.label_lower, key)]
            cursor.execute(f'INSERT INTO workflow_waiting (source, "row") VALUES {places}', values)  # noqa: S608


def sources() -> dict[str, type[Logged]]:
    """All models whose rows are logged, by what entries call them."""
    return {model._meta.label_lower: model for model in apps.get_models() if issubclass(model, Logged)}
