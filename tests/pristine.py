"""The test database as it was at a certain time, kept whole and put back in some milliseconds.

So is it put back after a test with transactions as it was before the first: migrated, with the office in it. Scenes
(tests/scenes.py) are kept by names of their own.
"""

import itertools
import sqlite3
from typing import Any

KEPT = "pristine"  # the first: on PostgreSQL the schema with a copy of each table that has rows
VACUUM_EACH = 50  # the suite's server has no autovacuum, and deleted rows slow down what reads a table

_memories: dict[str, sqlite3.Connection] = {}
_times = itertools.count(1)


def keep(connection: Any, name: str = KEPT) -> None:
    """`connection` is Django's, in no transaction."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _memories[name] = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(_memories[name])
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {name}")
        for table in _tables(cursor):
            cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
            if cursor.fetchone():
                cursor.execute(f'CREATE TABLE {name}."{table}" AS TABLE "{table}"')


def restore(connection: Any, name: str = KEPT) -> None:
    """As `keep` found it under this name, but for what counts on: on PostgreSQL new rows get new numbers.

    The role of a replica fires no trigger and asks no foreign key; only a superuser, as the suite's own, may take it.
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _memories[name].backup(connection.connection)
        return
    with connection.cursor() as cursor:
        statements = [f'DELETE FROM "{table}"' for table in _tables(cursor)]
        statements += [f'INSERT INTO "{table}" TABLE {name}."{table}"' for table in _tables(cursor, name)]
        cursor.execute(
            "; ".join(["SET session_replication_role = replica", *statements, "RESET session_replication_role"])
        )
        if next(_times) % VACUUM_EACH == 0:
            cursor.execute("VACUUM")


def _tables(cursor: Any, schema: str = "public") -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
    return [name for (name,) in cursor.fetchall()]
