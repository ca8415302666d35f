"""Counts that every page asks for a person: their SQL is written once for all who have the same permissions.

For a query of a dozen conditional counts Django takes twenty times as long to write the SQL as a database to answer it, and that
on each page of the office. What differs from person to person is the key of the user, a parameter.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

Question = Callable[[Any], dict[str, int]]
Key = tuple[Question, str, frozenset[str], int | None, date]

_SOMEBODY = 2**31 - 1  # stands for the user's key in what is written down
_MOST = 500  # a few for each day and unit; then all are written anew

_written: dict[Key, "_Written"] = {}


@dataclass(frozen=True)
class _Written:
    sql: str
    parameters: tuple[Any, ...]
    names: tuple[str, ...]


def answer(question: Question, user: Any) -> dict[str, int]:
    """What `question(user)` returns, by one query.

    `question` makes a single aggregate, which may depend on the user's key, unit and permissions and on the day alone.
    """
    key = (question, connection.vendor, frozenset(user.get_all_permissions()), user.unit_id, timezone.localdate())
    written = _written.get(key)
    if written is None:
        if len(_written) >= _MOST:
            _written.clear()
        written = _written[key] = _write(question, user)
    if not written.names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(written.sql, [user.pk if each == _SOMEBODY else each for each in written.parameters])
        return dict(zip(written.names, cursor.fetchone(), strict=True))


def _write(question: Question, user: Any) -> _Written:
    asked: list[tuple[str, tuple[Any, ...]]] = []

    def note(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        asked.append((sql, tuple(parameters or ())))
        return execute(sql, parameters, many, context)

    stand_in = copy.copy(user)  # with the permissions, which the user has been asked for
    stand_in.pk = _SOMEBODY
    with connection.execute_wrapper(note):
        names = tuple(question(stand_in))
    if not names:
        assert not asked, "a question without an answer"
        return _Written("", (), ())
    [(sql, parameters)] = asked
    return _Written(sql, parameters, names)
