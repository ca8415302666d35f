"""Issued is frozen: from then on the database refuses to change an issue, its placements and its recipients.

An imported past issue is therefore built while its status is draft and becomes issued last. On SQLite deleting is
left to the foreign keys (PROTECT), because Django empties its test databases there by DELETE.
"""

from django.db import migrations

# table -> the SQL that tells whether the row `{row}` belongs to an issued issue
FROZEN = {
    "issues_issue": "{row}.status = 'issued'",
    "issues_placement": "EXISTS (SELECT 1 FROM issues_issue WHERE id = {row}.issue_id AND status = 'issued')",
    "issues_issuerecipient": "EXISTS (SELECT 1 FROM issues_issue WHERE id = {row}.issue_id AND status = 'issued')",
}


def triggers():
    """(name, table, event, condition)"""
    for table, condition in FROZEN.items():
        yield f"{table}_frozen_update", table, "UPDATE", condition.format(row="OLD")
        if table != "issues_issue":
            yield f"{table}_frozen_insert", table, "INSERT", condition.format(row="NEW")


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, table, event, condition in triggers():
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
                "BEGIN SELECT RAISE(ABORT, 'an issued issue never changes'); END"
            )
        return
    for table, condition in FROZEN.items():
        schema_editor.execute(
            f"""CREATE FUNCTION {table}_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP <> 'INSERT' THEN
                IF {condition.format(row="OLD")} THEN
                  RAISE EXCEPTION 'an issued issue never changes' USING ERRCODE = 'restrict_violation';
                END IF;
              END IF;
              IF TG_OP = 'INSERT' AND TG_TABLE_NAME <> 'issues_issue' THEN
                IF {condition.format(row="NEW")} THEN
                  RAISE EXCEPTION 'an issued issue never changes' USING ERRCODE = 'restrict_violation';
                END IF;
              END IF;
              IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
              RETURN NEW;
            END $$"""
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_is_frozen()"
        )


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, *_rest in triggers():
            schema_editor.execute(f"DROP TRIGGER {name}")
        return
    for table in FROZEN:
        schema_editor.execute(f"DROP TRIGGER {table}_is_frozen ON {table}")
        schema_editor.execute(f"DROP FUNCTION {table}_is_frozen()")


class Migration(migrations.Migration):
    dependencies = [("issues", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
