"""The test database as it was before the first test: migrated, with the office in it. Kept once, put back in some milliseconds."""

import itertools
import sqlite3
from typing import Any

KEPT = "pristine"  # on PostgreSQL the schema with a copy of each table that has rows
VACUUM_EACH = 50  # the suite's server has no autovacuum, and deleted rows slow down what reads a table

_memory = sqlite3.connect(":memory:", check_same_thread=False)
_times = itertools.count(1)


def keep(connection: Any) -> None:
    """`connection` is Django's, in no transaction."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.backup(_memory)
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {KEPT}")
        for table in _tables(cursor):
            cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
            if cursor.fetchone():
                cursor.execute(f'CREATE TABLE {KEPT}."{table}" AS TABLE "{table}"')


def restore(connection: Any) -> None:
    """As `keep` found it, but for what counts on: on PostgreSQL new rows get new numbers.

    The role of a replica fires no trigger and asks no foreign key; only a superuser, as the suite's own, may take it.
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _memory.backup(connection.connection)
        return
    with connection.cursor() as cursor:
        statements = [f'DELETE FROM "{table}"' for table in _tables(cursor)]
        statements += [f'INSERT INTO "{table}" TABLE {KEPT}."{table}"' for table in _tables(cursor, KEPT)]
        cursor.execute(
            "; ".join(["SET session_replication_role = replica", *statements, "RESET session_replication_role"])
        )
        if next(_times) % VACUUM_EACH == 0:
            cursor.execute("VACUUM")


def _tables(cursor: Any, schema: str = "public") -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
    return [name for (name,) in cursor.fetchall()]
