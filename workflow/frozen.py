"""What the database itself refuses to change: the one list of its triggers, put in after every migration and verified.

A trigger needs no guard to be lifted: it is there or not. `migrate` takes them away before it changes tables (SQLite makes a
table anew to alter it, which loses its triggers) and puts all back when it is done; the check `frozen.W001` says when one
is missing. Only migrations and the test suite, which empties tables, call `remove`.
"""

from dataclasses import dataclass

from django.core import checks
from django.db import connections, transaction

MESSAGE = "never changes"


@dataclass(frozen=True)
class Rule:
    """`event` on the table is refused where `when` holds: SQL over OLD and NEW that both databases understand."""

    table: str
    event: str
    when: str = "1 = 1"

    @property
    def name(self) -> str:
        return f"frozen_{self.table}_{self.event.lower()}"


def _always(table: str) -> list[Rule]:
    return [Rule(table, "UPDATE"), Rule(table, "DELETE")]


def _while(table: str, condition: str, events: str = "UPDATE DELETE") -> list[Rule]:
    """`condition` is about `{row}`. An UPDATE is refused when the row before or the row after is concerned."""
    old, new = condition.replace("{row}", "OLD"), condition.replace("{row}", "NEW")
    when = {"INSERT": new, "UPDATE": f"({old}) OR ({new})", "DELETE": old}
    return [Rule(table, event, when[event]) for event in events.split()]


def _changed(columns: str) -> str:
    return "(" + " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns.split()) + ")"


_SIGNED = "EXISTS (SELECT 1 FROM issues_issue WHERE id = {row}.issue_id AND status IN ('signed', 'issued'))"
_ISSUED = "EXISTS (SELECT 1 FROM issues_issue WHERE id = {row}.issue_id AND status = 'issued')"
_SIGNED_ARTICLE = (
    "EXISTS (SELECT 1 FROM issues_placement JOIN issues_issue ON issues_issue.id = issues_placement.issue_id "
    "WHERE issues_placement.article_id = {row}.article_id AND issues_issue.status IN ('signed', 'issued'))"
)
_HANDED_IN = (
    "EXISTS (SELECT 1 FROM articles_articleevent WHERE version_id = {row}.id) "
    "OR EXISTS (SELECT 1 FROM issues_placement WHERE version_id = {row}.id)"
)
_VALIDLY_SIGNED = (
    "EXISTS (SELECT 1 FROM issues_signoff WHERE issue_id = {row}.issue_id AND digest = {row}.digest "
    "AND withdrawn_at IS NULL)"
)
# What a signed issue says; its status, its PDF and its frozen content still move on.
_SAID = (
    "bulletin_id kind year number total_number dated_on copy_number security signer_name editor_note has_contents "
    "print_run is_past created_by_id created_at"
)

RULES = (
    # issues
    *_always("issues_frozencontent"),
    *_always("issues_issueevent"),
    *_always("issues_archiveentry"),
    Rule("issues_issue", "UPDATE", f"OLD.status = 'issued' OR (OLD.status = 'signed' AND {_changed(_SAID)})"),
    Rule("issues_issue", "DELETE", "OLD.status IN ('signed', 'issued')"),
    *_while("issues_placement", _SIGNED, "INSERT UPDATE DELETE"),
    *_while("issues_issuerecipient", _SIGNED, "INSERT UPDATE DELETE"),
    # A sign-off is withdrawn once, and never after its issue was issued.
    Rule(
        "issues_signoff",
        "UPDATE",
        f"{_changed('issue_id by_id at digest frozen_id pdf_sha256 report')} OR OLD.withdrawn_at IS NOT NULL "
        f"OR {_ISSUED.replace('{row}', 'OLD')}",
    ),
    Rule("issues_signoff", "INSERT", _ISSUED.replace("{row}", "NEW")),
    Rule("issues_signoff", "DELETE"),
    *_while("issues_proof", _VALIDLY_SIGNED),
    # articles
    *_always("articles_articleevent"),
    Rule("articles_articleversion", "UPDATE"),
    Rule("articles_articleversion", "DELETE", _HANDED_IN.replace("{row}", "OLD")),
    Rule("articles_article", "UPDATE", "OLD.status = 'issued'"),
    Rule("articles_article", "DELETE", "OLD.status = 'issued'"),
    *_while("articles_photo", _SIGNED_ARTICLE),
    # distribution: a copy's status moves on, whose copy of what it is does not
    *_always("distribution_mailingevent"),
    *_always("distribution_deliveryevent"),
    *_always("distribution_receipt"),
    *_always("distribution_accesslog"),
    Rule("distribution_mailing", "UPDATE", _changed("issue_id subject created_by_id started_at")),
    Rule("distribution_mailing", "DELETE"),
    Rule("distribution_delivery", "UPDATE", _changed("mailing_id reader_id message_id")),
    Rule("distribution_delivery", "DELETE"),
    # the administration's log
    *_always("django_admin_log"),
)
# What PostgreSQL could empty at once, past all triggers of rows.
_EMPTYING = tuple(Rule(table, "TRUNCATE") for table in sorted({rule.table for rule in RULES}))


def rules_of(connection) -> list[Rule]:
    """The rules for the tables that are there."""
    present = set(connection.introspection.table_names())
    rules = RULES if connection.vendor == "sqlite" else (*RULES, *_EMPTYING)
    return [rule for rule in rules if rule.table in present]


def missing(connection) -> list[Rule]:
    """The rules whose trigger is not there, switched off, or not what it should be. Two queries."""
    present = _present(connection)
    return [rule for rule in rules_of(connection) if present.get(rule.name) != _definition(connection, rule)]


def install(connection) -> None:
    """Put in what is missing, and nothing else."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for rule in missing(connection):
            for statement in _removal(connection, rule) + _creation(connection, rule):
                cursor.execute(statement)


def remove(connection) -> None:
    """Take all away: before tables are changed or emptied. `install` puts them back."""
    present = _present(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for rule in rules_of(connection):
            if rule.name in present:
                for statement in _removal(connection, rule):
                    cursor.execute(statement)


def before_migrate(*, using, plan, **_kwargs) -> None:
    if plan:
        remove(connections[using])


def after_migrate(*, using, **_kwargs) -> None:
    connection = connections[using]
    install(connection)
    if left := missing(connection):
        raise RuntimeError(f"The database did not keep these triggers: {', '.join(rule.name for rule in left)}")


def check(*, databases=None, **_kwargs) -> list[checks.CheckMessage]:
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
def _present(connection) -> dict[str, str]:
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


def _definition(connection, rule: Rule) -> str:
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


def _creation(connection, rule: Rule) -> list[str]:
    definition = _definition(connection, rule)
    if connection.vendor == "sqlite":
        return [definition]
    each = "STATEMENT" if rule.event == "TRUNCATE" else "ROW"
    return [
        f"CREATE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $frozen${definition}$frozen$",
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} FOR EACH {each} "
        f"EXECUTE FUNCTION {rule.name}()",
    ]


def _removal(connection, rule: Rule) -> list[str]:
    if connection.vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {rule.name}"]
    return [f"DROP TRIGGER IF EXISTS {rule.name} ON {rule.table}", f"DROP FUNCTION IF EXISTS {rule.name}()"]
