"""The trigger of 0002 that keeps versions goes for good: `workflow/frozen.py` has the one that follows."""

from django.db import migrations


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS articleversion_is_frozen")
    else:
        schema_editor.execute("DROP TRIGGER IF EXISTS articleversion_is_frozen ON articles_articleversion")
        schema_editor.execute("DROP FUNCTION IF EXISTS articleversion_is_frozen()")


def backwards(apps, schema_editor):
    message = "an article version never changes"
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER articleversion_is_frozen BEFORE UPDATE ON articles_articleversion "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    schema_editor.execute(
        "CREATE FUNCTION articleversion_is_frozen() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    schema_editor.execute(
        "CREATE TRIGGER articleversion_is_frozen BEFORE UPDATE ON articles_articleversion "
        "FOR EACH ROW EXECUTE FUNCTION articleversion_is_frozen()"
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_saved_by")]
    operations = [migrations.RunPython(forwards, backwards)]
