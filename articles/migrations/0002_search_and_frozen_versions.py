"""What models cannot say: the search table of each database, and the trigger that keeps versions as they were."""

from django.db import migrations

STATEMENTS = {
    "sqlite": [
        "CREATE VIRTUAL TABLE articles_search USING fts5(pairs, tokenize='unicode61')",
        """CREATE TRIGGER articleversion_is_frozen BEFORE UPDATE ON articles_articleversion
           BEGIN SELECT RAISE(ABORT, 'an article version never changes'); END""",
    ],
    "postgresql": [
        # No foreign key: a table that Django does not know, pointing at one that it does, would stop manage.py flush.
        "CREATE TABLE articles_search (article_id bigint PRIMARY KEY, pairs tsvector NOT NULL)",
        "CREATE INDEX articles_search_pairs ON articles_search USING gin (pairs)",
        """CREATE FUNCTION articleversion_is_frozen() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'an article version never changes' USING ERRCODE = 'restrict_violation'; END $$""",
        """CREATE TRIGGER articleversion_is_frozen BEFORE UPDATE ON articles_articleversion
           FOR EACH ROW EXECUTE FUNCTION articleversion_is_frozen()""",
    ],
}
REVERSE = {
    "sqlite": ["DROP TRIGGER articleversion_is_frozen", "DROP TABLE articles_search"],
    "postgresql": [
        "DROP TRIGGER articleversion_is_frozen ON articles_articleversion",
        "DROP FUNCTION articleversion_is_frozen()",
        "DROP TABLE articles_search",
    ],
}


def forwards(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    for statement in REVERSE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
