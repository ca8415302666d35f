"""PostgreSQL: pg_dump of one exported snapshot, and schemas that change places."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from workflow.refusals import Refused

MEMBER = "database.dump"
SCHEMA, ASIDE = "public", "replaced"
TABLES = f"SELECT tablename FROM pg_tables WHERE schemaname = '{SCHEMA}'"  # noqa: S608  # our own constant
_PLAIN = ["--no-owner", "--no-privileges", f"--schema={SCHEMA}"]


def size(connection) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def version(ask: Callable) -> str:
    return ask("SHOW server_version")[0][0]


@contextmanager
def snapshot(connection, to: Path) -> Iterator[Callable[[str], list]]:
    with closing(connection.copy()) as reader, reader.cursor() as cursor:

        def ask(query: str) -> list:
            cursor.execute(query)
            return cursor.fetchall()

        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        [[exported]] = ask("SELECT pg_export_snapshot()")
        name = connection.settings_dict["NAME"]
        _run(connection, "pg_dump", "--format=custom", *_PLAIN, f"--snapshot={exported}", f"--file={to}", name)
        yield ask
        cursor.execute("COMMIT")


def check(path: Path) -> None:
    """Reads all of it, as a script that goes nowhere."""
    _run(None, "pg_restore", f"--file={os.devnull}", str(path))


def put_in(connection, staged: Path) -> None:
    """In the present schema's place stands a new one; the present one waits under another name."""
    try:
        _execute(connection, f"ALTER SCHEMA {SCHEMA} RENAME TO {ASIDE}", f"CREATE SCHEMA {SCHEMA}")
    except DatabaseError as error:
        raise Refused(
            _(
                "The database can't be replaced (%(fault)s). Please end the site, and restore as the owner of the database."
            )
            % {"fault": error}
        ) from error
    name = connection.settings_dict["NAME"]
    options = ["--exit-on-error", "--single-transaction", f"--dbname={name}"]
    _run(connection, "pg_restore", *_PLAIN, *options, str(staged))


def put_back(connection) -> None:
    if _is_aside(connection):
        _execute(connection, f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE", f"ALTER SCHEMA {ASIDE} RENAME TO {SCHEMA}")


def let_go(connection) -> None:
    _execute(connection, f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")


def _is_aside(connection) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [ASIDE])
        return cursor.fetchone() is not None


def _execute(connection, *statements: str) -> None:
    """All or nothing, and not behind somebody who holds a table."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        for statement in statements:
            cursor.execute(statement)


def _run(connection, program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise Refused(
            _("%(program)s is missing. Please install it: apt-get install postgresql-client.") % {"program": program}
        )
    done = subprocess.run(
        [program, *arguments], env=_environment(connection), stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        fault = done.stderr.strip()[-500:]
        raise Refused(_("%(program)s failed: %(fault)s") % {"program": program, "fault": fault})


def _environment(connection) -> dict[str, str]:
    """The password goes by the environment: the list of processes shows arguments to everybody."""
    if connection is None:
        return dict(os.environ)
    given = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    return os.environ | {name: str(given[key]) for name, key in names.items() if given[key]}
