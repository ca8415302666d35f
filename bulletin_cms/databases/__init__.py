"""What a backup asks of a database, the same of both kinds.

`size`      how many bytes it has, about.
`snapshot`  a context: its state at one moment is written to a file, and a function that asks that very state is given.
`check`     that such a file can be read. Raises Refused.
`put_in`    such a file takes the present one's place, which is set aside. Raises Refused.
`put_back`  what was set aside takes its place again; nothing happens where nothing was.
`let_go`    what was set aside is deleted.
"""

from types import ModuleType

from django.db import connection

from . import postgresql, sqlite


def of(connection) -> ModuleType:
    return {"sqlite": sqlite, "postgresql": postgresql}[connection.vendor]


def ask(query: str) -> list:
    """The rows that the present database answers with."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
