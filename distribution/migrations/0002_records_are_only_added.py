"""What happened stays written: the database refuses to change a delivery's events, its receipt and the access log.

On SQLite deleting is left to the foreign keys (PROTECT), because Django empties its test databases there by DELETE.
"""

from django.db import migrations

TABLES = ("distribution_deliveryevent", "distribution_mailingevent", "distribution_receipt", "distribution_accesslog")


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_only_added BEFORE UPDATE ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'a record never changes'); END"
            )
        return
    schema_editor.execute(
        """CREATE FUNCTION distribution_record_never_changes() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a record never changes' USING ERRCODE = 'restrict_violation'; END $$"""
    )
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION distribution_record_never_changes()"
        )


def backwards(apps, schema_editor):
    on = "" if schema_editor.connection.vendor == "sqlite" else " ON {table}"
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_only_added{on.format(table=table)}")
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute("DROP FUNCTION distribution_record_never_changes()")


class Migration(migrations.Migration):
    dependencies = [("distribution", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
