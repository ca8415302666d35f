"""What the database itself refuses to change: its triggers, declared by the apps, put in after every migration and verified.

A trigger needs no guard to be lifted: it is there or not. `migrate` takes them away before it changes tables (SQLite makes a
table anew to alter it, which loses its triggers) and puts all back when it is done; the check `frozen.W001` says when one
is missing. Only migrations and the test suite, which empties tables, call `remove`.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import connections, transaction
from django.utils.module_loading import module_has_submodule

MESSAGE = "never changes"


@dataclass(frozen=True)
class Rule:
    """`event` on the table is refused where `when` holds: SQL over OLD and NEW that both databases understand.

    `of` is the app that adds a rule to a table of another one, which has its own for that event.
    """

    table: str
    event: str
    when: str = "1 = 1"
    of: str = ""

    @property
    def name(self) -> str:
        return f"frozen_{self.table}_{self.event.lower()}" + (f"_{self.of}" if self.of else "")


def always(table: str) -> list[Rule]:
    return [Rule(table, "UPDATE"), Rule(table, "DELETE")]


def when(table: str, condition: str, events: str = "UPDATE DELETE") -> list[Rule]:
    """`condition` is about `{row}`. An UPDATE is refused when the row before or the row after is concerned."""
    old, new = condition.replace("{row}", "OLD"), condition.replace("{row}", "NEW")
    refused = {"INSERT": new, "UPDATE": f"({old}) OR ({new})", "DELETE": old}
    return [Rule(table, event, refused[event]) for event in events.split()]


def changed(columns: str) -> str:
    return "(" + " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns.split()) + ")"


# The log itself: its entries, and what waits to become one, which is deleted when it has.
RULES = (*always("workflow_entry"), *always("workflow_change"), Rule("workflow_waiting", "UPDATE"))


def rules() -> list[Rule]:
    """What the apps declare: each in the RULES of its module `frozen`."""
    modules = [f"{app.name}.frozen" for app in apps.get_app_configs() if module_has_submodule(app.module, "frozen")]
    return [rule for module in modules for rule in import_module(module).RULES]


def rules_of(connection: Any) -> list[Rule]:
    """The rules for the tables that are there; on PostgreSQL also for what could empty one at once, past all triggers of rows."""
    present, found = set(connection.introspection.table_names()), rules()
    if connection.vendor == "postgresql":
        found += [Rule(table, "TRUNCATE") for table in sorted({rule.table for rule in found})]
    return [rule for rule in found if rule.table in present]


def missing(connection: Any) -> list[Rule]:
    """The rules whose trigger is not there, switched off, or not what it should be. Two queries."""
    present = _present(connection)
    return [rule for rule in rules_of(connection) if present.get(rule.name) != _definition(connection, rule)]


def install(connection: Any) -> None:
    """Put in what is missing, and nothing else."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for rule in missing(connection):
            for statement in _removal(connection, rule) + _creation(connection, rule):
                cursor.execute(statement)


def remove(connection: Any) -> None:
    """Take all away: before tables are changed or emptied. `install` puts them back."""
    present = _present(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for rule in rules_of(connection):
            if rule.name in present:
                for statement in _removal(connection, rule):
                    cursor.execute(statement)


def before_migrate(*, using: str, plan: Any, **_kwargs: Any) -> None:
    if plan:
        remove(connections[using])


def after_migrate(*, using: str, **_kwargs: Any) -> None:
    connection = connections[using]
    install(connection)
    if left := missing(connection):
        raise RuntimeError(f"The database did not keep these triggers: {', '.join(rule.name for rule in left)}")


def check(*, databases: Any = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """A warning, not an error: the migrate that puts a trigger back asks the checks first."""
    return [
        checks.Warning(
            f"The trigger {rule.name} is missing or changed: the database lets {rule.table} be rewritten.",
            hint="Run manage.py migrate, which puts it back, and find out what took it away.",
            obj=alias,
            id="frozen.W001",
        )
        for alias in databases or ()
        for rule in missing(connections[alias])
    ]


# --- how each database says it -------------------------------------------------------------------------------------
def _present(connection: Any) -> dict[str, str]:
    """name -> definition of the triggers that are there and switched on."""
    if connection.vendor == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'frozen%'"
    else:
        query = """SELECT t.tgname, CASE WHEN t.tgenabled = 'O' THEN p.prosrc ELSE '' END
                   FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
                   WHERE t.tgname LIKE 'frozen%' AND pg_table_is_visible(c.oid)"""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


def _definition(connection: Any, rule: Rule) -> str:
    """What the database keeps of it: on SQLite the statement, on PostgreSQL the function's body."""
    if connection.vendor == "sqlite":
        return (
            f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} WHEN {rule.when} "
            f"BEGIN SELECT RAISE(ABORT, '{rule.table} {MESSAGE}'); END"
        )
    row = "OLD" if rule.event == "DELETE" else "NEW"
    refusal = f"RAISE EXCEPTION '{rule.table} {MESSAGE}' USING ERRCODE = 'restrict_violation';"
    if rule.event == "TRUNCATE":
        return f"BEGIN {refusal} END"
    return f"BEGIN IF {rule.when} THEN {refusal} END IF; RETURN {row}; END"


def _creation(connection: Any, rule: Rule) -> list[str]:
    definition = _definition(connection, rule)
    if connection.vendor == "sqlite":
        return [definition]
    each = "STATEMENT" if rule.event == "TRUNCATE" else "ROW"
    return [
        f"CREATE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $frozen${definition}$frozen$",
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} FOR EACH {each} "
        f"EXECUTE FUNCTION {rule.name}()",
    ]


def _removal(connection: Any, rule: Rule) -> list[str]:
    if connection.vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {rule.name}"]
    return [f"DROP TRIGGER IF EXISTS {rule.name} ON {rule.table}", f"DROP FUNCTION IF EXISTS {rule.name}()"]
